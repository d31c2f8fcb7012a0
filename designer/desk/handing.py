"""To whom an agent can hand a customer on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.desk.calling import number_in
from designer.desk.looks import Looks
from designer.html import button, on_value, tag, text
from flowlang.project import said
from runtime.contact import Contact
from runtime.desk.agent import Chat
from runtime.versions import Version

NOTE_CHARACTERS_MAX = 500
Hand = Callable[[str, str, str, str], Awaitable[None]]
"""A conversation by what it is (`agent`, `queue`, `flow`, `number`), its name, with a note."""


@dataclass(frozen=True, slots=True)
class Target:
    to: str
    name: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.to} {self.name}"


def targets(looks: Looks, contact: Contact | None, *, is_call: bool) -> list[Target]:
    """Wherever they can be handed to that does not come and go."""
    found = [Target("queue", name, looks.queue(name)) for name in looks.site.project.queues]
    found += [Target("flow", path, title) for path, title in flows_for(looks, contact)]
    return [*found, Target("number", "", looks.words["a_number"])] if is_call else found


def flows_for(looks: Looks, contact: Contact | None) -> Iterator[tuple[str, str]]:
    """The flows of their version that can go on with a customer, by path."""
    program = looks.site.versions(contact.program) if contact else None
    version = program.version if program else None
    if contact is None or not isinstance(version, Version):
        return
    titles = {path: said(looks.site.project.entries[name].title, looks.language)
              for name, path in version.sources.entries.items()
              if name in looks.site.project.entries}  # fmt: skip
    for path, header in version.taking_over():
        if not header.channels or contact.channel in header.channels:
            yield path, titles.get(path) or header.title or header.name


class Handing:
    """A small form below the head of a conversation. It stays as it is while somebody fills it in:
    agents who become available are added to it."""

    def __init__(self, box: Element, looks: Looks, hand: Hand, close: Callable[[], object]) -> None:
        self._box = box
        self.looks = looks
        self._hand = hand
        self._close = close
        self._of = ""
        self._targets: dict[str, Target] = {}
        self._chosen = self._note = self._number = ""

    def show(self, chat: Chat | None, contact: Contact | None, available: Sequence[str]) -> None:
        wanted = chat.contact if chat is not None and chat.state == "open" else ""
        if wanted != self._of:
            self._of = wanted
            self._box.clear()
            if chat is not None and wanted:
                self._open(targets(self.looks, contact, is_call=chat.channel == "voice"), available)
        if wanted:
            self._add_agents(available)

    def _open(self, fixed: Sequence[Target], available: Sequence[str]) -> None:
        words = self.looks.words
        self._targets = {each.key: each for each in fixed}
        self._note = self._number = ""
        with self._box, tag("div", "desk-handing", role="group", aria_label=words["hand_over"]):
            with tag("label", "fl-field fl-grow"):
                text(words["hand_to"], "fl-soft")
                field = tag("select", aria_label=words["hand_to"])
                on_value(field, "change", self._choose)
                with field:
                    self._agents = tag("optgroup", label=words["to_agent"])
                    self._add_agents(available)
                    for to in ("queue", "flow", "number"):
                        _draw_group(words[f"to_{to}"], [each for each in fixed if each.to == to])
            with tag("label", "fl-field") as self._number_box:
                number = tag("input", type="tel", placeholder="+82 2 1234 5678",
                             aria_label=words["number"])  # fmt: skip
                on_value(number, "input", lambda value: setattr(self, "_number", value))
            with tag("label", "fl-field fl-grow"):
                note = tag("input", type="text", placeholder=words["note"],
                           aria_label=words["note"],
                           maxlength=str(NOTE_CHARACTERS_MAX))  # fmt: skip
                on_value(note, "input", lambda value: setattr(self, "_note", value))
            button(words["hand_over"], "fl-btn primary", on_click=self._send)
            button(words["cancel"], on_click=self._close)
            self._wrong = text(words["no_number"], "fl-wrong", tag="p", role="alert")
        self._wrong.set_visibility(False)
        first = [Target("agent", name, "").key for name in available[:1]]
        self._choose(next(iter([*first, *(each.key for each in fixed)]), ""))

    def _add_agents(self, available: Sequence[str]) -> None:
        """Who goes away meanwhile stays in the list: that they are not free, one is told then."""
        for name in available:
            target = Target("agent", name, self.looks.agent(name))
            if target.key not in self._targets:
                self._targets[target.key] = target
                with self._agents:
                    text(target.title, tag="option", value=target.key)
        self._agents.set_visibility(any(key.startswith("agent ") for key in self._targets))

    def _choose(self, key: str) -> None:
        self._chosen = key
        self._number_box.set_visibility(key.startswith("number"))

    async def _send(self) -> None:
        target = self._targets.get(self._chosen)
        if target is None:
            return
        name = number_in(self._number) if target.to == "number" else target.name
        self._wrong.set_visibility(not name)
        if name:
            await self._hand(self._of, target.to, name, self._note)


def _draw_group(title: str, items: Sequence[Target]) -> None:
    if not items:
        return
    with tag("optgroup", label=title):
        for item in items:
            text(item.title, tag="option", value=item.key)

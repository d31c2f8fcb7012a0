"""To whom an agent can hand a customer on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from designer.desk.calling import number_in
from designer.desk.looks import Looks
from designer.html import button, on_value, tag, text
from flowlang.project import said
from runtime.serving import Site

FLOW_TYPES = ("inbound", "agent_transfer", "queue_transfer")
NOTE_CHARACTERS_MAX = 500
Hand = Callable[[str, str, str], Awaitable[None]]
"""By what it is (`agent`, `queue`, `flow`, `number`), its name, and with a note."""


@dataclass(frozen=True, slots=True)
class Target:
    to: str
    name: str
    title: str

    @property
    def key(self) -> str:
        return f"{self.to} {self.name}"


def targets(looks: Looks, available: Sequence[str], *, is_call: bool) -> list[Target]:
    found = [Target("agent", name, looks.agent(name)) for name in available]
    found += [Target("queue", name, looks.queue(name)) for name in looks.site.project.queues]
    found += [Target("flow", path, title) for path, title in flows_of(looks.site, looks)]
    return [*found, Target("number", "", looks.words["a_number"])] if is_call else found


def flows_of(site: Site, looks: Looks) -> Iterator[tuple[str, str]]:
    """Flows that can go on with a customer: what entries begin with, and flows for this."""
    newest = site.versions.newest
    for entry in site.project.entries.values() if newest else ():
        yield entry.flow_file, said(entry.title, looks.language) or entry.flow


def draw_handing(
    looks: Looks, choices: Sequence[Target], hand: Hand, close: Callable[[], object]
) -> None:
    """A small form below the head of a conversation."""
    words = looks.words
    chosen = {"key": choices[0].key if choices else "", "note": "", "number": ""}

    async def send() -> None:
        target = next((each for each in choices if each.key == chosen["key"]), None)
        if target is None:
            return
        name = number_in(chosen["number"]) if target.to == "number" else target.name
        wrong.set_visibility(not name)
        if name:
            await hand(target.to, name, chosen["note"])

    with tag("div", "desk-handing", role="group", aria_label=words["hand_over"]):
        with tag("label", "fl-field fl-grow"):
            text(words["hand_to"], "fl-soft")
            field = tag("select", aria_label=words["hand_to"])
            on_value(field, "change", lambda value: choose(value))
            with field:
                for to in ("agent", "queue", "flow", "number"):
                    _draw_group(words[f"to_{to}"], [item for item in choices if item.to == to])
        with tag("label", "fl-field") as number_box:
            number = tag("input", type="tel", placeholder="+82 2 1234 5678",
                         aria_label=words["number"])  # fmt: skip
            on_value(number, "input", lambda value: chosen.update(number=value))
        with tag("label", "fl-field fl-grow"):
            note = tag("input", type="text", placeholder=words["note"], aria_label=words["note"],
                       maxlength=str(NOTE_CHARACTERS_MAX))  # fmt: skip
            on_value(note, "input", lambda value: chosen.update(note=value))
        button(words["hand_over"], "fl-btn primary", on_click=send)
        button(words["cancel"], on_click=close)
        wrong = text(words["no_number"], "fl-wrong", tag="p", role="alert")

    def choose(key: str) -> None:
        chosen["key"] = key
        number_box.set_visibility(key.startswith("number"))

    wrong.set_visibility(False)
    choose(chosen["key"])


def _draw_group(title: str, items: Sequence[Target]) -> None:
    if not items:
        return
    with tag("optgroup", label=title):
        for item in items:
            text(item.title, tag="option", value=item.key)

"""Search over the page: blocks, what they say, values, and what the page can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.faces import face_of
from designer.html import icon, on_value, tag, text, tile
from designer.session import Session
from designer.words import LANGUAGES, Language, said
from flowlang.block import Category
from flowlang.syntax import spelling
from flowlang.wiring import WiredStep

HITS_MAX = 40
SNIPPET = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something to jump to, or to do."""

    title: str
    about: str
    go: Callable[[], object]
    texts: Sequence[str] = ()
    """What else it is found by."""
    symbol: str = "right"
    category: Category | None = None

    def matches(self, wanted: Sequence[str]) -> bool:
        here = " ".join((self.title, self.about, *self.texts)).casefold()
        return all(word in here for word in wanted)

    def snippet(self, wanted: Sequence[str]) -> str:
        """Where it says what was looked for, if its title and place do not."""
        known = f"{self.title} {self.about}".casefold()
        for word in wanted:
            for line in self.texts:
                at = line.casefold().find(word)
                if word not in known and at >= 0:
                    start = max(0, at - SNIPPET // 3)
                    return f"{'…' if start else ''}{line[start : start + SNIPPET]}"
        return ""


class Search:
    def __init__(
        self,
        layer: Element,
        words: Mapping[str, str],
        hits: Callable[[], Iterator[Hit]],
    ) -> None:
        self._layer = layer
        self._words = words
        self._hits_of = hits
        self._found: list[Hit] = []
        self._at = 0

    def open(self) -> None:
        known = list(self._hits_of())
        words = self._words
        self._layer.clear()
        with self._layer:
            scrim = tag("div", "fl-scrim fl-over top")
            scrim.on("click.self", lambda _: self._layer.clear())
            with scrim, tag("div", "fl-dialog", role="dialog", aria_modal="true",
                            aria_label=words["search"]):  # fmt: skip
                with tag("header"), tag("label", "fl-field fl-grow"):
                    icon("search")
                    entry = tag("input", "", type="search", placeholder=words["search_for"],
                                aria_label=words["search"], data_role="search",
                                spellcheck="false")  # fmt: skip
                self._rows = tag("div", "fl-hits", role="listbox", aria_label=words["search"])
        on_value(entry, "input", lambda typed: self._look(known, typed))
        entry.on("keydown.down.prevent", lambda _: self._step(1))
        entry.on("keydown.up.prevent", lambda _: self._step(-1))
        entry.on("keydown.enter.prevent", lambda _: self._go(self._at))
        self._look(known, "")
        self._layer.client.run_javascript("flowlangFocus('[data-role=search]')")

    def _look(self, known: Sequence[Hit], typed: str) -> None:
        self._wanted = typed.casefold().split()
        self._found = [hit for hit in known if hit.matches(self._wanted)][:HITS_MAX]
        self._at = 0
        self._draw()

    def _step(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._draw()

    def _go(self, index: int) -> None:
        if index < len(self._found):
            self._layer.clear()
            self._found[index].go()

    def _draw(self) -> None:
        self._rows.clear()
        with self._rows:
            for index, hit in enumerate(self._found):
                self._draw_hit(index, hit)
            if not self._found:
                text(self._words["nothing_found"], "fl-empty", tag="div")

    def _draw_hit(self, index: int, hit: Hit) -> None:
        is_on = index == self._at
        row = tag("button", f"fl-hit {'on' if is_on else ''}", type="button", role="option",
                  tabindex="-1")  # fmt: skip
        row._props["aria-selected"] = "true" if is_on else "false"
        with row:
            if hit.category:
                tile(hit.category, hit.symbol, "small")
            else:
                icon(hit.symbol)
            with tag("span", "fl-grow fl-cut"):
                text(hit.title, "fl-strong")
                snippet = hit.snippet(self._wanted)
                text(f"{hit.about} · {snippet}" if snippet else hit.about, tag="small")
        row.on("click", lambda _: self._go(index))


def hits_of_blocks(
    session: Session, language: Language, go_to: Callable[[str], object]
) -> Iterator[Hit]:
    for step_id, wired in session.wiring.steps.items():
        card = wired.block.card if wired.block else None
        kind = said(card.title, language) if card else wired.step.kind
        yield Hit(
            title=face_of(wired, language).title,
            about=f"{kind} · {step_id}",
            go=lambda step_id=step_id: go_to(step_id),  # type: ignore[misc]
            texts=_texts_of(wired),
            symbol=card.icon if card else "warn",
            category=card.category if card else "integrate",
        )


def _texts_of(wired: WiredStep) -> list[str]:
    values = [spelling.value(argument.value) for argument in wired.step.arguments]
    ports = [wire.port for wire in wired.wires]
    names = [said(wired.block.card.title, it) for it in LANGUAGES] if wired.block else []
    return [*values, *wired.step.comments, *ports, *names, wired.section.title or ""]


def hits_of_values(
    session: Session, language: Language, go_to: Callable[[str], object]
) -> Iterator[Hit]:
    flow = session.flow
    for name, declared in flow.document.declarations.items():
        resource = flow.catalogue.resources.get(declared.word)
        word = said(resource.title, language) if resource else declared.word
        value = spelling.value(declared.value) if declared.value is not None else ""
        yield Hit(
            title=name,
            about=word,
            go=lambda name=name: go_to(name),  # type: ignore[misc]
            texts=[declared.word, value, *(spelling.value(it.value) for it in declared.entries)],
            symbol="set",
        )

"""The palette: every block at hand, by category, found by its words in both languages and by
Amazon Connect's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from designer.html import button, icon, on_value, tag, text, tile
from designer.page.folding import toggles
from designer.words import LANGUAGES, Language, said
from flowlang.block import CATEGORIES, Block, Card, Category
from flowlang.catalogue import Catalogue
from flowlang.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A block that the palette offers: `kind` is what the text will say."""

    kind: str
    card: Card
    name: str = ""
    """Of a declared function: its own name, which stands in the kind's place."""

    def title(self, language: Language) -> str:
        return self.name or said(self.card.title, language)

    def matches(self, wanted: str) -> bool:
        card = self.card
        names: Iterable[str] = (
            self.kind,
            self.name,
            *(said(card.title, language) for language in LANGUAGES),
            *(said(card.summary, language) for language in LANGUAGES),
            *card.search,
        )
        return all(any(word in name.casefold() for name in names) for word in wanted.split())


def offers(
    catalogue: Catalogue, callees: Mapping[str, str], *, flow_type: str = "inbound"
) -> list[Offer]:
    """What may be added to a flow: every kind that stands alone, and every declared callee.

    `callees` are the declared names that stand for a block, with its kind.
    """
    found: list[Offer] = []
    for kind in catalogue.kinds():
        block = catalogue.block(kind)
        if block is None or not block.offered or not _fits(block, flow_type):
            continue
        if not block.declares:
            found.append(Offer(kind=kind, card=block.card))
        found += [
            Offer(kind=name, card=block.card, name=name)
            for name, called in callees.items()
            if called == kind
        ]
    return found


def _fits(block: type[Block[Parameters]], flow_type: str) -> bool:
    """A module has the type of whatever flow runs it."""
    return not block.flow_types or flow_type in (*block.flow_types, "module")


class Palette:
    """Drawn once for each language; the search narrows what is shown."""

    def __init__(
        self,
        find: Callable[[], list[Offer]],
        language: Language,
        words: Mapping[str, str],
        *,
        add: Callable[[str], object],
        widen: Callable[[], object],
    ) -> None:
        """`widen` asks for the whole palette, where only its rail is shown."""
        self._find = find
        self._language = language
        self._words = words
        self._add = add
        self._wanted = ""
        with tag("nav", "fl-palette", aria_label=words["blocks"]):
            with tag("div", "fl-palette-find"):
                with tag("label", "fl-field fl-grow"):
                    icon("search")
                    self._search = tag(
                        "input", "", type="search", placeholder=words["find_block"],
                        aria_label=words["find_block"], data_role="find-block",
                        spellcheck="false",
                    )  # fmt: skip
                    text("/", "fl-kbd", aria_hidden="true")
                    on_value(self._search, "input", self._narrow)
                folds = button("", "fl-icon-btn small", symbol="aside", title=words["fold_palette"],
                               data_role="fold-palette")  # fmt: skip
                toggles(folds, "palette")
            self._list = tag("div")
        self._draw_rail(widen)
        self.refresh()

    def _draw_rail(self, widen: Callable[[], object]) -> None:
        """What is left of the palette while a flow is tried: one tile a category."""
        firsts: dict[Category, Offer] = {}
        for offer in self._find():
            firsts.setdefault(offer.card.category, offer)
        with tag("nav", "fl-rail", aria_label=self._words["blocks"]):
            button("", "fl-icon-btn", symbol="search", title=self._words["find_block"],
                   on_click=widen)  # fmt: skip
            tag("hr")
            for category in CATEGORIES:
                if first := firsts.get(category):
                    made = button("", "fl-icon-btn", title=self._words[f"category_{category}"],
                                  on_click=widen)  # fmt: skip
                    with made:
                        tile(category, first.card.icon)

    def refresh(self) -> None:
        """Draw the offers afresh: a declaration may have come or gone."""
        self._offered = self._find()
        shown = [offer for offer in self._offered if offer.matches(self._wanted)]
        self._list.clear()
        with self._list:
            for category in CATEGORIES:
                here = [offer for offer in shown if offer.card.category == category]
                if here:
                    text(self._words[f"category_{category}"], "fl-caps", tag="h2")
                for offer in here:
                    self._draw(offer)
            if not shown:
                text(self._words["nothing_found"], "fl-empty", tag="div")

    def refresh_if_new(self) -> None:
        """Draw afresh only if there is something else to draw: the focus may be in the list."""
        if self._find() != self._offered:
            self.refresh()

    def _narrow(self, wanted: str) -> None:
        self._wanted = wanted.strip().casefold()
        self.refresh()

    def _draw(self, offer: Offer) -> None:
        item = tag(
            "div",
            "fl-palette-item",
            draggable="true",
            tabindex="0",
            role="button",
            title=said(offer.card.summary, self._language),
            data_kind=offer.kind,
        )
        with item:
            tile(offer.card.category, offer.card.icon, "small")
            text(offer.title(self._language), "fl-cut")
        # The kind travels in the dragged data itself, so that a drop needs no word with the server.
        item.on(
            "dragstart",
            js_handler="(e) => e.dataTransfer.setData('application/x-flow-block', "
            "e.currentTarget.dataset.kind)",
        )
        item.on("keydown.enter", lambda _: self._add(offer.kind))
        item.on("dblclick", lambda _: self._add(offer.kind))

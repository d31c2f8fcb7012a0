"""A menu at the pointer: blocks to create, or what can be done with what was clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.html import icon, on_value, tag, text, tile
from designer.page.palette import Offer
from designer.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    symbol: str
    act: Callable[[], object]
    keys: str = ""


class PointerMenu:
    """At most one is open on a page; a click elsewhere or Escape closes it."""

    def __init__(self, layer: Element) -> None:
        self._layer = layer

    def close(self) -> None:
        self._layer.clear()

    def choices(self, x: float, y: float, choices: Sequence[Choice]) -> None:
        with self._open(x, y):
            for choice in choices:
                self._draw_choice(choice)

    def offers(
        self,
        x: float,
        y: float,
        offers: Sequence[Offer],
        language: Language,
        find: str,
        pick: Callable[[str], object],
    ) -> None:
        """Blocks to create here, with a search of their own."""
        with self._open(x, y):
            with tag("label", "fl-field"):
                icon("search")
                search = tag("input", "", type="search", placeholder=find, aria_label=find,
                             data_role="find-in-menu", spellcheck="false")  # fmt: skip
            rows = tag("div", "", role="menu")

        def draw(wanted: str) -> None:
            rows.clear()
            with rows:
                for offer in offers:
                    if offer.matches(wanted.strip().casefold()):
                        self._draw_offer(offer, language, pick)

        on_value(search, "input", draw)
        draw("")

    # --- parts --------------------------------------------------------------------------------

    def _open(self, x: float, y: float) -> Element:
        self.close()
        with self._layer:
            scrim = tag("div", "fl-menu-scrim")
            scrim.on("click", lambda _: self.close())
            box = tag("div", "fl-menu at-pointer", role="menu")
            box.style(f"left: min({x:.0f}px, 100vw - 240px); top: min({y:.0f}px, 100vh - 360px)")
            box.on("keydown.escape", lambda _: self.close())
        return box

    def _draw_choice(self, choice: Choice) -> None:
        row = tag("button", "fl-menu-item", type="button", role="menuitem")
        with row:
            icon(choice.symbol)
            text(choice.label)
            if choice.keys:
                text(choice.keys, "fl-kbd")
        row.on("click", lambda _: self._act(choice.act))

    def _draw_offer(self, offer: Offer, language: Language, pick: Callable[[str], object]) -> None:
        row = tag("button", "fl-menu-item", type="button", role="menuitem", data_kind=offer.kind)
        with row:
            tile(offer.card.category, offer.card.icon, "small")
            text(offer.title(language))
        row.on("click", lambda _: self._act(lambda: pick(offer.kind)))

    def _act(self, act: Callable[[], object]) -> None:
        self.close()
        act()

"""What lies over the page: the list of keys, the search, questions. At most one is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from nicegui.element import Element

from designer.page.asking import ask_name
from designer.page.editing import Editing
from designer.page.keys import draw_shortcuts
from designer.page.search import Hit, Search
from designer.words import said


class Overlays:
    def __init__(
        self,
        layer: Element,
        editing: Editing,
        words: Mapping[str, str],
        *,
        hits: Callable[[], Iterator[Hit]],
        extracted: Callable[[str], object],
    ) -> None:
        """`extracted` is told the name of a module that was made."""
        self._layer = layer
        self._editing = editing
        self._words = words
        self._extracted = extracted
        self._search = Search(layer, words, hits)

    def close(self) -> None:
        self._layer.clear()

    def shortcuts(self) -> None:
        self._layer.clear()
        with self._layer:
            draw_shortcuts(self._words, self._layer.clear)

    def search(self) -> None:
        self._search.open()

    def extract(self) -> None:
        """Ask for the name of a module, and make it of what is chosen."""

        def make(name: str) -> bool:
            is_made = self._editing.extract(name)
            if is_made:
                self._extracted(name)
            return is_made

        ask_name(
            self._layer,
            self._words,
            title=self._words["extract"],
            helping=self._words["extract_help"],
            agree=self._words["extract_agree"],
            take=make,
        )

    def declare_for(self, key: str, word: str) -> None:
        """Ask for the name of what a field of the selected block is to name."""
        editing = self._editing
        block = editing.selected
        resource = editing.session.catalogue.resources[word]
        if block:
            ask_name(
                self._layer,
                self._words,
                title=self._words["new_of"].format(word=said(resource.title, editing.language)),
                agree=self._words["declare"],
                take=lambda name: editing.declare_for(block, key, word, name),
            )

"""The menus at the pointer: which block should stand here, and what can be done with this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui.element import Element

from designer.page.editing import Editing
from designer.page.menu import Choice, PointerMenu
from designer.page.palette import Offer, offers
from designer.words import Language
from flowlang import edits as do


class Pointing:
    def __init__(self, editing: Editing, language: Language, words: Mapping[str, str]) -> None:
        self._editing = editing
        self._language = language
        self._words = words

    def draw(self, layer: Element) -> None:
        self._menu = PointerMenu(layer)

    def close(self) -> None:
        self._menu.close()

    def offers(self) -> list[Offer]:
        """The blocks that may be added to this flow."""
        flow = self._editing.session.flow
        callees = {
            name: resource.call
            for name, declared in flow.document.declarations.items()
            if (resource := flow.catalogue.resources.get(declared.word)) and resource.call
        }
        header = flow.document.header
        return offers(flow.catalogue, callees, flow_type=header.flow_type if header else "inbound")

    def offer_at(self, args: Mapping[str, Any]) -> None:
        """A wire pulled into nothing, or a double click: which block should stand here?"""
        place = {"x": int(args["x"]), "y": int(args["y"])}
        source, port = args.get("source"), args.get("port")

        def pick(kind: str) -> None:
            if source and port:
                self._editing.perform(do.Insert(kind=kind, source=source, port=port, **place))
            else:
                self._editing.perform(do.Add(kind=kind, **place))

        self._menu.offers(args["clientX"], args["clientY"], self.offers(), self._language,
                          self._words["find_block"], pick)  # fmt: skip

    def choices(
        self, args: Mapping[str, Any], choose: Callable[[list[str]], object],
        choices: Callable[[str], Sequence[Choice]],
    ) -> None:  # fmt: skip
        """What can be done with a block, or with all that are chosen if it is one of them."""
        block = str(args.get("id"))
        if block not in self._editing.session.wiring.steps:
            return
        if block not in self._editing.chosen:
            choose([block])
        self._menu.choices(args["clientX"], args["clientY"], choices(block))

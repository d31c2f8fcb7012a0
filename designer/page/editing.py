"""What a person does to the flow of a page: each act is a named operation, and so is one undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nicegui.element import Element

from designer.forms.source import Widget
from designer.page import offering
from designer.page.inspector import InspectorActions
from designer.page.intents import operation_of
from designer.session import Session
from designer.words import Language
from flowlang import edits as do
from flowlang.diagnostics import Problem
from flowlang.edits.align import Edge
from flowlang.edits.distribute import Axis
from flowlang.layout import Point

Cards = dict[str, tuple[int, int, int, int]]


class Editing:
    """The chosen blocks of one person, and what is done with them."""

    def __init__(
        self, session: Session, language: Language, *, refused: Callable[[Problem], object]
    ) -> None:
        self.session = session
        self.language = language
        self.chosen: tuple[str, ...] = ()
        self.is_acting = False
        """Whether a change is this person's own, and not made in another tab."""
        self._refused = refused

    # --- what is chosen -----------------------------------------------------------------------

    @property
    def selected(self) -> str | None:
        """The only chosen block."""
        return self.chosen[0] if len(self.chosen) == 1 else None

    def choose(self, blocks: Iterable[str]) -> bool:
        """Whether others are chosen now. Chips of endings are no blocks."""
        known = tuple(block for block in blocks if block in self.session.wiring.steps)
        is_new = known != self.chosen
        self.chosen = known
        return is_new

    def follow(self, ids: Mapping[str, str]) -> None:
        """Keep what is chosen, under its new ids; what is gone is not chosen any more."""
        self.choose([ids.get(block, block) for block in self.chosen])

    def cards(self, blocks: Iterable[str] | None = None) -> Cards:
        """Where blocks stand on the canvas: the chosen ones, or these."""
        wanted = set(self.chosen if blocks is None else blocks)
        return {
            node["id"]: (int(node["x"]), int(node["y"]), int(node["w"]), int(node["h"]))
            for node in self.session.document(self.language)["nodes"]
            if node["id"] in wanted
        }

    # --- doing --------------------------------------------------------------------------------

    def perform(self, operation: do.Operation | Problem) -> bool:
        """Apply an operation; one that is impossible says why."""
        self.is_acting = True
        try:
            refused = operation if isinstance(operation, Problem) else self.session.apply(operation)
        finally:
            self.is_acting = False
        if refused:
            self._refused(refused)
        return refused is None

    def intend(self, name: str, args: Mapping[str, Any]) -> None:
        """What was meant on the canvas."""
        for operation in operation_of(name, args, self.session.wiring):
            self.perform(operation)

    def add(self, kind: str) -> None:
        """By keyboard or double click: behind the selected block, else on its own."""
        wired = self.session.wiring.steps.get(self.selected or "")
        onward = next((w for w in wired.wires if w.role == "next"), None) if wired else None
        if wired and onward:
            self.perform(do.Insert(kind=kind, source=wired.id, port=onward.port))
        else:
            self.perform(do.Add(kind=kind))

    # --- with what is chosen ------------------------------------------------------------------

    def delete(self) -> None:
        if self.chosen:
            self.perform(do.Delete(blocks=self.chosen))

    def duplicate(self) -> None:
        nodes = [{"id": block, "x": x, "y": y} for block, (x, y, _, _) in self.cards().items()]
        self.intend("duplicate", {"nodes": nodes})

    def copied(self) -> str:
        """What is chosen, as the text of a flow."""
        places = {block: Point(*card[:2]) for block, card in self.cards().items()}
        return do.copied(self.session.flow, self.chosen, places)

    def align(self, edge: Edge) -> None:
        self.perform(do.Align(cards=self.cards(), edge=edge))

    def distribute(self, axis: Axis) -> None:
        self.perform(do.Distribute(cards=self.cards(), axis=axis))

    def tidy(self) -> None:
        """Of nothing chosen, the whole flow."""
        self.perform(do.Tidy(cards=self.cards(self.chosen or self.session.wiring.steps)))

    def extract(self, name: str) -> bool:
        """Make a module of what is chosen, in a file of its own beside this one."""
        return self.perform(do.ExtractModule(blocks=self.chosen, name=name))

    # --- values and resources -----------------------------------------------------------------

    def declare(self, word: str, name: str) -> bool:
        return self.perform(do.Declare(word=word, name=name.strip()))

    def declare_for(self, block: str, key: str, word: str, name: str) -> bool:
        """Declare what a field of a block is to name."""
        name = name.strip()
        return self.perform(
            do.Several(
                operations=(
                    do.Declare(word=word, name=name),
                    do.SetParameter(block=block, key=key, source=name),
                )
            )
        )

    def say_of(self, name: str, **fields: object) -> bool:
        """Change what a declaration says."""
        said = do.Fields.model_validate(fields)
        return self.perform(do.ChangeDeclaration(name=name, fields=said))

    # --- the inspector ------------------------------------------------------------------------

    def inspector_actions(
        self,
        *,
        close: Callable[[], object],
        go_to: Callable[[str], object],
        fix: Callable[[Problem], object],
        declare: Callable[[str, str], object],
    ) -> InspectorActions:
        block = self.selected or ""

        def change(key: str, source: str | None) -> None:
            if source is None:
                self.perform(do.ClearParameter(block=block, key=key))
            else:
                self.perform(do.SetParameter(block=block, key=key, source=source))

        def complete(entry: Element, key: str, widget: Widget, before: str) -> None:
            found = offering.offers(self.session, block, key, widget, before, self.language)
            offering.show(entry, found)

        return InspectorActions(
            change=change,
            route=lambda port, target: self.perform(
                do.Connect(source=block, port=port, target=target)
            ),
            unroute=lambda port: self.perform(do.RemoveOutcome(source=block, port=port)),
            adopt=lambda found: self.perform(found.operation),
            rename_port=lambda port, becomes: self.perform(
                do.ChangeOutcome(source=block, port=port, becomes=becomes)
            ),
            fix=fix,
            rename=lambda name: self.perform(do.RenameStep(block=block, name=name.strip() or None)),
            annotate=lambda note: self.perform(do.Annotate(block=block, note=note.strip())),
            declare=declare,
            complete=complete,
            delete=self.delete,
            duplicate=self.duplicate,
            close=close,
            go_to=go_to,
        )

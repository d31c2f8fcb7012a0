"""The column at the right: the settings of a block, or what several can do together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nicegui.element import Element

from designer.page.editing import Editing
from designer.page.flow_form import Entrance, FlowForm
from designer.page.folding import fold
from designer.page.inspected import inspected, what_is_inspected
from designer.page.inspector import Inspector
from designer.page.several import ChosenActions, draw_several
from flowlang.diagnostics import Problem


class Side:
    def __init__(
        self,
        box: Element,
        editing: Editing,
        words: Mapping[str, str],
        *,
        actions: Callable[[], ChosenActions],
        go_to: Callable[[str], object],
        fix: Callable[[Problem], object],
        declare: Callable[[str, str], object],
        entrances: Sequence[Entrance],
    ) -> None:
        self._entrances = entrances
        self.box = box
        self._editing = editing
        self._words = words
        self._actions = actions
        self._go_to = go_to
        self._fix = fix
        self._declare = declare
        self._shown: object = None
        self._form: FlowForm | None = None
        self._inspector: Inspector | None = None

    def show(self) -> None:
        """Draw it, if anything that it shows has changed: a field that somebody is writing in
        stays as it is while others change other blocks."""
        editing = self._editing
        chosen, selected = editing.chosen, editing.selected
        if not chosen:
            self._show_flow()
            return
        state = chosen if len(chosen) > 1 else what_is_inspected(editing.session, selected)
        if state == self._shown:
            return
        self._shown, self._form = state, None
        if len(chosen) == 1 and self._follows(selected):
            return
        self._inspector = None
        self.box.clear()
        with self.box:
            if len(chosen) > 1:
                draw_several(len(chosen), self._actions(), self._words)
            else:
                self._draw_one(selected)
        self._redrawn()

    def show_afresh(self) -> None:
        """Fields show what the flow says again, and not what was asked for."""
        self._shown = self._form = self._inspector = None
        self.show()

    def _show_flow(self) -> None:
        """What the whole flow says, as no block is chosen."""
        if self._form and self._form.fits:
            self._form.show()
        else:
            editing, self._shown, self._inspector = self._editing, None, None
            self.box.clear()
            with self.box:
                self._form = FlowForm(
                    editing.session,
                    editing.language,
                    self._words,
                    change=editing.perform,
                    close=lambda: fold(self.box, "side"),
                    entrances=self._entrances,
                )
        self._redrawn()

    def _redrawn(self) -> None:
        self.box.client.run_javascript("flowlangRefocus(); flowlangCanListen()")

    def _draw_one(self, selected: str | None) -> None:
        editing = self._editing
        model = inspected(editing.session, selected, editing.language)
        if model is None:
            return
        actions = editing.inspector_actions(
            close=self._actions().close,
            go_to=self._go_to,
            fix=self._fix,
            declare=self._ask_for,
        )
        self._inspector = Inspector(model, actions, editing.language, self._words)

    def _follows(self, selected: str | None) -> bool:
        """Whether the form that is there can show it."""
        editing = self._editing
        model = inspected(editing.session, selected, editing.language)
        if self._inspector is None or model is None or not self._inspector.fits(model):
            return False
        self._inspector.show(model)
        self._redrawn()
        return True

    def _ask_for(self, key: str, word: str) -> None:
        self._declare(key, word)
        self.show_afresh()

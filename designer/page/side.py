"""The column at the right: the settings of a block, or what several can do together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui.element import Element

from designer.page.editing import Editing
from designer.page.inspected import inspected, what_is_inspected
from designer.page.inspector import draw_inspector
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
    ) -> None:
        self.box = box
        self._editing = editing
        self._words = words
        self._actions = actions
        self._go_to = go_to
        self._fix = fix
        self._declare = declare
        self._shown: object = None

    def show(self) -> None:
        """Draw it, if anything that it shows has changed: a field that somebody is writing in
        stays as it is while others change other blocks."""
        editing = self._editing
        chosen, selected = editing.chosen, editing.selected
        state = chosen if len(chosen) > 1 else what_is_inspected(editing.session, selected)
        if state == self._shown:
            return
        self._shown = state
        self.box.clear()
        with self.box:
            if len(chosen) > 1:
                draw_several(len(chosen), self._actions(), self._words)
            else:
                self._draw_one(selected)
        self.box.client.run_javascript("flowlangRefocus(); flowlangCanListen()")

    def show_afresh(self) -> None:
        """Fields show what the flow says again, and not what was asked for."""
        self._shown = None
        self.show()

    def _draw_one(self, selected: str | None) -> None:
        editing = self._editing
        draw_inspector(
            inspected(editing.session, selected, editing.language),
            editing.inspector_actions(
                close=self._actions().close,
                go_to=self._go_to,
                fix=self._fix,
                declare=self._ask_for,
            ),
            editing.language,
            self._words,
        )

    def _ask_for(self, key: str, word: str) -> None:
        self._declare(key, word)
        self.show_afresh()

"""Takes a person to what they ask for: on the canvas, in the text, in the panel below."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from designer.canvas import FlowCanvas
from designer.page.editing import Editing
from designer.page.panel import Panel
from designer.page.texting import lines_of
from designer.session import Session
from flowlang.diagnostics import Problem
from flowlang.edits.mentions import Mention


class Going:
    def __init__(
        self,
        session: Session,
        editing: Editing,
        canvas: Callable[[], FlowCanvas],
        panel: Callable[[], Panel],
        choose: Callable[[Iterable[str]], object],
    ) -> None:
        self._session = session
        self._editing = editing
        self._canvas = canvas
        self._panel = panel
        self._choose = choose
        self._problem = -1

    def to_block(self, block: str) -> None:
        self._canvas().focus(block)
        self._choose([block])

    def to_section(self, name: str) -> None:
        section = self._session.flow.document.sections.get(name)
        if section and section.at:
            self._to_text(section.at.first.line)
            if section.steps:
                self._canvas().focus(section.step_ids[0])

    def to_use(self, use: Mention) -> None:
        if use.block:
            self.to_block(use.block)
        else:
            self._to_text(*use.place.first)

    def to_value(self, name: str) -> None:
        self._panel().open("values")
        self._panel().values.choose(name)

    def to_problem(self, problem: Problem) -> None:
        if problem.block in self._session.wiring.steps:
            self.to_block(str(problem.block))
        if problem.place:
            self._to_text(*problem.place.first)

    def to_next_problem(self) -> None:
        """After the one that was gone to last, in the order of the list."""
        problems = self._session.problems
        if problems:
            self._problem = (self._problem + 1) % len(problems)
            self.to_problem(problems[self._problem])

    def _to_text(self, line: int, column: int = 1) -> None:
        self._panel().open("text")
        self._panel().text.reveal(line, column)

    # --- the text and the canvas, side by side ------------------------------------------------

    def follow_cursor(self, line: int) -> None:
        """The selection follows the cursor."""
        for wired in self._session.wiring.steps.values():
            first, last = lines_of(wired)
            if first <= line <= last:
                if wired.id != self._editing.selected:
                    self._canvas().select([wired.id])
                    self._choose([wired.id])
                return

    def mark_lines(self) -> None:
        """In the text, those of what is chosen."""
        wired = self._session.wiring.steps.get(self._editing.selected or "")
        if wired:
            self._panel().text.mark_lines(*lines_of(wired))
        else:
            self._panel().text.mark_lines(None)

    @property
    def section(self) -> str | None:
        """The one that the chosen block is in."""
        wired = self._session.wiring.steps.get(self._editing.selected or "")
        return wired.section.name if wired else None

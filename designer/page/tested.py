"""The tests of a flow on its page: run, listed, and what they reached painted on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from designer import canvas
from designer.html import button, icon, prose, tag, text
from designer.page.lens import Legend, Lenses, View
from designer.page.paths import ShownPath
from designer.session import Session
from designer.testing import Tested, Tests, run_tests_of
from designer.words import Language
from flowlang.diagnostics.words import message
from flowlang.wiring import Wiring


class TestsTab:
    __test__ = False  # for pytest

    def __init__(
        self,
        session: Session,
        language: Language,
        words: Mapping[str, str],
        lenses: Lenses,
        go_to: Callable[[str], object],
    ) -> None:
        self.session = session
        self.language = language
        self.words = words
        self.lenses = lenses
        self._go_to = go_to
        self._tests: Tests | None = None
        self._is_running = False

    def draw(self) -> None:
        with tag("div", "fl-list"):
            self._head = tag("div", "fl-row fl-list-head")
            self._rows = tag("div", "", role="list", aria_label=self.words["tests"])
        self._show()

    def opened(self) -> None:
        pass

    async def run(self) -> None:
        """Run them, and show what they reached."""
        path = self.session.path
        if self._is_running or path is None:
            return
        self._is_running = True
        self._show()
        try:
            self._tests = await run_tests_of(path, self.session.text)
        finally:
            self._is_running = False
        if self._head.is_deleted:
            return
        self._show()
        if self._tests.coverage:
            self.lenses.look(CoverageLens(self.session, self.words, self._tests))

    # --- showing ------------------------------------------------------------------------------

    def _show(self) -> None:
        self._head.clear()
        self._rows.clear()
        with self._head:
            self._draw_head()
        if self._tests and not self._is_running:
            with self._rows:
                self._draw_rows(self._tests)

    def _draw_head(self) -> None:
        words, tests = self.words, self._tests
        button(words["run_tests"], "fl-btn small", symbol="run", on_click=self.run,
               data_role="run-tests", disabled=self._is_running)  # fmt: skip
        if self._is_running:
            text(words["tests_running"], "fl-soft", role="status")
        elif tests is None:
            text(words["tests_not_run"], "fl-dim")
        elif not tests.results and not tests.problems:
            text(words["tests_none"], "fl-soft", role="status")
        else:
            count = len(tests.results)
            said = words["tests_passed"].format(passed=count - tests.failed, n=count)
            text(said, f"fl-pill {'bad' if tests.failed else 'ok'}", role="status")
            self._draw_coverage(tests)

    def _draw_coverage(self, tests: Tests) -> None:
        found = tests.coverage
        if found is None:
            return
        text(self.words["tests_reached"].format(n=found.covered, total=found.total), "fl-soft")
        lens = CoverageLens(self.session, self.words, tests)
        button(self.words["show_coverage"], "fl-btn small", symbol="fit",
               on_click=lambda: self.lenses.look(lens), data_role="show-coverage")  # fmt: skip

    def _draw_rows(self, tests: Tests) -> None:
        for result in sorted(tests.results, key=lambda result: result.failure is None):
            self._draw_result(result)
        for file, problem in tests.problems:
            with tag("div", "fl-problem bad", role="listitem"):
                icon("warn", "")
                prose(message(problem, self.language), "fl-grow", tag="div")
                line = problem.place.first.line if problem.place else 1
                text(f"{file}:{line}", "fl-dim fl-mono")
        for file, reason in tests.unreadable:
            with tag("div", "fl-problem bad", role="listitem"):
                icon("warn", "")
                text(f"{file}: {reason}", "fl-grow")

    def _draw_result(self, result: Tested) -> None:
        failure = result.failure
        row = tag("div", f"fl-problem {'bad' if failure else 'fine'}", role="listitem",
                  tabindex="0", data_test=result.title)  # fmt: skip
        row.on("click", lambda _: self._go(result))
        row.on("keydown.enter", lambda _: self._go(result))
        with row:
            icon("x" if failure else "check", "")
            with tag("div", "fl-grow"):
                text(result.title, tag="div")
                if failure:
                    prose(message(failure, self.language), "fl-soft", tag="div")
            text(self.words["test_failed" if failure else "test_passed"], "fl-dim")
            text(f"{result.file}:{result.line}", "fl-dim fl-mono")

    def _go(self, result: Tested) -> None:
        """To the block where it failed, with the way that the test took there."""
        if result.failure is None:
            return
        known = self.session.wiring.steps
        steps = tuple(step for step in result.steps if step in known)
        wanted = result.failure.arguments.get("step")
        last = str(wanted) if wanted in known else steps[-1] if steps else None
        if steps:
            shown = ShownPath(self.session, self.language, self.words, steps, result.title)
            self.lenses.look(shown)
        if last:
            self._go_to(last)


@dataclass(slots=True)
class CoverageLens:
    """What some test took, and what none did."""

    session: Session
    words: Mapping[str, str]
    tests: Tests
    symbol: str = "test"

    def view(self) -> View | None:
        wiring, tests, words = self.session.wiring, self.tests, self.words
        marks = marks_of(tests, wiring, words)
        found = tests.coverage
        assert found is not None
        missed = sum(spot.what == "block" for spot in found.missed)
        title = words["lens_coverage"].format(n=found.covered, total=found.total)
        if self.session.text != tests.text:
            title = f"{title} · {words['tests_before_change']}"
        reached = f"{words['was_reached']} {len(tests.blocks & wiring.steps.keys())}"
        legend: Legend = (("reached", reached), ("missed", f"{words['was_missed']} {missed}"))
        return View(title=title, marks=marks, legend=legend)

    def close(self) -> None:
        pass


def marks_of(tests: Tests, wiring: Wiring, words: Mapping[str, str]) -> canvas.Marks:
    missed = tests.coverage.missed if tests.coverage else ()
    lost = {(spot.step, spot.outcome) for spot in missed if spot.what == "outcome"}
    blocks: dict[str, canvas.Mark] = {}
    for name in wiring.steps:
        if name in tests.blocks:
            blocks[name] = {"look": "reached", "text": words["was_reached"]}
        else:
            blocks[name] = {"look": "missed", "text": words["was_missed"]}
    wires: dict[str, canvas.Mark] = {}
    for step in wiring.steps.values():
        for wire in step.wires:
            if (step.id, wire.port) in tests.outcomes:
                wires[wire.id] = {"look": "reached"}
            elif (step.id, wire.port) in lost:
                wires[wire.id] = {"look": "missed", "text": words["was_missed"], "count": "○"}
    return {"blocks": blocks, "wires": wires, "quiet": True}

"""Problems of a flow as the page shows them: in words, on blocks, under fields, in a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from designer.html import button, icon, prose, tag, text
from designer.words import Language
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import fix_title, help_, message


def draw_problems(
    problems: Sequence[Problem],
    language: Language,
    words: Mapping[str, str],
    *,
    go_to: Callable[[Problem], object],
    fix: Callable[[Problem], object],
    show_path: Callable[[Problem], object],
) -> None:
    """The list below the canvas: a click goes there, a fix is one click."""
    if not problems:
        with tag("div", "fl-list"), tag("div", "fl-empty"):
            text(words["no_problems"])
        return
    with tag("div", "fl-list", role="list"):
        for problem in problems:
            _draw_problem(problem, language, words, go_to=go_to, fix=fix, show_path=show_path)


def _draw_problem(
    problem: Problem,
    language: Language,
    words: Mapping[str, str],
    *,
    go_to: Callable[[Problem], object],
    fix: Callable[[Problem], object],
    show_path: Callable[[Problem], object],
) -> None:
    level = {"error": "bad", "hint": "hint"}.get(problem.severity, "")
    row = tag("div", f"fl-problem {level}", role="listitem", tabindex="0")
    row.on("click", lambda _: go_to(problem))
    row.on("keydown.enter", lambda _: go_to(problem))
    with row:
        icon("help" if level == "hint" else "warn", "")
        with tag("div", "fl-grow"):
            prose(message(problem, language), tag="div")
            if helping := help_(problem, language):
                prose(helping, "fl-dim", tag="div")
        if problem.place:
            text(words["line"].format(n=problem.place.first.line), "fl-dim fl-mono")
        text(problem.code, "fl-dim fl-mono")
        if len(problem.path) > 1:
            shown = button(words["show_path"], "fl-btn small", symbol="jump",
                           data_role="show-path")  # fmt: skip
            shown.on("click.stop", lambda _: show_path(problem))
        if problem.fix:
            mend = button(fix_title(problem.fix, language), "fl-btn small")
            mend.on("click.stop", lambda _: fix(problem))


def by_field(problems: Iterable[Problem], block: str) -> dict[str, list[Problem]]:
    """The problems of one block, by parameter; the rest under the empty key."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.block == block:
            found.setdefault(problem.field or "", []).append(problem)
    return found

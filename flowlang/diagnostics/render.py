"""How a problem looks: in a terminal, as JSON, as SARIF, and as commands of a GitHub workflow."""

from __future__ import annotations

from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.words import Language


def to_text(problem: Problem, source: str, path: str, language: Language) -> str:
    where = path
    if problem.place is not None:
        where = f"{path}:{problem.place.first.line}:{problem.place.first.column}"
    title = f"{problem.severity}[{problem.code}]: {words.message(problem, language)}"
    return f"{title}\n  --> {where}"

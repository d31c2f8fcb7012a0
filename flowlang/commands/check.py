"""`flowlang check`: every problem of flows, tests, policies and project files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from flowlang.diagnostics.render import to_text
from flowlang.syntax import parse

EXIT_FINE, EXIT_ERRORS, EXIT_MISUSED = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    is_wrong = False
    for path in map(Path, arguments):
        tree = parse(path.read_text("utf-8"))
        for problem in tree.problems:
            is_wrong = is_wrong or problem.severity == "error"
            print(to_text(problem, tree.source, str(path), "en"), file=sys.stdout)
    return EXIT_ERRORS if is_wrong else EXIT_FINE

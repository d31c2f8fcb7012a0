"""Hostile texts give a problem, soon: never a recursion error, never a hang."""

from __future__ import annotations

from typing import Any

import pytest

from flowlang import limits
from flowlang.diagnostics import Problem
from flowlang.syntax import parse, slips, to_text


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(text).problems]


DEEP = 3_000
HOSTILE = {
    "brackets": "a:\n  b x: " + "(" * DEEP + "1" + ")" * DEEP + "\n",
    "lists": "a:\n  b x: " + "[" * 30 + "]" * 30 + "\n",
    "open brackets": "a:\n  b x: " + "[" * DEEP + "\n",
    "not": "a:\n  b x: " + "not " * DEEP + "y\n",
    "minus": "a:\n  b x: " + "-" * DEEP + "y\n",
    "sum": "a:\n  b x: 1" + " + 1" * DEEP + "\n",
    "else": "a:\n  b x: 1" + " else 1" * DEEP + "\n",
    "indented data": "a:\n  b\n" + "".join(f"{' ' * (4 + n)}k:\n" for n in range(200)),
    "indented phrases": 'test "x"\n' + "".join(f"{' ' * (2 + n)}k\n" for n in range(200)),
    "list type": "attribute a: " + "list of " * DEEP + "text\n",
    "record type": "attribute a: " + "(a: " * DEEP + "text" + ")" * DEEP + "\n",
    "parameters": "function f (" + "a(" * DEEP + ")" * DEEP + ")\n",
    "long string": 'a:\n  b "' + "x" * 20_000 + '"\n',
    "long template": 'a:\n  b "' + "{x}" * 9_000 + '"\n',
    "long name": "a" * 1_000 + ":\n  b\n",
    "long line": "a:\n  b " + "x " * 50_000 + "\n",
    "long number": "a:\n  b x: " + "9" * 5_000 + "\n",
    "many sections": "a:\n" * 100_000,
    "many broken lines": "a:\n" + "  ) (\n" * 50_000,
    "many lines to explain": "a:\n" + '  play "x" y -> z;\n' * 50_000,
    "long lines to explain": "a:\n" + f"  on {'a or ' * 800}-> x\n" * 200,
    "a quote that may end anywhere": "a:\n" + f'  "{"a, b: " * 500}\n' * 200,
    "broken staircase": "a:\n" + "".join(f"{' ' * n}b (\n" for n in range(2, 900)),
    "too large": "# x\n" * 400_000,
    "many steps in one section": "a:\n" + "  b\n" * 90_000,
    "many declarations": "".join(f'queue q{n} = "x"\n' for n in range(40_000)),
    "many blocks": "".join(f"a{n}:\n" + "  b\n" * 100 for n in range(51)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts(name: str) -> None:
    tree = parse(HOSTILE[name])
    assert tree.problems
    to_text(tree.document)


def test_the_limits_themselves_are_within() -> None:
    assert codes("a:\n  b x: " + "not " * (limits.NESTING_MAX - 1) + "y\n") == []
    data = limits.DATA_NESTING_MAX
    assert codes("a:\n  b x: " + "[" * data + "]" * data + "\n") == []
    assert codes('a:\n  b "' + "x" * (limits.STRING_BYTES_MAX - 2) + '"\n') == []


def test_that_there_are_more_problems_is_told() -> None:
    source = "a:\n" + "  play $\n" * (limits.SYNTAX_PROBLEMS_MAX + 5)
    problems = parse(source).problems
    assert [problem.code for problem in problems[-2:]] == ["FL016", "FL053"]
    assert len(problems) == limits.SYNTAX_PROBLEMS_MAX + 1


def test_no_more_lines_are_explained_than_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    explained = []
    explain = slips.explain

    def counted(*arguments: Any, **options: Any) -> Problem:
        explained.append(arguments)
        return explain(*arguments, **options)

    monkeypatch.setattr(slips, "explain", counted)
    parse("a:\n" + "  play x y\n" * (limits.SYNTAX_PROBLEMS_MAX * 3))
    assert len(explained) == limits.SYNTAX_PROBLEMS_MAX


def test_of_a_long_line_nothing_is_tried_out() -> None:
    for blanks, code in ((1, "FL061"), (limits.TRIED_LINE_CHARACTERS_MAX, "FL016")):
        assert codes(f"a:\n  play{' ' * blanks}x;\n") == [code]

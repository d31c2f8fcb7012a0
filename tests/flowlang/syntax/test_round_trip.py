"""Text to tree and back: nothing is lost, and what is canonical stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowlang.syntax import parse, to_text

FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.flow"))


def flow(name: str) -> str:
    return (FLOWS[0].parent / f"{name}.flow").read_text(encoding="utf-8")


CANONICAL = ["support", "support.test", "bank.test", "house.policy", "21_bank_ko", "22_hospital"]


def fmt(text: str) -> str:
    return to_text(parse(text).document)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_sample_parses_and_formatting_is_idempotent(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = parse(text)
    assert tree.problems == ()
    assert "".join(chunk.text for chunk in tree.chunks) == text
    formatted = to_text(tree.document)
    assert fmt(formatted) == formatted


@pytest.mark.parametrize("name", CANONICAL)
def test_canonical_text_is_left_as_it_is(name: str) -> None:
    assert fmt(flow(name)) == flow(name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n      b\n", "a:\n  b\n"),
        ("a:\n  b x,y , z :1\n", "a:\n  b x, y, z: 1\n"),
        ("a:\n  b 'plain'\n", 'a:\n  b "plain"\n'),
        ('a:\n  b "say \\"hi\\""\n', "a:\n  b 'say \"hi\"'\n"),
        ('a:\n  b x: y."0".name\n', "a:\n  b x: y.0.name\n"),
        ("a:\n  b \"{y.'0'.'a b'}\"\n", "a:\n  b \"{y.0.'a b'}\"\n"),
        ("a:\n  b\nlayout\n  a.b.2 1, 2\n", "a:\n  b\n\nlayout\n  a.b.2 1, 2\n"),
        ("function f = 'f' () -> json?\n", 'function f = "f" () -> json?\n'),
        ("function f = 'f' ()->list of (a:text)\n", 'function f = "f" () -> list of (a: text)\n'),
        ("function f = 'f' ()->'a'|'b'\n", 'function f = "f" () -> "a" | "b"\n'),
        (
            "function f = 'f' () -> sensitive (a: text)\n",
            'function f = "f" () -> sensitive (a: text)\n',
        ),
        ("a:\n  b x: ((1 + 2) * 3)\n", "a:\n  b x: (1 + 2) * 3\n"),
        ("a:\n  b x: 1 - (2 - 3)\n", "a:\n  b x: 1 - (2 - 3)\n"),
        ("a:\n  b x: (1 - 2) - 3\n", "a:\n  b x: 1 - 2 - 3\n"),
        ("a:\n  b x: (not y) == z\n", "a:\n  b x: (not y) == z\n"),
        ("a:\n  b x: y else -1\n", "a:\n  b x: y else -1\n"),
        ("a:\n  b x: (-5) else 1\n", "a:\n  b x: (-5) else 1\n"),
        ("a:\n  b x: a else b else c\n", "a:\n  b x: a else b else c\n"),
        ("a:\n  b x: (a else b) else c\n", "a:\n  b x: (a else b) else c\n"),
        ('a:\n  b "when": 1\n    "on": 2\n', 'a:\n  b when: 1\n    "on": 2\n'),
        ("a:\n  b\n\n\n\n  c\nd:\n  e\n", "a:\n  b\n\n  c\n\nd:\n  e\n"),
        ("a:\n\n  b #c\n", "a:\n  b  # c\n"),
        ("# one\n\n# two\n\na:\n  b\n", "# one\n\n# two\n\na:\n  b\n"),
        ("a:\n  b\n  # end\n\n# tail\n", "a:\n  b\n  # end\n\n# tail\n"),
        ("a:\n# left\n  b\n      # deep\n  c\n", "a:\n  # left\n  b\n  # deep\n  c\n"),
        ("a:\n  b [1, # one\n    2]\n", "a:\n  # one\n  b [1, 2]\n"),
        ("\ufeffa:\r\n  b\r\n", "a:\n  b\n"),
        ("a:\n  b", "a:\n  b\n"),
        ("", ""),
        ("# only a comment\n", "# only a comment\n"),
        (
            "a:\n  b\n    x:\n      - k: 1\n        l: 2\n",
            "a:\n  b\n    x:\n      - k: 1\n        l: 2\n",
        ),
        ("a:\n  b\n    x:\n      -\n        - 1\n", "a:\n  b\n    x:\n      -\n        - 1\n"),
        (
            "attribute a: sensitive list of text?=[]\n",
            "attribute a: sensitive list of text? = []\n",
        ),
        ("function f = 'x' (a: text?) -> json\n", 'function f = "x" (a: text?) -> json\n'),
    ],
)
def test_formatting(before: str, after: str) -> None:
    assert parse(before).problems == ()
    assert fmt(before) == after
    assert fmt(after) == after


def test_a_line_that_is_too_wide_is_broken_up() -> None:
    long = "x" * 80
    assert fmt(f'a:\n  b "{long}", key: 1, other: 22\n') == (
        f'a:\n  b "{long}"\n    key: 1\n    other: 22\n'
    )
    assert fmt(f'a:\n  b\n    key: ["{long}", "short enough"]\n') == (
        f'a:\n  b\n    key:\n      - "{long}"\n      - "short enough"\n'
    )


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('"""\n    one\n      two\n\n    three\n    """', "one\n  two\n\nthree"),
        ('"""\n    one\n\n    """', "one\n"),
        ('"""one\n    two"""', "one\ntwo"),
        ('"""\n    a \\"\\"\\" b\n    c\n    """', 'a """ b\nc'),
        ('"a\\n\\t\\"\\\\\\{x\\}"', 'a\n\t"\\{x}'),
        ("'a\\n{x}'", "a\\n{x}"),
    ],
)
def test_strings(source: str, value: str) -> None:
    tree = parse(f"a:\n  b\n    x: {source}\n")
    assert tree.problems == ()
    (section,) = tree.document.sections.values()
    assert section.steps[0].arguments[0].value.value == value  # type: ignore[attr-defined]
    assert parse(to_text(tree.document)).document == tree.document


def test_every_comment_survives_wherever_it_stands() -> None:
    for path in FLOWS:
        lines = path.read_text(encoding="utf-8").split("\n")
        inside = False
        for number, line in enumerate(lines):
            if not inside:
                indent = " " * (number % 5)
                text = "\n".join([*lines[:number], f"{indent}# note", *lines[number:]])
                assert to_text(parse(text).document).count("# note") == 1, (path, number)
            inside ^= line.count('"""') % 2 == 1


def test_places() -> None:
    tree = parse("flow f\n\nmenu:\n  play 환영, x: 3  # c\n    on timeout -> b.c\n")
    step = tree.document.sections["menu"].steps[0]
    route = step.routes[0]
    assert step.at is not None
    assert step.name_at is not None
    assert step.extent is not None
    assert step.at.first == (4, 3)
    assert step.at.last == (4, 16)
    start, end = step.name_at.offsets
    assert tree.source[start:end] == "play"
    start, end = step.extent.offsets
    assert tree.source[start:end] == "  play 환영, x: 3  # c\n    on timeout -> b.c\n"
    start, end = route.target.at.offsets  # type: ignore[union-attr]
    assert tree.source[start:end] == "b.c"


def test_the_place_of_an_expression_inside_a_string() -> None:
    tree = parse('a:\n  b "x {found.balance} y"\n')
    template = tree.document.sections["a"].steps[0].arguments[0].value
    start, end = template.parts[1].at.offsets  # type: ignore[attr-defined]
    assert tree.source[start:end] == "found.balance"


def test_names_are_normalised() -> None:
    decomposed = "cafe\u0301"
    assert "caf\u00e9" in parse(f"{decomposed}:\n  b\n").document.sections

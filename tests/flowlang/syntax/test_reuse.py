"""After an edit only the items that it touched are parsed again."""

from __future__ import annotations

import random
from pathlib import Path

from flowlang.diagnostics import Problem
from flowlang.syntax import Tree, parse

FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.flow"))


def flow(name: str) -> str:
    return (FLOWS[0].parent / f"{name}.flow").read_text(encoding="utf-8")


def same_places(one: Tree, other: Tree) -> bool:
    anchors = [(chunk.anchor.offset, chunk.anchor.line, chunk.text) for chunk in one.chunks]
    return anchors == [
        (chunk.anchor.offset, chunk.anchor.line, chunk.text) for chunk in other.chunks
    ]


def told(problem: Problem) -> tuple[object, ...]:
    offsets = problem.place.offsets if problem.place else ()
    fix = problem.fix
    return problem.code, offsets, problem.arguments, fix and (fix.title, fix.edits)


def test_one_edited_line_parses_one_section() -> None:
    text = flow("support")
    before = parse(text)
    chunks = before.chunks
    after = parse(text.replace("무엇을 도와드릴까요?", "무엇이든 물어보세요."), before)
    changed = [chunk for chunk in after.chunks if chunk not in chunks]
    assert [chunk.item.name for chunk in changed] == ["chatbot"]  # type: ignore[union-attr]
    assert same_places(after, parse(after.source))


def test_moved_sections_are_kept() -> None:
    before = parse("a:\n  b\nc:\n  d\ne:\n  f\n")
    old = {chunk.text: chunk for chunk in before.chunks}
    after = parse("e:\n  f\na:\n  b\nc:\n  d\n", before)
    assert all(old[chunk.text] is chunk for chunk in after.chunks)
    assert same_places(after, parse(after.source))


def test_equal_sections_are_not_one() -> None:
    tree = parse("a:\n  b\na:\n  b\n", parse("a:\n  b\n"))
    assert len({id(chunk.anchor) for chunk in tree.chunks}) == 2


def test_any_edit_gives_the_tree_of_a_cold_parse() -> None:
    chance = random.Random(7)
    snippets = [
        "",
        "\n",
        "\n\n",
        "# note\n",
        "  # note\n",
        "x:\n",
        "  play x\n",
        '"',
        "(",
        ")\n",
        " ",
        "#",
    ]
    for path in FLOWS[:12]:
        tree = parse(path.read_text(encoding="utf-8"))
        for _ in range(40):
            start = chance.randrange(len(tree.source) + 1)
            end = min(len(tree.source), start + chance.choice([0, 0, 1, 5, 60]))
            text = tree.source[:start] + chance.choice(snippets) + tree.source[end:]
            tree = parse(text, tree)
            cold = parse(text)
            assert tree.document == cold.document
            assert same_places(tree, cold)
            assert list(map(told, tree.problems)) == list(map(told, cold.problems))


def test_a_fix_moves_with_its_line() -> None:
    text = 'flow x\nstart:\n  ask "a"\n    on "1" => next\n'
    after = parse(text.replace("flow x", "flow longer"), parse(text))
    (problem,) = after.problems
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert after.source[edit.start : edit.end] == "=>"

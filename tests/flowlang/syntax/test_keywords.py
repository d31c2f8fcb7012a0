"""No keyword of the grammar is lost as a word where the grammar does not mean it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from lark import Lark
from lark import Token as LarkToken

from flowlang.places import Anchor
from flowlang.syntax import grammar, parse, tables, to_text
from flowlang.syntax.build import Draft
from flowlang.syntax.lalr import Token
from flowlang.syntax.lines import ChunkLines
from flowlang.syntax.parser import parse_inner

FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.flow"))


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(text).problems]


KEYWORDS = [
    "on", "when", "otherwise", "and", "or", "not", "in", "else", "true", "false", "contains",
    "starts_with", "ends_with", "sensitive", "list", "of", "flow", "module", "test", "policy",
    "layout", "queue", "next", "nowhere", "given", "expect", "attribute", "for", "is",
]  # fmt: skip
LINE_STARTS = {"on", "when", "otherwise"}
NO_NAMES = {"not", "true", "false"}

POSITIONS: dict[str, tuple[str, set[str]]] = {
    "section": ("{k}:\n  play x\n", set()),
    "step name": ("a:\n  {k} = play x\n", LINE_STARTS | NO_NAMES),
    "kind": ("a:\n  {k} x\n", LINE_STARTS | NO_NAMES),
    "argument key": ("a:\n  play x, {k}: 1\n", set()),
    "first argument key": ("a:\n  play {k}: 1\n", set()),
    "key line": ("a:\n  play\n    {k}: 1\n", LINE_STARTS),
    "value": ("a:\n  set x: {k}\n", {"not"}),
    "positional value": ("a:\n  play {k}\n", {"not"}),
    "value behind a dot": ("a:\n  set x: b.{k}\n", set()),
    "list": ("a:\n  set x: [{k}, {k}]\n", {"not"}),
    "record key": ("a:\n  set x: ({k}: 1, y: 2)\n", set()),
    "outcome": ("a:\n  play\n    on {k}, {k} -> b\n", set()),
    "target": ("a:\n  -> {k}.{k}\n", set()),
    "declared word": ('{k} foo = "x"\n', set()),
    "declared name": ("attribute {k}: text\n", set()),
    "parameter": ('function f = "x" ({k}: text) -> ({k}: text)\n', set()),
    "type field": ("attribute x: ({k}: text)\n", set()),
    "phrase word": ('test "x" for y\n  expect {k} z {k}\n', set()),
    "phrase start": ('test "x" for y\n  {k} z\n', {"on", "true", "false"}),
    "phrase clause": ('test "x" for y\n  expect path menu, {k}, {k} retry\n', set()),
    "phrase pair": ('test "x" for y\n  expect play, {k}: 3\n', {"true", "false"}),
    "phrase record": ('test "x" for y\n  given x returns ({k}: 1) {k} (y: 2)\n', set()),
    "phrase after a text": ('test "x" for y\n  given "x" {k}\n', set()),
    "phrase after a time": (
        'test "x" for y\n  given time 2026-11-20 10:00 Asia/Seoul {k} 3 {k}\n', set()
    ),
    "policy": ('policy "x": {k} before {k}\n', set()),
    "setting": ("flow f\n  channels {k}, {k}\n", set()),
    "key of nested data": ("a:\n  show\n    data:\n      c:\n        - {k}: 2\n", set()),
}  # fmt: skip


@pytest.mark.parametrize("position", POSITIONS)
def test_every_keyword_can_stand_in_every_position(position: str) -> None:
    template, refused = POSITIONS[position]
    failed = {keyword for keyword in KEYWORDS if codes(template.format(k=keyword))}
    assert failed == refused & set(KEYWORDS)
    for keyword in set(KEYWORDS) - failed - LINE_STARTS:
        text = template.format(k=keyword)
        assert to_text(parse(text).document) == text


@pytest.mark.parametrize(
    "line",
    [
        "given caller \"+821012345678\"", "given time 2026-11-20 10:00 Asia/Seoul",
        "given voice score 95", 'given crm returns (tier: "gold", balance: 120)',
        'given x returns (a: 1) then (a: 2)', "given crm takes 5s", "given sales full",
        'caller says "hi"', "caller says nothing, 3 times", "caller hangs up", "time passes 31s",
        'expect play contains "x"', "expect never transfer", "expect a before b",
        "expect path menu, retry, menu", 'expect tier == "gold"', "expect balance >= -5",
        "expect transfer billing, priority: 1", "expect crm.tier in [gold, silver]",
        "expect on when otherwise",
    ],
)  # fmt: skip
def test_lines_of_tests(line: str) -> None:
    text = f'test "x" for y\n  {line}\n'
    assert codes(text) == []
    assert to_text(parse(text).document) == text


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    text = grammar_text()
    with caplog.at_level(logging.DEBUG, logger="lark"):
        Lark(text, parser="lalr", start=list(tables.STARTS), debug=True)
    assert not [record for record in caplog.messages if "onflict" in record]


def grammar_text() -> str:
    return resources.files("flowlang").joinpath("grammar.lark").read_text(encoding="utf-8")


def test_the_kept_tables_are_those_of_the_grammar() -> None:
    kept = resources.files("flowlang.syntax").joinpath("tables.json").read_text(encoding="utf-8")
    assert json.loads(kept) == tables.compute(grammar_text()), (
        "run `tables.write()` of flowlang.syntax"
    )


class _WithOurTokens:
    """The builder, handed our tokens in place of Lark's."""

    def __init__(self, builder: object) -> None:
        self._builder = builder

    def __getattr__(self, name: str) -> Callable[[object], object]:
        build = getattr(self._builder, name)
        return lambda given: build(self._ours(given))

    def _ours(self, given: object) -> object:
        if isinstance(given, list):
            return [self._ours(item) for item in given]
        if not isinstance(given, LarkToken):
            return given
        token = Token(given)
        token.type = given.type
        token.start_pos, token.end_pos = given.start_pos or 0, given.end_pos or 0
        return token


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_our_loop_builds_what_lark_builds(path: Path) -> None:
    builder = grammar.builder()
    plain = Lark(
        grammar_text(), parser="lalr", start=["chunk"], transformer=_WithOurTokens(builder),
        maybe_placeholders=False,
    )  # fmt: skip
    for chunk in parse(path.read_text(encoding="utf-8")).chunks:
        text = ChunkLines(Anchor(chunk.text)).clean_text()
        with grammar.LOCK:
            builder.anchor = Anchor(text)
            builder.parse_expression = parse_inner
            if not text.strip():
                continue
            ours = grammar.parse(text, 0, len(text), "chunk")
            theirs: list[Draft] = list(plain.parse(text))  # type: ignore[call-overload]
        assert [(type(draft), draft.cls) for draft in ours] == [
            (type(draft), draft.cls) for draft in theirs
        ]
        assert [_comparable(draft) for draft in ours] == [_comparable(draft) for draft in theirs]


def _comparable(draft: Draft) -> dict[str, object]:
    """Its fields without places, which are equal only to themselves."""
    found = {}
    for name, value in draft.fields.items():
        if name.endswith("_at") or isinstance(value, Draft):
            continue
        found[name] = value
    return found

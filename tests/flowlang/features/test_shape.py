"""Symbols, folding, colours, repairs and formatting."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.edits import Flow, apply
from flowlang.features import actions, colours, fix_all, folds, formatting, symbols
from flowlang.syntax import parse

FlowOf = Callable[[str], Flow]
BROKEN = 'flow x\n\nstart:\n\tplay "hello"\n  ask "a{"\n  -> meno\n\nmenu:\n  -> hang_up\n'


def test_symbols(support: Flow) -> None:
    found = {item.name: item for item in symbols(support)}
    assert found["support"].kind == "flow"
    assert found["crm"].kind == "function"
    assert found["tier"].kind == "value"
    assert [step.name for step in found["balance"].children] == ["found", "play"]
    for item in (*found.values(), *(step for it in found.values() for step in it.children)):
        assert item.start <= item.name_start <= item.name_end <= item.end


def test_symbols_of_tests(support_tests: Flow) -> None:
    assert symbols(support_tests)[0].name == "a gold customer is put first"


def test_folds(flow_of: FlowOf) -> None:
    flow = flow_of('# one\n# two\nflow x\n\nstart:\n  ask "x"\n    on "1" -> start\n  -> start\n\n')
    assert [(fold.first, fold.last, fold.is_comment) for fold in folds(flow)] == [
        (1, 2, True),
        (5, 8, False),
        (6, 7, False),
    ]


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("# The number on the back of every card.", "comment"),
        ("flow", "keyword"),
        ("attribute", "keyword"),
        ("menu", "namespace"),
        ("transfer", "function"),
        ("crm", "method"),
        ("tier", "variable"),
        ("priority", "parameter"),
        ("CheckBalance", "enumMember"),
        ("realtime", "enumMember"),
        ("number", "type"),
        ("90", "number"),
        ("3s", "number"),
        ("->", "operator"),
        ('"안녕하세요, 에이콘 고객센터입니다."', "string"),
        ("balance", "property"),
        ("otherwise", "keyword"),
    ],
)
def test_colours(text: str, sort: str, support: Flow) -> None:
    source = support.tree.source
    found = {item.sort for item in colours(support) if source[item.start : item.end] == text}
    assert sort in found


def test_braces_in_a_text_have_colours_of_their_own(support: Flow) -> None:
    source = support.tree.source
    line = next(text for text in source.split("\n") if "{found.balance}" in text)
    start = source.index(line)
    found = [
        (source[item.start : item.end], item.sort)
        for item in colours(support)
        if start <= item.start < start + len(line)
    ]
    assert ("found", "variable") in found
    assert ("balance", "property") in found
    assert ("} 계좌의 잔액은 {", "string") in found


@given(st.text(alphabet="ab:\"{}#\n '(-->🙂가", max_size=80))
def test_colours_are_in_order_whatever_the_text(text: str) -> None:
    source = f"flow x\n\n{text}"
    position = 0
    for item in colours(Flow.of(parse(source), catalogue())):
        assert position <= item.start < item.end <= len(source)
        assert "\n" not in source[item.start : item.end]
        position = item.end


def test_actions_are_the_fixes_at_the_place(flow_of: FlowOf) -> None:
    flow = flow_of(BROKEN)
    source = flow.tree.source
    problems = check(flow.tree, flow.catalogue).problems
    start = source.index("meno")
    found = actions(problems, start, start)
    assert [item.title for item in found] == ["Write `menu`"]
    assert "-> menu\n" in apply(source, found[0].edits)
    assert actions(problems, start, start, "ko")[0].title != found[0].title
    assert not actions(problems, len(source), len(source))


def test_all_that_is_safe(flow_of: FlowOf) -> None:
    flow = flow_of(BROKEN)
    action = fix_all(check(flow.tree, flow.catalogue).problems)
    assert action is not None
    after = apply(flow.tree.source, action.edits)
    assert "\t" not in after
    assert "meno" in after
    assert fix_all(()) is None


def test_formatting(support: Flow) -> None:
    source = support.tree.source
    assert formatting(support.tree) == ()
    crooked = source.replace("  play ", "  play    ", 1)
    assert apply(crooked, formatting(parse(crooked))) == source
    windows = crooked.replace("\n", "\r\n")
    assert apply(windows, formatting(parse(windows))) == source.replace("\n", "\r\n")


def test_what_cannot_be_read_is_not_formatted() -> None:
    assert formatting(parse("flow x\n\nstart:\n   play\n  )\n")) == ()

import json

import pytest

from flowlang.interchange.connect.document import is_valid, read
from flowlang.interchange.connect.scalars import scalar
from tests.flowlang.interchange.connect.building import ERROR, action, end, flow, play


def codes(text: str) -> list[str]:
    return [problem.code for problem in read(text)[1]]


def test_a_flow_is_read() -> None:
    found, problems = read(flow(play("a", "Hello", "end", "end"), end()))
    assert problems == []
    assert found is not None
    assert is_valid(found, problems)
    assert found.by_id()["a"].error(ERROR) == "end"


@pytest.mark.parametrize(
    "text",
    ["", "{", "nul", "[NaN]", '{"a": Infinity}', "[" * 100 + "]" * 100, "x" * 2_000_000],
    ids=["empty", "open", "word", "nan", "infinity", "deep", "large"],
)
def test_what_is_no_json_is_a_problem(text: str) -> None:
    found, problems = read(text)
    assert found is None
    assert [problem.code for problem in problems] == ["FL420"]


def test_the_place_of_a_slip_is_told() -> None:
    _, problems = read('{"Version": "2019-10-30",\n "Actions": [}')
    place = problems[0].place
    assert place is not None
    assert place.first.line == 2


def test_a_doubled_key_is_a_problem() -> None:
    assert "FL421" in codes('{"Actions": [], "Actions": [], "StartAction": "", "Version": ""}')


@pytest.mark.parametrize("text", ["[]", "{}", '"flow"', "3", '{"Actions": 1}'])
def test_what_is_no_flow_is_a_problem(text: str) -> None:
    assert codes(text) == ["FL422"]


def test_problems_point_into_the_json() -> None:
    text = flow(
        play("a", "x", "gone"),
        action("a", "Compare", {"ComparisonValue": "$.Attributes.x"}),
        action("b(", "Nonsense"),
        start="nobody",
    )
    found = {(problem.code, problem.pointer) for problem in read(text)[1]}
    assert {
        ("FL425", "/Actions/1/Identifier"),
        ("FL426", "/Actions/2/Identifier"),
        ("FL429", "/StartAction"),
        ("FL431", "/Actions/0/Transitions"),
        ("FL432", "/Actions/2/Type"),
        ("FL433", "/Actions/1/Transitions"),
    } <= found


@pytest.mark.parametrize("junk", [None, 3, "x", [], {"Identifier": 1}, {"Type": []}])
def test_junk_among_the_actions_is_skipped(junk: object) -> None:
    data = json.loads(flow(play("a", "x", "end"), end()))
    data["Actions"].append(junk)
    found, problems = read(json.dumps(data))
    assert found is not None
    assert len(found.actions) == 2
    assert problems


@pytest.mark.parametrize(
    ("value", "spelled"), [("5", "5"), (5, "5"), (1.5, "1.5"), (True, "True"), ([], None)]
)
def test_scalars_are_strings(value: object, spelled: str | None) -> None:
    assert scalar(value) == spelled

"""Whatever we export, Amazon Connect takes."""

import inspect
import json
import re
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.interchange.connect.document import is_valid, read
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.acceptance import refusals
from tests.flowlang.interchange.connect.building import exported, imported
from tests.flowlang.interchange.connect.test_blocks import CASES, HEAD

EXAMPLES = Path(__file__).parents[4] / "examples"
FLOWS = sorted(
    path
    for path in EXAMPLES.rglob("*.flow")
    if not path.name.endswith((".test.flow", ".policy.flow"))
)


def manuals() -> list[str]:
    found = []
    for kind in catalogue().kinds():
        manual = inspect.getdoc(catalogue().block(kind)) or ""
        found += re.findall(r"```flow\n(.*?)```", manual, re.DOTALL)
    return found


def test_exported_examples_are_taken() -> None:
    taken = 0
    for path in FLOWS:
        out = exported(path.read_text("utf-8"))
        if out.json_text is not None:
            taken += 1
            assert refusals(out.json_text) == [], path.name
    assert taken > 3


def test_exported_examples_of_the_manual_are_taken() -> None:
    taken = 0
    for text in manuals():
        if parse(text).problems or "nowhere" in text:
            continue
        out = exported(text)
        if out.json_text is not None:
            taken += 1
            assert refusals(out.json_text) == [], text
    assert taken > 30


@pytest.mark.parametrize("case", CASES, ids=[line.splitlines()[0][:40] for line, _ in CASES])
def test_a_step_of_each_block_is_taken(case: tuple[str, object]) -> None:
    out = exported(f"{HEAD}\nstart:\n  {case[0]}\n  -> hang_up\n")
    if out.json_text is not None:
        assert refusals(out.json_text) == []


def test_what_comes_back_is_taken_as_before(corpus: Path) -> None:
    """An export refuses nothing more than the flow that it came from."""
    taken = 0
    for path in sorted((corpus / "flows").glob("*.json")):
        source = path.read_text("utf-8-sig")
        first, problems = read(source)
        if first is None or not is_valid(first, problems):
            continue
        found = imported(source)
        out = exported(
            to_text(found.document), sidecar=found.sidecar, name_map=found.name_map
        ).json_text
        assert out is not None
        original = json.loads(source)
        for action in original["Actions"]:
            action.setdefault("Parameters", {})
            action.setdefault("Transitions", {})
        before = refusals(json.dumps(original))
        assert set(refusals(out)) <= set(before), path.name
        taken += not before
    assert taken > 40


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"Text": ""}, "p: .Text is empty"),
        ({"Text": "x", "SSML": "y"}, "p: says ['Text', 'SSML']"),
        ({"Text": 5}, "p: .Text is no text"),
    ],
)
def test_the_rules_refuse(broken: object, why: str) -> None:
    flow = {
        "Version": "2019-10-30",
        "StartAction": "p",
        "Actions": [
            {"Identifier": "p", "Type": "MessageParticipant", "Parameters": broken,
             "Transitions": {"NextAction": "p"}},
        ],
    }  # fmt: skip
    assert refusals(json.dumps(flow)) == [why]

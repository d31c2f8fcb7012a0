"""Flows that nobody has seen: every type of action, every parameter, every spelling."""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.interchange.connect.document import is_valid, read
from flowlang.interchange.connect.equality import differences
from flowlang.interchange.connect.importing import Imported
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import exported, imported
from tests.flowlang.interchange.connect.generating import KINDS, Maker, broken, legacy

DICE = st.randoms(use_true_random=False)
ABOUT_GRAPHS = {"FL201", "FL202", "FL208", "FL209", "FL210", "FL211", "FL227", "FL502"}
"""What chance makes of a graph: ways that lead nowhere, and blocks in the wrong type of flow."""
GUESSED = {"FL220", "FL221"}
"""What an import cannot know is a warning."""
FLOWS = 60
BROKE_ONCE = [1207, 1397]
"""Seeds of many flows: an identifier that Connect refuses, in an otherwise valid flow; defaults of
attributes that lead back to themselves."""
UNSHRUNK = settings(phases=(Phase.reuse, Phase.generate), max_examples=25)
"""A flow takes too long to be tried a thousand times for the sake of a smaller one."""


def verdict(data: Any) -> str:
    """What is wrong with what becomes of a flow; empty if nothing is."""
    source = json.dumps(data)
    first, problems = read(source)
    found = imported(source)
    text = to_text(found.document)
    if codes := [problem.code for problem in parse(text).problems]:
        return f"the text does not parse: {codes}"
    if not is_valid(first, problems):
        return refused(found)
    assert first is not None
    if not found.report.exact:
        return "an action is not kept as it is"
    out = exported(text, sidecar=found.sidecar, name_map=found.name_map)
    second = read(out.json_text)[0] if out.json_text else None
    if second is None:
        return f"no export: {[problem.code for problem in out.problems]}"
    if changed := differences(first, second):
        return f"not equal: {changed[0]}"
    again = to_text(imported(out.json_text or "", name_map=found.name_map).document)
    return "" if again == text else "the second text differs"


def refused(found: Imported) -> str:
    """An invalid flow has problems, each with its place in the JSON."""
    if not found.problems:
        return "nobody says what is wrong"
    without = [item.code for item in found.problems if item.pointer is None and item.place is None]
    return f"without a pointer: {without}" if without else ""


@UNSHRUNK
@given(DICE)
def test_any_flow_comes_back(dice: random.Random) -> None:
    assert verdict(Maker(dice).flow()) == ""


@UNSHRUNK
@given(DICE)
def test_any_broken_flow_is_read_with_its_problems(dice: random.Random) -> None:
    assert verdict(broken(dice, Maker(dice).flow())) == ""


@UNSHRUNK
@given(DICE)
def test_any_flow_of_the_older_format_is_read(dice: random.Random) -> None:
    assert verdict(legacy(dice)) == ""


@pytest.mark.parametrize("flows", [FLOWS, pytest.param(3_000, marks=pytest.mark.soak)])
def test_many_flows_come_back(flows: int) -> None:
    for seed in range(flows):
        dice = random.Random(seed)
        assert verdict(Maker(dice, wild=seed % 3 > 0).flow()) == "", seed
        assert verdict(broken(dice, Maker(dice).flow())) == "", seed
        assert verdict(legacy(dice)) == "", seed


@pytest.mark.parametrize("seed", BROKE_ONCE)
def test_what_broke_once_comes_back(seed: int) -> None:
    dice = random.Random(seed)
    assert verdict(Maker(dice, wild=seed % 3 > 0).flow()) == ""
    assert verdict(broken(dice, Maker(dice).flow())) == ""


def test_every_type_of_action_is_made() -> None:
    made: Counter[str] = Counter()
    for seed in range(10 * FLOWS):
        made.update(item["Type"] for item in Maker(random.Random(seed)).flow()["Actions"])
    assert made.keys() == KINDS.keys()


def test_what_an_import_cannot_know_is_no_error() -> None:
    """Of flows as Connect's own editor writes them."""
    found: Counter[str] = Counter()
    for seed in range(FLOWS):
        text = to_text(imported(json.dumps(tame(seed))).document)
        report = check(parse(text), catalogue())
        found.update(
            problem.code
            for problem in report.problems
            if problem.code not in ABOUT_GRAPHS
            if problem.severity == "error" or problem.code not in GUESSED
        )
    assert found == {}


def tame(seed: int) -> Any:
    return Maker(random.Random(seed), wild=False).flow()


def test_real_flows_that_were_broken(corpus: Path) -> None:
    paths = sorted((*(corpus / "flows").glob("*.json"), *(corpus / "legacy").glob("*.json")))
    for number, path in enumerate(paths):
        data = json.loads(path.read_text("utf-8-sig"))
        for seed in range(2):
            dice = random.Random(f"{number} {seed}")
            assert verdict(broken(dice, data)) == "", (path.name, seed)

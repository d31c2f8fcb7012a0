"""A flow of ours, and what comes back of it from Amazon Connect, do the same to their callers."""

from __future__ import annotations

import json
import random

import pytest

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.interchange.connect.equality import differences
from flowlang.interchange.connect.importing import beside, import_flow
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.acceptance import refusals
from tests.flowlang.interchange.connect.building import as_flow, exported, imported
from tests.flowlang.interchange.connect.writing_flows import flow
from tests.runtime.connect.callers import FAILS, FULL, call, random_caller, returns, told

FLOWS = 25
CALLERS = 3


def written(seed: int) -> tuple[str, str]:
    """A flow as text, and as Connect's JSON."""
    source = flow(random.Random(seed))
    out = exported(source)
    assert out.json_text is not None, (seed, out.problems)
    return source, out.json_text


def errors(source: str, target: str = "runtime") -> set[str]:
    report = check(parse(source), catalogue(), target=target)
    return {problem.code for problem in report.problems if problem.severity == "error"}


@pytest.mark.parametrize("seeds", [FLOWS, pytest.param(40 * FLOWS, marks=pytest.mark.soak)])
def test_what_is_exported_is_taken_and_comes_back(seeds: int) -> None:
    for seed in range(seeds):
        source, json_text = written(seed)
        assert refusals(json_text) == [], seed
        found = imported(json_text)
        back = to_text(found.document)
        assert found.report.exact, seed
        assert found.report.typed == found.report.actions, seed
        assert errors(back) <= errors(source), seed
        again = exported(back, sidecar=found.sidecar, name_map=found.name_map)
        assert differences(as_flow(json_text), as_flow(again.json_text)) == [], seed


@pytest.mark.parametrize("seeds", [FLOWS, pytest.param(40 * FLOWS, marks=pytest.mark.soak)])
def test_the_text_comes_back_byte_for_byte(seeds: int) -> None:
    for seed in range(seeds):
        source, json_text = written(seed)
        kept = json.loads(json.dumps(beside(parse(source).document, json_text, catalogue())))
        back = import_flow(json_text, catalogue(), beside=kept)
        assert to_text(back.document) == to_text(parse(source).document), seed


@pytest.mark.parametrize("seeds", [FLOWS, pytest.param(40 * FLOWS, marks=pytest.mark.soak)])
def test_the_same_callers_have_the_same_call(seeds: int) -> None:
    for seed in range(seeds):
        source, json_text = written(seed)
        if "split" in source:
            continue  # Each of the two draws its own lot.
        for caller in range(CALLERS):
            dice = random.Random(f"{seed} {caller}")
            doing = random_caller(dice)
            around = {
                "opened": dice.random() < 0.5,
                "answers": {
                    "function": [dice.choice((FAILS, returns({"level": "7", "balance": 3})))],
                    "queue": [dice.choice((FULL, {"event": "Queued", "queue": "q"}))],
                },
            }
            ours = told(call(source, *doing, **around))
            theirs = told(call(json_text, *doing, **around))
            assert theirs == ours, (seed, caller)

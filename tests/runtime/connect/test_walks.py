"""Random walks through flows made by chance, ours and those of Amazon Connect: one that passes the
checks never reaches a missing outcome, and never fails."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from typing import Any

import pytest

from flowlang.syntax.printer import to_text
from runtime.program import Program
from tests.flowlang.interchange.connect.building import end, imported
from tests.flowlang.interchange.connect.generating import Maker
from tests.flowlang.interchange.connect.writing_flows import flow
from tests.simulation.test_walks import validated, walk_all

WALKS = 100_000
SHARES = [200, pytest.param(1, marks=pytest.mark.soak)]
"""All of them, or so many times fewer."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def ours(count: int) -> dict[str, Program]:
    found = {f"ours {seed}": validated(flow(random.Random(seed))) for seed in range(count)}
    return {name: program for name, program in found.items() if program}


def theirs(count: int) -> dict[str, Program]:
    """Not all pass the checks: chance puts blocks where they may not stand."""
    found = {}
    for seed in range(count):
        data = Maker(random.Random(seed), wild=False).flow(size=1 + seed % 4)
        text = to_text(imported(json.dumps(onward(data))).document)
        found[f"theirs {seed}"] = validated(text)
    return {name: program for name, program in found.items() if program}


def onward(data: dict[str, Any]) -> dict[str, Any]:
    """The flow with an end, where everything leads that would lead back."""
    actions = data["Actions"]
    place = {action["Identifier"]: number for number, action in enumerate(actions)}
    for number, action in enumerate(actions):
        transitions = action.get("Transitions", {})
        branches = (*transitions.get("Errors", ()), *transitions.get("Conditions", ()))
        for branch in (transitions, *branches):
            if place.get(branch.get("NextAction"), -1) <= number and "NextAction" in branch:
                branch["NextAction"] = "the end"
    return {**data, "StartAction": actions[0]["Identifier"], "Actions": [*actions, end("the end")]}


@pytest.mark.parametrize("share", SHARES)
def test_walks_through_flows_of_ours(share: int) -> None:
    programs = ours(60)
    assert len(programs) > 40
    print(f"\n{dict(walk_all(programs, WALKS // 2 // share))} in {len(programs)} flows")


@pytest.mark.parametrize("share", SHARES)
def test_walks_through_flows_of_connect(share: int) -> None:
    programs = theirs(200)
    assert len(programs) > 10
    print(f"\n{dict(walk_all(programs, WALKS // 2 // share))} in {len(programs)} flows")

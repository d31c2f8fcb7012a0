"""An open flow in the designer: from an edit to what the canvas is told."""

from __future__ import annotations

import time
from collections.abc import Callable

from blocks.catalogue import catalogue
from designer.session import Session
from flowlang.edits import Connect, Move, SetParameter
from flowlang.syntax import parse
from tests.benchmarks import flows
from tests.benchmarks.measure import Sample, Table, interleaved, least, timed


def test_from_an_edit_to_the_patch(table: Table) -> None:
    rows = []
    for blocks in (300, 1_000):
        source = flows.large(blocks)
        middle = blocks // flows.STEPS // 2
        session = Session(source, catalogue(), later=lambda *_check: None)
        session.drawing("en")
        samples: dict[str, Sample] = {
            "cold parse, for comparison": timed(lambda source=source: parse(source)),
            "a prompt's words": _prompts(session, middle),
            "a wire": _wires(session, middle),
            "a block moved": _moves(session, middle),
            "undo": _undos(session),
        }
        for name, seconds in least(interleaved(samples, rounds=3)).items():
            rows.append((blocks, name, seconds * 1e3))
    table("Edit to patch, checks put off", ("blocks", "edit", "ms"), rows)


def _edit(session: Session, work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    problem = work()
    assert problem is None, problem
    return time.perf_counter() - begin


def _prompts(session: Session, section: int) -> Sample:
    texts = (f"Version {number} of the prompt." for number in range(1_000))
    block = f"topic_{section}.play"
    return lambda: _edit(
        session,
        lambda: session.apply(SetParameter(block=block, key="text", value=next(texts))),
    )


def _wires(session: Session, section: int) -> Sample:
    targets = (f"desk_{1 + number % 9}" for number in range(1_000))
    source = f"again_{section}.repeat"
    return lambda: _edit(
        session,
        lambda: session.apply(Connect(source=source, port="done", target=next(targets))),
    )


def _moves(session: Session, section: int) -> Sample:
    places = ({f"desk_{section}.play": (40 * number, 400)} for number in range(1_000))
    return lambda: _edit(session, lambda: session.apply(Move(places=next(places))))


def _undos(session: Session) -> Sample:
    return lambda: _edit(session, lambda: None if session.undo() else "nothing to undo")

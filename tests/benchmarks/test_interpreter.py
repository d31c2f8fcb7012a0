"""The same menu flow in ours and in other state machines, on one core, without input or output."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.contact import Contact
from runtime.contacts import ContactEntity
from tests.benchmarks import menu, peers
from tests.benchmarks.measure import Sample, Table, interleaved, least, timed

ROUNDS = 9


def test_blocks_a_second(tmp_path: Path, table: Table) -> None:
    pytest.importorskip("transitions")
    pytest.importorskip("statemachine")
    program, events = menu.program(), menu.events()
    entity = ContactEntity({program.id: program, "entry:main": program}.get, menu.WORLD)
    bodies = menu.in_json(events)
    menu.check(menu.talk(program, events))
    menu.check(Contact.from_bytes(menu.talk_in_bytes(entity, bodies)))
    samples: dict[str, Sample] = {
        "flowlang, turns": timed(lambda: menu.talk(program, events), 500),
        "flowlang, turns as bytes": timed(lambda: menu.talk_in_bytes(entity, bodies), 300),
        "transitions": timed(peers.WithTransitions().talk, 300),
        "python-statemachine": timed(peers.WithStateMachine().talk, 30),
    }
    if reason := peers.install_xstate(tmp_path):
        found = least(interleaved(samples, ROUNDS))
    else:
        with peers.WithXState(tmp_path) as xstate:
            samples["XState"] = lambda: xstate.talk("plain", 1_000)
            samples["XState, kept as text"] = lambda: xstate.talk("kept", 500)
            found = least(interleaved(samples, ROUNDS))
    ours, ours_in_bytes = found["flowlang, turns"], found["flowlang, turns as bytes"]
    table(
        "The eight-block menu flow" + (f" (without XState: {reason})" if reason else ""),
        ("machine", "blocks/s", "ours is", "ours as bytes is"),
        [
            (name, menu.VISITS / seconds, f"{seconds / ours:.2f} x",
             f"{seconds / ours_in_bytes:.2f} x")
            for name, seconds in found.items()
        ],
    )  # fmt: skip

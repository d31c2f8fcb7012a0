"""What blocks set of a contact besides its attributes, and what they ask services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from blocks.catalogue import Library
from flowlang import effects as out
from flowlang import events as in_
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View, Wait
from flowlang.events import Event
from flowlang.parameters import Anything, Parameters, parameter
from runtime import limits
from runtime.contact import Contact
from runtime.engine import Turn, World, advance, new_contact
from runtime.program import compile_text

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMED = {"en": "Test", "ko": "시험"}
CARD = Card(category="know", icon="set", title=NAMED, summary=NAMED)


class MarkParams(Parameters):
    settings: dict[str, Anything] = parameter(
        title=NAMED, help=NAMED, default_factory=dict, free=True
    )


class Mark(Block[MarkParams]):
    kind, card, Params, outcomes = "mark", CARD, MarkParams, (SUCCESS, SERIOUS)

    @staticmethod
    def start(params: MarkParams, view: View) -> Move:
        before = view.settings.get("tags") or {}
        tags = {"tags": {**before, **params.settings["tags"]}} if "tags" in params.settings else {}
        return Leave(settings={**params.settings, **tags})


class Nothing(Parameters):
    pass


class LookUp(Block[Nothing]):
    kind, card, Params, outcomes = "look_up", CARD, Nothing, (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        return {"plan": types.TEXT}

    @staticmethod
    def start(params: Nothing, view: View) -> Move:
        ask = out.AskService(service="profiles", operation="get", arguments={"id": "7"})
        return Wait(effects=(ask,), timers={"answer": 8})

    @staticmethod
    def resume(params: Nothing, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        match event:
            case in_.ServiceAnswered(value=value):
                return Leave(results=value)
            case in_.ServiceRefused():
                return Leave(outcome="error")
            case _:
                return Stay()


class Guests(Library):
    def block(self, kind: str) -> Any:
        return {"mark": Mark, "look_up": LookUp}.get(kind) or super().block(kind)


def begin(body: str) -> Turn:
    program = compile_text(f"flow f\n  on error -> sorry\n{body}\n{SORRY}", Guests())
    event = in_.Started(id="0", at=NOON, channel="chat", language="ko-KR")
    return advance(program, new_contact("c", program, event), event, World())


SORRY = """
sorry:
  play "Sorry."
  -> hang_up
"""


def said(turn: Turn) -> list[str]:
    return [effect.text for _, effect in turn.effects if isinstance(effect, out.Say)]


def test_what_is_set_is_read_by_blocks_and_expressions() -> None:
    turn = begin("""
start:
  play "[{contact.name}{contact.customer_id}]"
  mark name: "Renewal", tags: (a: "1")
  mark tags: (b: "2")
  play "{contact.name} {contact.tags.a}{contact.tags.b}"
""")
    assert said(turn) == ["[]", "Renewal 12"]
    assert turn.contact.settings == {"name": "Renewal", "tags": {"a": "1", "b": "2"}}
    assert Contact.from_bytes(turn.contact.to_bytes()) == turn.contact


def test_language_and_queue_are_the_contacts_own() -> None:
    turn = begin('start:\n  mark language: "en-US", queue: "Billing"\n  play "{queue.name}"')
    assert (turn.contact.language, turn.contact.queue) == ("en-US", "Billing")
    assert turn.contact.settings == {}
    assert said(turn) == ["Billing"]


def test_too_much_is_an_error_and_sets_nothing() -> None:
    turn = begin(f'start:\n  mark name: "{"a" * limits.VALUES_BYTES_MAX}"')
    assert turn.trail[0] == ("start.mark", "error")
    assert turn.contact.settings == {}
    assert said(turn) == ["Sorry."]


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ({"event": "ServiceAnswered", "value": {"plan": "gold"}}, "gold"),
        ({"event": "ServiceAnswered", "value": {"plan": 7}}, "Sorry."),
        ({"event": "ServiceRefused", "reason": "none_found"}, "Sorry."),
    ],
)
def test_a_service_is_asked_and_its_answer_is_of_the_declared_type(
    answer: Mapping[str, Any], heard: str
) -> None:
    body = 'start:\n  found = look_up\n  play "{found.plan}"\n  -> hang_up'
    turn = begin(body)
    ((key, ask),) = turn.effects
    assert out.from_json(out.to_json(ask)) == ask
    event = in_.from_json({**answer, "id": "1", "at": NOON.isoformat(), "key": key})
    program = compile_text(f"flow f\n  on error -> sorry\n{body}\n{SORRY}", Guests())
    assert said(advance(program, turn.contact, event, World())) == [heard]

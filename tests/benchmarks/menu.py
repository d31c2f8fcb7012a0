"""The menu flow that the interpreters are compared by: eight blocks, two wrong answers, a right
one, a lookup, a full queue. Ten visits of blocks; ours makes twelve, for it counts the wrong
answers in a block of its own, but is credited with ten."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from blocks.catalogue import catalogue
from flowlang import events as in_
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.engine import World, advance, new_contact
from runtime.program import Program, compile_text

VISITS = 10
SOURCE = """
flow menu
  on error -> hang_up

attribute choice: text = ""
attribute lang: text = ""
queue sales = "Sales"
hours main = "Main"
function lookup = "lookup" () -> (tier: text, id: integer)

welcome:
  play "Welcome {caller.name}"
  -> menu

menu:
  pressed = ask "Press 1, 2 or 3"
    on "1", "2" -> known
    on "3" -> hang_up
    on timeout, no_match -> retry

retry:
  repeat 2
    on again -> menu
    on done -> hang_up

known:
  set choice: pressed.value, lang: "en-US"
  check_hours main
    on closed -> hang_up
  lookup
    on error -> hang_up
  branch lookup.tier
    on "gold" -> transferred
    otherwise -> transferred

transferred:
  transfer sales
    on full -> hang_up
"""
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CONTACT = "c1"


class Always:
    def is_open(self, at: datetime) -> bool:
        return True


class OpenWorld(World):
    open = Always()

    def hours(self, name: str) -> Always:
        return self.open


WORLD = OpenWorld()
STARTED = in_.Started(id="e0", at=AT, channel="voice", address="+82101", name="Ann", entry="main")


def program() -> Program:
    return compile_text(SOURCE, catalogue())


def events() -> tuple[in_.Event, ...]:
    """A conversation, with the answers of its services."""
    heard = (in_.Heard(id=f"e{n}", at=AT, text=key, by="digits") for n, key in enumerate("982", 1))
    value = {"tier": "gold", "id": 7}
    return (
        STARTED,
        *heard,
        in_.FunctionReturned(id="e4", at=AT, key=f"{CONTACT}/4/0", value=value),
        in_.QueueRefused(id="e5", at=AT, key=f"{CONTACT}/5/0", reason="full"),
    )


def talk(flow: Program, happening: tuple[in_.Event, ...]) -> Contact:
    """A contact from start to end, turn by turn."""
    contact = new_contact(CONTACT, flow, STARTED)
    for event in happening:
        contact = advance(flow, contact, event, WORLD).contact
    return contact


def talk_in_bytes(entity: ContactEntity, happening: list[dict[str, Any]]) -> bytes:
    """The same as the host does it: state and journal as bytes after every turn."""
    state: bytes | None = None
    for event in happening:
        decision = entity.decide(CONTACT, state, event)
        assert decision is not None
        state = decision.state
    assert state is not None
    return state


def in_json(happening: tuple[in_.Event, ...]) -> list[dict[str, Any]]:
    return [in_.to_json(event) for event in happening]


def check(contact: Contact) -> None:
    """It went the whole way."""
    visited = (contact.status, contact.steps, contact.values["lang"], contact.queue)
    assert visited == ("ended", 12, "en-US", "Sales"), visited

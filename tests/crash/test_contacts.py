"""kill -9 at every crash point of conversations: nothing lost, nothing decided twice."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash import rig

BASICS = """
flow basics
  on error -> sorry

queue support = "Support"
function crm = "crm-lookup" (phone: phone) -> (name: text, tier: text)

start:
  crm phone: caller.number
  ask "Hello {crm.name}. Press 1 for a person, 2 to write."
    on "1" -> start
    on "2" -> deflect
    on timeout, no_match -> sorry

deflect:
  offer_messenger "Go on in a messenger?", channels: [whatsapp, sms]
    on accepted -> sorry
    on declined, undeliverable, timeout -> sorry

sorry:
  ask "Bye."
    on timeout, no_match -> nowhere
"""

DESK = """
flow main
  on error -> hang_up

module verify = "verify.flow"
flow music = "music.flow"
queue cards = "Q"

start:
  verify tries: 3
    on unknown -> hang_up
  play "Hello {verify.name}."
  set_flow customer_queue: music
  transfer cards
    on full -> hang_up
"""
VERIFY = """
module verify (tries: integer) -> (name: text)
  outcomes unknown
  on error -> nobody

module pin = "pin.flow"
function crm = "crm" (pin: text) -> (name: text)
variable count: integer = 1

start:
  pin digits: 4
    on none -> nobody
  set count: count + tries
  crm pin: pin.value
  return name: "{crm.name} {count}"

nobody:
  return unknown
"""
PIN = """
module pin (digits: integer) -> (value: text)
  outcomes none

start:
  typed = collect "Your PIN, please.", digits: digits
    on no_input, invalid, error -> nothing
  return value: typed.value

nothing:
  return none
"""
MUSIC = """
flow music
  type customer_queue

attribute told: integer = 0

start:
  set told: told + 1
  ask "You wait, {told}."
    on "1" -> start
    on "2" -> enough
    on timeout, no_match, error -> enough

enough:
  play "An agent comes soon."
  -> end_flow
"""
CLERK = """
flow clerk
  on error -> sorry

queue back_office = "Q"
table bookings = "Bookings" (phone: text) -> (visits: integer)

start:
  find_profile phone: caller.number
    on none -> stranger
    on several -> sorry
  -> sorry

stranger:
  create_profile phone: caller.number, first_name: "Min"
  update_profile city: "Busan"
  link_profile profile.id
  opened = create_case title: "Parcel of {profile.first_name}", customer: profile.id, link: true
  bookings phone: caller.number
    on none -> next
  write_row bookings, key: (phone: caller.number), visits: 1
  -> again

again:
  ask "Once more?"
    on "1" -> more
    on timeout, no_match, error -> sorry

more:
  bookings phone: caller.number
    on none -> sorry
  write_row bookings, key: (phone: caller.number), visits: bookings.visits + 1
  update_case opened.case_id, status: "closed"
  create_task "Call {caller.number} back", queue: back_office, delay: 2h
  -> again

sorry:
  play "Goodbye."
  -> hang_up
"""
BOOKINGS = """
name = "Acorn"
[queues.Q]
[tables.Bookings]
columns = { phone = "text", visits = "integer" }
key = ["phone"]
"""
SHOWCASE = (Path(__file__).parents[2] / "examples/support/support.flow").read_text("utf-8")
GOLD = {"event": "FunctionReturned", "value": {"tier": "gold", "balance": 120}}

CONVERSATIONS = {
    "basics": rig.Conversation(
        source=BASICS,
        answers=("2", "1", "9"),
        replies={
            "CallFunction": {
                "event": "FunctionReturned",
                "value": {"name": "Ada", "tier": "gold"},
            },
            "Invite": {"event": "Delivered"},
        },
    ),
    "a gold customer waits for an agent": rig.Conversation(
        source=SHOWCASE, answers=("1",), replies={"CallFunction": GOLD}
    ),
    "the bot tells the balance": rig.Conversation(
        source=SHOWCASE,
        channel="chat",
        answers=("3", "잔액 알려 주세요", "입출금"),
        replies={"CallFunction": GOLD},
        bot=(
            {"event": "BotAnswered", "ready": False, "messages": ["어느 계좌인가요?"],
             "intent": "CheckBalance", "session": {"intent": "CheckBalance"}},
            {"event": "BotAnswered", "ready": True, "intent": "CheckBalance",
             "slots": {"account": "입출금"}},
        ),
    ),
    "a full queue, the lookup down, on to a messenger": rig.Conversation(
        source=SHOWCASE,
        answers=("9", "2", "1"),
        replies={
            "CallFunction": {"event": "FunctionFailed"},
            "Invite": {"event": "Delivered"},
        },
        queue={"event": "QueueRefused", "reason": "full"},
    ),
    "modules inside of each other, then a flow in the queue": rig.Conversation(
        source=DESK,
        beside=(("verify.flow", VERIFY), ("pin.flow", PIN), ("music.flow", MUSIC)),
        answers=("4711", "1", "2"),
        replies={"CallFunction": {"event": "FunctionReturned", "value": {"name": "Ada"}}},
    ),
    "services that change what they keep": rig.Conversation(
        source=CLERK, project=BOOKINGS, answers=("1", "1", "9")
    ),
}  # fmt: skip


CHANNELS = ("voice", "chat", "sms")
OTHER_ANSWERS = (("1", "1", "1", "1"), ("3", "상담원 연결", "9"))


def _variants() -> dict[str, rig.Conversation]:
    """The same, and the same over other channels and with other answers: other ways through the
    flows, and so other places to be killed at."""
    found = dict(CONVERSATIONS)
    for name, base in CONVERSATIONS.items():
        if base.project:
            continue  # Its ways differ by what the services keep.
        for channel in CHANNELS:
            for number, answers in enumerate((base.answers, *OTHER_ANSWERS)):
                if (channel, answers) != (base.channel, base.answers):
                    # A bot that is asked more often than was thought of understands nothing.
                    bot = (*base.bot, *({"event": "BotFailed"},) * len(answers))
                    found[f"{name}, {channel} {number}"] = replace(
                        base, channel=channel, answers=answers, bot=bot
                    )
    return found


VARIANTS = _variants()


@pytest.fixture(scope="module", params=sorted(VARIANTS))
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, rig.Conversation, rig.Outcome, int]:
    conversation = VARIANTS[request.param]
    expected, points = rig.undisturbed(conversation, tmp_path_factory.mktemp("undisturbed"))
    return request.param, conversation, expected, points


def test_an_eighth_of_the_points(
    case: tuple[str, rig.Conversation, rig.Outcome, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    points = case[3]
    chosen = random.Random(8).sample(range(1, points + 1), k=max(1, points // 8))
    kill_at(case, sorted(chosen), tmp_path_factory)


@pytest.mark.soak
def test_every_point(
    case: tuple[str, rig.Conversation, rig.Outcome, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    kill_at(case, range(1, case[3] + 1), tmp_path_factory)


def kill_at(
    case: tuple[str, rig.Conversation, rig.Outcome, int],
    chosen: Iterable[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    name, conversation, expected, points = case
    for point in chosen:
        folder: Path = tmp_path_factory.mktemp(f"point{point}")
        outcome = rig.killed_at(conversation, folder, point)
        rig.assert_nothing_lost(outcome, expected, f"{name}, killed at point {point} of {points}")

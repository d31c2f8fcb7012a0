"""What is kept for people is what the flow's `record` steps say; the journal keeps everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from blocks.catalogue import catalogue
from runtime.analysis import analysis_of
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.history import history
from runtime.journal import replay
from runtime.program import compile_text
from runtime.recording import Kept, kept_in
from runtime.services.asked import Question, Refused

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
FLOW = """
flow shop
  on error -> hang_up

queue desk = "Desk"

start:
  {record}
  ask "Which number?", retries: 0
    on "42" -> person
    on timeout, no_match -> person

person:
  transfer desk
    on full -> hang_up
"""
BOT = ["Which number?", "I am at 010-1234-5678"]
AGENT = ["Hello, Ann here", "mail me at kim@example.com"]


class Talk:
    """A conversation with a bot, then with an agent."""

    def __init__(self, record: str) -> None:
        self.program = compile_text(FLOW.format(record=record or 'play "Hi."'), catalogue())
        self.entity = ContactEntity(lambda _: self.program, World())
        self.state: bytes | None = None
        self.journal: list[dict[str, Any]] = []
        self.post("Started", channel="chat", address="me", entry="x")
        self.post("Heard", text=BOT[1], by="text")
        key = next(key for key, effect in self.journal[-1]["effects"]
                   if effect["effect"] == "Enqueue")  # fmt: skip
        self.post("Queued", key=key, queue="Desk")
        self.post("AgentJoined", agent="ann", agent_name="Ann")
        self.post("AgentSaid", agent="ann", text=AGENT[0])
        self.post("Heard", text=AGENT[1], by="text")
        self.post("AgentLeft", agent="ann")

    def post(self, event: str, **values: Any) -> None:
        body = {"event": event, "id": f"{len(self.journal)}", "at": AT.isoformat(), **values}
        decision = self.entity.decide("c1", self.state, body)
        assert decision is not None
        self.state = decision.state
        self.journal.append(orjson.loads(orjson.dumps(decision.journal)))

    @property
    def kept(self) -> Kept:
        return kept_in(self.journal)

    @property
    def words(self) -> list[str]:
        return [line["text"] for line in self.kept.lines if line["what"] == "said"]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("", ["Hi.", *BOT, *AGENT]),
        ("record agent, customer", AGENT),
        ("record customer", AGENT[1:]),
        ("record agent", AGENT[:1]),
        ("record nobody", []),
        ("record agent, customer, ivr: true", [*BOT, *AGENT]),
        ("record agent, ivr: true", [BOT[0], AGENT[0]]),
    ],
)
def test_sides_and_parts_are_kept_as_ordered(record: str, words: list[str]) -> None:
    talk = Talk(record)
    assert talk.words == words
    left_out = len([*BOT, *AGENT]) + (not record) - len(words)
    assert talk.kept.described["LeftOut"] == left_out
    told = orjson.dumps(history(talk.journal, talk.program)).decode()
    for text in (*BOT, *AGENT):
        assert (text in told) == (text in words), text


def test_the_journal_keeps_everything_and_replays() -> None:
    talk = Talk("record nobody")
    told = orjson.dumps(talk.journal).decode()
    assert all(text in told for text in (*BOT, *AGENT))
    assert replay("c1", talk.journal, talk.entity) == len(talk.journal)


REDACTED = "record agent, customer, ivr: true\n    redact: [phone, email, name]"


@pytest.mark.parametrize(
    ("mask", "shown"), [("kind", ["[PHONE]", "[EMAIL]"]), ("stars", ["****", "****"])]
)
def test_what_is_to_be_taken_out_is(mask: str, shown: list[str]) -> None:
    talk = Talk(f"{REDACTED}\n    mask: {mask}")
    assert talk.words[1] == f"I am at {shown[0]}"
    assert talk.words[3] == f"mail me at {shown[1]}"
    assert talk.kept.originals == []
    assert talk.kept.described["Redacted"] == ["email", "phone"]
    assert talk.kept.described["NotRedacted"] == ["name"]
    told = orjson.dumps(history(talk.journal, talk.program)).decode()
    assert "010-1234" not in told
    assert "kim@example" not in told


def test_both_or_the_original_are_kept_where_the_flow_says_so() -> None:
    both = Talk(f"{REDACTED}\n    keep: both").kept
    assert [line["text"] for line in both.originals if line["who"] == "customer"] == [
        BOT[1], AGENT[1]
    ]  # fmt: skip
    assert both.lines != both.originals
    original = Talk(f"{REDACTED}\n    keep: original")
    assert original.words == [*BOT, *AGENT]
    assert original.kept.described["Redacted"] == []


async def test_only_what_is_computed_is_told() -> None:
    async def feel(question: Question) -> dict[str, Any]:
        return {"sentiment": "positive", "score": 0.5, "confidence": 1}

    async def refuse(question: Question) -> dict[str, Any]:
        raise Refused("failed", "no such language")

    off = await analysis_of(Talk("record agent").kept, "chat", "en-US", AT, feel)
    assert off == {"Requested": "off"}
    kept = Talk("record customer\n    analytics: both\n    summary: true").kept
    found = await analysis_of(kept, "chat", "en-US", AT, feel)
    assert found["Sentiment"] == {
        "Status": "AVAILABLE",
        "Customer": {"Sentiment": "POSITIVE", "Score": 0.5, "Messages": 1},
    }
    for name in ("Summary", "Categories", "Realtime"):
        assert found[name]["Status"] == "NOT_AVAILABLE"
    for medium, service in (("voice", feel), ("chat", None), ("chat", refuse)):
        found = await analysis_of(kept, medium, "en-US", AT, service)
        assert found["Sentiment"]["Status"] == "NOT_AVAILABLE"


def test_a_record_step_keeps_nothing_that_was_said_before_it(tmp_path: Path) -> None:
    talk = Talk('play "Before."\n  record agent, customer, ivr: true')
    assert talk.words == [*BOT, *AGENT]

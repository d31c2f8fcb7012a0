"""The engine, turn by turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from runtime import limits
from runtime.contact import Contact
from runtime.engine import Turn, World, advance, new_contact
from runtime.program import Program, compile_text

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEADER = """
flow f
  on error -> sorry
"""
SORRY = """
sorry:
  ask "Sorry."
    on timeout, no_match -> nowhere
"""


class Talk:
    """A contact and its turns, as a caller would have them."""

    def __init__(self, body: str, *, channel: str = "voice", header: str = HEADER) -> None:
        self.program: Program = compile_text(f"{header}\n{body}\n{SORRY}", catalogue())
        self.turns = 0
        started = in_.Started(id="0", at=NOON, channel=channel, address="+8210", entry="line")
        self.contact: Contact = new_contact("c", self.program, started)
        self.turn: Turn = self.happens(started)

    def happens(self, event: in_.Event) -> Turn:
        self.turn = advance(self.program, self.contact, event, World())
        self.contact = self.turn.contact
        return self.turn

    def event(self, kind: type[in_.Event], **values: Any) -> Turn:
        self.turns += 1
        return self.happens(kind(id=str(self.turns), at=NOON + timedelta(seconds=1), **values))

    def hear(self, text: str, by: Any = "digits") -> Turn:
        return self.event(in_.Heard, text=text, by=by)

    def answer(self, kind: type[in_.Answer], **values: Any) -> Turn:
        """Answer the last effect that was done."""
        return self.event(kind, key=self.turn.effects[-1][0], **values)

    @property
    def said(self) -> list[str]:
        return [effect.text for _, effect in self.turn.effects if isinstance(effect, out.Say)]


MENU = """
start:
  ask "One or two?"
    on "1" -> one
    on "2" -> two
    on timeout, no_match -> sorry
one:
  ask "One!"
    on timeout, no_match -> sorry
two:
  ask "Two!"
    on timeout, no_match -> sorry
"""


@pytest.mark.parametrize(("pressed", "heard"), [("1", "One!"), ("2", "Two!"), ("7", "Sorry.")])
def test_an_answer_takes_its_outcome(pressed: str, heard: str) -> None:
    talk = Talk(MENU)
    assert talk.said == ["One or two?"]
    talk.hear(pressed)
    assert talk.said == [heard]


def test_a_timer_of_this_wait_counts_and_one_of_an_earlier_does_not() -> None:
    talk = Talk(MENU)
    talk.hear("1")
    assert talk.event(in_.TimerFired, timer="silence", wait=1).trail == ()
    turn = talk.event(in_.TimerFired, timer="silence", wait=2)
    assert turn.trail == (("one.ask", "timeout"),)


LOOKUP = """
function crm = "crm" (phone: phone) -> (name: text)
start:
  crm phone: caller.number
    on error -> two
  ask "Hello {crm.name}, known as {function.name}."
    on timeout, no_match -> sorry
two:
  ask "Hello."
    on timeout, no_match -> sorry
"""


def test_a_function_is_called_with_values_and_read_by_its_names() -> None:
    talk = Talk(LOOKUP)
    ((key, call),) = talk.turn.effects
    assert call == out.CallFunction(function="crm", arguments={"phone": "+8210"})
    assert key == "c/1/0"
    talk.answer(in_.FunctionReturned, value={"name": "Ada"})
    assert talk.said == ["Hello Ada, known as Ada."]


def test_a_failed_function_takes_the_error_outcome() -> None:
    talk = Talk(LOOKUP)
    talk.answer(in_.FunctionFailed, reason="timeout")
    assert talk.said == ["Hello."]


@pytest.mark.parametrize("value", [{}, {"name": 7}, {"name": None}, {"other": "x"}])
def test_an_answer_of_another_type_is_an_error(value: dict[str, Any]) -> None:
    talk = Talk(LOOKUP)
    talk.answer(in_.FunctionReturned, value=value)
    assert talk.said == ["Hello."]
    assert talk.turn.notes


def test_a_note_of_what_does_not_fit_does_not_say_what_the_customer_said() -> None:
    talk = Talk("""
function crm = "crm" () -> (name: text)

start:
  crm
    on error -> sorry
  play crm.name
    on error -> sorry
""")
    talk.answer(in_.FunctionReturned, value={"name": "secret" * 2_000})
    (note,) = talk.turn.notes[:1]
    assert "text" in note
    assert "secret" not in note


def test_silence_is_no_value_that_otherwise_takes() -> None:
    talk = Talk(MENU.replace('on "2" -> two', 'on "2" -> two\n    otherwise -> two', 1))
    talk.event(in_.TimerFired, timer="silence", wait=1)
    assert talk.said == ["Sorry."]


PROMPTS = """
prompt welcome
  ko-KR: "안녕하세요, {caller.number}"
  en-US: "Hello, {caller.number}"
start:
  play welcome
  ask "?"
    on timeout, no_match -> sorry
"""


@pytest.mark.parametrize(
    ("language", "heard"),
    [("ko-KR", "안녕하세요, +8210"), ("en-US", "Hello, +8210"), ("en-GB", "Hello, +8210")],
)
def test_a_prompt_speaks_the_language_of_the_contact(language: str, heard: str) -> None:
    talk = Talk(PROMPTS, header=f"flow f\n  language {language}\n  on error -> sorry\n")
    assert talk.said[0] == heard


def test_an_answer_that_comes_late_means_nothing() -> None:
    talk = Talk(LOOKUP)
    first = talk.turn.effects[0][0]
    talk.answer(in_.FunctionFailed)
    talk.event(in_.FunctionReturned, key=first, value={"name": "Ada"})
    assert talk.turn.trail == ()
    assert talk.turn.effects == ()


def test_what_is_typed_ahead_answers_the_next_question() -> None:
    talk = Talk(
        LOOKUP.replace(
            "on timeout, no_match -> sorry", 'on "5" -> two\n    on timeout, no_match -> sorry', 1
        )
    )
    key = talk.turn.effects[0][0]
    talk.hear("5")
    assert talk.turn.effects == ()
    talk.event(in_.FunctionReturned, key=key, value={"name": "Ada"})
    assert talk.said == ["Hello Ada, known as Ada.", "Hello."]


def test_a_loop_without_a_wait_is_stopped_and_told_to_on_error() -> None:
    talk = Talk('start:\n  play "x"\n  -> start\n')
    assert talk.said[-1] == "Sorry."
    assert len(talk.said) == limits.STEPS_WITHOUT_WAIT_MAX + 1
    assert talk.contact.status == "flow"
    assert talk.turn.notes


def test_an_outcome_that_leads_nowhere_ends_the_contact() -> None:
    talk = Talk('start:\n  ask "x"\n    on timeout, no_match -> nowhere\n')
    talk.hear("1")
    assert talk.contact.status == "ended"


def test_a_parameter_that_does_not_fit_takes_the_error_outcome() -> None:
    talk = Talk(
        "attribute n: integer = 999\nstart:\n"
        '  ask "x", timeout: n\n    on error -> bad\n    on timeout, no_match -> sorry\n'
        'bad:\n  ask "Bad."\n    on timeout, no_match -> sorry\n'
    )
    assert talk.said == ["Bad."]
    assert "timeout" in talk.turn.notes[0] or talk.turn.notes


def test_the_customer_leaves_at_any_time() -> None:
    talk = Talk(MENU)
    turn = talk.event(in_.CustomerLeft)
    assert turn.contact.status == "ended"
    assert talk.hear("1").effects == ()


QUEUE = """
queue desk = "Desk"
start:
  transfer desk, priority: 2
    on full -> sorry
"""


def test_a_contact_waits_talks_to_an_agent_and_ends() -> None:
    talk = Talk(QUEUE, channel="chat")
    ((_, enqueue),) = talk.turn.effects
    assert isinstance(enqueue, out.Enqueue)
    assert (enqueue.queue, enqueue.priority) == ("Desk", 2)
    talk.answer(in_.Queued, queue="Desk")
    assert talk.contact.status == "queued"
    talk.event(in_.AgentJoined, agent="jiwoo", agent_name="한지우")
    assert talk.contact.status == "connected"
    talk.hear("Hello?", by="text")
    assert talk.turn.effects[0][1] == out.TellAgent(agent="jiwoo", what="said", text="Hello?")
    talk.event(in_.AgentSaid, agent="jiwoo", text="Hi!")
    assert talk.said == ["Hi!"]
    talk.event(in_.AgentLeft, agent="jiwoo")
    assert talk.contact.status == "ended"


def test_a_full_queue_is_an_outcome() -> None:
    talk = Talk(QUEUE)
    talk.answer(in_.QueueRefused, reason="full")
    assert talk.said == ["Sorry."]


def test_who_waits_and_leaves_gives_the_place_back() -> None:
    talk = Talk(QUEUE)
    talk.answer(in_.Queued, queue="Desk")
    talk.event(in_.CustomerLeft)
    assert talk.turn.effects[0][1] == out.LeaveQueue(queue="Desk")


def test_a_contact_that_continues_another_takes_its_place_in_the_queue() -> None:
    talk = Talk(QUEUE)
    since = "2026-11-20T11:30:00+00:00"
    started = in_.Started(id="s", at=NOON, channel="whatsapp", queue="Desk", waiting_since=since,
                          values={"tier": "gold"}, continues="other")  # fmt: skip
    fresh = new_contact("c2", talk.program, started)
    turn = advance(talk.program, fresh, started, World())
    assert turn.effects[0][1] == out.Enqueue(queue="Desk", waiting_since=since)
    assert turn.contact.status == "queued"
    assert turn.contact.values["tier"] == "gold"


def test_a_contact_survives_its_bytes() -> None:
    talk = Talk(MENU)
    assert Contact.from_bytes(talk.contact.to_bytes()) == talk.contact


def test_a_turn_leaves_the_old_contact_as_it_was() -> None:
    talk = Talk(MENU)
    before = talk.contact.to_bytes()
    old = talk.contact
    talk.hear("1")
    assert old.to_bytes() == before


def calls_of(monkeypatch: pytest.MonkeyPatch, kind: str) -> list[Any]:
    """The parameters that a block is started with, noted as it happens."""
    block = catalogue().block(kind)
    start, seen = block.start, []

    def noting(params: Any, view: Any) -> Any:
        seen.append(params)
        return start(params, view)

    monkeypatch.setattr(block, "start", staticmethod(noting))
    return seen


def begin(program: Program, name: str, **values: Any) -> Turn:
    started = in_.Started(id=name, at=NOON, channel="voice", entry="line", **values)
    return advance(program, new_contact(name, program, started), started, World())


def test_what_a_step_does_for_everybody_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = calls_of(monkeypatch, "ask")
    program = compile_text(f"{HEADER}\n{MENU}\n{SORRY}", catalogue())
    first, second = begin(program, "a"), begin(program, "b")
    assert len(seen) == 1
    assert [effect for _, effect in first.effects] == [effect for _, effect in second.effects]
    assert second.effects[0][0].startswith("b/")


def test_what_a_step_does_is_decided_for_each_language() -> None:
    program = compile_text(f"{HEADER}\n{MENU}\n{SORRY}", catalogue())
    said = [begin(program, name, language=name).effects[0][1] for name in ("ko-KR", "en-US")]
    assert [effect.language for effect in said if isinstance(effect, out.Say)] == ["ko-KR", "en-US"]


def test_a_step_that_looks_at_its_contact_decides_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = calls_of(monkeypatch, "repeat")
    program = compile_text(
        f"{HEADER}\nstart:\n  repeat 1\n    on again -> start\n    on done -> sorry\n{SORRY}",
        catalogue(),
    )
    for name in ("a", "b"):
        turn = begin(program, name)
        assert [outcome for _, outcome in turn.trail] == ["again", "done"]
    assert len(seen) == 4


def test_a_step_that_failed_is_tried_again_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = catalogue().block("ask")
    start = ask.start
    program = compile_text(f"{HEADER}\n{MENU}\n{SORRY}", catalogue())
    failing = [True, True]

    def unsteady(params: Any, view: Any) -> Any:
        if failing:
            failing.pop()
            raise RuntimeError("not now")
        return start(params, view)

    monkeypatch.setattr(ask, "start", staticmethod(unsteady))
    assert begin(program, "a").notes
    assert begin(program, "b").notes == ()


def test_a_wrong_constant_beside_a_value_takes_the_error_outcome() -> None:
    talk = Talk(
        'start:\n  ask "{caller.number}", timeout: 999s\n    on error -> bad\n'
        "    on timeout, no_match -> sorry\n"
        'bad:\n  ask "Bad."\n    on timeout, no_match -> sorry\n'
    )
    assert talk.said == ["Bad."]


@pytest.mark.parametrize("reason", ["full", "unknown"])
@pytest.mark.parametrize("ending", ["  transfer_agent\n", "  -> transfer_agent\n"])
def test_the_handler_of_a_flow_counts_although_no_outcome_leads_there(
    reason: str, ending: str
) -> None:
    header = "flow f\n  type agent_transfer\n  on error -> sorry\n"
    start = 'start:\n  set_queue agent: "minji"\n    on error -> sorry\n'
    talk = Talk(start + ending, header=header)
    talk.answer(in_.QueueRefused, reason=reason)
    assert talk.said == ["Sorry."]

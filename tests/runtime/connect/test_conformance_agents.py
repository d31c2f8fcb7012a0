"""What Amazon Connect's flow language means around queues and agents: what a customer hears while
they wait, before and after an agent, and on hold."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from flowlang.project import Texts
from flowlang.syntax.printer import to_text
from runtime import happenings as seen
from runtime.bundle import Bundle
from runtime.engine import World, advance, new_contact
from runtime.simulator import Simulator
from tests.flowlang.interchange.connect.building import ERROR, action, end, flow, imported, play
from tests.runtime.connect.callers import FULL, NOON, call, call_project, said
from tests.runtime.connect.rules import Rules, compare, ends, last, set_

RULES = Rules()
row = RULES.row

TYPES = {
    "queue": "customer_queue", "agent": "agent_whisper", "customer": "customer_whisper",
    "called": "outbound_whisper", "hold": "customer_hold", "after": "inbound",
}  # fmt: skip
HOOKS = {
    "queue": "CustomerQueue", "agent": "AgentWhisper", "customer": "CustomerWhisper",
    "called": "OutboundWhisper", "hold": "CustomerHold", "after": "CustomerRemaining",
}  # fmt: skip


def resume(id_: str = "back") -> dict[str, Any]:
    return action(id_, "EndFlowExecution")


def loop(*texts: str, interrupt: str = "", to: str = "news") -> dict[str, Any]:
    """Loop prompts; what interrupts them leads to `to`."""
    more = {"InterruptFrequencySeconds": interrupt} if interrupt else {}
    return action(
        "loop", "MessageParticipantIteratively",
        {"Messages": [{"Text": text} for text in texts], **more}, next_="back",
        equals={"MessagesInterrupted": to} if interrupt else None, errors={ERROR: "back"},
    )  # fmt: skip


def speaking(text: str) -> str:
    """A flow that says this and is over."""
    return flow(play("say", text, "back"), resume())


def main(*hooks: str, queue: str = "Sales") -> str:
    """Hooks are set in their order, then the customer is put into a queue."""
    steps = [*hooks, "set the queue"]
    return flow(
        *(
            action(hook, "UpdateContactEventHooks", {"EventHooks": {HOOKS[hook]: f"{hook}.flow"}},
                   next_=then, errors={ERROR: "error"})
            for hook, then in itertools.pairwise(steps)
        ),
        action("set the queue", "UpdateContactTargetQueue", {"QueueId": queue}, next_="wait",
               errors={ERROR: "error"}),
        action("wait", "TransferContactToQueue", next_="error",
               errors={ERROR: "error", "QueueAtCapacity": "full"}),
        *ends(),
    )  # fmt: skip


def called(hooks: Mapping[str, str], *doing: Any, **around: Any) -> Simulator:
    """A customer whose contact has these flows for its moments."""
    flows = {"main": main(*hooks), **hooks}
    return call_project(flows, *doing, types=TYPES, **around)


def joins(simulator: Simulator) -> None:
    assert simulator.agent_accepts("kim", "Kim")


def leaves(simulator: Simulator) -> None:
    assert simulator.agent_leaves()


def passes(seconds: float) -> Any:
    return lambda simulator: simulator.pass_time(seconds)


def holds(simulator: Simulator) -> None:
    assert simulator.agent_holds()


def returns(simulator: Simulator) -> None:
    assert simulator.agent_holds(on=False)


def heard(simulator: Simulator) -> list[str]:
    """What customer and agent hear of the flows, and when they hear each other."""
    found = []
    for item in simulator.happened:
        match item:
            case seen.Said(text=text):
                found.append(text)
            case seen.Did(effect=out.TellAgent(what="whispered", text=text)):
                found.append(f"to the agent: {text}")
            case seen.Did(effect=out.Hold(text=text, on=on)):
                found.append(f"on hold: {text}" if text else "hold" if on else "back")
            case seen.Did(effect=out.Bridge()):
                found.append("joined")
            case _:
                pass
    return found


# --- 5: in which order flows run ----------------------------------------------------------------

ALL = {name: speaking(name) for name in ("queue", "agent", "customer", "called", "hold")}
AFTER = {"after": flow(play("say", "after", "end"), end())}


@row("5 queue, agent's whisper, customer's whisper, then the two hear each other",
     ["queue", "to the agent: agent", "customer", "joined"])  # fmt: skip
def _() -> object:
    return heard(called(ALL, joins))


@row("5 a whisper alone is enough", (["to the agent: agent", "joined"], ["customer", "joined"]))
def _() -> object:
    return (heard(called({"agent": ALL["agent"]}, joins)),
            heard(called({"customer": ALL["customer"]}, joins)))  # fmt: skip


@row("5 without flows of the contact's own there is silence until they are joined", ["joined"])
def _() -> object:
    return heard(called({}, joins))


@row("5 a hold has its flow for as long as it lasts",
     ["joined", "hold", "on hold: one moment", "on hold: one moment", "back"])  # fmt: skip
def _() -> object:
    flows = {"hold": flow(loop("one moment"), resume())}
    return heard(called(flows, joins, holds, passes(31), returns, passes(600)))


@row("5 after the agent the customer is in the disconnect flow", ["joined", "after"])
def _() -> object:
    return heard(called(AFTER, joins, leaves))


@row("5 a customer who hangs up hears no disconnect flow", ["joined"])
def _() -> object:
    return heard(called(AFTER, joins, lambda simulator: simulator.hang_up()))


@row("5 a contact without a disconnect flow ends with its agent", "agent")
def _() -> object:
    return called({}, joins, leaves).contact.reason


@row("5 a disconnect flow may put the customer into a queue again",
     ["joined", "again", "joined"])  # fmt: skip
def _() -> object:
    again = flow(
        play("say", "again", "set"),
        action("set", "UpdateContactTargetQueue", {"QueueId": "Survey"}, next_="wait",
               errors={ERROR: "end"}),
        action("wait", "TransferContactToQueue", next_="end",
               errors={ERROR: "end", "QueueAtCapacity": "end"}),
        end(),
    )  # fmt: skip
    return heard(called({"after": again}, joins, leaves, joins))


@row("5 who is called by an agent hears the outbound whisper, and no other",
     ["called", "joined"])  # fmt: skip
def _() -> object:
    texts = {f"{name}.flow": to_text(imported(source, flow_type=TYPES.get(name)).document)
             for name, source in {"main": main(*ALL), **ALL}.items()}  # fmt: skip
    program = Bundle(Texts(texts), catalogue()).program("main.flow")
    assert program is not None
    hooks = {TYPES[name]: f"{name}.flow" for name in ALL}
    started = in_.Started(id="0", at=NOON, channel="voice", queue="@kim",
                          settings={"dialled_by": "kim", "hooks": hooks})  # fmt: skip
    contact = advance(program, new_contact("c", program, started), started, World()).contact
    joined = in_.AgentJoined(id="1", at=NOON, agent="kim", queue="@kim")
    effects = [effect for _, effect in advance(program, contact, joined, World()).effects]
    return [effect.text if isinstance(effect, out.Say) else "joined" for effect in effects
            if isinstance(effect, out.Say | out.Bridge)]  # fmt: skip


@row("5 the later of two flows for a moment counts", ["later"])
def _() -> object:
    first = {"EventHooks": {"CustomerQueue": "queue.flow"}}
    second = {"EventHooks": {"CustomerQueue": "other.flow"}}
    source = flow(
        action("a", "UpdateContactEventHooks", first, next_="b", errors={ERROR: "error"}),
        play("b", "meanwhile", "c"),
        action("c", "UpdateContactEventHooks", second, next_="d", errors={ERROR: "error"}),
        action("d", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="e",
               errors={ERROR: "error"}),
        action("e", "TransferContactToQueue", next_="error", errors={ERROR: "error"}), *ends(),
    )  # fmt: skip
    flows = {"main": source, "queue": speaking("earlier"), "other": speaking("later")}
    types = {"queue": "customer_queue", "other": "customer_queue"}
    return said(call_project(flows, types=types))[1:]


@row("5 attributes reach the flows of all moments", ["gold", "to the agent: gold", "joined"])
def _() -> object:
    telling = speaking("$.Attributes.tier")
    return heard(called({"queue": telling, "agent": telling}, joins, values={"tier": "gold"}))


# --- 3: loop prompts ----------------------------------------------------------------------------


@row("3 loop prompts go on for as long as nobody comes", ["a", "b"] * 3)
def _() -> object:
    return said(called({"queue": flow(loop("a", "b"), resume())}, passes(61)))


@row("3 only an agent ends loop prompts without an interruption", ["a", "joined"])
def _() -> object:
    return heard(called({"queue": flow(loop("a"), resume())}, joins, passes(600)))


@row("3 keys do not end loop prompts", ["a"])
def _() -> object:
    return said(called({"queue": flow(loop("a"), resume())}, "1", "2"))


NEWS = flow(loop("a", interrupt="60"), play("news", "news", "loop"), resume())


@row("3 MessagesInterrupted comes when its time is over, and then all begins again",
     ["a", "a", "news", "a", "a", "news", "a"])  # fmt: skip
def _() -> object:
    return said(called({"queue": NEWS}, passes(125)))


@row("3 an agent ends loop prompts with an interruption too", ["a", "joined"])
def _() -> object:
    return heard(called({"queue": NEWS}, joins, passes(600)))


@row("5 a queue flow that is over leaves the customer waiting", ("queued", ["queue"]))
def _() -> object:
    simulator = called({"queue": speaking("queue")}, passes(600))
    return simulator.contact.status, said(simulator)


@row("5 a queue flow may end the call", ("ended", ["bye"]))
def _() -> object:
    source = flow(loop("", interrupt="30", to="bye"), play("bye", "bye", "end"), end(), resume())
    simulator = called({"queue": source.replace('{"Text": ""}', '{"Text": " "}')}, passes(31))
    return simulator.contact.status, [text for text in said(simulator) if text.strip()]


# --- 2 and 3: from queue to queue ---------------------------------------------------------------

ELSEWHERE = flow(
    loop("a", interrupt="60", to="move"),
    action("move", "DequeueContactAndTransferToQueue", {"QueueId": "Overflow"}, next_="loop",
           errors={ERROR: "loop", "QueueAtCapacity": "full"}),
    play("full", "full there", "loop"), resume(),
)  # fmt: skip


@row("3 a customer moves to another queue out of a queue flow", "Overflow")
def _() -> object:
    return called({"queue": ELSEWHERE}, passes(61)).contact.queue


@row("3 where the other queue is full they keep their place", ("Sales", "full there"))
def _() -> object:
    answers = {"queues": {"Sales": {"event": "Queued", "queue": "Sales"}, "Overflow": FULL}}
    simulator = called({"queue": ELSEWHERE}, passes(61), answers=answers)
    return simulator.contact.queue, said(simulator)[2]


# --- 3: queues that are set, and how customers stand in them ------------------------------------


def enqueued(*before: dict[str, Any]) -> out.Enqueue:
    """The place that is asked for after these actions, each leading to the next."""
    source = flow(
        *before,
        action("set", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="wait",
               errors={ERROR: "error"}),
        action("wait", "TransferContactToQueue", next_="error", errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    (effect,) = (
        item.effect for item in call(source).happened
        if isinstance(item, seen.Called) and isinstance(item.effect, out.Enqueue)
    )  # fmt: skip
    return effect


def routed(**given: Any) -> dict[str, Any]:
    return action("p", "UpdateContactRoutingBehavior", given, next_="set")


@row("3 the usual priority is 5", 5)
def _() -> object:
    return enqueued().priority


@row("3 a priority counts where the contact is queued", 1)
def _() -> object:
    return enqueued(routed(QueuePriority="1")).priority


@row("3 an adjustment counts as time that was waited already", "2026-11-20T11:55:00+00:00")
def _() -> object:
    return enqueued(routed(QueueTimeAdjustmentSeconds="300")).waiting_since


@row("3 routing criteria go along with the contact, in their order", ["Spanish", "English"])
def _() -> object:
    steps = [
        {"Expression": {"AttributeCondition": {
            "Name": "Language", "Value": value, "ProficiencyLevel": "3",
            "ComparisonOperator": "NumberGreaterOrEqualTo"}},
         "Expiry": {"DurationInSeconds": "30"}}
        for value in ("Spanish", "English")
    ]  # fmt: skip
    criteria = action("c", "UpdateContactRoutingCriteria", {"RoutingCriteria": {"Steps": steps}},
                      next_="set", errors={ERROR: "error"})  # fmt: skip
    return [word for step in enqueued(criteria).criteria for word in ("Spanish", "English")
            if word in str(step)]  # fmt: skip


@row("3 an agent's own queue is theirs alone", "@kim")
def _() -> object:
    source = flow(
        action("set", "UpdateContactTargetQueue", {"AgentId": "kim"}, next_="wait",
               errors={ERROR: "error"}),
        action("wait", "TransferContactToQueue", next_="error", errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    return call(source).contact.queue


@row("3 hours without a name are those of the queue that was set", ("open", "closed"))
def _() -> object:
    source = flow(
        action("set", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="h",
               errors={ERROR: "error"}),
        action("h", "CheckHoursOfOperation", {}, next_="error",
               equals={"True": "open", "False": "closed"}, errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    return last(source, opened=True), last(source, opened=False)


@row("4 the queue that was set is $.Queue.Name", "one")
def _() -> object:
    source = flow(
        action("set", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="compare",
               errors={ERROR: "error"}),
        compare("$.Queue.Name", ("Equals", "Sales", "one")), *ends(),
    )  # fmt: skip
    return last(source)


@row("3 a transfer without any queue takes its error", "error")
def _() -> object:
    return last(flow(action("t", "TransferContactToQueue", next_="one", errors={ERROR: "error"}),
                     *ends()))  # fmt: skip


# --- 3: calls to somebody else ------------------------------------------------------------------


def phoned(goes_on: str, reason: str = "") -> str:
    answer = {"event": "ServiceRefused", "reason": reason} if reason else {
        "event": "ServiceAnswered", "value": {}}  # fmt: skip
    errors = {ERROR: "error"}
    if goes_on == "True":
        errors |= {"CallFailed": "full", "ConnectionTimeLimitExceeded": "silent"}
    source = flow(
        action("t", "TransferParticipantToThirdParty",
               {"ThirdPartyPhoneNumber": "+82212345678",
                "ThirdPartyConnectionTimeLimitSeconds": "30", "ContinueFlowExecution": goes_on},
               next_="one", errors=errors),
        *ends(),
    )  # fmt: skip
    simulator = call(source, answers={"telephony": [answer]})
    return (said(simulator) or [simulator.contact.reason])[-1]


@row("3 the flow goes on when the other party has hung up, where it is to", "one")
def _() -> object:
    return phoned("True")


@row("3 a call that is handed over for good ends the flow", "transferred")
def _() -> object:
    return phoned("False")


@row("3 nobody there and a call that fails have branches of their own", ("silent", "full"))
def _() -> object:
    return phoned("True", "timeout"), phoned("True", "failed")


@pytest.mark.parametrize("answer", ["True", "False"])
def test_3_a_call_that_fails_for_other_reasons_is_an_error(answer: str) -> None:
    assert phoned(answer, "unknown") == "error"


# --- 3: calls back ------------------------------------------------------------------------------


def called_back(number: str) -> str:
    source = flow(
        set_("set", "number", number=number),
        action("number", "UpdateContactCallbackNumber",
               {"CallbackNumber": "$.Attributes.number"}, next_="back",
               errors={"InvalidCallbackNumber": "none", "CallbackNumberNotDialable": "full"}),
        action("back", "CreateCallbackContact",
               {"InitialCallDelaySeconds": "60", "RetryDelaySeconds": "600",
                "MaximumConnectionAttempts": "2", "QueueId": "Sales"},
               next_="done", errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    answers = {"callbacks": [{"event": "ServiceAnswered", "value": {"id": "1"}}],
               "tasks": [{"event": "ServiceAnswered", "value": {"id": "1"}}]}  # fmt: skip
    return last(source, answers=answers)


@row("3 a number to call back is checked before the call is arranged", ("done", "none"))
def _() -> object:
    return called_back("+821012345678"), called_back("many")


@pytest.mark.parametrize("rule", RULES.rows)
def test_it_is_so(rule: str) -> None:
    run, expected = RULES.rows[rule]
    assert run() == expected

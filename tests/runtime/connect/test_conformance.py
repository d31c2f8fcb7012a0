"""What Amazon Connect's flow language means, rule by rule, on imported flows in our engine.

Each row has its rule; what it says of Amazon Connect stands in `docs/connect.md` where people need
to know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from flowlang.syntax.printer import to_text
from runtime.engine import World, advance, new_contact
from runtime.program import compile_text
from runtime.simulator import Reply, Simulator
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    end,
    flow,
    imported,
    play,
)
from tests.runtime.connect.callers import (
    FAILS,
    FULL,
    NOON,
    call,
    call_project,
    returns,
    said,
    told,
)
from tests.runtime.connect.rules import (
    Rules,
    compare,
    compared,
    ends,
    lambda_,
    last,
    menu,
    set_,
    set_local,
    store,
)

RULES = Rules()
row = RULES.row


# --- 1: transitions -----------------------------------------------------------------------------


@row("1 NextAction of a menu is a mirror, and not where an answer leads", "one")
def _() -> object:
    return last(flow(menu(next="silent"), *ends()), "1")


@row("1 NextAction of a prompt is where it goes on", ["first", "one"])
def _() -> object:
    return said(call(flow(play("p", "first", "one"), *ends())))


@row("1 the first true condition counts", "one")
def _() -> object:
    return last(flow(set_("set", "compare", x="10"), compare(
        "$.Attributes.x", ("NumberGreaterThan", "5", "one"), ("NumberGreaterThan", "8", "open"),
    ), *ends()))  # fmt: skip


@row("1 no true condition is NoMatchingCondition", "none")
def _() -> object:
    return compared("silver", "Equals", "gold")


@row("1 an error takes NoMatchingError where no branch is more specific", "error")
def _() -> object:
    source = flow(action("q", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="t",
                         errors={ERROR: "error"}),
                  action("t", "TransferContactToQueue", next_="error", errors={ERROR: "error"}),
                  *ends())  # fmt: skip
    return last(source, answers={"queue": [FULL]})


@row("1 an error takes its own branch first", "full")
def _() -> object:
    source = flow(action("q", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="t",
                         errors={ERROR: "error"}),
                  action("t", "TransferContactToQueue", next_="error",
                         errors={ERROR: "error", "QueueAtCapacity": "full"}),
                  *ends())  # fmt: skip
    return last(source, answers={"queue": [FULL]})


# --- 1: operators -------------------------------------------------------------------------------

OPERATORS: list[tuple[str, str, str, bool]] = [
    ("gold", "Equals", "gold", True),
    ("Gold", "Equals", "gold", False),
    ("gold ", "Equals", "gold", False),
    ("5", "Equals", "5", True),
    ("5.0", "Equals", "5", False),
    ("05", "Equals", "5", False),
    ("6", "NumberGreaterThan", "5", True),
    ("5", "NumberGreaterThan", "5", False),
    ("5", "NumberGreaterOrEqualTo", "5", True),
    ("4.5", "NumberLessThan", "5", True),
    ("5", "NumberLessOrEqualTo", "5", True),
    ("-1", "NumberLessThan", "0", True),
    ("many", "NumberGreaterThan", "5", False),
    ("many", "NumberLessThan", "5", False),
    ("6", "NumberGreaterThan", "few", False),
    ("환불 문의", "TextContains", "환불", True),
    ("Refund", "TextContains", "refund", False),
    ("+8210", "TextStartsWith", "+82", True),
    ("+8210", "TextEndsWith", "10", True),
    ("", "Equals", "gold", False),
    ("", "NumberLessThan", "5", False),
    ("", "TextContains", "x", False),
]


@pytest.mark.parametrize(("value", "operator", "operand", "holds"), OPERATORS)
def test_1_operators(value: str, operator: str, operand: str, holds: bool) -> None:
    """An absent value matches nothing; equality is exact; what is no number is not compared."""
    assert compared(value, operator, operand) == ("one" if holds else "none")


@row("1 an operand may be a reference", "one")
def _() -> object:
    return last(
        flow(
            set_("set", "compare", x="a", y="a"),
            compare("$.Attributes.x", ("Equals", "$.Attributes.y", "one")),
            *ends(),
        )
    )


# --- 3: what is said ----------------------------------------------------------------------------


@row("3 speech markup is spoken on calls, and its words are written in chats",
     [("<speak>Hi <break/> Ann</speak>", "Hi Ann"), ("", "Hi Ann")])  # fmt: skip
def _() -> object:
    source = flow(action("p", "MessageParticipant", {"SSML": "<speak>Hi <break/> Ann</speak>"},
                         next_="end", errors={ERROR: "end"}), end())  # fmt: skip
    program = compile_text(to_text(imported(source).document), catalogue())
    found = []
    for channel in ("voice", "chat"):
        event = in_.Started(id="0", at=NOON, channel=channel)
        turn = advance(program, new_contact("c", program, event), event, World())
        found += [(effect.ssml, effect.text) for _, effect in turn.effects
                  if isinstance(effect, out.Say)]  # fmt: skip
    return found


@row("3 the voice is that of all that is said from there on", [None, "Seoyeon"])
def _() -> object:
    source = flow(
        play("p", "before", "v"),
        action("v", "UpdateContactTextToSpeechVoice",
               {"TextToSpeechVoice": "Seoyeon", "TextToSpeechEngine": "Neural"},
               next_="q", errors={ERROR: "error"}),
        play("q", "after", "end"), *ends(),
    )  # fmt: skip
    program = compile_text(to_text(imported(source).document), catalogue())
    event = in_.Started(id="0", at=NOON, channel="voice")
    turn = advance(program, new_contact("c", program, event), event, World())
    said_ = [effect for _, effect in turn.effects if isinstance(effect, out.Say)]
    return [effect.voice and effect.voice["voice"] for effect in said_]


# --- 3: input -----------------------------------------------------------------------------------


@row("3 a menu tells silence apart", "silent")
def _() -> object:
    return last(flow(menu(), *ends()), "...")


@row("3 a menu takes one key", "none")
def _() -> object:
    return last(flow(menu(), *ends()), "7")


HEARD = play("heard", "You typed $.StoredCustomerInput.", "end")


@row("3 the store form keeps what was typed", "You typed 1234.")
def _() -> object:
    return last(flow(store(), HEARD, *ends()), "1234")


@row("3 the store form takes silence for the text Timeout", "You typed Timeout.")
def _() -> object:
    return last(flow(store(), HEARD, *ends()), "...")


@row("3 a test for Timeout is the test for silence", "silent")
def _() -> object:
    source = flow(
        store(next_="compare"),
        HEARD,
        compare("$.StoredCustomerInput", ("Equals", "Timeout", "silent")),
        *ends(),
    )
    return last(source, "...")


@row("3 # ends the store form", "You typed 12.")
def _() -> object:
    return last(flow(store(), HEARD, *ends()), "12#")


@row("3 another terminator may end it", "You typed 12.")
def _() -> object:
    settings = {"DTMFConfiguration": {"InputTerminationSequence": "9"}}
    return last(flow(store(**settings), HEARD, *ends()), "129")


@row("3 * takes all keys back", "You typed 34.")
def _() -> object:
    return last(flow(store(), HEARD, *ends()), "12*34#")


@row("3 * is a key where cancelling is off", "You typed 1*34.")
def _() -> object:
    settings = {"DTMFConfiguration": {"DisableCancelKey": "True"}}
    return last(flow(store(**settings), HEARD, *ends()), "1*34")


def phone_number(typed: str, **format_: str) -> str:
    settings = {"InputValidation": {"PhoneNumberValidation": format_}}
    entry = store(**settings)
    entry["Transitions"]["Errors"].append({"ErrorType": "InvalidPhoneNumber", "NextAction": "none"})
    return last(flow(entry, HEARD, *ends()), typed)


@row("3 a local number is kept with the code of its country", "You typed +821012345678.")
def _() -> object:
    return phone_number("01012345678#", NumberFormat="Local", CountryCode="KR")


@row("3 what is no phone number takes a branch of its own", "none")
def _() -> object:
    return phone_number("12#", NumberFormat="Local", CountryCode="KR")


def answers_late(simulator: Simulator) -> None:
    (key,) = simulator.pending
    assert simulator.reply(key, Reply(body=returns({})))


@row("3 keys typed while nobody asked answer the next menu", "one")
def _() -> object:
    return last(flow(lambda_("f", "menu"), menu(), *ends()), "1", answers_late)


@row("3 keys beyond what one question takes are the answer to the next", "one")
def _() -> object:
    return last(flow(store(next_="menu"), menu(), *ends()), "12341")


# --- 3: loops -----------------------------------------------------------------------------------


def looping(count: str) -> str:
    return flow(
        action("loop", "Loop", {"LoopCount": count}, next_="done",
               equals={"ContinueLooping": "say", "DoneLooping": "rest"}),
        play("say", "again", "loop"),
        action("rest", "Loop", {"LoopCount": "1"}, next_="end",
               equals={"ContinueLooping": "loop", "DoneLooping": "done"}),
        *ends(),
    )  # fmt: skip


@row("3 a loop turns so often, is done once, and begins again", ["again"] * 4 + ["done"])
def _() -> object:
    return said(call(looping("2")))


@row("3 a loop of 0 is done at once", ["done"])
def _() -> object:
    return said(call(looping("0")))


@row("3 a loop whose count is no number is done", ["done"])
def _() -> object:
    source = flow(
        set_("a", "loop", n="many"),
        action("loop", "Loop", {"LoopCount": "$.Attributes.n"}, next_="done",
               equals={"ContinueLooping": "again", "DoneLooping": "done"}),
        *ends(),
    )  # fmt: skip
    return said(call(source))


# --- 3 and 4: what is kept ----------------------------------------------------------------------


@row("3 entries of one update do not see each other", "new old")
def _() -> object:
    return last(
        flow(
            set_("a", "b", x="old"),
            set_("b", "p", x="new", y="$.Attributes.x"),
            play("p", "$.Attributes.x $.Attributes.y", "end"),
            *ends(),
        )
    )


@row("3 attributes over 32 KB are refused whole", ["error", "kept"])
def _() -> object:
    values = {f"k{number}": "x" * 9_000 for number in range(4)}
    return said(
        call(
            flow(
                set_("a", "b", x="kept"),
                set_("b", "one", error="told", x="lost", **values),
                play("told", "error", "p"),
                play("p", "$.Attributes.x", "end"),
                *ends(),
            )
        )
    )


@row("3 a function's answer replaces all of the one before", "second ")
def _() -> object:
    source = flow(lambda_("a", "b"), lambda_("b", "p", name="g"),
                  play("p", "$.External.x $.External.y", "end"), *ends())  # fmt: skip
    given = {"f": returns({"x": "first", "y": "!"}), "g": returns({"x": "second"})}
    return last(source, answers={"functions": given})


@row("3 a function that fails takes its error", "error")
def _() -> object:
    return last(flow(lambda_("a", "one"), *ends()), answers={"function": [FAILS]})


@row("4 a missing value is empty in a text", "Hello !")
def _() -> object:
    return last(flow(play("p", "Hello $.Attributes.who!", "end"), end()))


@row("4 a full stop behind a reference belongs to the sentence", "Hi Ann.")
def _() -> object:
    return last(flow(set_("a", "p", who="Ann"), play("p", "Hi $.Attributes.who.", "end"), *ends()))


@row("4 flow attributes are read like attributes", "kept")
def _() -> object:
    return last(
        flow(set_local("a", "p", x="kept"), play("p", "$.FlowAttributes.x", "end"), *ends())
    )


@row("4 the caller's number is at hand", "+821012345678")
def _() -> object:
    return last(flow(play("p", "$.CustomerEndpoint.Address", "end"), end()))


@row("4 the channel is spelled in capitals", "one")
def _() -> object:
    return last(flow(compare("$.Channel", ("Equals", "VOICE", "one")), *ends()))


# --- 2: hours, shares, queues -------------------------------------------------------------------

HOURS = flow(
    action("h", "CheckHoursOfOperation", {"HoursOfOperationId": "Office"}, next_="error",
           equals={"True": "open", "False": "closed"}, errors={ERROR: "error"}),
    *ends(),
)  # fmt: skip


@row("2 hours are True while open", "open")
def _() -> object:
    return last(HOURS, opened=True)


@row("2 hours are False while closed", "closed")
def _() -> object:
    return last(HOURS, opened=False)


@row("3 shares are cumulative, and the rest is NoMatchingCondition", {"one", "none"})
def _() -> object:
    source = flow(action("d", "DistributeByPercentage", next_="none",
                         tests=[("NumberLessThan", "51", "one")], errors={UNMATCHED: "none"}),
                  *ends())  # fmt: skip
    return {last(source, seed=seed) for seed in range(20)}


@row("3 a share of 100 % leaves nothing", {"one"})
def _() -> object:
    source = flow(action("d", "DistributeByPercentage", next_="none",
                         tests=[("NumberLessThan", "101", "one")], errors={UNMATCHED: "none"}),
                  *ends())  # fmt: skip
    return {last(source, seed=seed) for seed in range(20)}


QUEUEING = flow(
    action("q", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="t",
           errors={ERROR: "error"}),
    action("t", "TransferContactToQueue", next_="error",
           errors={ERROR: "error", "QueueAtCapacity": "full"}),
    *ends(),
)  # fmt: skip


@row("3 a transfer to a queue that works ends the flow", [("queued", "Sales")])
def _() -> object:
    return told(call(QUEUEING))


@row("3 a full queue takes QueueAtCapacity", [("said", "full"), ("ended", "flow")])
def _() -> object:
    return told(call(QUEUEING, answers={"queue": [FULL]}))


def metric(type_: str, operator: str, operand: str) -> str:
    return flow(
        action("m", "CheckMetricData", {"MetricType": type_, "QueueId": "Sales"}, next_="error",
               tests=[(operator, operand, "one")], errors={ERROR: "error", UNMATCHED: "none"}),
        *ends(),
    )  # fmt: skip


def answered(**value: Any) -> Mapping[str, Any]:
    return {"metrics": [{"event": "ServiceAnswered", "value": value}]}


@row("3 the age of the oldest contact is compared in milliseconds", ("one", "none"))
def _() -> object:
    source = metric("OldestContactInQueueAgeSeconds", "NumberGreaterThan", "300000")
    return (last(source, answers=answered(oldest_s=301)),
            last(source, answers=answered(oldest_s=299)))  # fmt: skip


@row("3 the number of contacts in a queue is compared as it is", ("one", "none"))
def _() -> object:
    source = metric("NumberOfContactsInQueue", "NumberGreaterThan", "5")
    return last(source, answers=answered(size=6)), last(source, answers=answered(size=5))


@row("3 a metric that nobody knows is an error", "error")
def _() -> object:
    source = metric("NumberOfContactsInQueue", "NumberGreaterThan", "5")
    return last(source, answers={"metrics": [{"event": "ServiceRefused", "reason": "failed"}]})


# --- 5: endings ---------------------------------------------------------------------------------


@row("3 a disconnect ends the call", [("ended", "flow")])
def _() -> object:
    return told(call(flow(end())))


@row("6 a flow that turns for ever is stopped", True)
def _() -> object:
    return call(flow(play("a", "x", "b"), play("b", "y", "a"), end())).is_over


# --- 7: modules and other flows -----------------------------------------------------------------

SETTINGS: dict[str, Any] = {"InputParameters": [], "OutputParameters": [], "Transitions": []}


def invoking(**given: Any) -> str:
    return flow(
        set_("a", "b", x="attribute"), set_local("b", "m", y="variable"),
        action("m", "InvokeFlowModule", {"FlowModuleId": "verify.flow", **given}, next_="back",
               equals={"locked": "closed"}, errors={ERROR: "error", UNMATCHED: "error"}),
        play("back", "$.Attributes.x $.FlowAttributes.y $.Modules.ResultData.who", "end"),
        *ends(),
    )  # fmt: skip


def module(*actions: dict[str, Any], **returned: Any) -> str:
    back = action("return", "EndFlowModuleExecution", returned)
    return flow(*actions, back, *ends()[:-1], end(), Settings=SETTINGS)


def invoked(*actions: dict[str, Any], **returned: Any) -> list[str]:
    flows = {"main": invoking(), "verify": module(*actions, **returned)}
    return said(call_project(flows))


@row("7 a module that returns without a branch goes on at NextAction", ["attribute variable Ann"])
def _() -> object:
    return invoked(ResultData={"who": "Ann"})


@row("7 a branch that a module returns is a condition", ["closed"])
def _() -> object:
    return invoked(Result="locked")


@row(
    "7 attributes cross into modules, flow attributes do not", ["attribute ", "attribute variable "]
)
def _() -> object:
    return invoked(play("p", "$.Attributes.x $.FlowAttributes.y", "return"))


@row("7 what a module sets stays with the contact", ["changed variable "])
def _() -> object:
    return invoked(set_("s", "return", x="changed"))


@row("7 a module reads its inputs", ["hello Ann", "attribute variable "])
def _() -> object:
    told_ = module(play("p", "hello $.Modules.Input.who", "return"))
    return said(call_project({"main": invoking(Input={"who": "Ann"}), "verify": told_}))


@row("7 a branch that the caller does not list is NoMatchingCondition", "none")
def _() -> object:
    caller = flow(
        action("m", "InvokeFlowModule", {"FlowModuleId": "verify.flow"}, next_="one",
               equals={"locked": "closed"}, errors={ERROR: "none", UNMATCHED: "none"}),
        *ends(),
    )  # fmt: skip
    flows = {"main": caller, "verify": module(Result="stolen")}
    return said(call_project(flows))[-1]


LEAKS = {
    "functions": (lambda_("f", "on"), "$.External.x", {"function": [returns({"x": "leak"})]}, ()),
    "entries": (store("s", "on"), "$.StoredCustomerInput", {}, ("1234",)),
    "metrics": (action("q", "GetMetricData", {"QueueId": "Sales"}, next_="on",
                       errors={ERROR: "error"}), "$.Metrics.Queue.Name",
                {"metrics": [{"event": "ServiceAnswered", "value": {"name": "leak"}}]}, ()),
}  # fmt: skip


@pytest.mark.parametrize("what", LEAKS)
def test_7_results_do_not_cross_into_a_module(what: str) -> None:
    got, path, answers, keys = LEAKS[what]
    caller = flow(
        got,
        action("on", "InvokeFlowModule", {"FlowModuleId": "verify.flow"}, next_="kept",
               errors={ERROR: "error"}),
        play("kept", f"[{path}]", "end"), *ends(),
    )  # fmt: skip
    flows = {"main": caller, "verify": module(play("p", f"in [{path}]", "return"))}
    heard = said(call_project(flows, *keys, answers=answers))[-2:]
    assert heard[0] == "in []"
    assert heard[1] in ("[leak]", "[1234]")


@pytest.mark.parametrize("what", LEAKS)
def test_7_results_do_not_cross_out_of_a_module(what: str) -> None:
    got, path, answers, keys = LEAKS[what]
    caller = flow(
        action("m", "InvokeFlowModule", {"FlowModuleId": "verify.flow"}, next_="p",
               errors={ERROR: "error"}),
        play("p", f"[{path}]", "end"), *ends(),
    )  # fmt: skip
    flows = {"main": caller, "verify": module(got, play("on", f"in [{path}]", "return"))}
    heard = said(call_project(flows, *keys, answers=answers))[-2:]
    assert heard[0] in ("in [leak]", "in [1234]")
    assert heard[1] == "[]"


@row("7 a second module overwrites what the first one returned", "Bob ")
def _() -> object:
    caller = flow(
        action("m", "InvokeFlowModule", {"FlowModuleId": "verify.flow"}, next_="n",
               errors={ERROR: "error"}),
        action("n", "InvokeFlowModule", {"FlowModuleId": "other.flow"}, next_="p",
               errors={ERROR: "error"}),
        play("p", "$.Modules.ResultData.who $.Modules.ResultData.age", "end"), *ends(),
    )  # fmt: skip
    first = module(play("a", "a", "return"), ResultData={"who": "Ann", "age": "7"})
    second = module(play("a", "a", "return"), ResultData={"who": "Bob"})
    return said(call_project({"main": caller, "verify": first, "other": second}))[-1]


def nested(depth: int) -> str:
    """What is heard last where modules stand in each other so deep."""
    flows = {"main": invoking()}
    names = ["verify", *(f"m{number}" for number in range(1, depth))]
    for name, inner in zip(names, [*names[1:], ""], strict=True):
        goes = action("in", "InvokeFlowModule", {"FlowModuleId": f"{inner}.flow"},
                      next_="return", errors={ERROR: "return"})  # fmt: skip
        flows[name] = module(goes if inner else play("deep", "deep", "return"))
    return said(call_project(flows))[0]


@row("7 modules stand in each other five deep", "deep")
def _() -> object:
    return nested(5)


@row("3 flow attributes end with their flow, attributes go on", ["attribute "])
def _() -> object:
    first = flow(
        set_("a", "b", x="attribute"), set_local("b", "t", y="variable"),
        action("t", "TransferToFlow", {"ContactFlowId": "other.flow"}, next_="error",
               errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    other = flow(play("p", "$.Attributes.x $.FlowAttributes.y", "end"), end())
    return said(call_project({"main": first, "other": other}))


@row("3 a flow that is not there takes the error branch", ["error"])
def _() -> object:
    first = flow(
        action("t", "TransferToFlow", {"ContactFlowId": "nobody.flow"}, next_="one",
               errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    return said(call_project({"main": first}))


@pytest.mark.parametrize("rule", RULES.rows)
def test_it_is_so(rule: str) -> None:
    run, expected = RULES.rows[rule]
    assert run() == expected

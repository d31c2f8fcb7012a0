"""What Amazon Connect's flow language means, rule by rule, on imported flows in our engine.

Each row has its rule; what it says of Amazon Connect stands in `docs/connect.md` where people need
to know it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from flowlang.channels import CHANNELS
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    end,
    flow,
    play,
)
from tests.runtime.connect.callers import FAILS, FULL, call, call_project, returns, said, told

SILENT = "InputTimeLimitExceeded"
ROWS: dict[str, tuple[Callable[[], object], object]] = {}


def row(rule: str, expected: object) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def add(run: Callable[[], object]) -> Callable[[], object]:
        assert rule not in ROWS
        ROWS[rule] = (run, expected)
        return run

    return add


# --- parts of flows -----------------------------------------------------------------------------


def menu(id_: str = "menu", **to: str) -> dict[str, Any]:
    """By default everything leads to plays that say what happened."""
    return action(
        id_, "GetParticipantInput", {"Text": "1?", "InputTimeLimitSeconds": "5"},
        next_=to.get("next", "none"), equals={"1": to.get("one", "one")},
        errors={UNMATCHED: to.get("none", "none"), SILENT: to.get("silent", "silent"),
                ERROR: "error"},
    )  # fmt: skip


def store(id_: str = "store", next_: str = "heard", **more: Any) -> dict[str, Any]:
    given = {"Text": "Number?", "InputTimeLimitSeconds": "5", "StoreInput": "True",
             "InputValidation": {"CustomValidation": {"MaximumLength": "4"}}, **more}  # fmt: skip
    return action(id_, "GetParticipantInput", given, next_=next_, errors={ERROR: "error"})


def lambda_(id_: str, next_: str, error: str = "error", name: str = "f", **given: str) -> Any:
    return action(
        id_, "InvokeLambdaFunction",
        {"LambdaFunctionARN": f"arn:aws:lambda:u:1:function:{name}",
         "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": given},
        next_=next_, errors={ERROR: error},
    )  # fmt: skip


def set_(id_: str, next_: str, error: str = "error", **values: str) -> Any:
    return action(id_, "UpdateContactAttributes", {"Attributes": values}, next_=next_,
                  errors={ERROR: error})  # fmt: skip


def set_local(id_: str, next_: str, **values: str) -> Any:
    spelled = {name: {"Value": value} for name, value in values.items()}
    return action(id_, "UpdateFlowAttributes", {"FlowAttributes": spelled}, next_=next_,
                  errors={ERROR: "error"})  # fmt: skip


def compare(value: str, *tests: tuple[str, str, str], id_: str = "compare") -> Any:
    return action(id_, "Compare", {"ComparisonValue": value}, tests=list(tests), next_="none",
                  errors={UNMATCHED: "none"})  # fmt: skip


SAYING = ("one", "none", "silent", "error", "open", "closed", "again", "done", "full")


def ends(*more: str) -> list[dict[str, Any]]:
    """One that says its own name, for each."""
    return [*(play(name, name, "end") for name in (*SAYING, *more)), end()]


def last(source: str, *doing: Any, **around: Any) -> str:
    """What was said last."""
    heard = said(call(source, *doing, **around))
    return heard[-1] if heard else ""


def compared(value: str, operator: str, operand: str) -> str:
    """Where a test of an attribute leads."""
    first = [set_("set", "compare", x=value)] if value else []
    return last(flow(*first, compare("$.Attributes.x", (operator, operand, "one")), *ends()))


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


@row("2 a prompt has no effect on tasks, and goes on", {"ended"})
def _() -> object:
    assert "task" in CHANNELS
    return {kind for kind, *_ in told(call(flow(play("a", "x", "end"), end()), channel="task"))
            if kind == "ended"}  # fmt: skip


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


@pytest.mark.parametrize("rule", ROWS)
def test_it_is_so(rule: str) -> None:
    run, expected = ROWS[rule]
    assert run() == expected

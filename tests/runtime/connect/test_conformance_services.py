"""What Amazon Connect's flow language means where services answer: bots, functions, metrics,
views, profiles, cases, tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from flowlang import effects as out
from runtime import happenings as seen
from runtime.simulator import Simulator
from tests.flowlang.interchange.connect.building import ERROR, UNMATCHED, action, flow, play
from tests.runtime.connect.callers import FAILS, call, returns, said
from tests.runtime.connect.rules import (
    SILENT,
    Rules,
    compare,
    ends,
    lambda_,
    last,
    set_,
)

RULES = Rules()
row = RULES.row


def failing(reason: str = "failed") -> dict[str, Any]:
    return {"event": "ServiceRefused", "reason": reason}


def answered(**value: Any) -> dict[str, Any]:
    return {"event": "ServiceAnswered", "value": value}


def asked(simulator: Simulator) -> list[out.Effect]:
    return [item.effect for item in simulator.happened if isinstance(item, seen.Called)]


# --- 3 and 4: bots ------------------------------------------------------------------------------

ARN = "arn:aws:lex:us-east-1:1:bot-alias/B/A"


def lex(id_: str = "lex", arn: str = ARN, **intents: str) -> dict[str, Any]:
    return action(
        id_, "ConnectParticipantWithLexBot",
        {"Text": "What is it?", "LexV2Bot": {"AliasArn": arn},
         "LexSessionAttributes": {"who": "$.CustomerEndpoint.Address"}},
        next_="none", equals=intents or {"Balance": "heard"},
        errors={UNMATCHED: "none", ERROR: "error", SILENT: "silent"},
    )  # fmt: skip


def understood(intent: str = "Balance", **more: Any) -> dict[str, Any]:
    return {"event": "BotAnswered", "ready": True, "intent": intent, **more}


UNHEARD = {"event": "BotAnswered", "ready": False, "intent": ""}
SAID = (lambda simulator: simulator.hear("my balance", by="speech"),)


def talked(text: str, *answers: Mapping[str, Any], doing: Any = SAID) -> list[str]:
    source = flow(lex(), play("heard", text, "end"), *ends())
    return said(call(source, *doing, answers={"bot": list(answers)}))[1:]


@row("3 the intent is where a bot leads", ["Balance"])
def _() -> object:
    return talked("$.Lex.IntentName", understood())


@row("3 an intent without a branch is NoMatchingCondition", ["none"])
def _() -> object:
    return talked("heard", understood("Refund"))


@row("3 a bot that fails takes NoMatchingError", ["error"])
def _() -> object:
    return talked("heard", {"event": "BotFailed"})


@row("3 a customer who stays silent is told apart where there is a branch for it", "silent")
def _() -> object:
    return last(flow(lex(), *ends("heard")), "...", "...")


@row("4 slots are read below $.Lex", ["savings"])
def _() -> object:
    return talked("$.Lex.Slots.account", understood(slots={"account": "savings"}))


@row("4 a slot that stayed empty is empty", ["[]"])
def _() -> object:
    return talked("[$.Lex.Slots.account]", understood(slots={}))


@row("4 sentiment and confidence are read below $.Lex", ["NEGATIVE 0.75"])
def _() -> object:
    return talked("$.Lex.SentimentResponse.Label $.Lex.IntentConfidence.Score",
                  understood(sentiment="NEGATIVE", confidence=0.75))  # fmt: skip


@row("4 session attributes are what the bot says of them, and else as they were",
     ["+821012345678 gold"])  # fmt: skip
def _() -> object:
    return talked("$.Lex.SessionAttributes.who $.Lex.SessionAttributes.tier",
                  understood(session={"attributes": {"tier": "gold"}}))  # fmt: skip


@row("3 a bot is told the session attributes", [{"who": "+821012345678"}])
def _() -> object:
    simulator = call(flow(lex(), *ends("heard")), *SAID, answers={"bot": [understood()]})
    return [dict(ask.attributes) for ask in asked(simulator) if isinstance(ask, out.AskBot)]


@row("3 a branch on the sentiment is a comparison of its own", "one")
def _() -> object:
    return last(
        flow(lex(Balance="compare"),
             compare("$.Lex.SentimentResponse.Label", ("Equals", "NEGATIVE", "one")), *ends()),
        *SAID, answers={"bot": [understood(sentiment="NEGATIVE")]},
    )  # fmt: skip


@row("3 a second bot overwrites all that the first one left", "Refund []")
def _() -> object:
    source = flow(
        lex("first", Balance="second"),
        lex("second", arn=ARN + "2", Refund="heard"),
        play("heard", "$.Lex.IntentName [$.Lex.Slots.account]", "end"),
        *ends(),
    )
    both = {"A": understood(slots={"account": "savings"}), "A2": understood("Refund")}
    return last(source, *SAID, *SAID, answers={"bots": both})


@row("3 a bot that asks on is no result yet", ["Which account?", "heard"])
def _() -> object:
    more = {"event": "BotAnswered", "ready": False, "intent": "Balance",
            "messages": ["Which account?"]}  # fmt: skip
    return talked("heard", more, understood(), doing=(*SAID, *SAID))


# --- 3 and 4: functions -------------------------------------------------------------------------

HEARD = play("heard", "$.External.a|$.External.b", "end")


def told_by(value: Any, error: str = "error") -> str:
    return last(flow(lambda_("f", "heard", error), HEARD, *ends()),
                answers={"function": [returns(value)]})  # fmt: skip


@row("3 what a function answers is read below $.External", "x|7")
def _() -> object:
    return told_by({"a": "x", "b": 7})


@row("4 $.LambdaInvocation.ResultData is the same answer", "x")
def _() -> object:
    return last(
        flow(lambda_("f", "p"), play("p", "$.LambdaInvocation.ResultData.a", "end"), *ends()),
        answers={"function": [returns({"a": "x"})]},
    )


@row("3 a function is given its attributes, evaluated", {"number": "+821012345678"})
def _() -> object:
    source = flow(lambda_("f", "one", number="$.CustomerEndpoint.Address"), *ends())
    simulator = call(source, answers={"function": [returns({})]})
    (effect,) = (item for item in asked(simulator) if isinstance(item, out.CallFunction))
    return dict(effect.arguments)


@row("3 a function that takes too long takes its error", "error")
def _() -> object:
    late = {"event": "FunctionFailed", "reason": "timeout"}
    return last(flow(lambda_("f", "one"), *ends()), answers={"function": [late]})


@row("3 a function that fails is asked once", 1)
def _() -> object:
    return len(asked(call(flow(lambda_("f", "one"), *ends()), answers={"function": [FAILS]})))


# --- 3 and 4: metrics ---------------------------------------------------------------------------


def get_metrics(text: str, **answer: Any) -> str:
    source = flow(
        action("q", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="m",
               errors={ERROR: "error"}),
        action("m", "GetMetricData", {}, next_="p", errors={ERROR: "error"}),
        play("p", text, "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"metrics": [answered(**answer)]})


@row("3 metrics are those of the queue that was set", ["Sales"])
def _() -> object:
    source = flow(
        action("q", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="m",
               errors={ERROR: "error"}),
        action("m", "GetMetricData", {}, next_="one", errors={ERROR: "error"}), *ends(),
    )  # fmt: skip
    simulator = call(source, answers={"metrics": [answered()]})
    return [item.arguments["queue"] for item in asked(simulator)
            if isinstance(item, out.AskService)]  # fmt: skip


@row("4 metrics are read below $.Metrics", "Sales: 3, 2 on line, 1 free")
def _() -> object:
    return get_metrics(
        "$.Metrics.Queue.Name: $.Metrics.Queue.Size, $.Metrics.Agents.Online.Count on line, "
        "$.Metrics.Agents.Available.Count free",
        name="Sales", size=3, online=2, available=1,
    )  # fmt: skip


@row("3 metrics without any queue are an error", "error")
def _() -> object:
    return last(flow(action("m", "GetMetricData", {}, next_="one", errors={ERROR: "error"}),
                     *ends()), answers={"metrics": [answered()]})  # fmt: skip


STAFFING = {"NumberOfAgentsAvailable": "available", "NumberOfAgentsStaffed": "staffed",
            "NumberOfAgentsOnline": "online"}  # fmt: skip


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("metric", STAFFING)
def test_3_staffing_is_a_number_above_zero(metric: str, number: int) -> None:
    source = flow(
        action("m", "CheckMetricData", {"MetricType": metric, "QueueId": "Sales"}, next_="error",
               tests=[("NumberGreaterThan", "0", "one")],
               errors={ERROR: "error", UNMATCHED: "none"}), *ends(),
    )  # fmt: skip
    numbers = dict.fromkeys(STAFFING.values(), 1 - number) | {STAFFING[metric]: number}
    heard = last(source, answers={"metrics": [answered(**numbers)]})
    assert heard == ("one" if number else "none")


# --- 3 and 4: views -----------------------------------------------------------------------------


def view(text: str, *doing: Any, **around: Any) -> str:
    shown = action(
        "view", "ShowView",
        {"ViewResource": {"Id": "form", "Version": "Latest"}, "InvocationTimeLimitSeconds": "400",
         "ViewData": {"Heading": "Hello $.CustomerEndpoint.Address"}},
        next_="error", equals={"Next": "heard"},
        errors={UNMATCHED: "none", ERROR: "error", "TimeLimitExceeded": "silent"},
    )  # fmt: skip
    started = {"channel": "chat", **around}
    return last(flow(shown, play("heard", text, "end"), *ends()), *doing, **started)


def chooses(text: str) -> Any:
    return lambda simulator: simulator.hear(text, by="choice")


@row("3 the action that was chosen is where a view leads", "chose Next")
def _() -> object:
    return view("chose $.Views.Action", chooses("Next"))


@row("3 an action without a branch is NoMatchingCondition", "none")
def _() -> object:
    return view("heard", chooses("Back"))


@row("3 a view is left alone only so long", "silent")
def _() -> object:
    return view("heard", "...")


@row("3 what a view shows may hold references, at any depth", "Hello +821012345678")
def _() -> object:
    return view("heard")


@row("2 a view is for chats", "error")
def _() -> object:
    return view("heard", channel="voice")


# --- 3 and 4: profiles, cases, tasks, tables ----------------------------------------------------


def profile(answer: Mapping[str, Any]) -> str:
    source = flow(
        action("p", "GetCustomerProfile",
               {"ProfileRequestData": {"IdentifierName": "_phone",
                                       "IdentifierValue": "$.CustomerEndpoint.Address"},
                "ProfileResponseData": ["FirstName"]},
               next_="heard", errors={ERROR: "error", "MultipleFoundError": "full",
                                      "NoneFoundError": "none"}),
        play("heard", "Dear $.Customer.FirstName", "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"profiles": [answer]})


@row("4 a profile is read below $.Customer", "Dear Ann")
def _() -> object:
    return profile(answered(profile_id="1", first_name="Ann"))


@row("2 several profiles and none at all have branches of their own", ("full", "none", "error"))
def _() -> object:
    return tuple(profile(failing(why)) for why in ("multiple_found", "none_found", "failed"))


def case(answer: Mapping[str, Any]) -> str:
    source = flow(
        action("c", "GetCase",
               {"LinkContactToCase": "false", "CustomerId": "1", "GetLastUpdatedCase": "true",
                "CaseResponseFields": ["status"]},
               next_="heard", errors={ERROR: "error", "MultipleFound": "full",
                                      "NoneFound": "none", "ContactNotLinked": "silent"}),
        play("heard", "It is $.Case.status", "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"cases": [answer]})


@row("4 a case is read below $.Case", "It is open")
def _() -> object:
    return case(answered(case_id="1", status="open"))


@row("2 several cases and none at all have branches of their own", ("full", "none", "error"))
def _() -> object:
    return tuple(case(failing(why)) for why in ("multiple_found", "none_found", "failed"))


@row("4 the task that was made is $.Task.ContactId", "task t-1")
def _() -> object:
    source = flow(
        action("t", "CreateTask", {"ContactFlowId": "work.flow", "Name": "Call back"},
               next_="p", errors={ERROR: "error"}),
        play("p", "task $.Task.ContactId", "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"tasks": [answered(id="t-1")]})


@row("4 a row of a table is read below $.DataTables and the query's name", "Friday")
def _() -> object:
    source = flow(
        action("t", "EvaluateDataTableValues",
               {"DataTableId": "Deadlines", "Queries": [
                   {"QueryName": "row", "Attributes": ["day"],
                    "PrimaryValues": [{"AttributeName": "course", "Value": "nursing"}]}]},
               next_="p", errors={ERROR: "error"}),
        play("p", "$.DataTables.row.day", "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"tables": [answered(day="Friday")]})


@row("4 media streams are read below $.MediaStreams", "stream-1")
def _() -> object:
    source = flow(
        action("s", "UpdateContactMediaStreamingBehavior",
               {"MediaStreamingState": "Enabled", "MediaStreamType": "Audio", "Participants": [
                   {"ParticipantType": "Customer", "MediaDirections": ["From", "To"]}]},
               next_="p", errors={ERROR: "error"}),
        play("p", "$.MediaStreams.Customer.Audio.StreamARN", "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"streaming": [answered(address="stream-1")]})


# --- 3: who is on the line ----------------------------------------------------------------------

STATES = {
    "enrollmentStatus": {"enrolled": "Enrolled", "not_enrolled": "NotEnrolled",
                         "opted_out": "OptedOut"},
    "voiceAuthentication": {"authenticated": "Authenticated",
                            "not_authenticated": "NotAuthenticated",
                            "inconclusive": "Inconclusive", "not_enrolled": "NotEnrolled",
                            "opted_out": "OptedOut"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("option", "state"), [(option, state) for option in STATES for state in STATES[option]]
)
def test_3_what_a_voice_tells_is_a_branch(option: str, state: str) -> None:
    theirs = STATES[option]
    branches = {result: result for result in theirs.values()}
    source = flow(
        action("v", "CheckVoiceId", {"CheckVoiceIdOption": option}, next_="error",
               equals=branches, errors={ERROR: "error"}),
        *ends(*branches),
    )  # fmt: skip
    assert last(source, answers={"voice_identity": [answered(state=state)]}) == theirs[state]


@row("3 a voice that cannot be compared is an error", "error")
def _() -> object:
    source = flow(
        action("v", "CheckVoiceId", {"CheckVoiceIdOption": "enrollmentStatus"}, next_="error",
               equals={"Enrolled": "one", "NotEnrolled": "one", "OptedOut": "one"},
               errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    return last(source, answers={"voice_identity": [failing()]})


# --- 2 and 3: cases and profiles that are made --------------------------------------------------


@row("2 a case that is made but not linked has a branch of its own", ("silent", "case c-1"))
def _() -> object:
    source = flow(
        action("c", "CreateCase",
               {"LinkContactToCase": "true", "CaseTemplateId": "t",
                "CaseRequestFields": {"title": "Bill"}},
               next_="p", errors={ERROR: "error", "ContactNotLinked": "silent"}),
        play("p", "case $.Case.case_id", "end"), *ends(),
    )  # fmt: skip
    made = {"id": "c-1", "title": "Bill", "status": "open"}
    return tuple(last(source, answers={"cases": [answered(**made, linked=linked)]})
                 for linked in (False, True))  # fmt: skip


@row("4 a profile that is made is read like one that was found", "Dear Ann")
def _() -> object:
    source = flow(
        action("c", "CreateCustomerProfile",
               {"ProfileRequestData": {"FirstName": "Ann"}, "ProfileResponseData": ["FirstName"]},
               next_="p", errors={ERROR: "error"}),
        play("p", "Dear $.Customer.FirstName", "end"), *ends(),
    )  # fmt: skip
    return last(source, answers={"profiles": [answered(id="1", first_name="Ann")]})


# --- 3: what is set of the contact --------------------------------------------------------------


@row("3 data of the contact is read at its root", "Ann wants help, 7, ko-KR")
def _() -> object:
    source = flow(
        action("d", "UpdateContactData",
               {"Name": "Ann", "Description": "wants help", "CustomerId": "7",
                "LanguageCode": "ko-KR"}, next_="p", errors={ERROR: "error"}),
        play("p", "$.Name $.Description, $.CustomerId, $.LanguageCode", "end"), *ends(),
    )  # fmt: skip
    return last(source)


@row("3 tags are read by their keys, until they are taken off", ["gold", "[]"])
def _() -> object:
    source = flow(
        action("t", "TagContact", {"Tags": {"tier": "gold"}}, next_="p", errors={ERROR: "error"}),
        play("p", "$.Tags.tier", "u"),
        action("u", "UntagContact", {"TagKeys": ["tier"]}, next_="q", errors={ERROR: "error"}),
        play("q", "[$.Tags.tier]", "end"), *ends(),
    )  # fmt: skip
    return said(call(source))


@row("3 recording and logging go on whatever they say", "one")
def _() -> object:
    source = flow(
        action("l", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, next_="r"),
        action("r", "UpdateContactRecordingBehavior",
               {"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]}}, next_="one"),
        *ends(),
    )  # fmt: skip
    return last(source)


@row("3 attributes that were set win over those the contact began with", "mine")
def _() -> object:
    return last(flow(set_("s", "p", x="mine"), play("p", "$.Attributes.x", "end"), *ends()),
                values={"x": "theirs"})  # fmt: skip


@pytest.mark.parametrize("rule", RULES.rows)
def test_it_is_so(rule: str) -> None:
    run, expected = RULES.rows[rule]
    assert run() == expected

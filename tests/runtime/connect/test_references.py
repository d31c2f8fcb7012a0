"""What `connect.X` is in a running flow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flowlang.interchange.connect.building import ERROR, UNMATCHED, action, flow, play
from tests.runtime.connect.callers import FAILS, call, returns, said
from tests.runtime.connect.rules import compare, ends, lambda_, last, set_, store

OF_THE_CONTACT = {
    "ContactId": "simulated",
    "InitialContactId": "simulated",
    "PreviousContactId": "",
    "InitiationMethod": "INBOUND",
    "Channel": "VOICE",
    "CustomerEndpoint.Address": "+821012345678",
    "CustomerEndpoint.Type": "TELEPHONE_NUMBER",
    "CustomerEndpoint.DisplayName": "Ann",
    "SystemEndpoint.Address": "+8215771234",
    "LanguageCode": "ko-KR",
    "TextToSpeechVoiceId": "Seoyeon",
    "Name": "about a bill",
    "CustomerId": "7",
    "Tags.tier": "gold",
    "Attributes.wish": "refund",
    "Queue.Name": "Billing",
    "Queue.ARN": "Billing",
}
NOT_KNOWN = ("InstanceARN", "AwsRegion", "SegmentAttributes.x", "Media.Sip.Headers.X", "External.x",
             "Lex.IntentName", "Queue.OutboundCallerId.Address", "Agent.UserName")  # fmt: skip


@pytest.mark.parametrize("path", [*OF_THE_CONTACT, *NOT_KNOWN])
def test_what_is_known_of_the_contact(path: str) -> None:
    source = f"""flow all
  language ko-KR

attribute wish: any
queue billing = "Billing"

start:
  set wish: "refund"
  set_contact name: "about a bill", customer_id: "7"
  tag tier: "gold"
  set_voice "Seoyeon"
  set_queue billing
  play "[{{connect.{path}}}]"
  -> hang_up
"""
    simulator = call(source, name="Ann", entry="+8215771234")
    assert said(simulator) == [f"[{OF_THE_CONTACT.get(path, '')}]"]


def either(first: Any, second: Any, *after: Any) -> str:
    """A flow that runs one of the two, as its attribute `way` says, and goes on at `then`."""
    return flow(
        compare("$.Attributes.way", ("Equals", "1", first["Identifier"]),
                ("Equals", "2", second["Identifier"])),
        first, second, *after, *ends(),
    )  # fmt: skip


@pytest.mark.parametrize("way", "12")
def test_the_answer_of_whichever_function_was_called(way: str) -> None:
    source = either(
        lambda_("a", "then", name="f"),
        lambda_("b", "then", name="g"),
        play("then", "$.External.x $.LambdaInvocation.ResultData.y", "end"),
    )
    answers = {"functions": {"f": returns({"x": "f", "y": 1}), "g": returns({"x": "g", "y": 2})}}
    assert last(source, answers=answers, values={"way": way}) == f"{'fg'[int(way) - 1]} {way}"


def test_a_function_that_fails_leaves_the_answer_before() -> None:
    source = flow(
        lambda_("a", "b"), lambda_("b", "then", "then", name="g"),
        play("then", "[$.LambdaInvocation.ResultData.x]", "end"), *ends(),
    )  # fmt: skip
    answers = {"functions": {"f": returns({"x": "first"}), "g": FAILS}}
    assert last(source, answers=answers) == "[first]"


@pytest.mark.parametrize("way", "12")
def test_what_was_typed_at_whichever_entry(way: str) -> None:
    source = either(store("a", "then"), store("b", "then"),
                    play("then", "$.StoredCustomerInput", "end"))  # fmt: skip
    assert last(source, "1234", values={"way": way}) == "1234"
    assert last(source, "...", values={"way": way}) == "Timeout"


@pytest.mark.parametrize("way", "12")
def test_what_whichever_bot_found_out(way: str) -> None:
    def bot(id_: str, name: str) -> dict[str, Any]:
        return action(
            id_, "ConnectParticipantWithLexBot",
            {"Text": "Yes?", "LexV2Bot": {"AliasArn": f"arn:aws:lex:u:1:bot-alias/{name}/A"}},
            next_="none", equals={"Pay": "then"}, errors={UNMATCHED: "none", ERROR: "error"},
        )  # fmt: skip

    text = (
        "$.Lex.IntentName $.Lex.Slots.sum $.Lex.SentimentResponse.Label $.Lex.SessionAttributes.a"
    )
    source = either(bot("a", "F"), bot("b", "G"), play("then", text, "end"))
    found = {"event": "BotAnswered", "ready": True, "intent": "Pay", "slots": {"sum": "5"},
             "sentiment": "POSITIVE", "session": {"attributes": {"a": "b"}}}  # fmt: skip
    heard = last(source, lambda it: it.hear("pay", by="speech"), answers={"bot": [found]},
                 values={"way": way})  # fmt: skip
    assert heard == "Pay 5 POSITIVE b"


def test_a_comparison_reads_the_same() -> None:
    source = flow(
        set_("s", "compare", a="b"),
        compare("$.InitiationMethod", ("Equals", "INBOUND", "one")), *ends(),
    )  # fmt: skip
    assert last(source) == "one"

"""Which actions do nothing, or take an error, on which channels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flowlang.interchange.connect.building import ERROR, UNMATCHED, action, flow
from tests.runtime.connect.callers import call, call_project, said
from tests.runtime.connect.rules import ends, last

ENROLLED = {"Enrolled": "one", "NotEnrolled": "one", "OptedOut": "one"}
VOICE_ONLY: dict[str, dict[str, Any]] = {
    "TransferParticipantToThirdParty": {
        "parameters": {"ThirdPartyPhoneNumber": "+82212345678", "ContinueFlowExecution": "True",
                       "ThirdPartyConnectionTimeLimitSeconds": "30"},
    },
    "CreateCallbackContact": {
        "parameters": {"InitialCallDelaySeconds": "60", "RetryDelaySeconds": "600",
                       "MaximumConnectionAttempts": "2", "QueueId": "Sales"},
    },
    "UpdateContactMediaStreamingBehavior": {
        "parameters": {"MediaStreamingState": "Enabled", "MediaStreamType": "Audio",
                       "Participants": [{"ParticipantType": "Customer",
                                         "MediaDirections": ["From", "To"]}]},
    },
    "UpdatePreviousContactParticipantState": {
        "parameters": {"PreviousContactParticipantState": "CustomerOnHold"},
    },
    "CheckVoiceId": {
        "parameters": {"CheckVoiceIdOption": "enrollmentStatus"}, "equals": ENROLLED,
    },
    "CheckOutboundCallStatus": {
        "parameters": {}, "equals": {"CallAnswered": "one"},
    },
}  # fmt: skip


@pytest.mark.parametrize("channel", ["chat", "task"])
@pytest.mark.parametrize("type_", VOICE_ONLY)
def test_2_what_needs_a_call_is_an_error_elsewhere(type_: str, channel: str) -> None:
    given = VOICE_ONLY[type_]
    tried = action("try", type_, given["parameters"], next_="one", equals=given.get("equals"),
                   errors={ERROR: "error"})  # fmt: skip
    assert last(flow(tried, *ends()), channel=channel) == "error"


def test_2_a_number_to_call_back_is_invalid_where_nobody_calls() -> None:
    tried = action(
        "try", "UpdateContactCallbackNumber", {"CallbackNumber": "$.CustomerEndpoint.Address"},
        next_="one", errors={"InvalidCallbackNumber": "none", "CallbackNumberNotDialable": "full"},
    )  # fmt: skip
    assert last(flow(tried, *ends()), channel="chat") == "none"
    assert last(flow(tried, *ends()), channel="voice") == "one"


def test_2_loop_prompts_are_an_error_in_a_chat() -> None:
    waits = flow(
        action("loop", "MessageParticipantIteratively", {"Messages": [{"Text": "a"}]},
               next_="error", errors={ERROR: "error"}),
        *ends(),
    )  # fmt: skip
    sets = flow(
        action("hook", "UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "queue.flow"}},
               next_="set", errors={ERROR: "full"}),
        action("set", "UpdateContactTargetQueue", {"QueueId": "Sales"}, next_="wait",
               errors={ERROR: "full"}),
        action("wait", "TransferContactToQueue", next_="full", errors={ERROR: "full"}), *ends(),
    )  # fmt: skip
    flows, types = {"main": sets, "queue": waits}, {"queue": "customer_queue"}
    assert said(call_project(flows, types=types, channel="chat")) == ["error"]
    assert said(call_project(flows, types=types)) == ["a"]


HARMLESS: dict[str, dict[str, Any]] = {
    "MessageParticipant": {"Text": "hello"},
    "UpdateContactTextToSpeechVoice": {"TextToSpeechVoice": "Seoyeon"},
    "UpdateFlowLoggingBehavior": {"FlowLoggingBehavior": "Enabled"},
    "UpdateContactRecordingBehavior": {"RecordingBehavior": {"RecordedParticipants": ["Agent"]}},
    "UpdateContactRoutingBehavior": {"QueuePriority": "2"},
    "UpdateContactTargetQueue": {"QueueId": "Sales"},
    "UpdateContactAttributes": {"Attributes": {"a": "b"}},
    "TagContact": {"Tags": {"a": "b"}},
}
WITHOUT_ERRORS = frozenset((
    "UpdateFlowLoggingBehavior", "UpdateContactRecordingBehavior", "UpdateContactRoutingBehavior",
))  # fmt: skip


@pytest.mark.parametrize("channel", ["voice", "chat", "task"])
@pytest.mark.parametrize("type_", HARMLESS)
def test_2_what_works_everywhere_goes_on_everywhere(type_: str, channel: str) -> None:
    errors = None if type_ in WITHOUT_ERRORS else {ERROR: "error"}
    tried = action("try", type_, HARMLESS[type_], next_="one", errors=errors)
    assert last(flow(tried, *ends()), channel=channel) == "one"


@pytest.mark.parametrize("channel", ["voice", "chat"])
def test_2_a_wait_is_over_after_its_time(channel: str) -> None:
    waits = action("wait", "Wait", {"TimeLimitSeconds": "60"}, next_="error",
                   equals={"WaitCompleted": "done"}, errors={ERROR: "error"})  # fmt: skip
    simulator = call(flow(waits, *ends()), "...", channel=channel)
    assert said(simulator) == ["done"]


def test_2_a_customer_who_comes_back_ends_a_wait_that_is_for_that() -> None:
    waits = action("wait", "Wait", {"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]},
                   next_="error", equals={"WaitCompleted": "done", "CustomerReturned": "again"},
                   errors={ERROR: "error"})  # fmt: skip
    hello = (lambda simulator: simulator.hear("hello"),)
    assert last(flow(waits, *ends()), *hello, channel="chat") == "again"
    assert last(flow(waits, *ends()), "...", channel="chat") == "done"


def test_2_a_menu_is_answered_in_writing_too() -> None:
    """Wider than Amazon Connect, where a chat takes the error branch."""
    asks = action(
        "menu", "GetParticipantInput", {"Text": "1?", "InputTimeLimitSeconds": "5"}, next_="none",
        equals={"1": "one"},
        errors={UNMATCHED: "none", "InputTimeLimitExceeded": "silent", ERROR: "error"},
    )  # fmt: skip
    assert last(flow(asks, *ends()), lambda it: it.hear("1"), channel="chat") == "one"

"""Steps and the actions that they are, both ways."""

import json
from typing import Any

import pytest

from flowlang.interchange.connect.facts import NO_MATCHING_ERROR
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    as_flow,
    back_again,
    end,
    exported,
    flow,
    imported,
    text_of,
)

HEAD = """flow a
  on error -> hang_up

attribute who: any
attribute phone: any

queue billing = "Billing"
hours office = "Office"
prompt music = "Music"
bot faq = "faq"
bot faq_live = "lex:us-west-2:Faq:live"
function redactor = "arn:aws:lambda:redactor"
"""

ANALYTICS = {
    "Enabled": "True",
    "ChannelConfiguration": {
        "Voice": {"AnalyticsModes": ["RealTime"]},
        "Chat": {"AnalyticsModes": ["ContactLens"]},
    },
    "AnalyticsRedactionBehavior": "Enabled",
    "AnalyticsRedactionEntities": [],
    "AnalyticsRedactionMaskMode": "EntityType",
    "AnalyticsRedactionResults": "RedactedOnly",
}
REDACTION = {
    "Enabled": "True",
    "RedactionEntities": ["CREDIT_DEBIT_NUMBER"],
    "RedactionMaskMode": "PII",
    "RedactionResults": "RedactedAndOriginal",
}
LIVE = {
    "Enabled": "True",
    "RedactionMaskMode": "EntityType",
    "RedactionEntities": ["NAME"],
    "DeliverUnprocessedMessages": "False",
}
VOICE_ID = {
    "IsVoiceIdStreamingEnabled": "true",
    "IsVoiceAuthenticationEnabled": "true",
    "VoiceAuthenticationThreshold": "80",
    "VoiceAuthenticationResponseTime": "10",
    "IsFraudDetectionEnabled": "true",
    "FraudDetectionThreshold": "60",
}
ENTRY = {
    "StoreInput": "True",
    "InputTimeLimitSeconds": "5",
    "Text": "Number?",
}

Case = tuple[str, list[tuple[str, dict[str, Any]]]]
CASES: list[Case] = [
    ("log on", [("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"})]),
    ("log off", [("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Disabled"})]),
    (
        'play "Hello", skip_if_typed: true',
        [("MessageParticipant", {"Text": "Hello", "SkipWhenDTMFBufferEnabled": "true"})],
    ),
    ("play music", [("MessageParticipant", {"PromptId": "Music"})]),
    ('play "prompt:{who}"', [("MessageParticipant", {"PromptId": "$.Attributes.who"})]),
    (
        'play "s3://sounds/hello.wav"',
        [
            (
                "MessageParticipant",
                {
                    "Media": {
                        "Uri": "s3://sounds/hello.wav",
                        "SourceType": "S3",
                        "MediaType": "Audio",
                    }
                },
            )
        ],
    ),
    ('play "{who}님"', [("MessageParticipant", {"Text": "$.Attributes['who']님"})]),
    (
        "ask music\n    on timeout, no_match -> hang_up",
        [
            (
                "GetParticipantInput",
                {"PromptId": "Music", "InputTimeLimitSeconds": "5", "StoreInput": "False"},
            )
        ],
    ),
    (
        'collect "Number?", phone: "international"\n    on no_input, invalid -> hang_up',
        [
            (
                "GetParticipantInput",
                {
                    **ENTRY,
                    "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}},
                },
            ),
        ],
    ),
    (
        'collect "Number?"\n    digits: 16\n    cancel_with_star: false\n    encrypt: "key"\n'
        '    certificate: "PEM"\n    on no_input, invalid -> hang_up',
        [
            (
                "GetParticipantInput",
                {
                    **ENTRY,
                    "InputValidation": {"CustomValidation": {"MaximumLength": "16"}},
                    "InputEncryption": {"EncryptionKeyId": "key", "Key": "PEM"},
                    "DTMFConfiguration": {"DisableCancelKey": "True"},
                },
            ),
        ],
    ),
    (
        'set_voice "Joanna", engine: neural, style: newscaster',
        [
            (
                "UpdateContactTextToSpeechVoice",
                {
                    "TextToSpeechVoice": "Joanna",
                    "TextToSpeechEngine": "Neural",
                    "TextToSpeechStyle": "Newscaster",
                },
            )
        ],
    ),
    (
        'set_voice "Joanna", language: "en-US"',
        [
            ("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Joanna"}),
            ("UpdateContactData", {"LanguageCode": "en-US"}),
        ],
    ),
    (
        "check_staffing billing, agents: available\n    on nobody -> hang_up",
        [("CheckMetricData", {"MetricType": "NumberOfAgentsAvailable", "QueueId": "Billing"})],
    ),
    (
        "check_staffing\n    agents: online\n    agent: who\n    on nobody -> hang_up",
        [
            (
                "CheckMetricData",
                {"MetricType": "NumberOfAgentsOnline", "AgentId": "$.Attributes.who"},
            )
        ],
    ),
    (
        "check_queue billing\n    on > 10 -> hang_up\n    otherwise -> hang_up",
        [("CheckMetricData", {"MetricType": "NumberOfContactsInQueue", "QueueId": "Billing"})],
    ),
    (
        "check_queue measure: longest_wait\n    on >= 5min -> hang_up\n    otherwise -> hang_up",
        [("CheckMetricData", {"MetricType": "OldestContactInQueueAgeSeconds"})],
    ),
    (
        "split a: 3%, b: 6%\n    on a -> hang_up\n    on b -> next\n    otherwise -> next",
        [("DistributeByPercentage", {})],
    ),
    ("check_hours\n    on closed -> hang_up", [("CheckHoursOfOperation", {})]),
    (
        "check_voice enrolment\n    on enrolled, not_enrolled, opted_out -> hang_up",
        [("CheckVoiceId", {"CheckVoiceIdOption": "enrollmentStatus"})],
    ),
    (
        "check_call\n    on answered, voicemail_beep, voicemail, not_detected -> hang_up",
        [("CheckOutboundCallStatus", {})],
    ),
    ("wait 20s", [("Wait", {"TimeLimitSeconds": "20"})]),
    (
        "wait 8h, until: [customer_returned, bot_left]\n"
        "    on customer_returned, bot_left, no_bot -> hang_up",
        [
            (
                "Wait",
                {
                    "TimeLimitSeconds": "28800",
                    "Events": ["CustomerReturned", "BotParticipantDisconnected"],
                },
            )
        ],
    ),
    (
        'loop_prompts "Please wait.", "<speak>♪</speak>", music\n    interrupt: 60s\n'
        "    keep_playing: true\n    on interrupted, error -> hang_up",
        [
            (
                "MessageParticipantIteratively",
                {
                    "Messages": [
                        {"Text": "Please wait."},
                        {"SSML": "<speak>♪</speak>"},
                        {"PromptId": "Music"},
                    ],
                    "InterruptFrequencySeconds": "60",
                    "ContinueMessagingDuringInterrupt": "true",
                },
            )
        ],
    ),
    (
        'talk faq, "Yes?"\n    first: who\n    session:\n      tier: who\n'
        "    on no_match, timeout -> hang_up",
        [
            (
                "ConnectParticipantWithLexBot",
                {
                    "LexV2Bot": {"AliasArn": "faq"},
                    "Text": "Yes?",
                    "LexInitializationData": {"InitialMessage": "$.Attributes.who"},
                    "LexSessionAttributes": {"tier": "$.Attributes.who"},
                },
            )
        ],
    ),
    (
        'talk faq_live, ssml: "<speak>Yes?</speak>"\n    on no_match, timeout -> hang_up',
        [
            (
                "ConnectParticipantWithLexBot",
                {
                    "LexBot": {"Name": "Faq", "Region": "us-west-2", "Alias": "live"},
                    "SSML": "<speak>Yes?</speak>",
                },
            )
        ],
    ),
    (
        "record agent, customer\n    analytics: realtime\n    redact: all",
        [
            (
                "UpdateContactRecordingBehavior",
                {
                    "RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]},
                    "AnalyticsBehavior": ANALYTICS,
                },
            )
        ],
    ),
    (
        "record agent, customer\n    ivr: true\n    only: voice",
        [
            (
                "UpdateContactRecordingAndAnalyticsBehavior",
                {
                    "VoiceBehavior": {
                        "VoiceRecordingBehavior": {
                            "RecordedParticipants": ["Agent", "Customer"],
                            "IVRRecordingBehavior": "Enabled",
                        }
                    }
                },
            )
        ],
    ),
    (
        "record agent, customer\n    analytics: both\n    redact: card_number\n"
        "    mask: stars\n    keep: both\n    only: voice",
        [
            (
                "UpdateContactRecordingAndAnalyticsBehavior",
                {
                    "VoiceBehavior": {
                        "VoiceRecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]},
                        "VoiceAnalyticsBehavior": {
                            "Enabled": "True",
                            "AnalyticsModes": ["RealTime", "PostContact"],
                            "ConversationalAnalyticsRedactionConfiguration": REDACTION,
                        },
                    }
                },
            )
        ],
    ),
    (
        "record analytics: both, redact_live: [name], only: chat",
        [
            (
                "UpdateContactRecordingAndAnalyticsBehavior",
                {
                    "ChatBehavior": {
                        "ChatAnalyticsBehavior": {
                            "Enabled": "True",
                            "AnalyticsModes": ["ContactLens"],
                            "InFlightChatRedactionConfiguration": LIVE,
                        }
                    }
                },
            )
        ],
    ),
    (
        "record screen: [agent], only: screen",
        [
            (
                "UpdateContactRecordingAndAnalyticsBehavior",
                {"ScreenRecordingBehavior": {"ScreenRecordedParticipants": ["Agent"]}},
            )
        ],
    ),
    (
        "voice_id threshold: 80, fraud: true, fraud_threshold: 60",
        [("UpdateContactData", VOICE_ID), ("StartVoiceIdStream", {})],
    ),
    (
        'authenticate "arn:aws:cognito", client: "c", timeout: 3min\n'
        "    on declined, timeout -> hang_up",
        [
            (
                "AuthenticateParticipant",
                {
                    "CognitoConfiguration": {"UserPoolArn": "arn:aws:cognito", "AppClientId": "c"},
                    "TimeLimitMinutes": "3",
                },
            )
        ],
    ),
    (
        "filter_messages redactor",
        [
            (
                "UpdateContactMediaProcessing",
                {
                    "ChatProcessor": {
                        "LambdaProcessorARN": "arn:aws:lambda:redactor",
                        "ProcessingEnabled": "True",
                        "ChatProcessorSettings": {"DeliverUnprocessedMessages": "False"},
                    }
                },
            )
        ],
    ),
    (
        "found = call who, phone: phone, timeout: 5s\n  play found.name",
        [
            (
                "InvokeLambdaFunction",
                {
                    "LambdaFunctionARN": "$.Attributes.who",
                    "InvocationTimeLimitSeconds": "5",
                    "LambdaInvocationAttributes": {"phone": "$.Attributes.phone"},
                    "ResponseValidation": {"ResponseType": "JSON"},
                },
            ),
            ("MessageParticipant", {"Text": "$.External.name"}),
        ],
    ),
    ("set_queue billing", [("UpdateContactTargetQueue", {"QueueId": "Billing"})]),
    ("set_queue agent: who", [("UpdateContactTargetQueue", {"AgentId": "$.Attributes.who"})]),
    ("transfer\n    on full -> hang_up", [("TransferContactToQueue", {})]),
    (
        "transfer priority: 1\n    on full -> hang_up",
        [("UpdateContactRoutingBehavior", {"QueuePriority": "1"}), ("TransferContactToQueue", {})],
    ),
    (
        "transfer agent: who\n    on full -> hang_up",
        [
            ("UpdateContactTargetQueue", {"AgentId": "$.Attributes.who"}),
            ("TransferContactToQueue", {}),
        ],
    ),
    (
        "requeue billing\n    on full -> hang_up",
        [("DequeueContactAndTransferToQueue", {"QueueId": "Billing"})],
    ),
    (
        "log on\n  -> transfer_agent",
        [
            ("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}),
            ("TransferContactToAgent", {}),
        ],
    ),
    (
        'transfer_phone phone\n    timeout: 15s\n    keys: "1,2"\n'
        '    caller_number: "+8225550100"\n'
        "    on failed, timeout -> hang_up",
        [
            (
                "TransferParticipantToThirdParty",
                {
                    "ThirdPartyPhoneNumber": "$.Attributes.phone",
                    "ThirdPartyConnectionTimeLimitSeconds": "15",
                    "ContinueFlowExecution": "True",
                    "ThirdPartyDTMFDigits": "1,2",
                    "CallerId": {"Number": "+8225550100"},
                },
            )
        ],
    ),
    (
        'transfer_phone "+8225550100", come_back: false',
        [
            (
                "TransferParticipantToThirdParty",
                {
                    "ThirdPartyPhoneNumber": "+8225550100",
                    "ThirdPartyConnectionTimeLimitSeconds": "30",
                    "ContinueFlowExecution": "False",
                },
            )
        ],
    ),
    (
        "callback billing, delay: 30s, attempts: 3",
        [
            (
                "CreateCallbackContact",
                {
                    "QueueId": "Billing",
                    "InitialCallDelaySeconds": "30",
                    "RetryDelaySeconds": "600",
                    "MaximumConnectionAttempts": "3",
                },
            )
        ],
    ),
    (
        "set_callback_number phone\n    on invalid -> hang_up",
        [("UpdateContactCallbackNumber", {"CallbackNumber": "$.Attributes.phone"})],
    ),
    ("set_priority 1", [("UpdateContactRoutingBehavior", {"QueuePriority": "1"})]),
    (
        "set_priority ahead: -90s",
        [("UpdateContactRoutingBehavior", {"QueueTimeAdjustmentSeconds": "-90"})],
    ),
    (
        'set_routing\n    steps:\n      - all:\n          - skill: "language"\n'
        '            value: "ko"\n            level: 4\n          - agents: [who]\n'
        '        for: 30s\n      - skill: "language"\n        value: "ko"\n        level: 2',
        [
            (
                "UpdateContactRoutingCriteria",
                {
                    "RoutingCriteria": {
                        "Steps": [
                            {
                                "Expression": {
                                    "AndExpression": [
                                        {
                                            "AttributeCondition": {
                                                "Name": "language",
                                                "Value": "ko",
                                                "ProficiencyLevel": "4",
                                                "ComparisonOperator": "NumberGreaterOrEqualTo",
                                            }
                                        },
                                        {
                                            "AttributeCondition": {
                                                "ComparisonOperator": "Match",
                                                "MatchCriteria": {
                                                    "AgentsCriteria": {
                                                        "AgentIds": ["$.Attributes.who"]
                                                    }
                                                },
                                            }
                                        },
                                    ]
                                },
                                "Expiry": {"DurationInSeconds": "30"},
                            },
                            {
                                "Expression": {
                                    "AttributeCondition": {
                                        "Name": "language",
                                        "Value": "ko",
                                        "ProficiencyLevel": "2",
                                        "ComparisonOperator": "NumberGreaterOrEqualTo",
                                    }
                                }
                            },
                        ]
                    }
                },
            )
        ],
    ),
    (
        "hold agent",
        [
            (
                "UpdatePreviousContactParticipantState",
                {"PreviousContactParticipantState": "AgentOnHold"},
            )
        ],
    ),
    (
        'complete_call caller_number: "+8225550100"',
        [("CompleteOutboundCall", {"CallerId": {"Number": "+8225550100"}})],
    ),
    ("resume_contact", [("ResumeContact", {})]),
]


def source(step: str) -> str:
    ending = "" if "\n  ->" in step else "  -> hang_up\n"
    return f"{HEAD}\nstart:\n  {step}\n{ending}"


@pytest.mark.parametrize(("step", "actions"), CASES, ids=[step[:40] for step, _ in CASES])
def test_a_step_is_its_actions_and_they_are_the_step(
    step: str, actions: list[tuple[str, dict[str, Any]]]
) -> None:
    out = exported(source(step))
    assert out.json_text is not None, out.problems
    written = [
        (action["Type"], action["Parameters"])
        for action in json.loads(out.json_text)["Actions"]
        if action["Type"] != "DisconnectParticipant"
    ]
    assert written == actions
    back = imported(out.json_text)
    assert back.report.exact
    assert not back.report.carried
    text = to_text(back.document)
    assert step.split("\n")[0] in text


def test_what_is_measured_is_compared_in_its_own_unit() -> None:
    out = exported(
        source("check_queue measure: longest_wait\n    on > 5min -> hang_up\n    otherwise -> next")
    )
    assert out.json_text is not None
    action = json.loads(out.json_text)["Actions"][0]
    (branch,) = action["Transitions"]["Conditions"]
    assert branch["Condition"] == {"Operator": "NumberGreaterThan", "Operands": ["300000"]}
    assert "on > 5min" in to_text(imported(out.json_text).document)


def test_shares_add_up() -> None:
    step = "split a: 3%, b: 6%, c: 8%\n    on a, b, c -> hang_up\n    otherwise -> next"
    out = exported(source(step))
    assert out.json_text is not None
    action = json.loads(out.json_text)["Actions"][0]
    operands = [branch["Condition"]["Operands"] for branch in action["Transitions"]["Conditions"]]
    assert operands == [["4"], ["10"], ["18"]]


def test_a_call_that_never_comes_back_has_no_news() -> None:
    out = exported(source('transfer_phone "+8225550100", come_back: false'))
    assert out.json_text is not None
    transitions = json.loads(out.json_text)["Actions"][0]["Transitions"]
    assert [error["ErrorType"] for error in transitions["Errors"]] == [NO_MATCHING_ERROR]


def test_a_question_that_is_asked_again_counts_each_reason_on_its_own() -> None:
    step = 'ask "1?", retries: 2\n    on "1" -> next\n    on timeout, no_match -> hang_up'
    out = exported(source(step))
    assert out.json_text is not None
    menu, *loops = json.loads(out.json_text)["Actions"][:3]
    assert [loop["Parameters"] for loop in loops] == [{"LoopCount": "2"}, {"LoopCount": "2"}]
    errors = {item["ErrorType"]: item["NextAction"] for item in menu["Transitions"]["Errors"]}
    ways = {errors["NoMatchingCondition"], errors["InputTimeLimitExceeded"]}
    assert ways == {loop["Identifier"] for loop in loops}
    for loop in loops:
        again, done = loop["Transitions"]["Conditions"]
        assert (again["Condition"]["Operands"], again["NextAction"]) == (
            ["ContinueLooping"],
            menu["Identifier"],
        )
        assert done["NextAction"] == "hang_up"
    assert imported(out.json_text).report.exact


ENTERED = {
    "StoreInput": "True",
    "InputTimeLimitSeconds": "5",
    "Text": "Number?",
    "InputValidation": {"CustomValidation": {"MaximumLength": "8"}},
    "DTMFConfiguration": {"DisableCancelKey": "False", "InputTerminationSequence": "#"},
}


def test_a_default_that_is_spelled_out_stays_out_of_the_text_and_comes_back() -> None:
    found = imported(flow(action("a", "GetParticipantInput", ENTERED, next_="end"), end()))
    text = to_text(found.document)
    assert 'collect "Number?", digits: 8, if_silent: "Timeout"\n' in text
    again = exported(text, sidecar=found.sidecar)
    assert as_flow(again.json_text).by_id()["a"].parameters == ENTERED


def test_a_default_is_no_longer_spelled_out_once_the_text_says_something_else() -> None:
    found = imported(flow(action("a", "GetParticipantInput", ENTERED, next_="end"), end()))
    text = to_text(found.document).replace("digits: 8", 'digits: 8, end_with: "*"')
    again = exported(text, sidecar=found.sidecar)
    settings = as_flow(again.json_text).by_id()["a"].parameters["DTMFConfiguration"]
    assert settings == {"InputTerminationSequence": "*"}


def test_an_entry_that_nobody_asks_about_silence_has_a_value_all_the_same() -> None:
    told = action("b", "MessageParticipant", {"Text": "$.StoredCustomerInput"}, next_="end")
    entry = action("a", "GetParticipantInput", ENTERED, next_="b", errors={ERROR: "end"})
    found = imported(flow(entry, told, end()))
    text = to_text(found.document)
    assert 'answer = collect "Number?", digits: 8, if_silent: "Timeout"\n' in text
    assert "  play answer.value\n" in text
    again = exported(text, sidecar=found.sidecar)
    assert as_flow(again.json_text).by_id()["b"].parameters == {"Text": "$.StoredCustomerInput"}


def test_only_one_value_of_silence_is_known_to_connect() -> None:
    step = 'collect "Number?", if_silent: "nothing"\n    on invalid -> hang_up'
    assert [item.code for item in exported(source(step)).problems] == ["FL436"]


def test_a_menu_needs_no_end_of_its_keys() -> None:
    settings = {"InterdigitTimeLimitSeconds": "7", "InputTerminationSequence": "#"}
    source = flow(
        action("a", "GetParticipantInput",
               {"Text": "1?", "InputTimeLimitSeconds": "5", "DTMFConfiguration": settings},
               next_="e", equals={"1": "e"},
               errors={ERROR: "e", UNMATCHED: "e", "InputTimeLimitExceeded": "e"}),
        end("e"),
    )  # fmt: skip
    assert 'ask "1?"' in text_of(source)
    back = as_flow(back_again(source)).by_id()["a"].parameters
    assert back["DTMFConfiguration"] == settings

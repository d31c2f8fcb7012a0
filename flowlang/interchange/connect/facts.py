"""What Amazon Connect's flow language knows, where it is not the business of one block."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

VERSION = "2019-10-30"
KEYS = frozenset("0123456789*#")
ACTIONS_MAX = 250
IDENTIFIER_CHARACTERS_MAX = 50
CONTENT_CHARACTERS_MAX = 256_000

NO_MATCHING_ERROR = "NoMatchingError"
NO_MATCHING_CONDITION = "NoMatchingCondition"
RETURN = "EndFlowModuleExecution"

TERMINAL = frozenset(
    {
        "DisconnectParticipant",
        "EndFlowExecution",
        "EndFlowModuleExecution",
        "TransferContactToAgent",
    }
)
"""Actions after which the flow goes nowhere."""

BRANCHING = frozenset(
    {
        "CheckHoursOfOperation",
        "CheckMetricData",
        "CheckOutboundCallStatus",
        "CheckVoiceId",
        "Compare",
        "ConnectParticipantWithLexBot",
        "DistributeByPercentage",
        "GetParticipantInput",
        "InvokeFlowModule",
        "Loop",
        "MessageParticipantIteratively",
        "ShowView",
        "TransferContactToQueue",
        "TransferToFlow",
        "Wait",
    }
)
"""Actions whose `NextAction` the console sets to the target of another of their branches."""

FORBIDDEN_CHARACTERS = "%:(\\/)=$,;[]{}"
FORBIDDEN_IDENTIFIERS = frozenset(
    {
        "__proto__",
        "constructor",
        "__defineGetter__",
        "__defineSetter__",
        "toString",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "valueOf",
    }
)

_ERROR = frozenset({NO_MATCHING_ERROR})
_UNMATCHED = frozenset({NO_MATCHING_CONDITION})
_BOTH = _ERROR | _UNMATCHED

REQUIRED_ERRORS: Mapping[str, frozenset[str]] = {
    "CheckHoursOfOperation": _ERROR,
    "CheckMetricData": _BOTH,
    "Compare": _UNMATCHED,
    "CreateCallbackContact": _ERROR,
    "DistributeByPercentage": _UNMATCHED,
    "GetMetricData": _ERROR,
    "InvokeFlowModule": _ERROR,
    "ShowView": _BOTH | {"TimeLimitExceeded"},
    "TagContact": _ERROR,
    "TransferParticipantToThirdParty": _ERROR,
    "UntagContact": _ERROR,
    "UpdateContactCallbackNumber": frozenset(
        {"InvalidCallbackNumber", "CallbackNumberNotDialable"}
    ),
    "UpdateContactData": _ERROR,
    "UpdateContactEventHooks": _ERROR,
    "UpdateContactMediaStreamingBehavior": _ERROR,
    "UpdateContactRecordingAndAnalyticsBehavior": _ERROR | {"ChannelMismatch"},
    "UpdateFlowAttributes": _ERROR,
    "UpdatePreviousContactParticipantState": _ERROR,
    "Wait": _ERROR,
}
"""Error branches without which the service refuses the action."""

REQUIRED_CONDITIONS: Mapping[str, frozenset[str]] = {
    "CheckHoursOfOperation": frozenset({"True", "False"}),
    "Loop": frozenset({"ContinueLooping", "DoneLooping"}),
    "Wait": frozenset({"WaitCompleted"}),
}

KNOWN_TYPES = frozenset(
    [
        "AssociateContactToCustomerProfile",
        "AuthenticateParticipant",
        "CheckHoursOfOperation",
        "CheckMetricData",
        "CheckOutboundCallStatus",
        "CheckVoiceId",
        "Compare",
        "CompleteOutboundCall",
        "ConnectParticipantWithLexBot",
        "CreateCallbackContact",
        "CreateCase",
        "CreateCustomerProfile",
        "CreatePersistentContactAssociation",
        "CreateTask",
        "CreateWisdomSession",
        "DequeueContactAndTransferToQueue",
        "DisconnectParticipant",
        "DistributeByPercentage",
        "EndFlowExecution",
        "EndFlowModuleExecution",
        "EvaluateDataTableValues",
        "GetCalculatedAttributesForCustomerProfile",
        "GetCase",
        "GetCustomerProfile",
        "GetCustomerProfileObject",
        "GetMetricData",
        "GetParticipantInput",
        "InvokeFlowModule",
        "InvokeLambdaFunction",
        "ListDataTableValues",
        "LoadContactContent",
        "Loop",
        "MessageParticipant",
        "MessageParticipantIteratively",
        "ResumeContact",
        "ShowView",
        "StartOutboundChatContact",
        "StartVoiceIdStream",
        "TagContact",
        "TransferContactToAgent",
        "TransferContactToQueue",
        "TransferParticipantToThirdParty",
        "TransferToFlow",
        "UntagContact",
        "UpdateCase",
        "UpdateContactAttributes",
        "UpdateContactCallbackNumber",
        "UpdateContactData",
        "UpdateContactEventHooks",
        "UpdateContactMediaProcessing",
        "UpdateContactMediaStreamingBehavior",
        "UpdateContactRecordingAndAnalyticsBehavior",
        "UpdateContactRecordingBehavior",
        "UpdateContactRoutingBehavior",
        "UpdateContactRoutingCriteria",
        "UpdateContactTargetQueue",
        "UpdateContactTextToSpeechVoice",
        "UpdateCustomerProfile",
        "UpdateFlowAttributes",
        "UpdateFlowLoggingBehavior",
        "UpdatePreviousContactParticipantState",
        "UpsertDataTableValues",
        "Wait",
    ]
)

FLOW_TYPES: Mapping[str, str] = {
    "CONTACT_FLOW": "inbound",
    "CUSTOMER_QUEUE": "customer_queue",
    "CUSTOMER_HOLD": "customer_hold",
    "CUSTOMER_WHISPER": "customer_whisper",
    "AGENT_HOLD": "agent_hold",
    "AGENT_WHISPER": "agent_whisper",
    "OUTBOUND_WHISPER": "outbound_whisper",
    "AGENT_TRANSFER": "agent_transfer",
    "QUEUE_TRANSFER": "queue_transfer",
    "CAMPAIGN": "campaign",
}
_METADATA_TYPES = {"contact_flow": "inbound", "transfer_agent": "agent_transfer",
                   "transfer_queue": "queue_transfer", "transfer_to_agent": "agent_transfer",
                   "transfer_to_queue": "queue_transfer"}  # fmt: skip


def flow_type_of(spelling: str) -> str | None:
    """Our word for a type of flow, however Connect or its console spells it."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", spelling.strip()).replace(" ", "_").lower()
    snake = _METADATA_TYPES.get(snake, snake)
    return snake if snake in FLOW_TYPES.values() else None


def identifier_fault(identifier: str) -> str | None:
    """Why Connect refuses an identifier: `long`, `word`, or the character; None if it does not."""
    if identifier in FORBIDDEN_IDENTIFIERS or not identifier:
        return "word"
    if len(identifier) > IDENTIFIER_CHARACTERS_MAX:
        return "long"
    return next((char for char in identifier if char in FORBIDDEN_CHARACTERS), None)


def lawful(wanted: str, taken: Container[str]) -> str:
    """An identifier by the rules of Connect that is not taken, as near as can be."""
    plain = "".join(char for char in wanted if char not in FORBIDDEN_CHARACTERS)
    if plain in FORBIDDEN_IDENTIFIERS or not plain.strip():
        plain = f"action {plain}".strip()
    plain = plain[:IDENTIFIER_CHARACTERS_MAX]
    found, count = plain, 2
    while found in taken:
        tail = f" {count}"
        found = plain[: IDENTIFIER_CHARACTERS_MAX - len(tail)] + tail
        count += 1
    return found

"""What Amazon Connect's service takes, and what it sends back: checked on the JSON alone.

This is written from the rules, and shares nothing with the code that writes the JSON.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Json = Any
ERROR, UNMATCHED, SILENT = "NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"
TERMINAL = {"DisconnectParticipant", "EndFlowExecution", "EndFlowModuleExecution",
            "TransferContactToAgent"}  # fmt: skip
OPERATORS = {"Equals", "TextStartsWith", "TextEndsWith", "TextContains", "NumberGreaterThan",
             "NumberGreaterOrEqualTo", "NumberLessThan", "NumberLessOrEqualTo"}  # fmt: skip
FORBIDDEN = {"__proto__", "constructor", "__defineGetter__", "__defineSetter__", "toString",
             "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
             "valueOf"}  # fmt: skip
REFERENCE = re.compile(r"\$(\.[\w-]+|\['[^']+'\])(\.[\w-]+|\['[^']+'\]|\[\d+\])*")

REQUIRED: Mapping[str, set[str]] = {
    "ShowView": {ERROR, UNMATCHED, "TimeLimitExceeded"},
    "TransferParticipantToThirdParty": {ERROR},
    "InvokeFlowModule": {ERROR},
    "TagContact": {ERROR},
    "UntagContact": {ERROR},
    "UpdateContactCallbackNumber": {"InvalidCallbackNumber", "CallbackNumberNotDialable"},
    "UpdateContactData": {ERROR},
    "UpdateContactEventHooks": {ERROR},
    "UpdateContactMediaStreamingBehavior": {ERROR},
    "UpdateContactRecordingAndAnalyticsBehavior": {ERROR, "ChannelMismatch"},
    "UpdatePreviousContactParticipantState": {ERROR},
    "CheckHoursOfOperation": {ERROR},
    "CheckMetricData": {ERROR, UNMATCHED},
    "Compare": {UNMATCHED},
    "DistributeByPercentage": {UNMATCHED},
    "GetMetricData": {ERROR},
    "UpdateFlowAttributes": {ERROR},
    "Wait": {ERROR},
    "CreateCallbackContact": {ERROR},
}
ONLY: Mapping[str, set[str]] = {
    "UpdateContactCallbackNumber": {"InvalidCallbackNumber", "CallbackNumberNotDialable"},
    "UpdateContactRecordingBehavior": set(),
    "UpdateContactRoutingBehavior": set(),
    "UpdateFlowLoggingBehavior": set(),
    "CompleteOutboundCall": set(),
    "TransferContactToQueue": {"QueueAtCapacity", ERROR},
    "MessageParticipant": {ERROR},
    "InvokeLambdaFunction": {ERROR},
    "Compare": {UNMATCHED},
    "CheckHoursOfOperation": {ERROR},
}
"""All the types of error that such an action may declare."""
EXACTLY: Mapping[str, set[str]] = {
    "CheckHoursOfOperation": {"True", "False"},
    "Loop": {"ContinueLooping", "DoneLooping"},
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "InvokeLambdaFunction": ("LambdaFunctionARN", "InvocationTimeLimitSeconds"),
    "GetParticipantInput": ("InputTimeLimitSeconds",),
    "TransferParticipantToThirdParty": ("ThirdPartyPhoneNumber", "ContinueFlowExecution",
                                        "ThirdPartyConnectionTimeLimitSeconds"),
    "ShowView": ("ViewResource", "InvocationTimeLimitSeconds"),
    "Loop": ("LoopCount",), "Wait": ("TimeLimitSeconds",), "TransferToFlow": ("ContactFlowId",),
    "CheckMetricData": ("MetricType",), "InvokeFlowModule": ("FlowModuleId",),
    "CreateCallbackContact": ("InitialCallDelaySeconds", "RetryDelaySeconds",
                              "MaximumConnectionAttempts"),
}  # fmt: skip
BETWEEN: Mapping[tuple[str, str], tuple[int, int]] = {
    ("GetParticipantInput", "InputTimeLimitSeconds"): (1, 180),
    ("InvokeLambdaFunction", "InvocationTimeLimitSeconds"): (1, 8),
    ("Wait", "TimeLimitSeconds"): (1, 604_800),
    ("Loop", "LoopCount"): (0, 100),
    ("TransferParticipantToThirdParty", "ThirdPartyConnectionTimeLimitSeconds"): (0, 600),
    ("UpdateContactRoutingBehavior", "QueuePriority"): (1, 10**9),
    ("CreateCallbackContact", "RetryDelaySeconds"): (1, 259_200),
    ("CreateCallbackContact", "MaximumConnectionAttempts"): (1, 10**9),
}
SAID = ("Text", "SSML", "PromptId", "Media")
FREE = {"ViewData", "Input", "ResultData"}
"""Below these keys JSON keeps its types."""


def refusals(source: str) -> list[str]:
    """Why the service refuses a flow; empty if it takes it."""
    data = json.loads(source)
    found = [*_whole(source, data)]
    known = {action["Identifier"] for action in data["Actions"]}
    for action in data["Actions"]:
        found += [f"{action['Identifier']}: {why}" for why in _action(action, known)]
    return found


def _whole(source: str, data: Json) -> Iterator[str]:
    ids = Counter(action["Identifier"] for action in data["Actions"])
    if data["Version"] != "2019-10-30":
        yield "the version"
    if data["StartAction"] not in ids:
        yield "no start"
    if len(data["Actions"]) > 250 or len(json.dumps(data, ensure_ascii=False)) > 256_000:
        yield "too large"
    if twice := [id_ for id_, count in ids.items() if count > 1]:
        yield f"twice: {twice}"
    returns = any(action["Type"] == "EndFlowModuleExecution" for action in data["Actions"])
    if returns and "Settings" not in data:
        yield "a module without settings"


def _action(action: Json, known: set[str]) -> Iterator[str]:
    type_, parameters = action["Type"], action["Parameters"]
    id_, transitions = action["Identifier"], action["Transitions"]
    if not 0 < len(id_) <= 50 or id_ in FORBIDDEN or re.search(r"[%:(\\/)=$,;\[\]{}]", id_):
        yield "the identifier"
    yield from _strings(parameters, "", free=False)
    yield from _parameters(type_, parameters)
    if type_ in TERMINAL:
        if transitions:
            yield "it ends the flow, and leads on"
        return
    if "NextAction" not in transitions and type_ != "MessageParticipantIteratively":
        yield "no next action"
    for target in _targets(transitions):
        if target not in known:
            yield f"leads to {target}"
    yield from _errors(type_, parameters, [it["ErrorType"] for it in transitions.get("Errors", [])])
    yield from _conditions(type_, parameters, transitions.get("Conditions", []))


def _targets(transitions: Json) -> Iterator[str]:
    branches = (*transitions.get("Errors", ()), *transitions.get("Conditions", ()))
    yield from (branch["NextAction"] for branch in branches)
    if "NextAction" in transitions:
        yield transitions["NextAction"]


def _strings(value: Json, path: str, *, free: bool) -> Iterator[str]:
    """Texts that are empty, and scalars that are no texts."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}", free=free or key in FREE)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _strings(item, f"{path}[{number}]", free=free)
    elif value == "":
        yield f"{path} is empty"
    elif not isinstance(value, str) and not free:
        yield f"{path} is no text"


def _stores(parameters: Json) -> bool:
    return bool(parameters.get("StoreInput") == "True")


def _parameters(type_: str, parameters: Json) -> Iterator[str]:
    yield from (f"no {key}" for key in NEEDED.get(type_, ()) if key not in parameters)
    for (of, key), (least, most) in BETWEEN.items():
        said = parameters.get(key) if of == type_ else None
        if said is not None and not said.startswith("$.") and not least <= float(said) <= most:
            yield f"{key}: {said}"
    spoken = [key for key in SAID if key in parameters]
    if len(spoken) > 1 or (type_ == "MessageParticipant" and not spoken):
        yield f"says {spoken}"
    if "QueueId" in parameters and "AgentId" in parameters:
        yield "a queue and an agent"
    if type_ == "GetParticipantInput":
        validation = parameters.get("InputValidation", {})
        if _stores(parameters) != (len(validation) == 1):
            yield f"validation {sorted(validation)}"
        if "InputEncryption" in parameters and "CustomValidation" not in validation:
            yield "encryption of a phone number"
    if type_ == "Compare" and not REFERENCE.fullmatch(parameters.get("ComparisonValue", "")):
        yield "compares no reference"
    if type_ == "UpdateContactCallbackNumber" and not REFERENCE.fullmatch(
        parameters.get("CallbackNumber", "")
    ):
        yield "a fixed callback number"
    if type_ == "UpdateContactData" and not parameters:
        yield "nothing to set"
    if type_ == "UpdateContactEventHooks" and len(parameters.get("EventHooks", {})) != 1:
        yield "not exactly one hook"


def _errors(type_: str, parameters: Json, errors: list[str]) -> Iterator[str]:
    required = set(REQUIRED.get(type_, ()))
    if type_ == "GetParticipantInput":
        required = {ERROR} if _stores(parameters) else {ERROR, UNMATCHED, SILENT}
        allowed = {ERROR, "InvalidPhoneNumber"} if _stores(parameters) else required
        if not set(errors) <= allowed:
            yield f"errors {sorted(errors)}"
        phone = "PhoneNumberValidation" in parameters.get("InputValidation", {})
        if "InvalidPhoneNumber" in errors and not phone:
            yield "an invalid phone number, and none is asked for"
    if missing := required - set(errors):
        yield f"without {sorted(missing)}"
    if type_ in ONLY and not set(errors) <= ONLY[type_]:
        yield f"errors {sorted(errors)}"
    if len(set(errors)) != len(errors):
        yield "an error twice"
    gone = {"CallFailed", "ConnectionTimeLimitExceeded"} & set(errors)
    if gone and parameters.get("ContinueFlowExecution") == "False":
        yield f"{sorted(gone)} of a call that never comes back"


def _conditions(type_: str, parameters: Json, conditions: list[Json]) -> Iterator[str]:
    tests = [(it["Condition"]["Operator"], it["Condition"]["Operands"]) for it in conditions]
    for operator, operands in tests:
        if operator not in OPERATORS:
            yield f"operator {operator}"
        if len(operands) != 1 or not isinstance(operands[0], str) or not operands[0]:
            yield f"operands {operands}"
    values = [operands[0] for _, operands in tests if operands]
    if type_ in EXACTLY and set(values) != EXACTLY[type_]:
        yield f"conditions {values}"
    if type_ == "Wait" and "WaitCompleted" not in values:
        yield f"conditions {values}"
    if type_ == "GetParticipantInput":
        wrong = values if _stores(parameters) else [it for it in values if it not in "0123456789*#"]
        if wrong:
            yield f"conditions {wrong}"
    if type_ == "DistributeByPercentage":
        shares = [int(value) for value in values]
        rising = shares == sorted(set(shares))
        small = all(2 <= share <= 101 for share in shares)
        if not rising or not small or {it for it, _ in tests} - {"NumberLessThan"}:
            yield f"shares {tests}"
    about_agents = parameters.get("MetricType", "").startswith("NumberOfAgents")
    if about_agents and tests != [("NumberGreaterThan", ["0"])]:
        yield f"conditions {tests}"

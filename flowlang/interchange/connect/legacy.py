"""The format before the flow language: modules with branches, rewritten as actions.

Amazon Connect stopped taking it on 2026-03-31; old exports are still around.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flowlang.interchange.connect import facts
from flowlang.interchange.connect.document import Findings

Json = Any
Named = Mapping[str, list[Mapping[str, Json]]]
"""The parameters of a module by name, in order."""

_ROOTS = {"User Defined": "Attributes", "External": "External", "Lex": "Lex", "Agent": "Agent",
          "Queue metrics": "Metrics"}  # fmt: skip
_SYSTEM = {
    "stored customer input": "StoredCustomerInput",
    "customer number": "CustomerEndpoint.Address",
    "customer phone number": "CustomerEndpoint.Address",
    "dialed number": "SystemEndpoint.Address",
    "contact id": "ContactId",
    "initial contact id": "InitialContactId",
    "previous contact id": "PreviousContactId",
    "channel": "Channel",
    "instance arn": "InstanceARN",
    "initiation method": "InitiationMethod",
    "queue name": "Queue.Name",
    "queue arn": "Queue.ARN",
    "text to speech voice": "TextToSpeechVoiceId",
    "language": "LanguageCode",
    "customer callback number": "CustomerEndpoint.Address",
    "agent username": "Agent.UserName",
    "agent first name": "Agent.FirstName",
    "agent last name": "Agent.LastName",
}
_OPERATORS = {
    "Equals": "Equals",
    "GreaterThan": "NumberGreaterThan",
    "GreaterThanOrEqualTo": "NumberGreaterOrEqualTo",
    "LessThan": "NumberLessThan",
    "LessThanOrEqualTo": "NumberLessOrEqualTo",
    "StartsWith": "TextStartsWith",
    "EndsWith": "TextEndsWith",
    "Contains": "TextContains",
}
_ERRORS = {
    "Error": facts.NO_MATCHING_ERROR,
    "NoMatch": facts.NO_MATCHING_CONDITION,
    "AtCapacity": "QueueAtCapacity",
    "CallFailure": "CallFailed",
    "InvalidNumber": "InvalidCallbackNumber",
    "NotDialable": "CallbackNumberNotDialable",
}
_CONDITIONS = {
    "Looping": "ContinueLooping",
    "Complete": "DoneLooping",
    "True": "True",
    "False": "False",
    "CustomerReturn": "CustomerReturned",
}
_TIMEOUTS = {
    "GetParticipantInput": ("error", "InputTimeLimitExceeded"),
    "ConnectParticipantWithLexBot": ("error", "InputTimeLimitExceeded"),
    "TransferParticipantToThirdParty": ("error", "ConnectionTimeLimitExceeded"),
    "MessageParticipantIteratively": ("condition", "MessagesInterrupted"),
    "Wait": ("condition", "WaitCompleted"),
}
_MIRRORED = ("NoMatch", "Complete", "Error")
"""What the console would let `NextAction` mirror where a module has no success, best first."""


def modernised(data: Mapping[str, Json], findings: Findings) -> dict[str, Json]:
    """A document of the present language with the same flow."""
    modules = [item for item in data["modules"] if isinstance(item, dict)]
    about = data.get("metadata")
    metadata = dict(about) if isinstance(about, dict) else {}
    if isinstance(data.get("type"), str):
        metadata["type"] = data["type"]
    metadata["ActionMetadata"] = {str(module.get("id")): _position(module) for module in modules}
    return {
        "Version": facts.VERSION,
        "StartAction": data.get("start"),
        "Metadata": metadata,
        "Actions": [
            _action(module, f"/modules/{number}", findings) for number, module in enumerate(modules)
        ],
    }


def _position(module: Mapping[str, Json]) -> Json:
    noted = module.get("metadata")
    return {"position": noted.get("position")} if isinstance(noted, dict) else {}


def _action(module: Mapping[str, Json], pointer: str, findings: Findings) -> dict[str, Json]:
    named = _named(module.get("parameters"))
    key = (str(module.get("type")), str(module.get("target") or ""))
    type_, parameters = _typed(key, named)
    if type_ is None:
        findings.add("FL432", f"{pointer}/type", "warning", type=" ".join(filter(None, key)))
        type_ = key[0] or "Unknown"
        parameters = {name: _value(values[0]) for name, values in named.items()}
    return {
        "Identifier": module.get("id"),
        "Type": type_,
        "Parameters": parameters,
        "Transitions": _transitions(type_, module.get("branches")),
    }


def _named(parameters: Json) -> Named:
    named: dict[str, list[Mapping[str, Json]]] = {}
    for item in parameters if isinstance(parameters, list) else []:
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            named.setdefault(item["name"], []).append(item)
    return named


# --- values -----------------------------------------------------------------------------------


def _value(item: Mapping[str, Json]) -> str:
    """A value as a text or a reference."""
    value = item.get("value")
    text = value if isinstance(value, str) else _spelled(value)
    if not text:
        return str(item.get("resourceName") or "")
    return _reference(item.get("namespace"), text)


def _spelled(value: Json) -> str:
    if isinstance(value, bool):
        return "True" if value else "False"
    return "" if value is None else str(value)


def _reference(namespace: Json, name: str) -> str:
    if not isinstance(namespace, str):
        return name
    if namespace == "System":
        return f"$.{_SYSTEM.get(name.lower(), name.replace(' ', ''))}"
    return f"$.{_ROOTS.get(namespace, namespace.replace(' ', ''))}.{name}"


def _first(named: Named, name: str) -> str:
    return _value(named[name][0]) if name in named else ""


def _pairs(named: Named, name: str) -> dict[str, str]:
    return {str(item["key"]): _value(item) for item in named.get(name, []) if item.get("key")}


def _only(parameters: Mapping[str, Json]) -> dict[str, Json]:
    """What is not empty."""
    return {key: value for key, value in parameters.items() if value not in ("", {}, None)}


def _flag(text: str) -> str:
    return "True" if text.lower() == "true" else "False"


# --- modules ----------------------------------------------------------------------------------

Build = Callable[[Named], dict[str, Json]]


def _prompt(named: Named) -> dict[str, Json]:
    if "AudioPrompt" in named:
        return {"PromptId": _first(named, "AudioPrompt")}
    key = "SSML" if _first(named, "TextToSpeechType").lower() == "ssml" else "Text"
    return _only({key: _first(named, "Text")})


def _prompts(named: Named) -> dict[str, Json]:
    messages = [
        {"PromptId" if item.get("name") == "AudioPrompt" else "Text": _value(item)}
        for values in named.values()
        for item in values
        if item.get("name") in ("Text", "AudioPrompt")
    ]
    return _only(
        {"Messages": messages, "InterruptFrequencySeconds": _first(named, "InterruptSeconds")}
    )


def _menu(named: Named) -> dict[str, Json]:
    return {
        **_prompt(named),
        "StoreInput": "False",
        "InputTimeLimitSeconds": _first(named, "Timeout") or "5",
    }


def _entry(named: Named) -> dict[str, Json]:
    keys = _only(
        {
            "InputTerminationSequence": _first(named, "TerminatorDigits").replace("#", "", 1)
            and _first(named, "TerminatorDigits"),
            "DisableCancelKey": "True" if _flag(_first(named, "DisableCancel")) == "True" else "",
        }
    )
    phone = _first(named, "CustomerInputType") not in ("", "Custom")
    validation: dict[str, Json] = {
        "CustomValidation": {"MaximumLength": _first(named, "MaxDigits") or "20"}
    }
    if phone:
        country = _first(named, "CountryCode")
        form = (
            {"NumberFormat": "Local", "CountryCode": country}
            if country
            else {"NumberFormat": "E164"}
        )
        validation = {"PhoneNumberValidation": form}
    return _only(
        {
            **_prompt(named),
            "StoreInput": "True",
            "InputTimeLimitSeconds": _first(named, "Timeout") or "5",
            "InputValidation": validation,
            "DTMFConfiguration": keys,
        }
    )


def _bot(named: Named) -> dict[str, Json]:
    bot = {
        "Name": _first(named, "BotName"),
        "Region": _first(named, "BotRegion"),
        "Alias": _first(named, "BotAlias"),
    }
    return {**_prompt(named), "LexBot": bot}


def _function(named: Named) -> dict[str, Json]:
    return _only(
        {
            "LambdaFunctionARN": _first(named, "FunctionArn"),
            "InvocationTimeLimitSeconds": _first(named, "TimeLimit") or "3",
            "LambdaInvocationAttributes": _pairs(named, "Parameter"),
        }
    )


def _compared(named: Named) -> dict[str, Json]:
    namespace = _first(named, "Namespace") or "User Defined"
    return {"ComparisonValue": _reference(namespace, _first(named, "Attribute"))}


def _target(named: Named) -> dict[str, Json]:
    return _only({"QueueId": _first(named, "Queue"), "AgentId": _first(named, "Agent")})


def _hook(named: Named) -> dict[str, Json]:
    return {"EventHooks": {_first(named, "Type"): _first(named, "ContactFlowId")}}


def _recording(named: Named) -> dict[str, Json]:
    on = _first(named, "RecordingBehaviorOption") == "Enable"
    who = {"Both": ["Agent", "Customer"], "Agent": ["Agent"], "Customer": ["Customer"]}
    recorded = who.get(_first(named, "RecordingParticipantOption"), []) if on else []
    parameters: dict[str, Json] = {"RecordingBehavior": {"RecordedParticipants": recorded}}
    if _first(named, "AnalyticsBehaviorOption") == "Enable":
        redacts = _first(named, "AnalyticsRedactionOption") == "Enable"
        parameters["AnalyticsBehavior"] = _only(
            {
                "Enabled": "True",
                "AnalyticsLanguage": _first(named, "AnalyticsLanguageLocaleCode"),
                "AnalyticsRedactionBehavior": "Enabled" if redacts else "Disabled",
                "AnalyticsRedactionResults": _first(named, "AnalyticsRedactionPolicy"),
                "AnalyticsMode": _first(named, "AnalyticsMode"),
            }
        )
    return parameters


def _streaming(state: str) -> Build:
    sides = {"FromCustomer": "From", "ToCustomer": "To"}

    def build(named: Named) -> dict[str, Json]:
        tracks = [sides.get(_value(item), "From") for item in named.get("Track", [])]
        return {
            "MediaStreamingState": state,
            "MediaStreamType": "Audio",
            "Participants": [{"ParticipantType": "Customer", "MediaDirections": tracks}],
        }

    return build


def _metric(named: Named) -> dict[str, Json]:
    return _only(
        {"MetricType": f"NumberOfAgents{_first(named, 'Status') or 'Available'}", **_target(named)}
    )


def _call(named: Named) -> dict[str, Json]:
    comes_back = _flag(_first(named, "BlindTransfer")) == "False"
    return _only(
        {
            "ThirdPartyPhoneNumber": _first(named, "PhoneNumber"),
            "ThirdPartyConnectionTimeLimitSeconds": _first(named, "TimeLimit"),
            "ContinueFlowExecution": "True" if comes_back else "False",
        }
    )


def _wait(named: Named) -> dict[str, Json]:
    returned = _flag(_first(named, "InterruptOnCustomerReturn")) == "True"
    return _only(
        {
            "TimeLimitSeconds": _first(named, "TimeoutSeconds"),
            "Events": ["CustomerReturned"] if returned else None,
        }
    )


def _nothing(named: Named) -> dict[str, Json]:
    return {}


def _renamed(names: Mapping[str, str]) -> Build:
    def build(named: Named) -> dict[str, Json]:
        return _only({new: _first(named, old) for old, new in names.items()})

    return build


def _logging(named: Named) -> dict[str, Json]:
    on = _first(named, "LoggingBehavior") == "Enable"
    return {"FlowLoggingBehavior": "Enabled" if on else "Disabled"}


_VOICE = {
    "GlobalVoice": "TextToSpeechVoice",
    "GlobalEngine": "TextToSpeechEngine",
    "SpeakingStyle": "TextToSpeechStyle",
}
_CALLBACK = {
    "InitialDelaySeconds": "InitialCallDelaySeconds",
    "RetryDelaySeconds": "RetryDelaySeconds",
    "MaxRetryAttempts": "MaximumConnectionAttempts",
}
_MODULES: Mapping[tuple[str, str], tuple[str, Build]] = {
    ("PlayPrompt", ""): ("MessageParticipant", _prompt),
    ("LoopPrompts", ""): ("MessageParticipantIteratively", _prompts),
    ("GetUserInput", "Digits"): ("GetParticipantInput", _menu),
    ("GetUserInput", "Lex"): ("ConnectParticipantWithLexBot", _bot),
    ("StoreUserInput", ""): ("GetParticipantInput", _entry),
    ("SetAttributes", ""): (
        "UpdateContactAttributes",
        lambda named: {"Attributes": _pairs(named, "Attribute")},
    ),
    ("CheckAttribute", ""): ("Compare", _compared),
    ("SetQueue", ""): ("UpdateContactTargetQueue", _target),
    ("GetMetricData", ""): ("GetMetricData", _target),
    ("Transfer", "Queue"): ("TransferContactToQueue", _nothing),
    ("Transfer", "Flow"): ("TransferToFlow", _renamed({"ContactFlowId": "ContactFlowId"})),
    ("Transfer", "PhoneNumber"): ("TransferParticipantToThirdParty", _call),
    ("InvokeExternalResource", "Lambda"): ("InvokeLambdaFunction", _function),
    ("Disconnect", ""): ("DisconnectParticipant", _nothing),
    ("Resume", ""): ("EndFlowExecution", _nothing),
    ("SetLoggingBehavior", ""): ("UpdateFlowLoggingBehavior", _logging),
    ("SetVoice", ""): ("UpdateContactTextToSpeechVoice", _renamed(_VOICE)),
    ("SetRecordingBehavior", ""): ("UpdateContactRecordingBehavior", _recording),
    ("SetEventHook", ""): ("UpdateContactEventHooks", _hook),
    ("SetContactFlow", ""): ("UpdateContactEventHooks", _hook),
    ("Loop", ""): ("Loop", _renamed({"LoopCount": "LoopCount"})),
    ("Wait", ""): ("Wait", _wait),
    ("CheckHoursOfOperation", ""): (
        "CheckHoursOfOperation",
        _renamed({"Hours": "HoursOfOperationId"}),
    ),
    ("CheckStaffing", ""): ("CheckMetricData", _metric),
    ("StartMediaStreaming", ""): ("UpdateContactMediaStreamingBehavior", _streaming("Enabled")),
    ("StopMediaStreaming", ""): ("UpdateContactMediaStreamingBehavior", _streaming("Disabled")),
    ("UpdateRoutingPriority", ""): (
        "UpdateContactRoutingBehavior",
        _renamed(
            {"AbsolutePosition": "QueuePriority", "RelativePosition": "QueueTimeAdjustmentSeconds"}
        ),
    ),
    ("CreateCallback", ""): ("CreateCallbackContact", _renamed(_CALLBACK)),
    ("SetCallbackNumber", ""): (
        "UpdateContactCallbackNumber",
        _renamed({"CallbackNumber": "CallbackNumber"}),
    ),
}


def _typed(key: tuple[str, str], named: Named) -> tuple[str | None, dict[str, Json]]:
    found = _MODULES.get(key)
    return (found[0], found[1](named)) if found else (None, {})


# --- branches ---------------------------------------------------------------------------------


def _transitions(type_: str, branches: Json) -> dict[str, Json]:
    if type_ in facts.TERMINAL:
        return {}
    conditions: list[Json] = []
    errors: list[Json] = []
    led: dict[str, Json] = {}
    for branch in branches if isinstance(branches, list) else []:
        if not isinstance(branch, dict) or not isinstance(branch.get("transition"), str):
            continue
        name, target = str(branch.get("condition")), branch["transition"]
        led.setdefault(name, target)
        if name == "Success":
            continue
        kind, word = _branch(type_, name)
        if name == "Evaluate":
            operator = _OPERATORS.get(str(branch.get("conditionType")), "Equals")
            operand = _spelled(branch.get("conditionValue"))
            conditions.append(_condition(operator, operand, target))
        elif kind == "condition":
            conditions.extend(_conditions(type_, word, target))
        else:
            errors.append({"NextAction": target, "ErrorType": word})
    if type_ == "CheckMetricData":
        errors.extend(
            {"NextAction": led["False"], "ErrorType": facts.NO_MATCHING_CONDITION}
            for _ in range("False" in led)
        )
    after = led.get("Success") or next((led[name] for name in _MIRRORED if name in led), None)
    transitions: dict[str, Json] = {"Conditions": conditions, "Errors": errors}
    return {"NextAction": after, **transitions} if after else transitions


def _branch(type_: str, name: str) -> tuple[str, str]:
    if name == "Timeout":
        return _TIMEOUTS.get(type_, ("error", "InputTimeLimitExceeded"))
    if name in _CONDITIONS:
        return "condition", _CONDITIONS[name]
    return "error", _ERRORS.get(name, name)


def _conditions(type_: str, word: str, target: str) -> list[Json]:
    if type_ != "CheckMetricData":
        return [_condition("Equals", word, target)]
    return [_condition("NumberGreaterThan", "0", target)] if word == "True" else []


def _condition(operator: str, operand: str, target: str) -> Json:
    return {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}

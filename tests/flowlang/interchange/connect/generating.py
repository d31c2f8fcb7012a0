"""Connect flows of any kind: every type of action, with every parameter in every spelling.

A `Maker` takes its chances from whoever asks: a seeded generator, or hypothesis.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.flowlang.interchange.connect.building import ERROR, UNMATCHED

Json = Any

NAMES = ("tier", "sfdc-RTT_flag__c", "고객", "a", "Greeting_Text", "class", "on", "next", "queue",
         "x1", "balance", "Zip")  # fmt: skip
SYSTEM = ("$.CustomerEndpoint.Address", "$.SystemEndpoint.Address", "$.Channel", "$.ContactId",
          "$.Queue.Name", "$.Queue.ARN", "$.LanguageCode", "$.Agent.UserName",
          "$.InitiationMethod", "$.StoredCustomerInput", "$.Lex.IntentName",
          "$.Lex.Slots.Size", "$.Lex.SentimentResponse.Scores.Negative",
          "$.Lex.SessionAttributes.k", "$.Metrics.Queue.Size", "$.Metrics.Agents.Online.Count",
          "$.Modules.Result", "$.Modules.ResultData.code", "$.Modules.Input.pin",
          "$.Customer.FirstName", "$.Customer.Attributes.vip", "$.Case.status", "$.Views.Action",
          "$.Views.ViewResultData.items.0.id", "$.SegmentAttributes['connect:Subtype']",
          "$.Attributes.$.StoredCustomerInput", "$.Tags.team", "$.Task.ContactId",
          "$.DataTables.q.a", "$.DataTableList.ResultData[0].b", "$.Loop.l.Index",
          "$.LambdaInvocation.ResultData.k", "$.External.deep.er", "$.Wisdom.SessionArn",
          "$.Media.Sip.Headers.X", "$.References.r.Value", "$['Attributes']['a b']",
          "$.MediaStreams.Customer.Audio.StreamARN", "$.Email.EmailMessage.Plaintext")  # fmt: skip
PLACEHOLDERS = ("{{QueueArn}}", "${BasicQueue}", "%%LAMBDA%%", "{x}", "REPLACE_ME", "<arn>")
TEXTS = ("Hello", "Press 1, or 2 for sales.", "안녕하세요. 잠시만요", 'He said "hi"', "it's", " ",
         "line one\nline two", "tab\there", "back\\slash", "{curly} and }", "100%", "a # hash",
         "$5.00 off", "$. alone", "'''", '"""', "<speak>Hi</speak>", "  padded  ", "é\u200b",
         "-> somewhere", "on error -> x", "A very long sentence that does not fit on a line of one "
         "hundred columns, whoever reads it and however wide a screen may be.")  # fmt: skip
IDS = ("11111111-2222-4333-8444-555555555555",
       "arn:aws:connect:us-west-2:111122223333:instance/i-1/queue/"
       "8f2b7c5e-0d1a-4e3f-9a6b-1c2d3e4f5a6b",
       "arn:aws:lambda:us-east-1:111122223333:function:crm-lookup",
       "arn:aws:lambda:us-east-1:111122223333:function:crm-lookup:live",
       "arn:aws:lex:us-east-1:1:bot-alias/B/A", "billing", "Sales Queue",
       "m-1:$LATEST")  # fmt: skip
UNKNOWN = ("HugoError", "TimeLimitExceeded", "Weird Error", "QueueAtCapacity", "")
FRIENDLY = ("Set preferred agent", "메뉴", "Play prompt", "menu", "start", "hang_up", "next",
            "Block 1", "on error", "x.y", "a.b.2", "ask", "opening.voice", "opening.tier",
            "12", "-", "the  same", "The Same")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What an action of a type can be: parameters, and outcomes that it must or may have."""

    parameters: Callable[[Maker], dict[str, Json]]
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Operands that must be told apart."""
    more: tuple[str, ...] = ()
    """Operands that may be."""
    operators: tuple[str, ...] = ("Equals",)
    terminal: bool = False
    mirrors: bool = False
    nextless: bool = False


class Maker:
    def __init__(self, dice: random.Random, *, wild: bool = True) -> None:
        self.dice = dice
        self.wild = wild
        """Whether parameters may be what Connect's editor would never write."""

    # --- values -------------------------------------------------------------------------------

    def one(self, options: Sequence[Any]) -> Any:
        return options[self.dice.randrange(len(options))]

    def chance(self, share: float) -> bool:
        return self.dice.randrange(1000) < share * 1000

    def some(self, options: Sequence[Any], most: int = 3) -> list[Any]:
        count = self.dice.randrange(min(most, len(options)) + 1)
        found: list[Any] = []
        for _ in range(count):
            item = self.one(options)
            if item not in found:
                found.append(item)
        return found

    def reference(self) -> str:
        if self.chance(0.6):
            root = self.one(("Attributes", "Attributes", "FlowAttributes", "External"))
            return f"$.{root}.{self.one(NAMES)}"
        return str(self.one(SYSTEM))

    def text(self) -> str:
        """A text with anything in it."""
        if self.wild and self.chance(0.04):
            return ""
        pieces = [self.piece() for _ in range(1 + self.dice.randrange(3))]
        return str(self.one((" ", "", ". ", ", "))).join(pieces)

    def piece(self) -> str:
        if self.chance(0.6):
            return str(self.one(TEXTS))
        return self.reference() if self.chance(0.8) else str(self.one(PLACEHOLDERS))

    def whole(self) -> str:
        return self.reference() if self.chance(0.3) else self.identifier()

    def identifier(self) -> str:
        if self.wild and self.chance(0.1):
            return str(self.one((*PLACEHOLDERS, "", " ")))
        return str(self.one(IDS))

    def number(self, *choices: int) -> Json:
        value = self.one(choices or (0, 1, 2, 5, 60, 300))
        if not self.wild or self.chance(0.7):
            return str(value)
        return self.one((value, float(value), f"{value}.5", f"0{value}", "x", "", "$.Attributes.n"))

    def flag(self, yes: str = "True", no: str = "False") -> Json:
        if not self.wild or self.chance(0.7):
            return self.one((yes, no))
        return self.one((True, False, "true", "TRUE", "False", "", "$.Attributes.b", "yes"))

    def word(self, *words: str) -> Json:
        if self.wild and self.chance(0.1):
            return self.one((words[0].lower(), words[0].upper(), "", "Other", "$.Attributes.w", 1))
        return self.one(words)

    def pairs(self, most: int = 3) -> dict[str, Json]:
        keys = self.some((*NAMES, "a b", "", "x.y", "{k}") if self.wild else NAMES, most)
        if not self.wild and not keys:
            keys = [self.one(NAMES)]
        return {key: self.text() for key in keys}

    def free(self, depth: int = 2) -> Json:
        """JSON of any shape."""
        pick = self.dice.randrange(8 if depth else 5)
        match pick:
            case 0:
                return self.one((True, False, None))
            case 1:
                return self.one((0, 1, -3, 2.5, 1e21, 10**18))
            case 5:
                return [self.free(depth - 1) for _ in range(self.dice.randrange(3))]
            case 6 | 7:
                keys = self.some((*NAMES, "Heading", "$.odd"), 3)
                return {key: self.free(depth - 1) for key in keys}
            case _:
                return self.text()

    def optional(self, **options: Callable[[], Json]) -> dict[str, Json]:
        """Some of them."""
        return {key: make() for key, make in options.items() if self.chance(0.5)}

    def prompt(self, *, bare: bool = True) -> dict[str, Json]:
        options: list[dict[str, Json]] = [
            {"Text": self.text()}, {"Text": self.text()}, {"SSML": f"<speak>{self.text()}</speak>"},
            {"PromptId": self.whole()},
            {"Media": {"Uri": self.text(), "SourceType": "S3", "MediaType": "Audio"}},
        ]  # fmt: skip
        if self.wild and bare:
            options += [{}, {"Text": "both", "PromptId": self.whole()}]
        return dict(self.one(options))

    def queue_or_agent(self) -> dict[str, Json]:
        options = (
            {},
            {"QueueId": self.whole()},
            {"AgentId": self.whole()},
            {"QueueId": self.whole(), "AgentId": self.whole()} if self.wild else {},
        )
        return dict(self.one(options))

    # --- actions ------------------------------------------------------------------------------

    def flow(self, *, size: int | None = None) -> dict[str, Json]:
        """A flow whose graph and outcomes are as Connect wants them."""
        size = size or 1 + self.dice.randrange(9)
        ids = self.identifiers(size)
        actions = [self.action(id_, ids) for id_ in ids]
        data: dict[str, Json] = {
            "Version": "2019-10-30",
            "StartAction": self.one(ids),
            "Actions": actions,
        }
        if self.chance(0.8):
            data["Metadata"] = self.metadata(ids)
        if self.chance(0.1):
            data["Settings"] = {"InputParameters": [], "OutputParameters": [], "Transitions": []}
        return self.shuffled(data)

    def identifiers(self, size: int) -> list[str]:
        found: list[str] = []
        while len(found) < size:
            number = len(found)
            name = self.one((
                f"{self.dice.randrange(16**8):08x}-0000-4000-8000-{number:012d}",
                self.one(FRIENDLY), f"{self.one(FRIENDLY)} {number}", f"a{number}",
            ))  # fmt: skip
            if name not in found:
                found.append(name)
        return found

    def action(self, id_: str, ids: Sequence[str]) -> dict[str, Json]:
        type_ = self.one(TYPES)
        kind = KINDS[type_]
        parameters = kind.parameters(self)
        if self.wild and self.chance(0.05):
            parameters[self.one(("Extra", "Text", "a b", "on"))] = self.free()
        data: dict[str, Json] = {"Identifier": id_, "Type": type_, "Parameters": parameters}
        if not parameters and self.chance(0.3):
            del data["Parameters"]
        data["Transitions"] = self.transitions(type_, parameters, ids)
        if not data["Transitions"] and self.chance(0.2):
            del data["Transitions"]
        return self.shuffled(data)

    def transitions(
        self, type_: str, parameters: dict[str, Json], ids: Sequence[str]
    ) -> dict[str, Json]:
        kind = KINDS[type_]
        if kind.terminal:
            return {} if self.chance(0.8) else {"Conditions": [], "Errors": []}
        must, may, words, more = kind.must, kind.may, kind.words, kind.more
        stores = str(parameters.get("StoreInput", "False")).lower() == "true"
        if type_ == "GetParticipantInput" and stores:
            must, may, more = (ERROR,), ("InvalidPhoneNumber",), ()
        errors = [*must, *self.some(may, 4)]
        if self.wild and self.chance(0.06):
            errors.append(self.one(UNKNOWN))
        branches = [self.error(name, ids) for name in dict.fromkeys(errors)]
        operands = list(dict.fromkeys((*words, *self.some(more, 5))))
        conditions = [self.condition(kind, operand, ids) for operand in operands]
        if self.wild and more and self.chance(0.1):
            conditions.append(self.condition(kind, self.text() or "x", ids))
        conditions = _unlike(conditions)
        data: dict[str, Json] = {"NextAction": self.one(ids)}
        if kind.nextless and self.chance(0.7):
            del data["NextAction"]
        if kind.mirrors and branches and self.chance(0.7):
            data["NextAction"] = self.one(branches)["NextAction"]
        if branches or self.chance(0.5):
            data["Errors"] = self.mixed(branches)
        if conditions or self.chance(0.5):
            data["Conditions"] = conditions
        return self.shuffled(data)

    def error(self, name: str, ids: Sequence[str]) -> dict[str, Json]:
        return self.shuffled({"NextAction": self.one(ids), "ErrorType": name})

    def condition(self, kind: Kind, operand: str, ids: Sequence[str]) -> dict[str, Json]:
        operator = "Equals" if operand in kind.words else self.one(kind.operators)
        if self.wild and operand not in kind.words and self.chance(0.05):
            operator = self.one(("KeyExists", "TextStartsWith", "NumberLessOrEqualTo", "Odd"))
        condition = {"Operator": operator, "Operands": [operand]}
        return self.shuffled({"NextAction": self.one(ids), "Condition": self.shuffled(condition)})

    def metadata(self, ids: Sequence[str]) -> dict[str, Json]:
        about = {
            id_: {"position": {"x": self.one((0, -12.5, 300)), "y": 1.0}, "isFriendlyName": True}
            for id_ in self.some(ids, 9)
        }
        data: dict[str, Json] = {"entryPointPosition": {"x": 0, "y": 0}, "ActionMetadata": about}
        data |= self.optional(
            name=lambda: self.one(("Main menu", "", "고객센터", "play", "flow on")),
            description=lambda: self.text(),
            type=lambda: self.one(("contactFlow", "customerQueue", "odd")),
            snapToGrid=lambda: False,
            hash=dict,
        )
        if self.chance(0.3):
            data["Annotations"] = [
                {"type": "default", "id": "n", "content": self.text(), "actionId": self.one(ids)}
            ]
        return data

    def mixed(self, items: list[Json]) -> list[Json]:
        return [items[at] for at in self.order(len(items))]

    def shuffled(self, data: dict[str, Json]) -> dict[str, Json]:
        keys = list(data)
        return {keys[at]: data[keys[at]] for at in self.order(len(keys))}

    def order(self, size: int) -> list[int]:
        left, found = list(range(size)), []
        while left:
            found.append(left.pop(self.dice.randrange(len(left))))
        return found


def _unlike(conditions: list[Json]) -> list[Json]:
    known: dict[tuple[str, str], Json] = {}
    for item in conditions:
        condition = item["Condition"]
        known.setdefault((condition["Operator"], condition["Operands"][0]), item)
    return list(known.values())


# --- the types of action ------------------------------------------------------------------------


def _input(m: Maker) -> dict[str, Json]:
    given = {**m.prompt(), "InputTimeLimitSeconds": m.number(1, 5, 180)}
    store = m.flag()
    if store not in ("False", False) or m.chance(0.5):
        given["StoreInput"] = store
    if str(store).lower() == "true":
        validation = m.one((
            {"CustomValidation": {"MaximumLength": m.number(1, 4, 20)}},
            {"PhoneNumberValidation": {"NumberFormat": "E164"}},
            {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "KR"}},
        ))  # fmt: skip
        given["InputValidation"] = validation
        given |= m.optional(
            InputEncryption=lambda: {"EncryptionKeyId": "k", "Key": "-----BEGIN CERT-----"}
        )
    settings = m.optional(
        InputTerminationSequence=lambda: m.one(("#", "*", "12", "")),
        DisableCancelKey=m.flag,
        InterdigitTimeLimitSeconds=lambda: m.number(1, 5, 20),
    )
    if settings:
        given["DTMFConfiguration"] = settings
    return given


def _bot(m: Maker) -> dict[str, Json]:
    bot = m.one((
        {"LexV2Bot": {"AliasArn": m.whole()}},
        {"LexBot": {"Name": "Faq", "Region": "us-east-1", "Alias": m.one(("live", "$LATEST"))}},
    ))  # fmt: skip
    more = m.optional(
        LexSessionAttributes=m.pairs,
        LexInitializationData=lambda: {"InitialMessage": m.text()},
        LexTimeoutSeconds=lambda: {"Text": m.number(60, 300)},
    )
    return {**m.prompt(), **bot, **more}


def _recording(m: Maker) -> dict[str, Json]:
    recording = {"RecordedParticipants": m.some(("Agent", "Customer"), 2)} | m.optional(
        ScreenRecordedParticipants=lambda: m.some(("Agent",), 1),
        IVRRecordingBehavior=lambda: m.word("Enabled", "Disabled"),
    )
    analytics = {"Enabled": m.flag()} | m.optional(
        AnalyticsLanguage=lambda: m.one(("en-US", "$.LanguageCode")),
        AnalyticsRedactionBehavior=lambda: m.word("Enabled", "Disabled"),
        AnalyticsRedactionResults=lambda: m.word("None", "RedactedOnly", "RedactedAndOriginal"),
        AnalyticsMode=lambda: m.word("PostContact", "RealTime"),
        ChannelConfiguration=lambda: {"Voice": {"AnalyticsModes": ["RealTime"]}},
        SentimentConfiguration=lambda: {"Enabled": m.flag()},
    )
    return {"RecordingBehavior": recording} | m.optional(AnalyticsBehavior=lambda: analytics)


def _both_behaviours(m: Maker) -> dict[str, Json]:
    return dict(m.one((
        {"VoiceBehavior": {"VoiceRecordingBehavior": {"RecordedParticipants": ["Agent"]},
                           "VoiceAnalyticsBehavior": {"Enabled": m.flag()}}},
        {"ChatBehavior": {"ChatAnalyticsBehavior": {"Enabled": m.flag()}}},
        {"ScreenRecordingBehavior": {"ScreenRecordedParticipants": ["Agent"]}},
    )))  # fmt: skip


def _criteria(m: Maker) -> dict[str, Json]:
    skill = {"AttributeCondition": {
        "Name": "Language", "Value": m.text(), "ProficiencyLevel": m.number(1, 3, 5),
        "ComparisonOperator": "NumberGreaterOrEqualTo"}}  # fmt: skip
    wanted = {"AttributeCondition": {
        "ComparisonOperator": "Match",
        "MatchCriteria": {"AgentsCriteria": {"AgentIds": [m.whole()]}}}}  # fmt: skip
    expression = m.one((skill, wanted, {"AndExpression": [skill, skill]}))
    step = {"Expression": expression}
    step |= m.optional(Expiry=lambda: {"DurationInSeconds": m.number(10, 60)})
    return {"RoutingCriteria": {"Steps": [step] * (1 + m.dice.randrange(2))}}


def _third_party(m: Maker) -> dict[str, Json]:
    return {
        "ThirdPartyPhoneNumber": m.one(("+15550100", m.reference())),
        "ThirdPartyConnectionTimeLimitSeconds": m.number(0, 30, 600),
        "ContinueFlowExecution": m.flag(),
    } | m.optional(
        ThirdPartyDTMFDigits=lambda: m.one(("1,2#", m.reference())),
        CallerId=lambda: m.optional(Number=m.whole, Name=m.text),
    )


def _data(m: Maker) -> dict[str, Json]:
    return m.optional(
        Name=m.text, Description=m.text, LanguageCode=lambda: m.one(("ko-KR", m.reference())),
        CustomerId=m.text, TargetContact=lambda: m.word("Current", "Related"),
        WisdomSessionArn=lambda: "$.Wisdom.SessionArn",
        References=lambda: {"r": {"Value": m.text(), "Type": "URL"}},
        IsVoiceIdStreamingEnabled=lambda: m.flag("true", "false"),
        VoiceAuthenticationThreshold=lambda: m.number(0, 90, 100),
    )  # fmt: skip


def _hooks(m: Maker) -> dict[str, Json]:
    hook = m.one(("AgentHold", "AgentWhisper", "CustomerHold", "CustomerQueue", "CustomerRemaining",
                  "CustomerWhisper", "DefaultAgentUI", "DisconnectAgentUI", "PauseContact",
                  "ResumeContact"))  # fmt: skip
    return {"EventHooks": {hook: m.whole()}} | m.optional(
        EventHooksConfiguration=lambda: {hook: {"DisableExecution": m.flag()}}
    )


def _streaming(m: Maker) -> dict[str, Json]:
    directions = m.some(("From", "To"), 2) or ["From"]
    return {
        "MediaStreamingState": m.word("Enabled", "Disabled"),
        "MediaStreamType": "Audio",
        "Participants": [{"ParticipantType": "Customer", "MediaDirections": directions}],
    }


def _metric(m: Maker) -> dict[str, Json]:
    metric = m.word("NumberOfAgentsAvailable", "NumberOfAgentsStaffed", "NumberOfAgentsOnline",
                    "OldestContactInQueueAgeSeconds", "NumberOfContactsInQueue")  # fmt: skip
    return {"MetricType": metric, **m.queue_or_agent()}


def _task(m: Maker) -> dict[str, Json]:
    return {"Name": m.text()} | m.optional(
        ContactFlowId=m.whole, TaskTemplateId=m.identifier, TemplateId=m.identifier,
        Description=m.text, Attributes=m.pairs, DelaySeconds=lambda: m.number(1, 600),
        ScheduledTime=m.text, References=lambda: {"r": {"Value": m.text(), "Type": "URL"}},
    )  # fmt: skip


def _profile(m: Maker) -> dict[str, Json]:
    return {"ProfileRequestData": m.pairs()} | m.optional(
        ProfileResponseData=lambda: m.some(("FirstName", "ProfileId", "Attributes.vip"), 3),
    )


def _table(m: Maker) -> dict[str, Json]:
    values = [{"AttributeName": m.one(NAMES), "Value": m.text()}]
    query = {"QueryName": m.one(NAMES), "Attributes": m.some(NAMES, 3), "PrimaryValues": values}
    return {"DataTableId": m.whole(), "Queries": [query] * (1 + m.dice.randrange(2))}


def _rows(m: Maker) -> dict[str, Json]:
    values = [{"Name": m.one(NAMES), "Value": m.text()}]
    return {
        "DataTableId": m.whole(),
        "PrimaryKeyGroups": [{"PrimaryKeyGroupName": "g", "PrimaryValues": values}],
    }


def _upsert(m: Maker) -> dict[str, Json]:
    return {
        "DataTableId": m.whole(),
        "PrimaryValues": [{"AttributeName": m.one(NAMES), "Value": m.text()}],
        "Attributes": [{"Name": m.one(NAMES), "Value": m.text()}],
    } | m.optional(LockVersion=m.text)


def _lambda(m: Maker) -> dict[str, Json]:
    return {
        "LambdaFunctionARN": m.whole(),
        "InvocationTimeLimitSeconds": m.number(1, 3, 8),
    } | m.optional(
        InvocationType=lambda: m.word("SYNCHRONOUS", "ASYNCHRONOUS"),
        LambdaInvocationAttributes=m.pairs,
        ResponseValidation=lambda: {"ResponseType": m.word("STRING_MAP", "JSON")},
    )


def _spoken(m: Maker) -> dict[str, Json]:
    messages = [m.prompt(bare=False) for _ in range(1 + m.dice.randrange(3))]
    return {"Messages": messages} | m.optional(
        InterruptFrequencySeconds=lambda: m.number(21, 60),
        ContinueMessagingDuringInterrupt=lambda: m.flag("true", "false"),
    )


def _view(m: Maker) -> dict[str, Json]:
    return {
        "ViewResource": {"Id": m.whole()} | m.optional(Version=lambda: m.one(("Latest", "1"))),
        "InvocationTimeLimitSeconds": m.number(2, 400),
    } | m.optional(
        ViewData=lambda: {"Heading": m.text(), "Data": m.free()},
        SensitiveDataConfiguration=lambda: {"HideResponseOn": ["TRANSCRIPT"]},
    )


def _case(m: Maker) -> dict[str, Json]:
    return {
        "LinkContactToCase": m.flag("true", "false"), "CaseRequestFields": m.pairs(),
    } | m.optional(
        CaseTemplateId=m.identifier, CaseId=m.whole, CustomerId=m.whole,
        GetLastUpdatedCase=lambda: m.flag("true", "false"),
        CaseResponseFields=lambda: m.some(("status", "title"), 2),
    )  # fmt: skip


def _nothing(m: Maker) -> dict[str, Json]:
    return {"QueueId": m.whole()} if m.wild and m.chance(0.05) else {}


_E, _N = (ERROR,), (UNMATCHED,)
_TEXTUAL = ("Equals", "Equals", "TextContains", "TextStartsWith", "TextEndsWith")
_NUMERIC = ("Equals", "NumberGreaterThan", "NumberGreaterOrEqualTo", "NumberLessThan",
            "NumberLessOrEqualTo")  # fmt: skip
_VALUES = ("gold", "1", "0", "-1", "2.5", "true", "Timeout", "VOICE", "$.Attributes.tier",
           "300000", "a b", "on", "환불", "01")  # fmt: skip

KINDS: dict[str, Kind] = {
    "MessageParticipant": Kind(
        parameters=lambda m: {**m.prompt(), **m.optional(
            SkipWhenDTMFBufferEnabled=lambda: m.flag("true", "false"))}, may=_E),
    "MessageParticipantIteratively": Kind(
        parameters=_spoken, may=_E, more=("MessagesInterrupted",), nextless=True, mirrors=True),
    "GetParticipantInput": Kind(
        parameters=_input, must=(ERROR, UNMATCHED, "InputTimeLimitExceeded"), mirrors=True,
        more=("1", "2", "9", "*", "#")),
    "ConnectParticipantWithLexBot": Kind(
        parameters=_bot, may=(ERROR, UNMATCHED, "InputTimeLimitExceeded"), mirrors=True,
        more=("Buy", "SpeakToAgent", "no match", "error", "Book Room", "next", "환불")),
    "DisconnectParticipant": Kind(parameters=_nothing, terminal=True),
    "ShowView": Kind(parameters=_view, must=(ERROR, UNMATCHED, "TimeLimitExceeded"), mirrors=True,
                     more=("Next", "Back", "ActionSelected", "no_match")),
    "TransferParticipantToThirdParty": Kind(
        parameters=_third_party, must=_E, may=("CallFailed", "ConnectionTimeLimitExceeded")),
    "AuthenticateParticipant": Kind(
        parameters=lambda m: {
            "CognitoConfiguration": {"UserPoolArn": m.whole(), "AppClientId": m.text()},
            "CustomerProfilesConfiguration": {"ObjectTypeName": m.text()},
            "TimeLimitMinutes": m.number(3, 15)},
        may=(ERROR, "TimeLimitExceeded"), more=("OptedOut",)),
    "CompleteOutboundCall": Kind(
        parameters=lambda m: m.optional(CallerId=lambda: {"Number": m.whole()})),
    "CreateCase": Kind(parameters=_case, may=(ERROR, "ContactNotLinked")),
    "UpdateCase": Kind(parameters=_case, may=(ERROR, "ContactNotLinked")),
    "GetCase": Kind(parameters=_case, must=("MultipleFound", "NoneFound"),
                    may=(ERROR, "ContactNotLinked")),
    "CreateTask": Kind(parameters=_task, may=_E),
    "CreateWisdomSession": Kind(parameters=lambda m: {"WisdomAssistantArn": m.text()}, may=_E),
    "CreatePersistentContactAssociation": Kind(
        parameters=lambda m: {"RehydrationType": m.word("ENTIRE_PAST_SESSION", "FROM_SEGMENT"),
                              "SourceContactId": m.whole()}, may=_E),
    "DequeueContactAndTransferToQueue": Kind(
        parameters=Maker.queue_or_agent, may=("QueueAtCapacity", ERROR), mirrors=True),
    "EndFlowModuleExecution": Kind(
        parameters=lambda m: m.optional(
            Result=lambda: m.one(("Done", "not found", m.reference())),
            ResultData=lambda: {"ooh": m.one((False, 1, "x", m.reference()))}), terminal=True),
    "InvokeFlowModule": Kind(
        parameters=lambda m: {"FlowModuleId": m.whole()} | m.optional(
            Input=lambda: {"pin": m.one((1, True, m.text()))}),
        must=_E, may=_N, more=("Done", "not found", "error")),
    "LoadContactContent": Kind(parameters=lambda m: {"ContentType": "EmailMessage"}, may=_E),
    "ResumeContact": Kind(parameters=_nothing, may=_E),
    "StartOutboundChatContact": Kind(
        parameters=lambda m: {
            "SourceEndpoint": {"Address": m.whole(), "Type": "CONNECT_PHONENUMBER_ARN"},
            "DestinationEndpoint": {"Address": m.text(), "Type": "TELEPHONE_NUMBER"},
            "ContactFlowArn": m.whole(), "ContactSubtype": "connect:SMS"} | m.optional(
            InitialSystemMessage=lambda: {"Content": m.text()},
            RelatedContact=lambda: "CURRENT"), may=_E),
    "TagContact": Kind(parameters=lambda m: {"Tags": m.pairs()}, must=_E),
    "UntagContact": Kind(parameters=lambda m: {"TagKeys": m.some(NAMES, 3)}, must=_E),
    "TransferContactToAgent": Kind(parameters=_nothing, terminal=True),
    "TransferContactToQueue": Kind(
        parameters=_nothing, may=("QueueAtCapacity", ERROR), mirrors=True),
    "UpdateContactAttributes": Kind(
        parameters=lambda m: {"Attributes": m.pairs()} | m.optional(
            TargetContact=lambda: m.word("Current", "Related")), may=_E),
    "UpdateContactCallbackNumber": Kind(
        parameters=lambda m: {"CallbackNumber": m.reference()},
        must=("InvalidCallbackNumber", "CallbackNumberNotDialable"), may=_E),
    "UpdateContactData": Kind(parameters=_data, must=_E),
    "UpdateContactEventHooks": Kind(parameters=_hooks, must=_E),
    "UpdateContactMediaProcessing": Kind(
        parameters=lambda m: {"ChatProcessor": {
            "ProcessingEnabled": m.flag(), "LambdaProcessorARN": m.whole(),
            "ChatProcessorSettings": {"DeliverUnprocessedMessages": m.flag()}}}, may=_E),
    "UpdateContactMediaStreamingBehavior": Kind(parameters=_streaming, must=_E),
    "UpdateContactRecordingBehavior": Kind(parameters=_recording),
    "UpdateContactRecordingAndAnalyticsBehavior": Kind(
        parameters=_both_behaviours, must=(ERROR, "ChannelMismatch"),
        may=("InFlightRedactionConfigurationFailed",)),
    "UpdateContactRoutingBehavior": Kind(parameters=lambda m: dict(m.one((
        {"QueuePriority": m.number(1, 5, 9)}, {"QueueTimeAdjustmentSeconds": m.number(-60, 600)},
    )))),
    "UpdateContactRoutingCriteria": Kind(parameters=_criteria, may=_E),
    "UpdateContactTargetQueue": Kind(parameters=Maker.queue_or_agent, may=_E),
    "UpdateContactTextToSpeechVoice": Kind(
        parameters=lambda m: {"TextToSpeechVoice": m.one(("Joanna", "Seoyeon", m.reference()))}
        | m.optional(TextToSpeechEngine=lambda: m.word("Neural", "Generative", "Standard"),
                     TextToSpeechStyle=lambda: m.word("None", "Conversational", "Newscaster")),
        may=_E),
    "UpdatePreviousContactParticipantState": Kind(
        parameters=lambda m: {"PreviousContactParticipantState":
                              m.word("AgentOnHold", "CustomerOnHold", "OffHold")}, must=_E),
    "CheckHoursOfOperation": Kind(
        parameters=lambda m: m.optional(HoursOfOperationId=m.whole), must=_E,
        words=("True", "False"), mirrors=True),
    "CheckMetricData": Kind(parameters=_metric, must=(ERROR, UNMATCHED), operators=_NUMERIC,
                            more=("0", "5", "300000", "61500"), mirrors=True),
    "CheckOutboundCallStatus": Kind(
        parameters=_nothing, may=_E, mirrors=True,
        more=("CallAnswered", "VoicemailBeep", "VoicemailNoBeep", "NotDetected")),
    "CheckVoiceId": Kind(
        parameters=lambda m: {"CheckVoiceIdOption":
                              m.word("enrollmentStatus", "voiceAuthentication", "fraudDetection")},
        may=_E, mirrors=True, more=("Enrolled", "NotEnrolled", "OptedOut", "Authenticated",
                                    "NotAuthenticated", "Inconclusive", "HighRisk", "LowRisk")),
    "Compare": Kind(parameters=lambda m: {"ComparisonValue": m.reference()}, must=_N,
                    operators=(*_TEXTUAL, *_NUMERIC), more=_VALUES, mirrors=True),
    "DistributeByPercentage": Kind(
        parameters=_nothing, must=_N, operators=("NumberLessThan",),
        more=("4", "10", "18", "101"), mirrors=True),
    "EndFlowExecution": Kind(parameters=_nothing, terminal=True),
    "GetMetricData": Kind(
        parameters=lambda m: m.queue_or_agent() | m.optional(
            QueueChannel=lambda: m.word("Voice", "Chat")), must=_E),
    "Loop": Kind(parameters=lambda m: {"LoopCount": m.number(0, 2, 100)},
                 words=("ContinueLooping", "DoneLooping"), may=_E, mirrors=True),
    "StartVoiceIdStream": Kind(parameters=_nothing, may=_E),
    "TransferToFlow": Kind(parameters=lambda m: {"ContactFlowId": m.whole()}, may=_E,
                           mirrors=True),
    "UpdateFlowAttributes": Kind(
        parameters=lambda m: {"FlowAttributes": {
            key: {"Value": value} for key, value in m.pairs().items()}}, must=_E),
    "UpdateFlowLoggingBehavior": Kind(
        parameters=lambda m: {"FlowLoggingBehavior": m.word("Enabled", "Disabled")}),
    "Wait": Kind(
        parameters=lambda m: {"TimeLimitSeconds": m.number(1, 60, 604800)} | m.optional(
            Events=lambda: m.some(("CustomerReturned", "BotParticipantDisconnected"), 2)),
        must=_E, may=("ParticipantNotFound",), words=("WaitCompleted",),
        more=("CustomerReturned", "BotParticipantDisconnected"), mirrors=True),
    "CreateCallbackContact": Kind(
        parameters=lambda m: {
            "InitialCallDelaySeconds": m.number(1, 99), "RetryDelaySeconds": m.number(1, 600),
            "MaximumConnectionAttempts": m.number(1, 3)} | m.queue_or_agent() | m.optional(
            ContactFlowId=m.whole, CallerId=lambda: {"Number": m.whole()}), must=_E),
    "InvokeLambdaFunction": Kind(parameters=_lambda, may=_E),
    "GetCustomerProfile": Kind(
        parameters=_profile, may=(ERROR, "MultipleFoundError", "NoneFoundError")),
    "CreateCustomerProfile": Kind(parameters=_profile, may=_E),
    "UpdateCustomerProfile": Kind(parameters=_profile, may=_E),
    "AssociateContactToCustomerProfile": Kind(
        parameters=lambda m: {"ProfileRequestData": {
            "ProfileId": m.whole(), "ContactId": m.one(("$.ContactId", m.reference()))}}, may=_E),
    "GetCustomerProfileObject": Kind(
        parameters=lambda m: {**_profile(m), "ProfileObjectType": m.text()},
        may=(ERROR, "NoneFoundError", "MultipleFoundError")),
    "GetCalculatedAttributesForCustomerProfile": Kind(parameters=_profile, may=_E),
    "EvaluateDataTableValues": Kind(parameters=_table, may=_E),
    "ListDataTableValues": Kind(parameters=_rows, may=_E),
    "UpsertDataTableValues": Kind(parameters=_upsert, may=_E),
}  # fmt: skip
TYPES = tuple(KINDS)


# --- what breaks a flow -------------------------------------------------------------------------

JUNK: tuple[Json, ...] = (
    None, True, 0, -1, 1.5, 10**15, "", " ", "$.", "$.Attributes.x", "nobody", "__proto__",
    "a:b", "x" * 60, "\x00", "\ud800", [], {}, [[]], {"": {"": None}}, "on", "next",
)  # fmt: skip


def broken(dice: random.Random, data: dict[str, Json]) -> dict[str, Json]:
    """The flow with some of its JSON dropped, doubled, renamed or put to something else."""
    made: dict[str, Json] = json.loads(json.dumps(data))
    for _ in range(1 + dice.randrange(3)):
        places = list(_places(made))
        if not places:
            break
        holder, key = places[dice.randrange(len(places))]
        junk = json.loads(json.dumps(JUNK[dice.randrange(len(JUNK))]))
        match dice.randrange(4):
            case 0:
                del holder[key]
            case 1:
                holder[key] = junk
            case 2 if isinstance(holder, dict):
                holder[("", "Type", "Text", "$.q")[dice.randrange(4)]] = holder.pop(key)
            case _ if isinstance(holder, list):
                holder.append(json.loads(json.dumps(holder[key])))
            case _:
                holder[key] = junk
    return made


def _places(value: Json) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(items):
        yield value, key
        if isinstance(item, (dict, list)):
            yield from _places(item)


# --- the format before --------------------------------------------------------------------------

LEGACY_TYPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "PlayPrompt": (("Text", "TextToSpeechType", "AudioPrompt"), ("Success", "Error")),
    "GetUserInput": (
        ("Text", "TextToSpeechType", "Timeout", "MaxDigits", "BotName", "BotAlias", "BotRegion"),
        ("Evaluate", "NoMatch", "Timeout", "Error"),
    ),
    "StoreUserInput": (
        (
            "Text",
            "CustomerInputType",
            "MaxDigits",
            "Timeout",
            "EncryptEntry",
            "DisableCancel",
            "TerminatorDigits",
        ),
        ("Success", "Error", "InvalidNumber"),
    ),
    "SetAttributes": (("Attribute",), ("Success", "Error")),
    "CheckAttribute": (("Attribute", "Namespace"), ("Evaluate", "NoMatch")),
    "SetQueue": (("Queue", "Agent"), ("Success", "Error")),
    "Transfer": (
        ("ContactFlowId", "PhoneNumber", "TimeLimit", "BlindTransfer"),
        ("Success", "AtCapacity", "Error", "CallFailure", "Timeout"),
    ),
    "InvokeExternalResource": (("FunctionArn", "TimeLimit", "Parameter"), ("Success", "Error")),
    "Disconnect": ((), ()),
    "Resume": ((), ()),
    "SetLoggingBehavior": (("LoggingBehavior",), ("Success",)),
    "SetVoice": (("GlobalVoice", "GlobalEngine", "SpeakingStyle"), ("Success",)),
    "SetRecordingBehavior": (
        ("RecordingBehaviorOption", "RecordingParticipantOption"),
        ("Success",),
    ),
    "SetEventHook": (("Type", "ContactFlowId"), ("Success", "Error")),
    "SetContactFlow": (("Type", "ContactFlowId"), ("Success", "Error")),
    "LoopPrompts": (("AudioPrompt", "Text", "Timeout"), ("Timeout", "Error", "Success")),
    "Loop": (("LoopCount",), ("Looping", "Complete")),
    "Wait": (("TimeoutSeconds", "InterruptOnCustomerReturn"), ("Timeout", "Success", "Error")),
    "CheckHoursOfOperation": (("Hours",), ("True", "False", "Error")),
    "CheckStaffing": (("Status", "Queue"), ("True", "False", "Error")),
    "StartMediaStreaming": (("Track",), ("Success", "Error")),
    "StopMediaStreaming": (("Track",), ("Success", "Error")),
    "CreateCallback": (("InitialDelay", "RetryDelay", "MaxRetries", "Queue"), ("Success", "Error")),
    "SetCallbackNumber": (("PhoneNumber",), ("Success", "InvalidPhoneNumber", "NonDialableNumber")),
    "UpdateRoutingPriority": (("Priority", "TimeAdjustment"), ("Success",)),
    "GetMetricData": (("Queue",), ("Success", "Error")),
    "SetContactData": (("LanguageCode", "Name"), ("Success", "Error")),
    "CheckVoiceId": (("Option",), ("Evaluate", "NoMatch", "Error")),
    "SetVoiceId": ((), ("Success", "Error")),
    "Novelty": (("X",), ("Success", "Odd")),
}
_TARGETS = (None, "Digits", "Lex", "Queue", "Flow", "PhoneNumber", "Lambda", "Voice")
_LEGACY_VALUES = ("text", "ssml", "5", "0", 3, True, "true", "Customer", "Local",
                  "Hello $.Attributes.x",
                  "External", "System", "User Defined", "CustomerQueueFlow", "", None, "Enable",
                  "arn:aws:lambda:u:1:function:f", "1", "Both", "Customer Number")  # fmt: skip


def legacy(dice: random.Random) -> dict[str, Json]:
    """A flow in the format before the language."""
    maker = Maker(dice, wild=dice.randrange(3) == 0)
    ids = [f"m{number}" for number in range(1 + dice.randrange(7))]
    return {
        "modules": [_legacy_module(maker, id_, ids) for id_ in ids],
        "version": maker.one(("1", 1)),
        "type": maker.one(("contactFlow", "customerQueue", "agentWhisper", "odd")),
        "start": maker.one(ids),
        "metadata": {"name": maker.one(("Main", "")), "entryPointPosition": {"x": 1, "y": 1}},
    }


def _legacy_module(m: Maker, id_: str, ids: Sequence[str]) -> dict[str, Json]:
    type_ = m.one(tuple(LEGACY_TYPES))
    known, conditions = LEGACY_TYPES[type_]
    parameters = []
    for name in m.some(known, 6):
        item: dict[str, Json] = {"name": name, "value": m.one(_LEGACY_VALUES)}
        if name in ("Attribute", "Parameter") or m.chance(0.1):
            item |= {"key": m.one(NAMES)}
        item |= m.optional(
            namespace=lambda: m.one((None, "User Defined", "External", "System", "Odd")),
            resourceName=lambda: "A name",
        )
        parameters.append(item)
    branches = []
    for condition in conditions:
        branch = {"condition": condition, "transition": m.one((*ids, "gone") if m.wild else ids)}
        if condition == "Evaluate":
            branch |= {
                "conditionType": m.one(("Equals", "GreaterThan", "LessThanOrEqualTo", "Contains")),
                "conditionValue": m.one(("1", "2", 3, "gold", "")),
            }
        if not m.chance(0.1):
            branches.append(branch)
    module = {
        "id": id_, "type": type_, "branches": branches, "parameters": parameters,
        "metadata": {"position": {"x": 1, "y": 2}},
    }  # fmt: skip
    return module | m.optional(target=lambda: m.one(_TARGETS))

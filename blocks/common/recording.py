"""Recording and analysis as Amazon Connect spells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowlang import expressions as ex
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.mapping import AnyOf, OneAction, Param, put
from flowlang.interchange.connect.values import Conversion, Flag, Many, Words, unsayable
from flowlang.wiring import WiredStep

_PARTICIPANTS = Many(Words({"agent": "Agent", "customer": "Customer"}))
_ANALYTICS = "AnalyticsBehavior"
_VOICE_MODES = f"{_ANALYTICS}.ChannelConfiguration.Voice.AnalyticsModes"
_REDACTION = f"{_ANALYTICS}.AnalyticsRedaction"
_ENTITIES: Mapping[str, str] = {
    "name": "NAME",
    "phone": "PHONE",
    "email": "EMAIL",
    "address": "ADDRESS",
    "age": "AGE",
    "card_number": "CREDIT_DEBIT_NUMBER",
    "card_expiry": "CREDIT_DEBIT_EXPIRY",
    "card_cvv": "CREDIT_DEBIT_CVV",
    "pin": "PIN",
    "bank_account": "BANK_ACCOUNT_NUMBER",
    "bank_routing": "BANK_ROUTING",
    "passport": "PASSPORT_NUMBER",
    "driver_id": "DRIVER_ID",
    "ssn": "SSN",
    "username": "USERNAME",
    "password": "PASSWORD",
    "url": "URL",
    "ip_address": "IP_ADDRESS",
    "mac_address": "MAC_ADDRESS",
    "vehicle_id": "VEHICLE_IDENTIFICATION_NUMBER",
    "licence_plate": "LICENSE_PLATE",
    "date_time": "DATE_TIME",
}


class _Recorded(Conversion):
    """Who is recorded; `nobody` is an empty list."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        if value == []:
            return ex.ListOf((ex.Item(ex.Name("nobody")),))
        return _PARTICIPANTS.read(value, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        items = value.items if isinstance(value, ex.ListOf) else (ex.Item(value),)
        named = tuple(item for item in items if not _says(item.value, "nobody"))
        return _PARTICIPANTS.write(ex.ListOf(named), scope, key)


class Redacted(Conversion):
    """What is removed; `all` is an empty list."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        if value == []:
            return ex.ListOf((ex.Item(ex.Name("all")),))
        return Many(Words(_ENTITIES)).read(value, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        items = value.items if isinstance(value, ex.ListOf) else (ex.Item(value),)
        if any(_says(item.value, "all") for item in items):
            return []
        return Many(Words(_ENTITIES)).write(value, scope, key)


class Modes(Conversion):
    """A word of ours for one or several of Connect's."""

    words: Mapping[str, tuple[str, ...]] = {
        "after": ("PostContact",),
        "realtime": ("RealTime",),
        "both": ("RealTime", "PostContact"),
    }

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        found = [word for word, modes in self.words.items() if value == list(modes)]
        return ex.Name(found[0]) if found else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        word = getattr(value, "root", None) or getattr(value, "value", None)
        if word not in self.words:
            raise unsayable("FL436", value, key)
        return list(self.words[str(word)])


class _Summary(Conversion):
    """Whether there is a summary; a list of moments to Connect."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        return ex.Literal(True, "boolean") if value == ["PostContact"] else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        return ["PostContact"] if isinstance(value, ex.Literal) and value.value else []


def _says(value: ex.Expression, word: str) -> bool:
    return word in (getattr(value, "root", None), getattr(value, "value", None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed(OneAction):
    """Analysis in the flow's language, unless the step names one."""

    language_at: str

    def write_parameters(
        self,
        step: WiredStep,
        scope: WriteScope,
        values: Mapping[str, ex.Expression] | None = None,
    ) -> dict[str, Any]:
        written = OneAction.write_parameters(self, step, scope, values)
        if scope.language and "language" not in step.bound.values:
            put(written, self.language_at, scope.language)
        return written


SCREENS = Many(Words({"agent": "Agent"}))


def recorded(at: str) -> tuple[Param, ...]:
    """Who is recorded, in the object `at`."""
    return (
        Param("participants", f"{at}.RecordedParticipants", _Recorded(), always=True, shown=True),
        Param("ivr", f"{at}.IVRRecordingBehavior", Flag("Enabled", "Disabled")),
    )


def analysis(at: str) -> tuple[Param, ...]:
    """What is found out, in the object `at`."""
    return (
        Param("language", f"{at}.AnalyticsLanguage"),
        Param("sentiment", f"{at}.SentimentConfiguration.Enabled", Flag()),
        Param("summary", f"{at}.SummaryConfiguration.SummaryModes", _Summary()),
    )


def redaction(at: str) -> tuple[Param, ...]:
    """What is removed from what is kept; the names of the parameters begin with `at`."""
    return (
        Param("redact", f"{at}Entities", Redacted(), absent=[]),
        Param(
            "mask",
            f"{at}MaskMode",
            Words({"kind": "EntityType", "stars": "PII"}),
            always=True,
            absent="EntityType",
        ),
        Param(
            "keep",
            f"{at}Results",
            Words({"redacted": "RedactedOnly", "both": "RedactedAndOriginal"}),
            always=True,
        ),
    )


_PLAIN = OneAction(
    action="UpdateContactRecordingBehavior",
    params=(
        *recorded("RecordingBehavior"),
        Param("screen", "RecordingBehavior.ScreenRecordedParticipants", SCREENS),
    ),
    errors={},
)
_CHAT_MODES = f"{_ANALYTICS}.ChannelConfiguration.Chat.AnalyticsModes"
_ANALYSED = Analysed(
    action=_PLAIN.action,
    params=(
        *_PLAIN.params,
        Param("analytics", _VOICE_MODES, Modes(), older=f"{_ANALYTICS}.AnalyticsMode"),
        *analysis(_ANALYTICS),
    ),
    fixed={f"{_ANALYTICS}.Enabled": "True"},
    variants={
        _CHAT_MODES: (["ContactLens"], [], None),
        f"{_REDACTION}Behavior": ("Disabled", None),
        f"{_REDACTION}Results": (None, "None", "RedactedAndOriginal", "RedactedOnly"),
    },
    errors={},
    language_at=f"{_ANALYTICS}.AnalyticsLanguage",
)
_REDACTED = replace(
    _ANALYSED,
    params=(*_ANALYSED.params, *redaction(_REDACTION)),
    fixed={f"{_ANALYTICS}.Enabled": "True", f"{_REDACTION}Behavior": "Enabled"},
    variants={_CHAT_MODES: (["ContactLens"], [], None)},
)
EVERYTHING = AnyOf(ways=(("redact", _REDACTED), ("analytics", _ANALYSED), ("", _PLAIN)))
"""The older action, which is for calls and chats at once."""

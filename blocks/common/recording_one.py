"""Recording and analysis of calls alone, chats alone, or screens: Amazon Connect's newer action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from blocks.common.recording import (
    EVERYTHING,
    SCREENS,
    Analysed,
    Modes,
    Redacted,
    analysis,
    recorded,
    redaction,
)
from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.interchange.connect.contract import Draft, Part, ReadScope, Translation, WriteScope
from flowlang.interchange.connect.document import Action
from flowlang.interchange.connect.mapping import AnyOf, OneAction, Param
from flowlang.interchange.connect.values import Conversion
from flowlang.model import Argument
from flowlang.parameters import Parameters
from flowlang.wiring import WiredStep

_ACTION = "UpdateContactRecordingAndAnalyticsBehavior"
_SAID_ELSEWHERE = frozenset({"only"})
_ERRORS = {"NoMatchingError": "error", "ChannelMismatch": "wrong_channel"}
_CALL = "VoiceBehavior.VoiceAnalyticsBehavior"
_CHAT = "ChatBehavior.ChatAnalyticsBehavior"
_LIVE = f"{_CHAT}.InFlightChatRedactionConfiguration"


class _ChatMode(Conversion):
    """A chat is analysed or not: whichever moment a step names, Connect has one word."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        return ex.Name("both") if value == ["ContactLens"] else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        return ["ContactLens"]


class _Live(Conversion):
    """What is removed before the other side reads it; what cannot be redacted is not delivered."""

    usual: Mapping[str, str] = {
        "Enabled": "True",
        "RedactionMaskMode": "EntityType",
        "DeliverUnprocessedMessages": "False",
    }

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        match value:
            case {"RedactionEntities": entities, **rest} if rest == self.usual:
                return Redacted().read(entities, scope, path)
            case _:
                return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        return {**self.usual, "RedactionEntities": Redacted().write(value, scope, key)}


def _ways(plain: OneAction, more: tuple[Param, ...], at: str, variants: Mapping[str, Any]) -> AnyOf:
    """Not analysed, analysed, or analysed and redacted; `at` is the object about analysis."""
    settings = f"{at}.ConversationalAnalyticsRedactionConfiguration"
    analysed = Analysed(
        action=_ACTION,
        params=(*plain.params, *more, *analysis(at)),
        fixed={f"{at}.Enabled": "True"},
        variants={f"{settings}.Enabled": (None, "False"), **variants},
        errors=plain.errors,
        elsewhere=_SAID_ELSEWHERE,
        language_at=f"{at}.AnalyticsLanguage",
    )
    redacted = replace(
        analysed,
        params=(*analysed.params, *redaction(f"{settings}.Redaction")),
        fixed={f"{at}.Enabled": "True", f"{settings}.Enabled": "True"},
        variants=variants,
    )
    return AnyOf(ways=(("redact", redacted), ("analytics", analysed), ("", plain)))


_CALLS = _ways(
    OneAction(
        action=_ACTION,
        params=recorded("VoiceBehavior.VoiceRecordingBehavior"),
        variants={f"{_CALL}.Enabled": (None, "False")},
        errors=_ERRORS,
        elsewhere=_SAID_ELSEWHERE,
    ),
    (Param("analytics", f"{_CALL}.AnalyticsModes", Modes()),),
    _CALL,
    {},
)
_CHATS = _ways(
    OneAction(
        action=_ACTION,
        fixed={f"{_CHAT}.Enabled": "False"},
        errors={**_ERRORS, "InFlightRedactionConfigurationFailed": "redaction_failed"},
        elsewhere=_SAID_ELSEWHERE,
    ),
    (
        Param("analytics", f"{_CHAT}.AnalyticsModes", _ChatMode()),
        Param("redact_live", _LIVE, _Live()),
    ),
    _CHAT,
    {},
)
_SCREENS = OneAction(
    action=_ACTION,
    params=(Param("screen", "ScreenRecordingBehavior.ScreenRecordedParticipants", SCREENS),),
    errors=_ERRORS,
    elsewhere=_SAID_ELSEWHERE,
)


@dataclass(frozen=True, slots=True)
class _ByKind(Translation):
    """Told apart by the word of `only`."""

    kinds: Mapping[str, Translation]

    @property
    def actions(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(dict.fromkeys(type_ for way in self.kinds.values() for type_ in way.actions))

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        for kind, way in self.kinds.items():
            draft = way.read(action, scope, block) if action.type in way.actions else None
            if draft is not None and kind:
                said = Argument(key="only", value=ex.Name(kind))
                return replace(draft, arguments=(*draft.arguments, said))
            if draft is not None:
                return draft
        return None

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        value = step.bound.values.get("only")
        kind = str(getattr(value, "root", None) or getattr(value, "value", None) or "")
        return self.kinds.get(kind, EVERYTHING).write(step, scope)


RECORDING = _ByKind({"voice": _CALLS, "chat": _CHATS, "screen": _SCREENS, "": EVERYTHING})

"""A conversation in words, a line for each thing that happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowlang.diagnostics.words import Language
from flowlang.effects import (
    AskBot,
    CallFunction,
    Enqueue,
    IdentifyVoice,
    Invite,
    Record,
    SendMessage,
    TellAgent,
)
from flowlang.values import render
from runtime import happenings as seen
from runtime.happenings import Happening

WORDS: Mapping[str, Mapping[Language, str]] = {
    "began": {"en": "{channel}, {caller}", "ko": "{channel}, {caller}"},
    "silence": {"en": "(silence, {seconds:g} s)", "ko": "(침묵 {seconds:g}초)"},
    "passed": {"en": "({seconds:g} s pass)", "ko": "({seconds:g}초가 지남)"},
    "asks_queue": {"en": "to queue {name}, priority {priority}",
                   "ko": "대기열 {name}, 우선순위 {priority}"},
    "asks_bot": {"en": "asks {name}: {text}", "ko": "{name}에게 묻기: {text}"},
    "invites": {"en": "invites by {name}", "ko": "{name}(으)로 초대"},
    "writes": {"en": "writes by {name}: {text}", "ko": "{name}(으)로 보내기: {text}"},
    "calls": {"en": "calls {name} {value}", "ko": "{name} 호출 {value}"},
    "failed": {"en": "{name} failed ({reason})", "ko": "{name} 실패({reason})"},
    "returned": {"en": "{name} answers {value}", "ko": "{name}의 답 {value}"},
    "understood": {"en": "{name} understands {intent} {value}",
                   "ko": "{name}의 이해 {intent} {value}"},
    "missed": {"en": "{name} does not understand yet", "ko": "{name}이(가) 아직 이해하지 못함"},
    "full": {"en": "{name} is full", "ko": "{name} 만석"},
    "undeliverable": {"en": "{name} could not be delivered", "ko": "{name} 전송 실패"},
    "queued": {"en": "waits in {queue}", "ko": "{queue}에서 대기"},
    "agent": {"en": "{agent} accepts", "ko": "{agent} 수락"},
    "agent_says": {"en": "agent: “{text}”", "ko": "상담사: “{text}”"},
    "whispers": {"en": "to {agent} alone: “{text}”", "ko": "{agent}에게만: “{text}”"},
    "records": {"en": "records {value}", "ko": "녹음 {value}"},
    "identifies": {"en": "compares the voice", "ko": "목소리 비교"},
    "trouble": {"en": "trouble: {text}", "ko": "문제: {text}"},
    "ended": {"en": "the conversation is over ({reason})", "ko": "대화 종료({reason})"},
    "unknown_caller": {"en": "number withheld", "ko": "발신 번호 없음"},
}  # fmt: skip


Names = Mapping[str, str]
"""What the flow calls that which has another name outside."""
NO_NAMES: Names = {}


def tell(item: Happening, language: Language, names: Names = NO_NAMES) -> list[str]:
    """What people want to hear of it; nothing of what only machines care about."""

    def say(key: str, **arguments: Any) -> list[str]:
        return [WORDS[key][language].format(**arguments).rstrip()]

    match item:
        case seen.Began(channel=channel, caller=caller):
            unknown = WORDS["unknown_caller"][language]
            return say("began", channel=channel, caller=caller or unknown)
        case seen.Said(text=text, sender="agent"):
            return say("agent_says", text=text)
        case seen.Said(text=text, choices=choices):
            buttons = "  " + " ".join(f"[{choice}]" for choice in choices) if choices else ""
            return [f"“{text}”{buttons}"]
        case seen.Heard(text=text):
            return [f"> {text}"]
        case seen.TimePassed(seconds=seconds, silent=silent):
            return say("silence" if silent else "passed", seconds=seconds)
        case seen.Called():
            return _called(item, names.get(item.name, item.name), language)
        case seen.Answered(name=name, body=body):
            return _answered(names.get(name, name), body, language)
        case seen.Left(changes=changes, outcome=outcome, decided=decided):
            changed = [
                f"{name} = {shown(after)}"
                for name, (_, after) in changes.items()
                if not isinstance(after, Mapping)
            ]
            return changed if decided is None else [*changed, _way(outcome, decided.value)]
        case seen.Queued(queue=queue):
            return say("queued", queue=names.get(queue, queue))
        case seen.AgentCame(agent=agent):
            return say("agent", agent=agent)
        case seen.Did(effect=TellAgent(what="whispered", agent=agent, text=text)):
            return say("whispers", agent=agent, text=text)
        case seen.Did(effect=Record(participants=who)):
            return say("records", value=", ".join(who))
        case seen.Did(effect=IdentifyVoice(on=True)):
            return say("identifies")
        case seen.Trouble(text=text):
            return say("trouble", text=text)
        case seen.Ended(reason=reason):
            return say("ended", reason=reason)
        case _:
            return []


def _way(outcome: str, value: Any) -> str:
    """Which way was taken, and what it was decided on where that is one value."""
    way = outcome if outcome == "otherwise" or outcome.startswith("when ") else f"on {outcome}"
    return f"→ {way}" if value is None else f"{shown(value)} → {way}"


def _called(item: seen.Called, name: str, language: Language) -> list[str]:
    more: dict[str, Any] = {"value": ""}
    match item.effect:
        case Enqueue(priority=priority):
            key, more = "asks_queue", {"priority": priority}
        case AskBot(text=text):
            key, more = "asks_bot", {"text": shown(text)}
        case Invite():
            key = "invites"
        case SendMessage(text=text):
            key, more = "writes", {"text": shown(text)}
        case CallFunction(arguments=arguments) if arguments:
            key, more = "calls", {"value": shown(arguments)}
        case _:
            key = "calls"
    return [WORDS[key][language].format(name=name, **more).rstrip()]


def _answered(name: str, body: Mapping[str, Any], language: Language) -> list[str]:
    more: dict[str, Any] = {}
    match body.get("event"):
        case "FunctionReturned":
            key, more = "returned", {"value": shown(body.get("value", {}))}
        case "BotAnswered" if body.get("intent") and not body.get("ready"):
            return []  # its question follows
        case "BotAnswered" if body.get("intent"):
            slots = body.get("slots")
            key = "understood"
            more = {"intent": body["intent"], "value": shown(slots) if slots else ""}
        case "BotAnswered":
            key = "missed"
        case "FunctionFailed" | "BotFailed":
            reason = body.get("detail") or body.get("reason") or "failed"
            key, more = "failed", {"reason": reason}
        case "QueueRefused":
            key = "full"
        case "Undeliverable":
            key = "undeliverable"
        case _:
            return []
    return [WORDS[key][language].format(name=name, **more).rstrip()]


def shown(value: Any) -> str:
    """A value as an author would write it."""
    match value:
        case None:
            return "—"
        case str():
            return f'"{value}"'
        case list() | tuple():
            return "[" + ", ".join(shown(item) for item in value) + "]"
        case Mapping():
            return "(" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + ")"
        case _:
            return render(value)

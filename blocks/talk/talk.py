"""Let a bot find out what the customer wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from blocks.common import flow_types, prompting, speech
from blocks.common.bots import Bot
from blocks.common.dialogue import Talker
from flowlang import types
from flowlang.block import SERIOUS, Block, Call, Card, Move, Outcome, Ports, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import LongSeconds, Pairs
from flowlang.parameters import (
    Anything,
    Parameters,
    Prose,
    Seconds,
    Text,
    parameter,
    resource,
)


class TalkParams(Parameters):
    bot: Annotated[str, resource("bot")] = parameter(
        title={"en": "Bot", "ko": "챗봇"},
        help={
            "en": "Declared at the top of the flow, with what customers may want from it.",
            "ko": "흐름 맨 위에 고객이 원할 수 있는 일과 함께 선언합니다.",
        },
        position=0,
    )
    text: Prose = parameter(
        title={"en": "What it says first", "ko": "먼저 건네는 말"},
        help={
            "en": "An open question works best; empty: the bot waits for the customer.",
            "ko": "열린 질문이 좋습니다. 비워 두면 고객의 말을 기다립니다.",
        },
        default="",
        position=1,
        max_length=speech.LENGTH_MAX,
    )
    ssml: Text = speech.markup()
    first: Text = parameter(
        title={"en": "Said already", "ko": "이미 들은 말"},
        help={
            "en": "Taken as the customer's first words, such as the message that began a chat.",
            "ko": "고객이 이미 한 말로 봅니다. 채팅을 시작한 메시지를 넣을 수 있습니다.",
        },
        default="",
        max_length=1024,
    )
    session: dict[str, Anything] = parameter(
        title={"en": "Tell the bot", "ko": "챗봇에 전달할 값"},
        help={
            "en": "Session attributes: what the bot should know besides the customer's words.",
            "ko": "고객의 말 외에 챗봇이 알아야 할 세션 속성입니다.",
        },
        default_factory=dict,
    )
    timeout: Seconds = parameter(
        title={"en": "Wait for an answer", "ko": "응답 대기 시간"},
        help={
            "en": "The customer is asked once more before `timeout`.",
            "ko": "한 번 더 물어본 뒤에도 답이 없으면 무응답으로 갑니다.",
        },
        default=8,
        gt=0,
        le=604_800,
    )


class Talk(Block[TalkParams]):
    """Lets a bot talk with the customer until it knows what is wanted, and goes on with that: each
    intent that the bot declares is an outcome. What the bot asked for on the way is read under
    the bot's name: `assistant.account`. So are its `intent`, how sure it is of that (`confidence`,
    0 to 1), the customer's `sentiment`, and what the bot knows of the `session`.

    A bot that does not understand asks again twice, then the outcome is `no_match`.

    ```flow
    flow example
      on error -> hang_up

    bot assistant = "FaqBot/live" (CheckBalance(account: text), SpeakToAgent)
    queue support = "Support"

    start:
      talk assistant, "What can I do for you?"
        on CheckBalance -> balance
        on SpeakToAgent, no_match -> agent

    balance:
      play "We will send you the balance of your {assistant.account} account."
      -> hang_up

    agent:
      transfer support
        on full -> hang_up
    ```
    """

    kind = "talk"
    card = Card(
        category="talk",
        icon="bot",
        title={"en": "Talk to a bot", "ko": "챗봇과 대화"},
        summary={
            "en": "A bot finds out what the customer wants.",
            "ko": "챗봇이 고객이 원하는 것을 알아냅니다.",
        },
        search=("Get customer input", "고객 입력 받기", "Amazon Lex", "Lex", "intent", "인텐트"),
    )
    Params = TalkParams
    waits = "customer"
    slot = "bot"
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (
        Outcome(name="no_match", title={"en": "not understood", "ko": "이해하지 못함"}),
        Outcome(name="timeout", title={"en": "no answer", "ko": "무응답"}, like="no_match"),
        SERIOUS,
    )

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """The intents of the bot, as words. Of a bot without any, intents are quoted."""
        bot = call.declared("bot")
        intents = tuple(
            Outcome(name=intent.name, title={"en": intent.name, "ko": intent.name})
            for intent in (bot.takes if bot else None) or ()
        )
        return Ports(words=(*intents, *cls.outcomes), values=None if intents else types.TEXT)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        """A bot that names no intents may fill any slot."""
        bot = call.declared("bot")
        if bot is None or (not bot.takes and bot.results is None):
            return {"*": types.ANY, **_ABOUT}
        slots: dict[str, types.Type] = {}
        for intent in bot.takes or ():
            slots |= _slots(call, intent.name)
        return {**_always(call), **slots, **_ABOUT}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, types.Type]:
        words = {item.name for item in cls.outcomes}
        if outcome in words:
            return {}
        bot = call.declared("bot")
        if bot is None or not bot.takes:
            return cls.results(call)
        return {**_always(call), **_slots(call, outcome), **_ABOUT}

    @staticmethod
    def start(params: TalkParams, view: View) -> Move:
        return _talker(params, view).open()

    @staticmethod
    def resume(params: TalkParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        return _talker(params, view).resume(memory, event)

    connect = OneAction(
        action="ConnectParticipantWithLexBot",
        params=(
            Param("bot", "Bot", Bot()),
            *prompting.SAID,
            Param("first", "LexInitializationData.InitialMessage"),
            Param("session", "LexSessionAttributes", Pairs()),
            Param("timeout", "LexTimeoutSeconds.Text", via=LongSeconds(at_least=60)),
        ),
        gathered={**prompting.GATHERED, "Bot": ("LexV2Bot", "LexBot")},
        values=True,
        intents=True,
        errors={
            "NoMatchingCondition": "no_match",
            "NoMatchingError": "error",
            "InputTimeLimitExceeded": "timeout",
        },
        next="",
        mirrors="no_match",
        results={
            "intent": "Lex.IntentName",
            "sentiment": "Lex.SentimentResponse.Label",
            "confidence": "Lex.IntentConfidence.Score",
            "session": "Lex.SessionAttributes",
            "*": "Lex.Slots",
        },
    )


_ABOUT: Mapping[str, types.Type] = {
    "intent": types.TEXT,
    "sentiment": replace(types.TEXT, optional=True),
    "confidence": types.NUMBER,
    "session": types.JSON,
}


def _talker(params: TalkParams, view: View) -> Talker:
    return Talker(
        view=view,
        bot=params.bot,
        opening=params.text,
        timeout_s=params.timeout,
        ssml=params.ssml,
        first=params.first,
        attributes=params.session,
    )


def _always(call: Call) -> Mapping[str, types.Type]:
    """The slots that any intent may fill: `bot faq = "Faq" (Ask, Buy) -> (size: text)`."""
    bot = call.declared("bot")
    return {item.name: item.type or types.ANY for item in (bot.results if bot else None) or ()}


def _slots(call: Call, intent: str) -> Mapping[str, types.Type]:
    bot = call.declared("bot")
    for item in (bot.takes if bot else None) or ():
        if item.name == intent:
            return {slot.name: slot.type or types.TEXT for slot in item.fields or ()}
    return {}

"""Take down what the customer keys in or writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from blocks.common import answers, entries, flow_types, phones, retrying, speech
from blocks.common.entering import ENTRY
from blocks.common.entries import KEYS_MAX
from flowlang import expressions as ex
from flowlang import types
from flowlang.block import (
    SERIOUS,
    SUCCESS,
    Block,
    Call,
    Card,
    Leave,
    Move,
    Outcome,
    Ports,
    Stay,
    View,
    Wait,
)
from flowlang.events import Event, Heard
from flowlang.parameters import Parameters, Prose, Seconds, Text, parameter

TYPED = "typed"
"""In the memory: the keys that count so far."""


class CollectParams(Parameters):
    text: Prose = speech.spoken(
        {
            "en": "Say what to key in, and which key ends it.",
            "ko": "무엇을 누르고 어떤 키로 마치는지 안내합니다.",
        }
    )
    ssml: Text = speech.markup()
    digits: int = parameter(
        title={"en": "Digits at most", "ko": "최대 자릿수"},
        help={
            "en": "0 takes whatever comes: up to 20 keys on a call, any text in a chat.",
            "ko": "0이면 통화에서는 20자리까지, 채팅에서는 어떤 글이든 받습니다.",
        },
        default=0,
        ge=0,
        le=KEYS_MAX,
    )
    end_with: Text = parameter(
        title={"en": "Key that ends the entry", "ko": "입력을 마치는 키"},
        help={
            "en": "Callers press it when they are done; empty: only a pause ends the entry.",
            "ko": "입력이 끝나면 누르는 키입니다. 비워 두면 잠시 멈출 때 끝납니다.",
        },
        default="#",
        max_length=5,
        pattern=r"^[0-9*#]*$",
    )
    timeout: Seconds = parameter(
        title={"en": "Wait for the first key", "ko": "첫 입력 대기 시간"},
        help={
            "en": "How long a caller may stay silent. Whoever writes has at least five minutes.",
            "ko": "통화에서 첫 입력을 기다리는 시간입니다. 채팅에서는 최소 5분을 기다립니다.",
        },
        default=5,
        gt=0,
        le=180,
    )
    between_digits: Seconds = parameter(
        title={"en": "Pause between keys", "ko": "키 사이 대기 시간"},
        help={
            "en": "A longer pause ends the entry.",
            "ko": "이보다 오래 멈추면 입력이 끝난 것으로 봅니다.",
        },
        default=5,
        gt=0,
        le=20,
    )
    retries: int = retrying.retries()
    if_silent: Text = parameter(
        title={"en": "Without an answer", "ko": "답이 없으면"},
        help={
            "en": 'The value then, and the flow goes on; left out: `no_input`. It is "Timeout" on '
            "Amazon Connect.",
            "ko": "답이 없을 때 이 값으로 이어 갑니다. 비워 두면 무응답으로 갑니다. Amazon "
            "Connect에서는 Timeout입니다.",
        },
        default="",
        max_length=200,
    )
    sensitive: bool = parameter(
        title={"en": "Sensitive", "ko": "민감 정보"},
        help={
            "en": "Masked in logs, histories and transcripts; never spoken by accident.",
            "ko": "로그와 이력, 대화 기록에서 가려집니다.",
        },
        default=False,
    )
    cancel_with_star: bool = parameter(
        title={"en": "* begins anew", "ko": "*로 다시 입력"},
        help={
            "en": "On a call * takes back what was keyed in so far.",
            "ko": "통화에서 *를 누르면 지금까지 누른 것을 지웁니다.",
        },
        default=True,
    )
    phone: Annotated[Text, AfterValidator(phones.known_country)] = parameter(
        title={"en": "A phone number of", "ko": "전화번호를 받을 국가"},
        help={
            "en": 'Two letters, such as "KR", or "international" for a number with its country '
            "code. The value then is a full number like +8210….",
            "ko": '"KR"처럼 두 글자로 적거나, 국가 번호까지 받으려면 "international"이라고 '
            "적습니다. 값은 +8210…처럼 국가 번호까지 갖춥니다.",
        },
        default="",
    )
    expect: Literal["anything", "number", "date"] = parameter(
        title={"en": "Expect", "ko": "받을 값"},
        help={
            "en": "What is no number, or no date such as 20261120, is `invalid`. Not on Amazon "
            "Connect.",
            "ko": "숫자나 20261120 같은 날짜가 아니면 ‘잘못된 입력’으로 갑니다. Amazon Connect에는 "
            "없습니다.",
        },
        default="anything",
    )
    pattern: Annotated[Text, AfterValidator(entries.known_pattern)] = parameter(
        title={"en": "Pattern", "ko": "형식"},
        help={
            "en": "The form of a good answer: 9 stands for a digit, A for a letter, * for any "
            "character, ? behind it for perhaps. Not on Amazon Connect.",
            "ko": "올바른 답의 형식입니다. 9는 숫자, A는 글자, *는 아무 글자, 뒤의 ?는 없어도 됨을 "
            "뜻합니다. Amazon Connect에는 없습니다.",
        },
        default="",
        max_length=100,
    )
    encrypt: Text = parameter(
        title={"en": "Encrypt with", "ko": "암호화 키"},
        help={
            "en": "The id of a key; the value then is encrypted. Only on Amazon Connect: here the "
            "step takes `error` and asks nothing.",
            "ko": "키의 ID입니다. 값을 암호화합니다. Amazon Connect에서만 되고, 여기서는 묻지 "
            "않고 오류로 갑니다.",
        },
        default="",
        max_length=200,
    )
    certificate: Text = parameter(
        title={"en": "Certificate of the key", "ko": "암호화 인증서"},
        help={
            "en": "The public part of that key, in PEM.",
            "ko": "그 키의 공개 인증서를 PEM으로 적습니다.",
        },
        default="",
        max_length=4000,
    )


class Collect(Block[CollectParams]):
    """Takes down a number or a text: keys on a call, a message in a chat. Read it under the
    step's name: `card = collect …`, then `card.value`. To choose among a few answers, use `ask`.

    Callers end their entry with the key of `end_with` or by a pause. With `phone`, a number of
    that country is completed with its country code, and anything else is `invalid`.

    ```flow
    flow example
      on error -> hang_up

    start:
      order = collect "Please key in your order number and press the hash key."
        digits: 8
        timeout: 10s
        on no_input, invalid -> hang_up
      play "We are looking for order {order.value}."
      -> hang_up
    ```
    """

    kind = "collect"
    card = Card(
        category="talk",
        icon="pen",
        title={"en": "Take down a number", "ko": "번호 입력 받기"},
        summary={
            "en": "Takes down what the customer keys in or writes.",
            "ko": "고객이 누르거나 쓴 내용을 받아 둡니다.",
        },
        search=("Store customer input", "고객 입력 저장", "DTMF", "PIN", "card", "카드 번호"),
    )
    Params = CollectParams
    waits = "customer"
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (
        SUCCESS,
        Outcome(name="no_input", title={"en": "no answer", "ko": "무응답"}),
        Outcome(
            name="invalid",
            title={"en": "something else", "ko": "잘못된 입력"},
            like="no_input",
        ),
        SERIOUS,
    )

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """Silence is no outcome where it has a value."""
        if "if_silent" not in call.arguments:
            return Ports(words=cls.outcomes)
        invalid = replace(cls.outcomes[2], like="error")
        return Ports(words=(SUCCESS, SERIOUS, invalid))

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        expected = getattr(call.arguments.get("expect"), "root", "")
        kind = _TYPES.get(expected, types.PHONE if "phone" in call.arguments else types.TEXT)
        match call.arguments.get("sensitive"):
            case ex.Literal(value=True):
                return {"value": replace(kind, sensitive=True)}
            case _:
                return {"value": kind}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, types.Type]:
        return cls.results(call) if outcome == "next" else {}

    @staticmethod
    def start(params: CollectParams, view: View) -> Move:
        if params.encrypt:
            return Leave(outcome="error")
        return _question(params, view, {})

    @staticmethod
    def resume(params: CollectParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        memory = dict(memory)
        typed = str(memory.pop(TYPED, ""))
        if not isinstance(event, Heard) and not answers.is_silence(event):
            return Stay()
        answer = event.text.strip() if isinstance(event, Heard) else typed
        if isinstance(event, Heard) and event.by == "digits":
            answer = entries.keyed(typed + answer, params.end_with, params.cancel_with_star)
            if _is_cut_short(params, event.text, answer):
                return _rest(params, view, {**memory, TYPED: answer}, answer)
        if not answer:
            return _again(params, view, memory, "no_input")
        value = entries.accepted(
            answer,
            phone=params.phone,
            digits_max=params.digits,
            pattern=params.pattern,
            expect=params.expect,
        )
        if value is None:
            return _again(params, view, memory, "invalid")
        return Leave(results={"value": value})

    connect = retrying.Retrying(ENTRY, ("no_input", "invalid"))


def _question(params: CollectParams, view: View, memory: Mapping[str, Any]) -> Wait:
    return Wait(
        effects=answers.prompt(
            view,
            params.text,
            ssml=params.ssml,
            digits_max=params.digits or KEYS_MAX,
            ends_with=params.end_with,
            timeout_s=params.timeout,
            between_digits_s=params.between_digits,
            sensitive=params.sensitive,
        ),
        timers=answers.silence_timer(view, params.timeout),
        memory=memory,
    )


def _is_cut_short(params: CollectParams, keys: str, answer: str) -> bool:
    """Whether the customer took keys back and was stopped by their number, not by the end key."""
    took_back = params.cancel_with_star and "*" in keys and "*" not in params.end_with
    stopped = len(keys) >= (params.digits or KEYS_MAX) and not keys.endswith(params.end_with)
    return took_back and stopped and not params.sensitive


def _rest(params: CollectParams, view: View, memory: Mapping[str, Any], typed: str) -> Wait:
    """The keys that are still to come."""
    return Wait(
        effects=answers.prompt(
            view,
            "",
            digits_max=(params.digits or KEYS_MAX) - len(typed),
            ends_with=params.end_with,
            timeout_s=params.between_digits,
            between_digits_s=params.between_digits,
        ),
        timers=answers.silence_timer(view, params.between_digits),
        memory=memory,
    )


def _again(params: CollectParams, view: View, memory: Mapping[str, Any], outcome: str) -> Move:
    tries = retrying.again(memory, outcome, params.retries)
    if tries is not None:
        return _question(params, view, tries)
    if outcome == "no_input" and params.if_silent:
        return Leave(results={"value": params.if_silent})
    return Leave(outcome=outcome)


_TYPES = {"number": types.NUMBER, "date": types.DATE}

"""Take down what the customer keys in or writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator

from blocks.common import answers, flow_types, phones, prompting, speech
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
    Stay,
    View,
    Wait,
)
from flowlang.events import Event, Heard
from flowlang.interchange.connect.mapping import AnyOf, InARow, OneAction, Param, Stage
from flowlang.interchange.connect.values import NumberOr
from flowlang.parameters import Parameters, Prose, Seconds, Text, parameter

KEYS_MAX = 20


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
    sensitive: bool = parameter(
        title={"en": "Sensitive", "ko": "민감 정보"},
        help={
            "en": "Masked in logs, histories and transcripts; never spoken by accident.",
            "ko": "로그와 이력, 대화 기록에서 가려집니다.",
        },
        default=False,
    )
    phone: Annotated[Text, AfterValidator(phones.known_country)] = parameter(
        title={"en": "A phone number of", "ko": "전화번호를 받을 국가"},
        help={
            "en": 'Two letters, such as "KR". The value then is a full number like +8210….',
            "ko": '"KR"처럼 두 글자로 적습니다. 값은 +8210…처럼 국가 번호까지 갖춥니다.',
        },
        default="",
    )


_DIGITS = OneAction(
    action="GetParticipantInput",
    params=(
        Param(
            "digits",
            "InputValidation.CustomValidation.MaximumLength",
            via=NumberOr(zero=str(KEYS_MAX)),
            always=True,
        ),
    ),
)
_PHONE = OneAction(
    action="GetParticipantInput",
    params=(Param("phone", "InputValidation.PhoneNumberValidation.CountryCode"),),
    fixed={"InputValidation.PhoneNumberValidation.NumberFormat": "Local"},
    errors={"NoMatchingError": "error", "InvalidPhoneNumber": "invalid"},
)
_SILENCE = Stage(
    says=OneAction(
        action="Compare",
        fixed={"ComparisonValue": "$.StoredCustomerInput"},
        words={"Timeout": "no_input"},
        errors={"NoMatchingCondition": "next"},
        next="",
        mirrors="next",
    ),
    unless_same=("no_input", "next"),
)


def _entry(form: OneAction) -> Stage:
    """The entry itself, in one of its two forms."""
    return Stage(
        says=replace(
            form,
            params=(
                *prompting.SAID,
                Param("timeout", "InputTimeLimitSeconds", always=True),
                Param("end_with", "DTMFConfiguration.InputTerminationSequence"),
                Param("between_digits", "DTMFConfiguration.InterdigitTimeLimitSeconds"),
                *form.params,
            ),
            gathered=prompting.GATHERED,
            fixed={"StoreInput": "True", **form.fixed},
            variants={"DTMFConfiguration.DisableCancelKey": (None, "False")},
            results={"value": "StoredCustomerInput"},
        )
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
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        kind = types.PHONE if "phone" in call.arguments else types.TEXT
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
        )

    @staticmethod
    def resume(params: CollectParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if answers.is_silence(event):
            return Leave(outcome="no_input")
        if not isinstance(event, Heard):
            return Stay()
        answer = event.text.strip()
        if event.by == "digits" and params.end_with:
            answer = answer.removesuffix(params.end_with)
        if not answer:
            return Leave(outcome="no_input")
        value = _accepted(params, answer)
        return Leave(outcome="invalid") if value is None else Leave(results={"value": value})

    connect = AnyOf(
        ways=(
            ("phone", InARow(stages=(_entry(_PHONE), _SILENCE))),
            ("", InARow(stages=(_entry(_DIGITS), _SILENCE))),
        )
    )


def _accepted(params: CollectParams, answer: str) -> str | None:
    """The value of an answer, or None if it is not what was asked for."""
    if params.phone:
        return phones.complete(answer, params.phone)
    if not params.digits:
        return answer
    digits = re.sub(r"[\s.-]", "", answer)
    fits = len(digits) <= params.digits and re.fullmatch(r"[0-9*#]+", digits)
    return digits if fits else None

"""Note where to call the customer back."""

from __future__ import annotations

import re

from blocks.common import flow_types
from flowlang.block import SUCCESS, Block, Card, Leave, Move, Outcome, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Reference
from flowlang.parameters import Parameters, Phone, parameter

_DIALLED = re.compile(r"\+[1-9][0-9]{6,14}")


class SetCallbackNumberParams(Parameters):
    number: Phone = parameter(
        title={"en": "Number", "ko": "전화번호"},
        help={
            "en": "With its country code, such as the value of a `collect` step with `phone`.",
            "ko": "국가 번호까지 있는 번호입니다. `phone`으로 받은 collect의 값을 쓸 수 있습니다.",
        },
        position=0,
    )


class SetCallbackNumber(Block[SetCallbackNumberParams]):
    """Notes the number at which the customer wants to be called back; a `callback` step calls
    there. What is no number of any country is `invalid`; a number that your telephony may not
    call is `not_dialable`.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      wanted = collect "At which number can we reach you?", phone: "KR"
        on no_input, invalid -> hang_up
      set_callback_number wanted.value
        on invalid -> hang_up
      callback billing
      -> hang_up
    ```
    """

    kind = "set_callback_number"
    card = Card(
        category="transfer",
        icon="pen",
        title={"en": "Number to call back", "ko": "콜백 번호 정하기"},
        summary={
            "en": "Notes where the customer can be called.",
            "ko": "고객에게 전화할 번호를 적어 둡니다.",
        },
        search=("Set callback number", "콜백 번호 설정", "phone", "전화번호"),
    )
    Params = SetCallbackNumberParams
    channels = ("voice",)
    elsewhere = "invalid"
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (
        SUCCESS,
        Outcome(name="invalid", title={"en": "no such number", "ko": "잘못된 번호"}),
        Outcome(
            name="not_dialable",
            title={"en": "cannot be called", "ko": "걸 수 없는 번호"},
            like="invalid",
        ),
    )

    @staticmethod
    def start(params: SetCallbackNumberParams, view: View) -> Move:
        number = re.sub(r"[\s().-]", "", params.number)
        if not _DIALLED.fullmatch(number):
            return Leave(outcome="invalid")
        return Leave(settings={"callback_number": number})

    connect = OneAction(
        action="UpdateContactCallbackNumber",
        params=(Param("number", "CallbackNumber", Reference()),),
        errors={"InvalidCallbackNumber": "invalid", "CallbackNumberNotDialable": "not_dialable"},
    )

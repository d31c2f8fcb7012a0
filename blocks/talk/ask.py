"""Ask a question and go where the answer leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import answers, prompting, retrying, speech
from flowlang import types
from flowlang.block import SERIOUS, Block, Call, Card, Leave, Move, Outcome, Ports, Stay, View, Wait
from flowlang.events import Event, Heard
from flowlang.interchange.connect.mapping import AnyOf, InARow, OneAction, Param, Stage
from flowlang.parameters import Parameters, Prose, Seconds, Text, parameter


class AskParams(Parameters):
    text: Prose = speech.spoken(
        {
            "en": "Name each choice and its key. Values stand in {braces}.",
            "ko": "선택지와 누를 번호를 함께 안내합니다. 값은 {중괄호}로 넣습니다.",
        }
    )
    ssml: Text = speech.markup()
    digits: int = parameter(
        title={"en": "Digits", "ko": "자릿수"},
        help={
            "en": "How many keys make one answer on a call.",
            "ko": "통화에서 한 번에 받을 숫자의 개수입니다.",
        },
        default=1,
        ge=1,
        le=20,
    )
    timeout: Seconds = parameter(
        title={"en": "Wait for an answer", "ko": "응답 대기 시간"},
        help={
            "en": "How long a caller may stay silent. Whoever writes has at least five minutes.",
            "ko": "통화에서 응답을 기다리는 시간입니다. 채팅에서는 최소 5분을 기다립니다.",
        },
        default=5,
        gt=0,
        le=180,
    )
    retries: int = retrying.retries()


_PROMPT = (
    *prompting.SAID,
    Param("timeout", "InputTimeLimitSeconds", always=True),
)


_SECONDS = tuple(str(seconds) for seconds in range(1, 21))
"""How long Amazon Connect may wait between two keys."""
_ONCE = AnyOf(
    ways=(
        (
            "digits",
            InARow(
                stages=(
                    Stage(
                        says=OneAction(
                            action="GetParticipantInput",
                            params=(
                                *_PROMPT,
                                Param("digits", "InputValidation.CustomValidation.MaximumLength"),
                            ),
                            gathered=prompting.GATHERED,
                            fixed={"StoreInput": "True"},
                        )
                    ),
                    Stage(
                        says=OneAction(
                            action="Compare",
                            fixed={"ComparisonValue": "$.StoredCustomerInput"},
                            words={"Timeout": "timeout"},
                            values=True,
                            has_values=True,
                            errors={"NoMatchingCondition": "no_match"},
                            next="",
                            mirrors="no_match",
                            results={"value": "StoredCustomerInput"},
                        )
                    ),
                )
            ),
        ),
        (
            "",
            OneAction(
                action="GetParticipantInput",
                params=_PROMPT,
                gathered=prompting.GATHERED,
                variants={
                    "StoreInput": ("False", None),
                    "DTMFConfiguration.DisableCancelKey": (None, "False"),
                    # One key needs no end, and nobody waits for a second.
                    "DTMFConfiguration.InputTerminationSequence": (None, "#"),
                    "DTMFConfiguration.InterdigitTimeLimitSeconds": (None, *_SECONDS),
                },
                values=True,
                keys=True,
                errors={
                    "NoMatchingCondition": "no_match",
                    "NoMatchingError": "error",
                    "InputTimeLimitExceeded": "timeout",
                },
                next="",
                mirrors="no_match",
            ),
        ),
    )
)


class Ask(Block[AskParams]):
    """Asks a question and goes on with the answer: a key on a call, a button or a written reply
    in a chat. Every answer that the flow knows has an outcome line of its own.

    ```flow
    flow example
      on error -> hang_up

    menu:
      ask "For billing press 1, for support press 2.", timeout: 5s
        on "1" -> billing
        on "2" -> support
        on timeout, no_match -> hang_up

    billing:
      play "Billing is open from nine to six."
      -> hang_up

    support:
      play "Please switch it off and on again."
      -> hang_up
    ```
    """

    kind = "ask"
    card = Card(
        category="talk",
        icon="ask",
        title={"en": "Ask with keys", "ko": "번호로 묻기"},
        summary={
            "en": "Asks a question and goes where the answer leads.",
            "ko": "질문하고 대답에 따라 이동합니다.",
        },
        search=("Get customer input", "고객 입력 받기", "menu", "메뉴", "DTMF", "IVR"),
    )
    Params = AskParams
    waits = "customer"
    outcomes = (
        Outcome(name="timeout", title={"en": "no answer", "ko": "무응답"}),
        Outcome(
            name="no_match", title={"en": "another answer", "ko": "다른 응답"}, like="otherwise"
        ),
        SERIOUS,
    )

    @classmethod
    def ports(cls, call: Call) -> Ports:
        return Ports(words=cls.outcomes, values=types.TEXT)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        return {"value": types.TEXT}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, types.Type]:
        return {} if outcome in ("timeout", "error") else cls.results(call)

    @staticmethod
    def start(params: AskParams, view: View) -> Move:
        return _question(params, view, {})

    @staticmethod
    def resume(params: AskParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if isinstance(event, Heard):
            answer = event.text.strip()
            known = answer in view.choices
            tries = None if known else retrying.again(memory, "no_match", params.retries)
            if tries is not None:
                return _question(params, view, tries)
            return Leave(outcome="no_match", value=answer, results={"value": answer})
        if answers.is_silence(event):
            tries = retrying.again(memory, "timeout", params.retries)
            return Leave(outcome="timeout") if tries is None else _question(params, view, tries)
        return Stay()

    connect = retrying.Retrying(_ONCE, ("no_match", "timeout"))


def _question(params: AskParams, view: View, memory: Mapping[str, Any]) -> Wait:
    return Wait(
        effects=answers.prompt(
            view,
            params.text,
            ssml=params.ssml,
            choices=view.choices,
            digits_max=params.digits,
            timeout_s=params.timeout,
        ),
        timers=answers.silence_timer(view, params.timeout),
        memory=memory,
    )

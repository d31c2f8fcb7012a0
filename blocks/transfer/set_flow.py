"""Say which flows accompany the customer from here on."""

from __future__ import annotations

from typing import Annotated

from flowlang.block import HARMLESS, SUCCESS, Block, Call, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import AnyOf, InARow, OneAction, Param, Stage
from flowlang.parameters import Parameters, Wording, parameter, resource

Flow = Annotated[str, resource("flow")]
HOOKS = {
    "customer_queue": "CustomerQueue",
    "customer_whisper": "CustomerWhisper",
    "agent_whisper": "AgentWhisper",
    "outbound_whisper": "OutboundWhisper",
    "customer_hold": "CustomerHold",
    "agent_hold": "AgentHold",
    "disconnect": "CustomerRemaining",
}
"""Our words, and what Amazon Connect calls the moments."""


def _moment(title: Wording, help: Wording, position: int | None = None) -> Flow | None:
    field: Flow | None = parameter(title=title, help=help, default=None, position=position)
    return field


class SetFlowParams(Parameters):
    customer_queue: Flow | None = _moment(
        {"en": "In the queue", "ko": "대기 중"},
        {
            "en": "Runs while the customer waits for an agent.",
            "ko": "고객이 상담사를 기다리는 동안 실행합니다.",
        },
    )
    customer_whisper: Flow | None = _moment(
        {"en": "Before the customer", "ko": "고객 귓속말"},
        {
            "en": "Tells the customer something before the agent is heard.",
            "ko": "상담사와 이어지기 전에 고객에게만 들려줍니다.",
        },
    )
    agent_whisper: Flow | None = _moment(
        {"en": "Before the agent", "ko": "상담사 귓속말"},
        {
            "en": "Tells the agent something before the customer is heard.",
            "ko": "고객과 이어지기 전에 상담사에게만 알립니다.",
        },
    )
    outbound_whisper: Flow | None = _moment(
        {"en": "Called by an agent", "ko": "발신 귓속말"},
        {
            "en": "Tells a customer whom an agent calls something before they talk.",
            "ko": "상담사가 건 전화에서 대화 전에 고객에게 들려줍니다.",
        },
    )
    customer_hold: Flow | None = _moment(
        {"en": "Customer on hold", "ko": "고객 보류"},
        {
            "en": "Runs for the customer while the agent has put them on hold.",
            "ko": "상담사가 통화를 보류한 동안 고객에게 실행합니다.",
        },
    )
    agent_hold: Flow | None = _moment(
        {"en": "Agent on hold", "ko": "상담사 보류"},
        {
            "en": "Runs for the agent while they are on hold.",
            "ko": "상담사가 보류된 동안 상담사에게 실행합니다.",
        },
    )
    disconnect: Flow | None = _moment(
        {"en": "After the agent", "ko": "상담 종료 후"},
        {
            "en": "Runs when the agent has left and the customer is still there.",
            "ko": "상담사가 나가고 고객이 남아 있으면 실행합니다.",
        },
    )


def _hook(key: str) -> OneAction:
    return OneAction(
        action="UpdateContactEventHooks",
        params=(Param(key, f"EventHooks.{HOOKS[key]}"),),
        variants={f"EventHooksConfiguration.{HOOKS[key]}.DisableExecution": (None, "false")},
    )


class SetFlow(Block[SetFlowParams]):
    """Says which flow runs at which later moment: while the customer waits, just before they and
    the agent hear each other, while they are on hold, after the agent has left. It is for this
    contact, until another step says otherwise; a moment without a flow passes in silence.

    A flow for the queue goes on until an agent joins, one for a customer on hold until the agent
    is back. Agents at the desk are never on hold: that flow runs on Amazon Connect alone. Where
    there is no such flow, nothing is set and the outcome is `error`; unless that has an outcome
    line, this flow goes on.

    ```flow
    flow example
      on error -> hang_up

    flow music = "music.flow"
    flow survey = "survey.flow"
    queue billing = "Billing"

    start:
      play "We connect you."
      set_flow customer_queue: music, disconnect: survey
      transfer billing
        on full -> hang_up
    ```
    """

    kind = "set_flow"
    card = Card(
        category="transfer",
        icon="split",
        title={"en": "Set a flow", "ko": "흐름 정하기"},
        summary={
            "en": "Says which flow runs while the customer waits, or after.",
            "ko": "대기 중이나 상담 뒤에 실행할 흐름을 정합니다.",
        },
        search=(
            "Set event flow",
            "이벤트 흐름 설정",
            "Set customer queue flow",
            "고객 대기열 흐름 설정",
            "Set whisper flow",
            "Set hold flow",
            "Set disconnect flow",
        ),
    )
    Params = SetFlowParams
    outcomes = (SUCCESS, HARMLESS)

    @classmethod
    def needs(cls, call: Call) -> tuple[str, ...]:
        return () if call.arguments else (next(iter(HOOKS)),)

    @staticmethod
    def start(params: SetFlowParams, view: View) -> Move:
        chosen = {key: view.flow(name) for key, name in params if name}
        if not all(chosen.values()):
            return Leave(outcome="error")
        return Leave(settings={"hooks": {**(view.settings.get("hooks") or {}), **chosen}})

    connect = AnyOf(
        ways=(
            ("", InARow(stages=tuple(Stage(says=_hook(key), only_with=key) for key in HOOKS))),
            *((key, _hook(key)) for key in HOOKS),
        )
    )

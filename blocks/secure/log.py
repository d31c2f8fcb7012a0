"""Write down what happens, or stop to."""

from __future__ import annotations

from typing import Literal

from flowlang.block import SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Words
from flowlang.parameters import Parameters, parameter


class LogParams(Parameters):
    state: Literal["on", "off"] = parameter(
        title={"en": "Log", "ko": "기록"},
        help={
            "en": "`on` from here on, or `off` until the next such step.",
            "ko": "켜면 여기서부터 기록하고, 끄면 다음 기록 단계까지 멈춥니다.",
        },
        default="on",
        position=0,
    )


class Log(Block[LogParams]):
    """Says whether the steps from here on are written to the log of the contact. Switch it off in
    front of steps that handle what nobody should read later, and on again behind them; values
    that are declared `sensitive` are masked there in any case.

    ```flow
    flow example

    start:
      log on
      play "Thank you for calling."
      -> hang_up
    ```
    """

    kind = "log"
    card = Card(
        category="secure",
        icon="book",
        title={"en": "Log steps", "ko": "흐름 로그 기록"},
        summary={
            "en": "Switches the log of the steps on or off.",
            "ko": "단계의 로그 기록을 켜거나 끕니다.",
        },
        search=("Set logging behavior", "로깅 동작 설정", "log", "로그", "CloudWatch"),
    )
    Params = LogParams
    outcomes = (SUCCESS,)

    @staticmethod
    def start(params: LogParams, view: View) -> Move:
        return Leave(settings={"logging": params.state == "on"})

    connect = OneAction(
        action="UpdateFlowLoggingBehavior",
        params=(
            Param(
                "state",
                "FlowLoggingBehavior",
                Words({"on": "Enabled", "off": "Disabled"}),
                always=True,
                shown=True,
            ),
        ),
        errors={},
    )

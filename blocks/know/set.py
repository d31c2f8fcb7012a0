"""Remember values."""

from __future__ import annotations

from flowlang.block import HARMLESS, SUCCESS, Block, Call, Card, Leave, Move, View
from flowlang.interchange.connect.setting import Setting
from flowlang.parameters import Anything, Parameters, parameter


class SetParams(Parameters):
    values: dict[str, Anything] = parameter(
        title={"en": "Values", "ko": "값"},
        help={
            "en": "Names of attributes or variables, each with its new value.",
            "ko": "속성이나 변수의 이름과 새 값을 적습니다.",
        },
        free=True,
        min_length=1,
    )


class Set(Block[SetParams]):
    """Gives attributes and variables of the flow new values. All of them are worked out first, so
    one line cannot see what another sets. Attributes stay with the contact wherever it goes.

    What does not fit any more (a contact carries 32 KB) is not set at all, and the outcome is
    `error`; unless that has an outcome line, the flow goes on.

    ```flow
    flow example
      on error -> hang_up

    attribute tier: "gold" | "standard" = "standard"
    variable visits: integer = 0

    start:
      set tier: "gold", visits: visits + 1
      play "Visit {visits} as a {tier} customer."
      -> hang_up
    ```
    """

    kind = "set"
    card = Card(
        category="know",
        icon="set",
        title={"en": "Set a value", "ko": "값 정하기"},
        summary={
            "en": "Remembers values for later.",
            "ko": "나중에 쓸 값을 기억합니다.",
        },
        search=("Set contact attributes", "고객 응대 속성 설정", "attribute", "속성", "variable"),
    )
    Params = SetParams
    outcomes = (SUCCESS, HARMLESS)

    @classmethod
    def assigns(cls, call: Call) -> tuple[str, ...]:
        return tuple(item.key for item in call.step.arguments if item.key)

    @staticmethod
    def start(params: SetParams, view: View) -> Move:
        return Leave(assign=params.values)

    connect = Setting()

"""Say what an agent must know to take a customer."""

from __future__ import annotations

from blocks.common import flow_types
from blocks.common.routing import ROUTING, RoutingStep
from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.parameters import Parameters, parameter


class SetRoutingParams(Parameters):
    steps: tuple[RoutingStep, ...] = parameter(
        title={"en": "Steps", "ko": "단계"},
        help={
            "en": "Who may take the customer, the strictest first; each step holds `for` a time.",
            "ko": "고객을 맡을 수 있는 상담사를 까다로운 조건부터 적습니다. for 동안 유지됩니다.",
        },
        min_length=1,
        max_length=10,
    )


class SetRouting(Block[SetRoutingParams]):
    """Says which agents of a queue may take the customer, by what they know and how well, or by
    name; each step is tried for a time before the next, easier one. What an agent knows, and how
    well from 1 to 5, stands in the project: `skills.language.Korean = 4`.

    ```flow
    flow example
      on error -> hang_up

    queue support = "Support"

    start:
      set_routing
        steps:
          - all:
              - (skill: "language", value: "Korean", level: 4)
              - (skill: "product", value: "cards", level: 3)
            for: 1min
          - skill: "language"
            value: "Korean"
            level: 2
      play "We look for somebody who knows about cards."
      transfer support
        on full -> hang_up
    ```
    """

    kind = "set_routing"
    card = Card(
        category="transfer",
        icon="branch",
        title={"en": "Choose by skills", "ko": "숙련도로 배정"},
        summary={
            "en": "Says what an agent must know for this customer.",
            "ko": "이 고객을 맡을 상담사의 조건을 정합니다.",
        },
        search=("Set routing criteria", "라우팅 기준 설정", "skills", "proficiency", "숙련도"),
    )
    Params = SetRoutingParams
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: SetRoutingParams, view: View) -> Move:
        return Leave(settings={"routing": [step.as_data() for step in params.steps]})

    connect = ROUTING

"""Choose a way by what is known."""

from __future__ import annotations

from flowlang import types
from flowlang.block import Block, Call, Card, Leave, Move, Ports, View
from flowlang.interchange.connect.conditions import Comparing
from flowlang.parameters import Anything, Parameters, parameter


class BranchParams(Parameters):
    value: Anything = parameter(
        title={"en": "What to look at", "ko": "확인할 값"},
        help={
            "en": "Its outcome lines are its values; leave it empty to give conditions (`when`).",
            "ko": "결과마다 값을 적습니다. 비워 두면 when 조건을 씁니다.",
        },
        default=None,
        position=0,
    )


class Branch(Block[BranchParams]):
    """Looks at a value and takes the first outcome line that fits it: a value (`"gold"`), a
    comparison (`> 100`), or a condition of its own (`when balance > 100 and tier == "gold"`).
    `otherwise` takes the rest; it may be left out only where every possible value has a line.

    ```flow
    flow example
      on error -> hang_up

    attribute tier: "gold" | "silver" | "standard" = "standard"

    start:
      branch tier
        on "gold" -> first
        otherwise -> usual

    first:
      play "Thank you for your loyalty."
      -> hang_up

    usual:
      branch
        when contact.channel == "voice" -> hang_up
        otherwise -> first
    ```
    """

    kind = "branch"
    card = Card(
        category="decide",
        icon="branch",
        title={"en": "Check a value", "ko": "값 확인하기"},
        summary={
            "en": "Chooses the way by a value or a condition.",
            "ko": "값이나 조건에 따라 갈 곳을 정합니다.",
        },
        search=(
            "Check contact attributes",
            "고객 응대 속성 확인",
            "연락처 속성 확인",
            "if",
            "condition",
            "조건",
            "분기",
        ),
    )
    Params = BranchParams
    outcomes = ()

    @classmethod
    def ports(cls, call: Call) -> Ports:
        has_value = "value" in call.arguments
        return Ports(
            values=(call.subject or types.ANY) if has_value else None,
            conditions=True,
            exhaustive=True,
        )

    @staticmethod
    def start(params: BranchParams, view: View) -> Move:
        return Leave(outcome="otherwise", value=params.value)

    connect = Comparing()

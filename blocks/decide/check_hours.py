"""Open or closed."""

from __future__ import annotations

from typing import Annotated

from blocks.common import flow_types
from flowlang.block import SERIOUS, Block, Card, Leave, Move, Outcome, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Parameters, parameter, resource


class CheckHoursParams(Parameters):
    hours: Annotated[str, resource("hours")] = parameter(
        title={"en": "Opening hours", "ko": "운영 시간"},
        help={
            "en": "Defined in the project, with its time zone and holidays; left out: the hours of "
            "the queue that was set before.",
            "ko": "프로젝트에 시간대와 휴일까지 정해 둔 운영 시간입니다. 비워 두면 앞에서 정한 "
            "대기열의 운영 시간입니다.",
        },
        default="",
        position=0,
    )


class CheckHours(Block[CheckHoursParams]):
    """Asks whether a desk is open at this moment. While it is open the flow goes on; `closed`
    says where to go when it is not. Time zone, weekdays and holidays stand in the project.

    ```flow
    flow example
      on error -> hang_up

    hours office = "Office hours"

    start:
      check_hours office
        on closed -> after_hours
      play "We are here for you."
      -> hang_up

    after_hours:
      play "We are closed."
      -> hang_up
    ```
    """

    kind = "check_hours"
    card = Card(
        category="decide",
        icon="clock",
        title={"en": "Check hours", "ko": "운영 시간 확인"},
        summary={
            "en": "Goes on while open, and elsewhere when closed.",
            "ko": "운영 시간이면 이어 가고, 아니면 다른 곳으로 보냅니다.",
        },
        search=("Check hours of operation", "작업 시간 확인", "open", "closed", "holiday", "휴일"),
    )
    Params = CheckHoursParams
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (
        Outcome(name="next", title={"en": "open", "ko": "운영 중"}, unrouted="next"),
        Outcome(name="closed", title={"en": "closed", "ko": "운영 종료"}),
        SERIOUS,
    )

    @staticmethod
    def start(params: CheckHoursParams, view: View) -> Move:
        table = view.hours(params.hours)
        if table is None:
            return Leave(outcome="error")
        return Leave(outcome="next" if table.is_open(view.now) else "closed")

    connect = OneAction(
        action="CheckHoursOfOperation",
        params=(Param("hours", "HoursOfOperationId"),),
        words={"True": "next", "False": "closed"},
        next="",
        mirrors="error",
    )

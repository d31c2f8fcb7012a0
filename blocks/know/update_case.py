"""Change a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking, cases
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Flag, Pairs
from flowlang.parameters import Anything, Parameters, Text, parameter
from flowlang.types import Type


class UpdateCaseParams(Parameters):
    values: dict[str, Anything] = parameter(
        title={"en": "What changes", "ko": "바뀌는 내용"},
        help={
            "en": "Fields with their new values, such as status or summary.",
            "ko": "status, summary 같은 필드와 새 값을 적습니다.",
        },
        free=True,
        min_length=1,
    )
    case: Text = parameter(
        title={"en": "Case", "ko": "케이스"},
        help={
            "en": "Its id. Left out: the one that was found or opened last.",
            "ko": "케이스의 id입니다. 비워 두면 마지막으로 찾거나 만든 케이스입니다.",
        },
        default="",
        position=0,
    )
    link: bool = cases.link()


class UpdateCase(Block[UpdateCaseParams]):
    """Changes fields of a case, for instance to close it.

    ```flow
    flow example
      on error -> hang_up

    start:
      create_case title: "Parcel is lost"
      update_case case.case_id, status: "closed"
      play "We found it: your case is {case.status}."
      -> hang_up
    ```
    """

    kind = "update_case"
    card = Card(
        category="know",
        icon="pen",
        title={"en": "Update a case", "ko": "케이스 고치기"},
        summary={
            "en": "Changes a case, or closes it.",
            "ko": "케이스를 고치거나 닫습니다.",
        },
        search=("Cases", "케이스", "Update case", "ticket", "티켓", "종결"),
    )
    Params = UpdateCaseParams
    slot = "case"
    waits = "service"
    outcomes = (SUCCESS, cases.UNLINKED, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return cases.results(call)

    @staticmethod
    def start(params: UpdateCaseParams, view: View) -> Move:
        case = params.case or view.settings.get(cases.CURRENT)
        if not case:
            return Leave(outcome="error")
        fields = cases.asked(params.values)
        return asking.ask("cases", "update", id=case, fields=fields, link=params.link)

    @staticmethod
    def resume(
        params: UpdateCaseParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        return cases.answered(event)

    connect = OneAction(
        action="UpdateCase",
        params=(
            Param("values", "CaseRequestFields", Pairs()),
            Param("case", "CaseId"),
            Param("link", "LinkContactToCase", Flag("true", "false"), always=True),
        ),
        errors={"ContactNotLinked": "unlinked", "NoMatchingError": "error"},
        results={"*": "Case"},
    )

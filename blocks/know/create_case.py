"""Open a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking, cases
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Flag, Pairs
from flowlang.parameters import Anything, Parameters, Text, parameter
from flowlang.types import Type


class CreateCaseParams(Parameters):
    values: dict[str, Anything] = parameter(
        title={"en": "Fields", "ko": "필드"},
        help={
            "en": "What it is about: its title, and perhaps summary, status or case_reason.",
            "ko": "title과 summary, status, case_reason처럼 케이스에 적을 내용입니다.",
        },
        free=True,
        min_length=1,
    )
    template: Text = parameter(
        title={"en": "Template", "ko": "템플릿"},
        help={
            "en": "Which kind of case it is; Amazon Connect wants one.",
            "ko": "케이스의 종류입니다. Amazon Connect에서는 꼭 필요합니다.",
        },
        default="",
    )
    link: bool = cases.link()


class CreateCase(Block[CreateCaseParams]):
    """Opens a case: something that is not done when the conversation is over. Later steps read it
    as `case`. It is `unlinked` where the case is there but does not show this conversation.

    ```flow
    flow example
      on error -> hang_up

    start:
      create_case title: "Parcel is lost", link: true
      play "Your case has the number {case.reference_number}."
      -> hang_up
    ```
    """

    kind = "create_case"
    card = Card(
        category="know",
        icon="plus",
        title={"en": "Open a case", "ko": "케이스 만들기"},
        summary={
            "en": "Opens a case for what has to be done.",
            "ko": "처리할 일을 케이스로 만듭니다.",
        },
        search=("Cases", "케이스", "Create case", "ticket", "티켓", "접수"),
    )
    Params = CreateCaseParams
    slot = "case"
    waits = "service"
    outcomes = (SUCCESS, cases.UNLINKED, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return cases.results(call)

    @staticmethod
    def start(params: CreateCaseParams, view: View) -> Move:
        fields = cases.asked(params.values)
        about = {"template": params.template, "profile": fields.pop("profile", "")}
        given = {key: value for key, value in about.items() if value}
        return asking.ask("cases", "create", fields=fields, link=params.link, **given)

    @staticmethod
    def resume(
        params: CreateCaseParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        return cases.answered(event)

    connect = OneAction(
        action="CreateCase",
        params=(
            Param("values", "CaseRequestFields", Pairs()),
            Param("template", "CaseTemplateId"),
            Param("link", "LinkContactToCase", Flag("true", "false"), always=True),
        ),
        errors={"ContactNotLinked": "unlinked", "NoMatchingError": "error"},
        results={"*": "Case"},
    )

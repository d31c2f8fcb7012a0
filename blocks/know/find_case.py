"""Find a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking, cases
from blocks.common.fields import fields_to_read
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Outcome, Stay, View
from flowlang.events import Event, ServiceAnswered, ServiceRefused
from flowlang.interchange.connect import values
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Anything, Parameters, Text, parameter
from flowlang.types import Type


class FindCaseParams(Parameters):
    values: dict[str, Anything] = parameter(
        title={"en": "Found by", "ko": "찾는 기준"},
        help={
            "en": "Fields that must have these values, such as case_id or status.",
            "ko": "case_id, status처럼 맞아야 하는 필드와 값을 적습니다.",
        },
        default_factory=dict,
        free=True,
    )
    customer: Text = parameter(
        title={"en": "Customer", "ko": "고객"},
        help={
            "en": "The id of the customer's profile.",
            "ko": "고객 프로필의 id입니다.",
        },
        default="",
    )
    newest: bool = parameter(
        title={"en": "The newest of several", "ko": "여럿이면 최신"},
        help={
            "en": "Takes the one that changed last, where several fit.",
            "ko": "여러 개가 맞으면 마지막에 바뀐 것을 고릅니다.",
        },
        default=False,
    )
    fields: tuple[Text, ...] = fields_to_read()
    link: bool = cases.link()


class FindCase(Block[FindCaseParams]):
    """Looks for a case: something that was not done when an earlier conversation was over. Later
    steps read it as `case`. There may be `none`, or `several` that fit.

    ```flow
    flow example
      on error -> hang_up

    start:
      find_profile phone: caller.number
        on none, several -> hang_up
      find_case customer: profile.id, status: "open", newest: true
        on none, several -> hang_up
      play "Your case {case.title} is still open."
      -> hang_up
    ```
    """

    kind = "find_case"
    card = Card(
        category="know",
        icon="book",
        title={"en": "Find a case", "ko": "케이스 찾기"},
        summary={
            "en": "Looks for a case of the customer.",
            "ko": "고객의 케이스를 찾습니다.",
        },
        search=("Cases", "케이스", "Get case", "ticket", "티켓", "접수 조회"),
    )
    Params = FindCaseParams
    slot = "case"
    waits = "service"
    outcomes = (
        SUCCESS,
        Outcome(name="none", title={"en": "none", "ko": "없음"}, unrouted="serious"),
        Outcome(name="several", title={"en": "several", "ko": "여러 건"}, unrouted="serious"),
        cases.UNLINKED,
        SERIOUS,
    )

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return cases.results(call)

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, Type]:
        return cls.results(call) if outcome in ("next", "unlinked") else {}

    @staticmethod
    def start(params: FindCaseParams, view: View) -> Move:
        fields = cases.asked(params.values)
        about = {
            "id": fields.pop("id", ""),
            "profile": params.customer or fields.pop("profile", ""),
            "fields": fields,
            "newest": params.newest,
            "link": params.link,
        }
        given = {key: value for key, value in about.items() if value}
        return asking.ask("cases", "get", **given)

    @staticmethod
    def resume(params: FindCaseParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        match event:
            case ServiceAnswered(value=found):
                return cases.leave_with(found)
            case ServiceRefused(reason="none_found"):
                return Leave(outcome="none")
            case ServiceRefused(reason="multiple_found"):
                return Leave(outcome="several")
            case _:
                return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="GetCase",
        params=(
            Param("values", "CaseRequestFields", values.Pairs()),
            Param("customer", "CustomerId"),
            Param("newest", "GetLastUpdatedCase", values.Flag("true", "false")),
            Param("fields", "CaseResponseFields", values.Many(values.Text())),
            Param("link", "LinkContactToCase", values.Flag("true", "false"), always=True),
        ),
        errors={
            "MultipleFound": "several",
            "NoneFound": "none",
            "ContactNotLinked": "unlinked",
            "NoMatchingError": "error",
        },
        results={"*": "Case"},
    )

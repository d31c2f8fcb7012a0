"""Read a row of a data table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from blocks.common import asking
from blocks.common.tables import NamedValues
from flowlang import expressions as ex
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Outcome, Stay, View
from flowlang.events import Event, ServiceAnswered, ServiceRefused
from flowlang.interchange.connect.contract import (
    Draft,
    Json,
    Part,
    ReadScope,
    Segments,
    Translation,
    Unsayable,
    WriteScope,
)
from flowlang.interchange.connect.document import Action
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.model import Step
from flowlang.parameters import Anything, Parameters, parameter, resource
from flowlang.types import Type
from flowlang.wiring import WiredStep


class LookUpParams(Parameters):
    table: Annotated[str, resource("table")] = parameter(
        title={"en": "Table", "ko": "데이터 표"},
        help={
            "en": "Declared at the top of the flow, with its key and its columns.",
            "ko": "흐름 맨 위에 키와 열을 함께 선언합니다.",
        },
        callee=True,
    )
    key: dict[str, Anything] = parameter(
        title={"en": "Key", "ko": "키"},
        help={
            "en": "The columns that tell the row from all others, each with its value.",
            "ko": "행을 찾을 열과 값을 적습니다.",
        },
        default_factory=dict,
        free=True,
    )


QUERY = "row"


class LookingUp(Translation):
    """One question to a table: a key, and the columns that the flow declares."""

    action = OneAction(
        action="EvaluateDataTableValues",
        params=(
            Param("table", "DataTableId"),
            Param("key", "key", NamedValues("AttributeName", "Value")),
        ),
        errors={"NoMatchingError": "error"},
        callee="table",
    )
    actions = ("EvaluateDataTableValues",)

    def read(self, action: Action, scope: ReadScope, block: type[Block[Any]]) -> Draft | None:
        parameters = dict(action.parameters)
        queries = parameters.pop("Queries", None)
        if not isinstance(queries, list) or len(queries) != 1 or not isinstance(queries[0], dict):
            return None
        query = dict(queries[0])
        name, columns = query.pop("QueryName", None), query.pop("Attributes", None)
        key = query.pop("PrimaryValues", None)
        if query or name != QUERY or not isinstance(columns, list):
            return None
        return self.action.read(
            replace(action, parameters={**parameters, "key": key}), scope, block
        )

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        part = self.action.part(step, scope)
        parameters = dict(part.parameters)
        query: dict[str, Json] = {
            "QueryName": QUERY,
            "Attributes": _columns(step),
            "PrimaryValues": parameters.pop("key", []),
        }
        return (replace(part, parameters={**parameters, "Queries": [query]}),)

    def fills(self, step: Step) -> frozenset[str]:
        return frozenset(("DataTables",))

    def reference(self, result: Segments, step: Step) -> Segments | None:
        return ("DataTables", QUERY, *result)

    def result(self, reference: Segments) -> Segments | None:
        return reference[2:] or None if reference[:2] == ("DataTables", QUERY) else None


def _columns(step: WiredStep) -> list[Json]:
    callee = step.call.callee
    names = [item.name for item in (callee.results if callee else None) or ()]
    if not names:
        at = next(iter(step.bound.values.values()), ex.Literal("", "text"))
        raise Unsayable("FL434", at, "table", parameter="columns")
    return list(names)


class LookUp(Block[LookUpParams]):
    """Reads the row of a table that has this key. The project file holds the table, or says
    which file does. There may be `none`.

    ```flow
    flow example
      on error -> hang_up

    table deadlines = "Deadlines" (course: text) -> (day: date)

    start:
      deadlines course: "nursing"
        on none -> unknown
      play "The last day to apply is {deadlines.day}."
      -> hang_up

    unknown:
      play "We do not know that course."
      -> hang_up
    ```
    """

    kind = "look_up"
    card = Card(
        category="know",
        icon="search",
        title={"en": "Look up a row", "ko": "표에서 찾기"},
        summary={
            "en": "Reads a row of a data table.",
            "ko": "데이터 표에서 한 행을 읽습니다.",
        },
        search=("Data table", "데이터 테이블", "Evaluate data table values", "table", "조회"),
    )
    Params = LookUpParams
    outcomes = (
        SUCCESS,
        Outcome(name="none", title={"en": "no such row", "ko": "행 없음"}, unrouted="serious"),
        SERIOUS,
    )
    declares = "table"
    slot = "table"
    waits = "service"

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        gives = call.callee.results if call.callee else None
        return {item.name: item.type or types.ANY for item in gives or ()}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, Type]:
        return cls.results(call) if outcome == "next" else {}

    @staticmethod
    def start(params: LookUpParams, view: View) -> Move:
        return asking.ask("tables", "look_up", table=params.table, key=params.key)

    @staticmethod
    def resume(params: LookUpParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        match event:
            case ServiceAnswered(value=row):
                return Leave(results=row)
            case ServiceRefused(reason="none_found"):
                return Leave(outcome="none")
            case _:
                return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = LookingUp()

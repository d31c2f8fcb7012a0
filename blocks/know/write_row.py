"""Write a row of a data table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import asking
from blocks.common.tables import NamedValues
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Outcome, Stay, View
from flowlang.events import Event, ServiceAnswered, ServiceRefused
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Anything, Parameters, parameter, resource
from flowlang.types import Type

COLUMNS_MAX = 25


class WriteRowParams(Parameters):
    table: Annotated[str, resource("table")] = parameter(
        title={"en": "Table", "ko": "데이터 표"},
        help={"en": "Declared at the top of the flow.", "ko": "흐름 맨 위에 선언합니다."},
        position=0,
    )
    key: Anything = parameter(
        title={"en": "Key", "ko": "키"},
        help={
            "en": "The columns that tell the row from all others: (course: choice).",
            "ko": "(course: choice)처럼 행을 찾을 열과 값을 적습니다.",
        },
    )
    values: dict[str, Anything] = parameter(
        title={"en": "Values", "ko": "값"},
        help={
            "en": "Columns with their new values.",
            "ko": "열과 새 값을 적습니다.",
        },
        free=True,
        min_length=1,
        max_length=COLUMNS_MAX,
    )
    version: int = parameter(
        title={"en": "Only version", "ko": "이 버전일 때만"},
        help={
            "en": "The `lock_version` that was read: a row that changed since is not overwritten.",
            "ko": "읽었을 때의 lock_version입니다. 그사이 바뀐 행은 덮어쓰지 않습니다.",
        },
        default=0,
        ge=0,
    )


class WriteRow(Block[WriteRowParams]):
    """Writes columns of the row that has this key, and makes the row where there is none. With a
    `version` it is `changed` if somebody else wrote the row meanwhile; then nothing is written.

    ```flow
    flow example
      on error -> hang_up

    table bookings = "Bookings" (phone: text) -> (day: date)

    start:
      write_row bookings, key: (phone: caller.number), day: "2026-12-01"
      play "We noted that."
      -> hang_up
    ```
    """

    kind = "write_row"
    card = Card(
        category="know",
        icon="pen",
        title={"en": "Write a row", "ko": "표에 쓰기"},
        summary={
            "en": "Writes a row of a data table.",
            "ko": "데이터 표에 한 행을 씁니다.",
        },
        search=("Data table", "데이터 테이블", "Upsert data table values", "table", "저장"),
    )
    Params = WriteRowParams
    waits = "service"
    outcomes = (
        SUCCESS,
        SERIOUS,
        Outcome(
            name="changed", title={"en": "changed meanwhile", "ko": "그사이 바뀜"}, like="error"
        ),
    )

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return {"lock_version": types.INTEGER}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, Type]:
        return cls.results(call) if outcome == "next" else {}

    @staticmethod
    def start(params: WriteRowParams, view: View) -> Move:
        if not isinstance(params.key, Mapping):
            return Leave(outcome="error")
        version = {"lock_version": params.version} if params.version else {}
        return asking.ask(
            "tables", "write", table=params.table, key=params.key, values=params.values, **version
        )

    @staticmethod
    def resume(params: WriteRowParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        match event:
            case ServiceAnswered(value=row):
                return Leave(results=row)
            case ServiceRefused(reason="invalid") if params.version:
                return Leave(outcome="changed")
            case _:
                return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="UpsertDataTableValues",
        params=(
            Param("table", "DataTableId"),
            Param("key", "PrimaryValues", NamedValues("AttributeName", "Value")),
            Param("values", "Attributes", NamedValues()),
            Param("version", "LockVersion"),
        ),
        errors={"NoMatchingError": "error"},
    )

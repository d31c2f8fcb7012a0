"""Read rows of a data table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import asking
from blocks.common.tables import NamedValues, Only
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Anything, Parameters, parameter, resource
from flowlang.types import Type

LIMIT_MAX = 500


class ListRowsParams(Parameters):
    table: Annotated[str, resource("table")] = parameter(
        title={"en": "Table", "ko": "데이터 표"},
        help={"en": "Declared at the top of the flow.", "ko": "흐름 맨 위에 선언합니다."},
        position=0,
    )
    where: dict[str, Anything] = parameter(
        title={"en": "Only where", "ko": "조건"},
        help={
            "en": "Columns that must have these values; without any, all rows.",
            "ko": "맞아야 하는 열과 값입니다. 없으면 모든 행을 읽습니다.",
        },
        default_factory=dict,
        free=True,
    )
    limit: int = parameter(
        title={"en": "At most", "ko": "최대 개수"},
        help={"en": "How many rows at most.", "ko": "행을 많아야 이만큼 읽습니다."},
        default=100,
        ge=1,
        le=LIMIT_MAX,
    )


class ListRows(Block[ListRowsParams]):
    """Reads the rows of a table, all of them or those where columns have certain values. The list
    is read as `rows.rows` (its first row as `rows.rows.0`), and how many there are as `rows.count`.

    ```flow
    flow example
      on error -> hang_up

    attribute dates: json
    table deadlines = "Deadlines" (course: text) -> (day: date)

    start:
      found = list_rows deadlines, limit: 10
      set dates: found.rows
      play "We have the dates."
      -> hang_up
    ```
    """

    kind = "list_rows"
    card = Card(
        category="know",
        icon="book",
        title={"en": "List rows", "ko": "표에서 여러 행 읽기"},
        summary={
            "en": "Reads several rows of a data table.",
            "ko": "데이터 표에서 여러 행을 읽습니다.",
        },
        search=("Data table", "데이터 테이블", "List data table values", "table", "목록"),
    )
    Params = ListRowsParams
    slot = "rows"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return {"rows": types.ListType(types.ANY), "count": types.INTEGER}

    @staticmethod
    def start(params: ListRowsParams, view: View) -> Move:
        return asking.ask(
            "tables", "list", table=params.table, where=params.where, limit=params.limit
        )

    @staticmethod
    def resume(params: ListRowsParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(results=event.value)
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="ListDataTableValues",
        params=(
            Param("table", "DataTableId"),
            Param(
                "where",
                "PrimaryKeyGroups",
                Only(
                    NamedValues(),
                    wrapped="PrimaryValues",
                    label="PrimaryKeyGroupName",
                    called="rows",
                ),
            ),
        ),
        local=frozenset(("limit",)),
        results={"rows": "DataTableList.ResultData"},
    )

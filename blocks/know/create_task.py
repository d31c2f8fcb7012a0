"""Give somebody something to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import asking
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Data, Pairs
from flowlang.parameters import Anything, Parameters, Prose, Seconds, Text, parameter, resource
from flowlang.types import Type

DELAY_S_MAX = 518_400
"""Six days, as in Amazon Connect."""


class CreateTaskParams(Parameters):
    name: Text = parameter(
        title={"en": "Task", "ko": "할 일"},
        help={"en": "What is to be done.", "ko": "무엇을 해야 하는지 적습니다."},
        position=0,
        min_length=1,
        max_length=512,
    )
    description: Prose = parameter(
        title={"en": "Description", "ko": "설명"},
        help={"en": "What one has to know for it.", "ko": "일을 할 때 알아야 할 내용입니다."},
        default="",
        max_length=4096,
    )
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={"en": "Whose people do it.", "ko": "이 대기열의 사람들이 처리합니다."},
        default="",
    )
    flow: Annotated[str, resource("flow")] = parameter(
        title={"en": "Flow", "ko": "흐름"},
        help={
            "en": "The flow that the task runs through in Amazon Connect.",
            "ko": "Amazon Connect에서 할 일이 지나갈 흐름입니다.",
        },
        default="",
    )
    template: Text = parameter(
        title={"en": "Template", "ko": "템플릿"},
        help={
            "en": "In place of a flow, a template of Amazon Connect.",
            "ko": "흐름 대신 쓸 Amazon Connect의 템플릿입니다.",
        },
        default="",
    )
    delay: Seconds = parameter(
        title={"en": "Begins in", "ko": "시작까지"},
        help={
            "en": "At most 6 days; left out, it begins now.",
            "ko": "6일까지 미룰 수 있고, 비워 두면 바로 시작합니다.",
        },
        default=0,
        ge=0,
        le=DELAY_S_MAX,
    )
    at: Text = parameter(
        title={"en": "Begins at", "ko": "시작 시각"},
        help={
            "en": "A moment in place of the delay, such as 2026-12-01T09:00+09:00.",
            "ko": "미루는 시간 대신 2026-12-01T09:00+09:00 같은 시각을 적습니다.",
        },
        default="",
    )
    references: Anything = parameter(
        title={"en": "References", "ko": "참고 자료"},
        help={
            "en": "Names with links or other values that go along.",
            "ko": "함께 보낼 링크나 값을 이름과 함께 적습니다.",
        },
        default=None,
    )
    values: dict[str, Anything] = parameter(
        title={"en": "Values", "ko": "값"},
        help={
            "en": "Attributes of the task, each with its value.",
            "ko": "할 일에 붙일 속성과 값을 적습니다.",
        },
        default_factory=dict,
        free=True,
    )


class CreateTask(Block[CreateTaskParams]):
    """Leaves a task for somebody, now or later, and goes on at once. Its id is read as
    `task.contact_id`.

    ```flow
    flow example
      on error -> hang_up

    queue back_office = "Back office"

    start:
      create_task "Check the claim", queue: back_office, delay: 2h, caller: caller.number
      play "We look into it today."
      -> hang_up
    ```
    """

    kind = "create_task"
    card = Card(
        category="know",
        icon="check",
        title={"en": "Create a task", "ko": "할 일 만들기"},
        summary={
            "en": "Leaves something to do for somebody.",
            "ko": "누군가 처리할 일을 남깁니다.",
        },
        search=("Create task", "작업 생성", "task", "업무", "to do"),
    )
    Params = CreateTaskParams
    slot = "task"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return {"contact_id": types.TEXT}

    @staticmethod
    def start(params: CreateTaskParams, view: View) -> Move:
        references = params.references if isinstance(params.references, Mapping) else {}
        about: dict[str, Any] = {
            "description": params.description,
            "queue": params.queue,
            "delay_s": params.delay,
            "at": params.at,
            "references": {**references, **params.values},
        }
        given = {key: value for key, value in about.items() if value}
        return asking.ask("tasks", "create", **given, name=params.name)

    @staticmethod
    def resume(
        params: CreateTaskParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(results={"contact_id": str(event.value.get("id", ""))})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="CreateTask",
        params=(
            Param("name", "Name"),
            Param("description", "Description"),
            Param("flow", "ContactFlowId"),
            Param("template", "TaskTemplateId"),
            Param("delay", "DelaySeconds"),
            Param("at", "ScheduledTime"),
            Param("references", "References", Data()),
            Param("values", "Attributes", Pairs()),
        ),
        local=frozenset(("queue",)),
        results={"contact_id": "Task.ContactId"},
    )

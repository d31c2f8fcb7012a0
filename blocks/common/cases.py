"""What the blocks of cases share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking
from blocks.common.fields import listed
from flowlang import types
from flowlang.block import Call, Leave, Move, Outcome, Stay
from flowlang.events import Event, ServiceAnswered
from flowlang.parameters import parameter
from flowlang.types import Type

CURRENT = "case"
"""The setting of a contact that says which case was found or opened last."""
NAMES: Mapping[str, str] = {
    "case_id": "id",
    "reference_number": "reference",
    "status": "status",
    "title": "title",
    "summary": "summary",
    "case_reason": "case_reason",
    "customer_id": "profile",
    "created_datetime": "created_at",
    "last_updated_datetime": "updated_at",
    "last_closed_datetime": "closed_at",
    "created_by": "created_by",
}
"""The usual fields, and what the service of cases calls them."""


UNLINKED = Outcome(name="unlinked", title={"en": "not linked", "ko": "연결 안 됨"}, unrouted="next")
"""The case is there, but it does not show this conversation."""


def results(call: Call) -> Mapping[str, Type]:
    return dict.fromkeys((*NAMES, *listed(call)), types.ANY)


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as the service calls them."""
    return {NAMES.get(name, name): value for name, value in values.items()}


def leave_with(case: Mapping[str, Any]) -> Leave:
    """The case is what the step is read for, and which later steps mean."""
    named = {name: case[theirs] for name, theirs in NAMES.items() if theirs in case}
    return Leave(
        outcome="unlinked" if case.get("linked") is False else "next",
        results={**case, **named},
        settings={CURRENT: str(case.get("id", ""))},
    )


def answered(event: Event) -> Move:
    """What a step does that changed a case."""
    if isinstance(event, ServiceAnswered):
        return leave_with(event.value)
    return Leave(outcome="error") if asking.has_failed(event) else Stay()


def link() -> Any:
    """The parameter that lets a case show the conversation."""
    return parameter(
        title={"en": "Link the conversation", "ko": "상담 연결"},
        help={
            "en": "The case shows this conversation among its own.",
            "ko": "케이스에서 이 상담을 볼 수 있게 합니다.",
        },
        default=False,
    )

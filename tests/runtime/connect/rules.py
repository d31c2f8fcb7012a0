"""The table of rules, and parts of flows of Amazon Connect to try them on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    end,
    flow,
    play,
)
from tests.runtime.connect.callers import call, said

SILENT = "InputTimeLimitExceeded"
Run = Callable[[], object]


class Rules:
    """Each rule with what shows it, and what that has to give. A rule begins with the section of
    Amazon Connect's language that it stands in: 1 transitions, 2 actions in short, 3 actions,
    4 references, 5 types of flows, 6 limits, 7 modules."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Run, object]] = {}

    def row(self, rule: str, expected: object) -> Callable[[Run], Run]:
        def add(run: Run) -> Run:
            assert rule not in self.rows
            self.rows[rule] = (run, expected)
            return run

        return add


def menu(id_: str = "menu", **to: str) -> dict[str, Any]:
    """By default everything leads to plays that say what happened."""
    return action(
        id_, "GetParticipantInput", {"Text": "1?", "InputTimeLimitSeconds": "5"},
        next_=to.get("next", "none"), equals={"1": to.get("one", "one")},
        errors={UNMATCHED: to.get("none", "none"), SILENT: to.get("silent", "silent"),
                ERROR: "error"},
    )  # fmt: skip


def store(id_: str = "store", next_: str = "heard", **more: Any) -> dict[str, Any]:
    given = {"Text": "Number?", "InputTimeLimitSeconds": "5", "StoreInput": "True",
             "InputValidation": {"CustomValidation": {"MaximumLength": "4"}}, **more}  # fmt: skip
    return action(id_, "GetParticipantInput", given, next_=next_, errors={ERROR: "error"})


def lambda_(id_: str, next_: str, error: str = "error", name: str = "f", **given: str) -> Any:
    return action(
        id_, "InvokeLambdaFunction",
        {"LambdaFunctionARN": f"arn:aws:lambda:u:1:function:{name}",
         "InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": given},
        next_=next_, errors={ERROR: error},
    )  # fmt: skip


def set_(id_: str, next_: str, error: str = "error", **values: str) -> Any:
    return action(id_, "UpdateContactAttributes", {"Attributes": values}, next_=next_,
                  errors={ERROR: error})  # fmt: skip


def set_local(id_: str, next_: str, **values: str) -> Any:
    spelled = {name: {"Value": value} for name, value in values.items()}
    return action(id_, "UpdateFlowAttributes", {"FlowAttributes": spelled}, next_=next_,
                  errors={ERROR: "error"})  # fmt: skip


def compare(value: str, *tests: tuple[str, str, str], id_: str = "compare") -> Any:
    return action(id_, "Compare", {"ComparisonValue": value}, tests=list(tests), next_="none",
                  errors={UNMATCHED: "none"})  # fmt: skip


SAYING = ("one", "none", "silent", "error", "open", "closed", "again", "done", "full")


def ends(*more: str) -> list[dict[str, Any]]:
    """One that says its own name, for each."""
    return [*(play(name, name, "end") for name in (*SAYING, *more)), end()]


def last(source: str, *doing: Any, **around: Any) -> str:
    """What was said last."""
    heard = said(call(source, *doing, **around))
    return heard[-1] if heard else ""


def compared(value: str, operator: str, operand: str) -> str:
    """Where a test of an attribute leads."""
    first = [set_("set", "compare", x=value)] if value else []
    return last(flow(*first, compare("$.Attributes.x", (operator, operand, "one")), *ends()))

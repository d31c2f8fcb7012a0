"""What an agent must know, as a step says it and as Amazon Connect does."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flowlang import expressions as ex
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import (
    Conversion,
    Many,
    Number,
    Seconds,
    Text,
    unsayable,
)

_AT_LEAST = "NumberGreaterOrEqualTo"


class Skill(BaseModel):
    """A skill with its value, or agents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skill: str = Field("", max_length=128)
    value: str = Field("", max_length=256)
    level: float = Field(1, ge=1, le=5)
    agents: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> Skill:
        if bool(self.skill and self.value) == bool(self.agents):
            raise ValueError("a skill with its value, or agents")
        return self


class RoutingStep(BaseModel):
    """A skill, agents, or all of several, for a time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    skill: str = Field("", max_length=128)
    value: str = Field("", max_length=256)
    level: float = Field(1, ge=1, le=5)
    agents: tuple[str, ...] = ()
    all: tuple[Skill, ...] = ()
    hold_s: float = Field(0, ge=0, le=604_800, alias="for")

    @model_validator(mode="after")
    def _says_one_thing(self) -> RoutingStep:
        said = (self.skill and self.value, self.agents, self.all)
        if sum(bool(part) for part in said) != 1:
            raise ValueError("a skill with its value, agents, or all of several")
        return self

    def as_data(self) -> dict[str, Any]:
        """As queues understand it."""
        return {
            "conditions": [
                {
                    "skill": item.skill,
                    "value": item.value,
                    "level": item.level,
                    "agents": list(item.agents),
                }
                for item in self.all or (self,)
            ],
            "for_s": self.hold_s,
        }


class _Step(Conversion):
    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, dict) or not isinstance(value.get("Expression"), dict):
            return None
        expression = value["Expression"]
        rest = {key: item for key, item in value.items() if key != "Expression"}
        if set(expression) == {"AndExpression"}:
            every = Many(_Condition()).read(expression["AndExpression"], scope, path)
            return _with_expiry((ex.Field("all", every),), rest, scope) if every else None
        condition = _Condition().read(expression, scope, path)
        fields = condition.fields if isinstance(condition, ex.Record) else ()
        return _with_expiry(fields, rest, scope) if fields else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        fields = _fields(value, key)
        hold = fields.pop("for", None)
        if "all" in fields:
            parts = Many(_Condition()).write(fields["all"], scope, key)
            written: dict[str, Any] = {"Expression": {"AndExpression": parts}}
        else:
            written = {"Expression": _Condition().write(_record(fields), scope, key)}
        if hold is not None:
            written["Expiry"] = {"DurationInSeconds": Seconds().write(hold, scope, key)}
        return written


class _Condition(Conversion):
    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        match value:
            case {"AttributeCondition": dict(condition), **rest} if not rest:
                return _read_agents(condition, scope) or _read_skill(condition, scope)
            case _:
                return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        fields = _fields(value, key)
        if "agents" in fields:
            names = Many(Text()).write(fields["agents"], scope, key)
            criteria = {"AgentsCriteria": {"AgentIds": names}}
            return {
                "AttributeCondition": {"ComparisonOperator": "Match", "MatchCriteria": criteria}
            }
        if not {"skill", "value"} <= fields.keys():
            raise unsayable("FL436", value, key)
        level = fields.get("level", ex.Literal(1, "integer"))
        return {
            "AttributeCondition": {
                "Name": scope.text(fields["skill"], key),
                "Value": scope.text(fields["value"], key),
                "ProficiencyLevel": Number().write(level, scope, key),
                "ComparisonOperator": _AT_LEAST,
            }
        }


def _read_agents(condition: dict[str, Any], scope: ReadScope) -> ex.Record | None:
    match condition:
        case {
            "ComparisonOperator": "Match",
            "MatchCriteria": {"AgentsCriteria": {"AgentIds": list(names), **inside}, **around},
            **rest,
        } if not inside and not around and not rest:
            agents = Many(Text()).read(names, scope, "")
            return _record({"agents": agents}) if agents else None
        case _:
            return None


def _read_skill(condition: dict[str, Any], scope: ReadScope) -> ex.Record | None:
    skill = {"Name": "skill", "Value": "value", "ProficiencyLevel": "level"}
    if set(condition) != {*skill, "ComparisonOperator"}:
        return None
    if condition["ComparisonOperator"] != _AT_LEAST:
        return None
    found = {
        ours: (Number() if ours == "level" else Text()).read(condition[theirs], scope, "")
        for theirs, ours in skill.items()
    }
    known = {key: item for key, item in found.items() if item is not None}
    return _record(known) if len(known) == len(found) else None


def _with_expiry(
    fields: tuple[ex.Field, ...], rest: dict[str, Any], scope: ReadScope
) -> ex.Expression | None:
    match rest:
        case {"Expiry": {"DurationInSeconds": seconds, **inside}, **more} if not inside | more:
            hold = Seconds().read(seconds, scope, "")
            return ex.Record((*fields, ex.Field("for", hold))) if hold else None
        case _:
            return None if rest else ex.Record(fields)


def _fields(value: ex.Expression, key: str) -> dict[str, ex.Expression]:
    if not isinstance(value, ex.Record):
        raise unsayable("FL436", value, key)
    return {field.key: field.value for field in value.fields}


def _record(fields: dict[str, ex.Expression]) -> ex.Record:
    return ex.Record(tuple(ex.Field(key, value) for key, value in fields.items()))


ROUTING = OneAction(
    action="UpdateContactRoutingCriteria",
    params=(Param("steps", "RoutingCriteria.Steps", Many(_Step())),),
)

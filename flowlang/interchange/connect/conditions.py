"""Decisions as Connect makes them: `Compare` actions, one value against constants each.

A `when` with `and`, `or` and `not`, and a comparison of other values in between, become several
of them in a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flowlang import expressions as ex
from flowlang.interchange.connect import facts, paths
from flowlang.interchange.connect.contract import (
    Branch,
    Draft,
    Label,
    Part,
    ReadScope,
    Translation,
    Unsayable,
    WriteScope,
)
from flowlang.interchange.connect.values import (
    OPERATORS,
    REFERENCE,
    constant_text,
    literal_port,
    operand_of,
)
from flowlang.model import Argument, ComparePort, OtherwisePort, Port, ValuePort, WhenPort

if TYPE_CHECKING:
    from flowlang.block import Block
    from flowlang.interchange.connect.document import Action
    from flowlang.parameters import Parameters
    from flowlang.wiring import WiredStep

CHANNEL = ("Channel",)
CHANNELS: Mapping[str, str] = {"voice": "VOICE", "chat": "CHAT", "task": "TASK", "email": "EMAIL"}
_MIRRORED: Mapping[str, str] = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
PARTS_MAX = 50


@dataclass(slots=True, eq=False)
class _Node:
    """A `Compare` in the making."""

    subject: str
    tests: list[tuple[str, str, _End]] = field(default_factory=list)
    otherwise: _End = ""


_End = str | _Node
"""A port of the step, or another comparison."""


class Comparing(Translation):
    """The translation of a branch."""

    actions = ("Compare",)

    # --- reading ------------------------------------------------------------------------------

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        subject = action.parameters.get("ComparisonValue")
        path = paths.whole(subject) if isinstance(subject, str) else None
        errors = [error.type for error in action.errors]
        if path is None or len(action.parameters) > 1 or errors != [facts.NO_MATCHING_CONDITION]:
            return None
        name = ex.Name(REFERENCE, path)
        branches = []
        words = {theirs: ours for ours, theirs in CHANNELS.items()}
        of_channel = path == CHANNEL and all(
            item.operator == "Equals" and item.operands[0] in words for item in action.conditions
        )
        for item in action.conditions:
            operand = words[item.operands[0]] if of_channel else item.operands[0]
            port = literal_port(item.operator, operand)
            if port is None:
                return None
            branches.append(Branch(port=port, target=item.target))
        branches.append(Branch(port=OtherwisePort(), target=action.errors[0].target))
        if path == CHANNEL and not of_channel:
            name = ex.Name("connect", CHANNEL)
        return Draft(
            kind=block.kind,
            arguments=(Argument(value=name),),
            branches=tuple(branches),
            actions=(action.id,),
        )

    # --- writing ------------------------------------------------------------------------------

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        conditions = [wire for wire in step.wires if _is_test(wire.spoken)]
        rest = step.wire("otherwise")
        if rest is None and not conditions:
            raise Unsayable("FL437")
        end: _End = rest.port if rest else conditions[-1].port
        subject = step.bound.values.get("value")
        for wire in reversed(conditions):
            test = wire.spoken
            assert test is not None
            end = _Compiler(scope).port(test, subject, wire.port, end)
        return _numbered(end)


def _is_test(port: Port | None) -> bool:
    return isinstance(port, (ValuePort, ComparePort, WhenPort))


class _Compiler:
    def __init__(self, scope: WriteScope) -> None:
        self.scope = scope

    def port(self, port: Port, subject: ex.Expression | None, yes: _End, no: _End) -> _End:
        if isinstance(port, WhenPort):
            return self.condition(port.condition, yes, no)
        if not isinstance(subject, ex.Name):
            raise Unsayable("FL435", subject, "value")
        if isinstance(port, ComparePort) and port.operator == "!=":
            return self.test(subject, "Equals", port.operand, no, yes)
        if is_channel(subject) and isinstance(port, ValuePort):
            return self.test(subject, "Equals", port.value, yes, no)
        operator, operand = operand_of(port, self.scope)
        return self.compare(self.scope.whole(subject), operator, operand, yes, no)

    def condition(self, value: ex.Expression, yes: _End, no: _End) -> _End:
        match value:
            case ex.Not(operand=operand):
                return self.condition(operand, no, yes)
            case ex.Binary(operator="and", left=left, right=right):
                return self.condition(left, self.condition(right, yes, no), no)
            case ex.Binary(operator="or", left=left, right=right):
                return self.condition(left, yes, self.condition(right, yes, no))
            case ex.Binary(operator="in", left=left, right=ex.ListOf(items=items)):
                end = no
                for item in reversed(items):
                    end = self.test(left, "Equals", item.value, yes, end)
                return end
            case ex.Binary(operator="==", left=left, right=right):
                return self.either_way(left, "Equals", right, yes, no)
            case ex.Binary(operator="!=", left=left, right=right):
                return self.either_way(left, "Equals", right, no, yes)
            case ex.Binary(operator=operator, left=left, right=right) if operator in OPERATORS:
                if isinstance(left, ex.Literal) and operator in _MIRRORED:
                    return self.test(right, OPERATORS[_MIRRORED[operator]], left, yes, no)
                return self.test(left, OPERATORS[operator], right, yes, no)
            case ex.Name():
                return self.test(value, "Equals", ex.Literal(True, "boolean"), yes, no)
            case _:
                raise Unsayable("FL435", value)

    def either_way(
        self, left: ex.Expression, operator: str, right: ex.Expression, yes: _End, no: _End
    ) -> _End:
        if isinstance(left, ex.Literal):
            left, right = right, left
        return self.test(left, operator, right, yes, no)

    def test(
        self, subject: ex.Expression, operator: str, operand: ex.Expression, yes: _End, no: _End
    ) -> _End:
        if not isinstance(subject, ex.Name):
            raise Unsayable("FL435", subject)
        text = constant_text(operand, self.scope)
        if is_channel(subject):
            text = CHANNELS.get(text, text)
        return self.compare(self.scope.whole(subject), operator, text, yes, no)

    def compare(self, subject: str, operator: str, operand: str, yes: _End, no: _End) -> _End:
        """A test in front of what follows: of one value all tests are one action."""
        if not subject.startswith("$."):
            raise Unsayable("FL435")
        if isinstance(no, _Node) and no.subject == subject:
            return _Node(subject, [(operator, operand, yes), *no.tests], no.otherwise)
        return _Node(subject, [(operator, operand, yes)], no)


def is_channel(name: ex.Name) -> bool:
    return name.root == "contact" and name.segments == ("channel",)


def _numbered(entry: _End) -> tuple[Part, ...]:
    """The comparisons in order, the entry first."""
    order: list[_Node] = []

    def visit(end: _End) -> None:
        if isinstance(end, _Node) and end not in order:
            if len(order) >= PARTS_MAX:
                raise Unsayable("FL437")
            order.append(end)
            visit(end.otherwise)
            for _, _, target in end.tests:
                visit(target)

    def label(end: _End) -> Label:
        return order.index(end) if isinstance(end, _Node) else end

    visit(entry)
    if not order:
        raise Unsayable("FL437")
    return tuple(
        Part(
            type="Compare",
            parameters={"ComparisonValue": node.subject},
            next=label(node.otherwise),
            errors=((facts.NO_MATCHING_CONDITION, label(node.otherwise)),),
            conditions=tuple(
                (operator, operand, label(end)) for operator, operand, end in node.tests
            ),
        )
        for node in order
    )

"""Shares as Amazon Connect spells them: conditions on a number from 1 to 100."""

from __future__ import annotations

from string import ascii_lowercase

from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.interchange.connect import facts
from flowlang.interchange.connect.contract import (
    Branch,
    Draft,
    Part,
    ReadScope,
    Translation,
    Unsayable,
    WriteScope,
)
from flowlang.interchange.connect.document import Action
from flowlang.model import Argument, OtherwisePort, WordPort
from flowlang.parameters import Parameters
from flowlang.wiring import WiredStep


class Shares(Translation):
    """3, 6 and 8 percent are `< 4`, `< 10` and `< 18`."""

    actions = ("DistributeByPercentage",)

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        errors = [error.type for error in action.errors]
        if action.parameters or errors != [facts.NO_MATCHING_CONDITION]:
            return None
        if not 0 < len(action.conditions) <= len(ascii_lowercase):
            return None
        arguments: list[Argument] = []
        branches: list[Branch] = []
        below = 1
        for name, condition in zip(ascii_lowercase, action.conditions, strict=False):
            operand = condition.operands[0]
            limit = int(operand) if operand.isdecimal() else 0
            share = limit - below
            if condition.operator != "NumberLessThan" or share <= 0 or limit > 101:
                return None
            arguments.append(Argument(key=name, value=ex.Literal(share, "percent", f"{share}%")))
            branches.append(Branch(port=WordPort(word=name), target=condition.target))
            below = limit
        rest = Branch(port=OtherwisePort(), target=action.errors[0].target)
        return Draft(
            kind=block.kind,
            arguments=tuple(arguments),
            branches=(*branches, rest),
            actions=(action.id,),
        )

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        shares = step.bound.values.get("shares")
        conditions: list[tuple[str, str, str]] = []
        below = 1
        for field in shares.fields if isinstance(shares, ex.Record) else ():
            below += _whole_percent(field)
            conditions.append(("NumberLessThan", str(below), field.key))
        part = Part(
            type=self.actions[0],
            next="otherwise",
            errors=((facts.NO_MATCHING_CONDITION, "otherwise"),),
            conditions=tuple(conditions),
        )
        return (part,)


def _whole_percent(field: ex.Field) -> int:
    match field.value:
        case ex.Literal(value=int() | float() as share) if float(share).is_integer():
            return int(share)
        case other:
            raise Unsayable("FL436", other, field.key)

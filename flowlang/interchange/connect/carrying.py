"""How the block of last resort says an action: as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowlang import expressions as ex
from flowlang.interchange.connect import facts
from flowlang.interchange.connect.contract import (
    Draft,
    Part,
    ReadScope,
    Translation,
    Unsayable,
    WriteScope,
)
from flowlang.interchange.connect.reading import ERROR_TYPE, OPAQUE_WORDS, opaque_condition
from flowlang.interchange.connect.values import operand_of, write_data
from flowlang.model import OtherwisePort, Step, WordPort

if TYPE_CHECKING:
    from flowlang.block import Block
    from flowlang.interchange.connect.document import Action
    from flowlang.parameters import Parameters
    from flowlang.wiring import Wire, WiredStep

TERMINAL = facts.TERMINAL
_FILLED: Mapping[str, str] = {
    "InvokeLambdaFunction": "External",
    "ConnectParticipantWithLexBot": "Lex",
    "GetParticipantInput": "StoredCustomerInput",
}
_ERRORS: Mapping[str, str] = {
    **{word: type_ for type_, word in OPAQUE_WORDS.items()},
    "otherwise": facts.NO_MATCHING_CONDITION,
}


class Carried(Translation):
    """Any action."""

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        return None

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        parameters = step.bound.values.get("parameters")
        return (
            Part(
                type=action_type(step.step),
                parameters=write_data(parameters, scope, "parameters") if parameters else {},
                next="next",
                errors=tuple(
                    (type_, wire.port)
                    for wire in step.wires
                    if (type_ := _error_type(wire)) is not None
                ),
                conditions=tuple(
                    (*_condition(wire, scope), wire.port)
                    for wire in step.wires
                    if wire.port != "next" and _error_type(wire) is None
                ),
            ),
        )

    def fills(self, step: Step) -> frozenset[str]:
        root = _FILLED.get(action_type(step))
        return frozenset((root,)) if root else frozenset()


def action_type(step: Step) -> str:
    first = step.arguments[0].value if step.arguments else None
    match first:
        case ex.Literal(value=str(type_)):
            return type_
        case _:
            raise Unsayable("FL436", first, "action")


def _error_type(wire: Wire) -> str | None:
    """The type of error that a wire is; None for what is no error."""
    if wire.port == "next":
        return None
    if wire.spoken is None or isinstance(wire.spoken, (WordPort, OtherwisePort)):
        return _ERRORS.get(wire.port, wire.port)
    operator, operand = opaque_condition(wire.spoken) or ("", "")
    return operand if operator == ERROR_TYPE else None


def _condition(wire: Wire, scope: WriteScope) -> tuple[str, str]:
    assert wire.spoken is not None
    return opaque_condition(wire.spoken) or operand_of(wire.spoken, scope)

"""Values that a flow sets: contact attributes and flow attributes are two actions of Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowlang import expressions as ex
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
from flowlang.interchange.connect.values import read_text, set_key
from flowlang.model import Argument, WordPort

if TYPE_CHECKING:
    from flowlang.block import Block
    from flowlang.interchange.connect.document import Action
    from flowlang.parameters import Parameters
    from flowlang.wiring import WiredStep

_ATTRIBUTES = "UpdateContactAttributes"
_VARIABLES = "UpdateFlowAttributes"


class Setting(Translation):
    actions = (_ATTRIBUTES, _VARIABLES)

    # --- reading ------------------------------------------------------------------------------

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        found = _values(action)
        if not found or any(error.type != facts.NO_MATCHING_ERROR for error in action.errors):
            return None
        root, values = found
        target = action.parameters.get("TargetContact")
        branches = [
            Branch(port=WordPort(word="error"), target=error.target) for error in action.errors
        ]
        if action.next is not None:
            branches.append(Branch(port=WordPort(word="next"), target=action.next))
        return Draft(
            kind=block.kind,
            arguments=tuple(
                Argument(key=set_key(root, name), value=read_text(value))
                for name, value in values.items()
            ),
            branches=tuple(branches),
            actions=(action.id,),
            sets_values=True,
            spelled=({"TargetContact": target} if target is not None else {},),
        )

    # --- writing ------------------------------------------------------------------------------

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        written: dict[str, dict[str, str]] = {}
        values = step.bound.values.get("values")
        for item in values.fields if isinstance(values, ex.Record) else ():
            word, name = scope.wire_name(item.key)
            text = scope.text(item.value, item.key)
            if not text:
                raise Unsayable("FL438", item.value, item.key)
            written.setdefault(word, {})[name] = text
        if len(written) > 1 and "variable" in written and "attribute" in written:
            _refuse_order(values, scope)
        parts: list[tuple[str, Mapping[str, Any]]] = []
        if "attribute" in written:
            parts.append((_ATTRIBUTES, {"Attributes": written["attribute"]}))
        if "variable" in written:
            spelled = {name: {"Value": text} for name, text in written["variable"].items()}
            parts.append((_VARIABLES, {"FlowAttributes": spelled}))
        return tuple(
            Part(
                type=type_,
                parameters=parameters,
                next="next" if number == len(parts) - 1 else number + 1,
                errors=((facts.NO_MATCHING_ERROR, "error"),),
            )
            for number, (type_, parameters) in enumerate(parts)
        )


def _values(action: Action) -> tuple[str, Mapping[str, str]] | None:
    """The root of what is set, and the values by their names in Connect."""
    parameters = dict(action.parameters)
    if action.type == _ATTRIBUTES:
        root, values = "Attributes", parameters.pop("Attributes", None)
        if parameters.pop("TargetContact", "Current") != "Current":
            return None
    else:
        root, values = "FlowAttributes", parameters.pop("FlowAttributes", None)
        values = _unwrapped(values)
    if parameters or not isinstance(values, dict) or not values:
        return None
    if not all(isinstance(value, str) and value and name for name, value in values.items()):
        return None
    return root, values


def _unwrapped(values: Any) -> dict[str, Any] | None:
    """`{key: {Value: text}}` as `{key: text}`."""
    if not isinstance(values, dict):
        return None
    if not all(isinstance(item, dict) and set(item) == {"Value"} for item in values.values()):
        return None
    return {name: item["Value"] for name, item in values.items()}


def _refuse_order(values: ex.Expression | None, scope: WriteScope) -> None:
    """Two actions set one after the other: a variable must not read an attribute set here."""
    if not isinstance(values, ex.Record):
        return
    for item in values.fields:
        match item.value:
            case ex.Name(root=root) if any(root == other.key for other in values.fields):
                raise Unsayable("FL437", item.value, item.key)

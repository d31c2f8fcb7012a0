"""Small Connect flows of our own for the tests of the interchange."""

import json
from typing import Any

from blocks.catalogue import catalogue
from flowlang.interchange.connect.document import ConnectFlow, read
from flowlang.interchange.connect.exporting import Exported, export_flow
from flowlang.interchange.connect.importing import Imported, import_flow
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text

ERROR = "NoMatchingError"
UNMATCHED = "NoMatchingCondition"


def action(
    identifier: str,
    type_: str,
    parameters: dict[str, Any] | None = None,
    *,
    next_: str | None = None,
    errors: dict[str, str] | None = None,
    equals: dict[str, str] | None = None,
    tests: list[tuple[str, str, str]] | None = None,
) -> dict[str, Any]:
    transitions: dict[str, Any] = {}
    if next_:
        transitions["NextAction"] = next_
    conditions = [("Equals", operand, target) for operand, target in (equals or {}).items()]
    conditions += tests or []
    if conditions:
        transitions["Conditions"] = [
            {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operator, operand, target in conditions
        ]
    if errors:
        transitions["Errors"] = [
            {"NextAction": target, "ErrorType": type_} for type_, target in errors.items()
        ]
    return {
        "Identifier": identifier,
        "Type": type_,
        "Parameters": parameters or {},
        "Transitions": transitions,
    }


def play(identifier: str, text: str, next_: str, error: str | None = None) -> dict[str, Any]:
    errors = {ERROR: error} if error else None
    return action(identifier, "MessageParticipant", {"Text": text}, next_=next_, errors=errors)


def end(identifier: str = "end") -> dict[str, Any]:
    return action(identifier, "DisconnectParticipant")


def flow(*actions: dict[str, Any], start: str | None = None, **more: Any) -> str:
    return json.dumps(
        {
            "Version": "2019-10-30",
            "StartAction": start or actions[0]["Identifier"],
            "Metadata": {},
            "Actions": list(actions),
            **more,
        },
        ensure_ascii=False,
    )


def imported(source: str, **options: Any) -> Imported:
    return import_flow(source, catalogue(), **options)


def text_of(source: str, **options: Any) -> str:
    return to_text(imported(source, **options).document)


def exported(text: str, **options: Any) -> Exported:
    tree = parse(text)
    assert not tree.problems
    return export_flow(tree.document, catalogue(), **options)


def as_flow(source: str | None) -> ConnectFlow:
    assert source is not None
    found, _ = read(source)
    assert found is not None
    return found


def back_again(source: str) -> str:
    """Connect, text, Connect: all the way through the text itself."""
    found = imported(source)
    out = exported(to_text(found.document), sidecar=found.sidecar, name_map=found.name_map)
    assert out.json_text is not None, out.problems
    return out.json_text

"""The operations by which a flow is changed: each answers with edits of its text.

The canvas, the inspector and the fixes of the language server all use these, so whoever draws and
whoever types change the same file in the same way, and one undo serves both.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from flowlang.diagnostics import Problem
from flowlang.edits.add import Add
from flowlang.edits.align import Align
from flowlang.edits.annotate import Annotate
from flowlang.edits.change_declaration import ChangeDeclaration
from flowlang.edits.change_header import ChangeHeader
from flowlang.edits.change_outcome import ChangeOutcome
from flowlang.edits.clear_parameter import ClearParameter
from flowlang.edits.connect import Connect
from flowlang.edits.copying import copied
from flowlang.edits.declare import Declare
from flowlang.edits.declaring import Fields
from flowlang.edits.delete import Delete
from flowlang.edits.disconnect import Disconnect
from flowlang.edits.distribute import Distribute
from flowlang.edits.duplicate import Duplicate
from flowlang.edits.extract_module import ExtractModule
from flowlang.edits.insert import Insert
from flowlang.edits.move import Move
from flowlang.edits.operation import Change, Flow, Operation, Refused, composed
from flowlang.edits.paste import Paste
from flowlang.edits.remove_declaration import RemoveDeclaration
from flowlang.edits.remove_outcome import RemoveOutcome
from flowlang.edits.rename import RenameSection, RenameStep, RenameValue
from flowlang.edits.set_parameter import SetParameter
from flowlang.edits.several import Several
from flowlang.edits.text import Edits, apply, difference, inverse
from flowlang.edits.tidy import Tidy

__all__ = [
    "OPERATIONS",
    "Add",
    "Align",
    "Annotate",
    "Change",
    "ChangeDeclaration",
    "ChangeHeader",
    "ChangeOutcome",
    "ClearParameter",
    "Connect",
    "Declare",
    "Delete",
    "Disconnect",
    "Distribute",
    "Duplicate",
    "Edits",
    "ExtractModule",
    "Fields",
    "Flow",
    "Insert",
    "Move",
    "Operation",
    "Paste",
    "RemoveDeclaration",
    "RemoveOutcome",
    "RenameSection",
    "RenameStep",
    "RenameValue",
    "SetParameter",
    "Several",
    "Tidy",
    "apply",
    "composed",
    "copied",
    "difference",
    "inverse",
    "perform",
    "read_operation",
]

OPERATIONS: Mapping[str, type[Operation]] = {
    "add": Add,
    "align": Align,
    "annotate": Annotate,
    "change_declaration": ChangeDeclaration,
    "change_header": ChangeHeader,
    "change_outcome": ChangeOutcome,
    "clear_parameter": ClearParameter,
    "connect": Connect,
    "declare": Declare,
    "delete": Delete,
    "disconnect": Disconnect,
    "distribute": Distribute,
    "duplicate": Duplicate,
    "extract_module": ExtractModule,
    "insert": Insert,
    "move": Move,
    "paste": Paste,
    "remove_declaration": RemoveDeclaration,
    "remove_outcome": RemoveOutcome,
    "rename_section": RenameSection,
    "rename_step": RenameStep,
    "rename_value": RenameValue,
    "set_parameter": SetParameter,
    "tidy": Tidy,
}
"""By the name that an intention has on the wire."""


def perform(operation: Operation, flow: Flow) -> Change | Problem:
    """What the operation does to the text, or why it cannot be done."""
    try:
        return operation.edit(flow)
    except Refused as refused:
        return refused.problem


def read_operation(name: str, arguments: Mapping[str, object]) -> Operation | Problem:
    """An intention as the browser sent it."""
    kind = OPERATIONS.get(name)
    if kind is None:
        return Problem(code="FL133", severity="error", arguments={"operation": name})
    try:
        return kind.model_validate(dict(arguments))
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        told = {"operation": name, "argument": where}
        return Problem(code="FL134", severity="error", arguments=told)

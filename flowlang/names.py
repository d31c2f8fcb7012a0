"""What a name in a flow means: the environment that expressions are read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowlang import expressions as ex
from flowlang import types
from flowlang.model import Declaration
from flowlang.types import Type

SETTINGS: Mapping[str, Type] = {
    "name": types.TEXT,
    "description": types.TEXT,
    "customer_id": types.TEXT,
    "references": types.JSON,
    "tags": types.JSON,
}
"""What blocks set of a contact and every expression may read: `contact.customer_id`. A text that
nobody set is empty. Whatever else they set is for blocks alone."""

SYSTEM: Mapping[str, Type] = {
    "caller": types.RecordType((("number", types.PHONE), ("name", types.TEXT))),
    "contact": types.RecordType(
        (
            ("id", types.TEXT),
            ("channel", types.TEXT),
            ("language", types.TEXT),
            ("entry", types.TEXT),
            ("today", types.DATE),
            ("time", types.TIME),
            *SETTINGS.items(),
        )
    ),
    "queue": types.RecordType((("name", types.TEXT),)),
    "agent": types.RecordType((("name", types.TEXT),)),
    "connect": types.ANY,
}
"""Names that every flow can read; `connect.X` is a value by the name that Amazon Connect has for
it, and empty where nobody else knows it."""

VALUE_WORDS = frozenset({"attribute", "variable"})
"""Declarations that hold a value of their own; every other word declares a resource."""
TARGET_WORDS = frozenset({"next", "nowhere"})
"""Targets that no section can be."""
VALUES_READ_OTHERWISE = frozenset({"true", "false", "not"})
"""What an expression takes for something else than a name."""
LEADS = ("flow", "module")
"""Declarations of another file, which contacts go on in."""


@dataclass(frozen=True, slots=True)
class Names:
    """The value names of one flow. (Section labels are a namespace of their own.)"""

    declarations: Mapping[str, Declaration]
    steps: Mapping[str, str]
    """Named steps, to their ids."""
    slots: frozenset[str]
    """Words under which the last result of any such block is read: `function`, `bot`."""

    def value(self, name: str) -> Declaration | None:
        """The declaration of an attribute or variable."""
        return as_value(self.declarations.get(name))

    def resource(self, name: str, word: str | None = None) -> Declaration | None:
        """The declaration of a resource, of that word if one is given."""
        return as_resource(self.declarations.get(name), word)

    def knows(self, name: str) -> bool:
        return (
            name in self.declarations or name in self.steps or name in self.slots or name in SYSTEM
        )


def as_value(declared: Declaration | None) -> Declaration | None:
    return declared if declared and declared.word in VALUE_WORDS else None


def as_resource(declared: Declaration | None, word: str | None = None) -> Declaration | None:
    """What is declared, if it is a resource, and of that word if one is given."""
    if not declared or declared.word in VALUE_WORDS or (word and declared.word != word):
        return None
    return declared


def outside_name(declaration: Declaration) -> str:
    """What a resource is called outside of the flow: its value, else its own name."""
    match declaration.value:
        case ex.Literal(value=str(name)):
            return name
        case _:
            return declaration.name

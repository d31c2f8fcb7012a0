"""What a name in a flow means: the environment that expressions are read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowlang import expressions as ex
from flowlang import types
from flowlang.catalogue import Catalogue
from flowlang.model import Declaration, Document
from flowlang.types import Type

SETTINGS: Mapping[str, Type] = {
    "name": replace(types.TEXT, optional=True),
    "description": replace(types.TEXT, optional=True),
    "customer_id": replace(types.TEXT, optional=True),
    "references": types.JSON,
    "tags": types.JSON,
}
"""What blocks set of a contact and every expression may read: `contact.customer_id`. Whatever else
they set is for blocks alone."""

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
"""Names that every flow can read; `connect.X` is a value that only Amazon Connect has."""

VALUE_WORDS = frozenset({"attribute", "variable"})
"""Declarations that hold a value of their own; every other word declares a resource."""


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
        found = self.declarations.get(name)
        return found if found and found.word in VALUE_WORDS else None

    def resource(self, name: str, word: str | None = None) -> Declaration | None:
        """The declaration of a resource, of that word if one is given."""
        found = self.declarations.get(name)
        if not found or found.word in VALUE_WORDS or (word and found.word != word):
            return None
        return found

    def knows(self, name: str) -> bool:
        return (
            name in self.declarations or name in self.steps or name in self.slots or name in SYSTEM
        )


def names_of(document: Document, catalogue: Catalogue) -> Names:
    slots = {"function", "bot"}
    for _, _, step in document.steps():
        block = catalogue.block(_block_kind(step.kind, document, catalogue))
        if block and block.slot:
            slots.add(block.slot)
    steps = {step.name: step_id for step_id, _, step in document.steps() if step.name}
    return Names(document.declarations, steps, frozenset(slots))


def _block_kind(kind: str, document: Document, catalogue: Catalogue) -> str:
    """The kind of block that a step's first word stands for: a declared name may be called."""
    declared = document.declarations.get(kind)
    resource = catalogue.resources.get(declared.word) if declared else None
    return resource.call if resource and resource.call else kind


def outside_name(declaration: Declaration) -> str:
    """What a resource is called outside of the flow: its value, else its own name."""
    match declaration.value:
        case ex.Literal(value=str(name)):
            return name
        case _:
            return declaration.name

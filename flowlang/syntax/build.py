"""Fast construction of model nodes that need no validation."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from flowlang.model import Node

AnyNode = TypeVar("AnyNode", bound=Node)
_set = object.__setattr__


@cache
def _defaults(cls: type[Node]) -> dict[str, Any]:
    fields = cls.model_fields.items()
    return {name: None if field.is_required() else field.default for name, field in fields}


def construct(cls: type[AnyNode], fields: dict[str, Any]) -> AnyNode:
    """A node with these fields and defaults for the others.

    `model_construct` does the same, but walks all the fields in Python: parsing a text would take
    twice as long.
    """
    node = cls.__new__(cls)
    _set(node, "__dict__", {**_defaults(cls), **fields})
    _set(node, "__pydantic_fields_set__", set(fields))
    _set(node, "__pydantic_extra__", None)
    _set(node, "__pydantic_private__", None)
    return node


class Draft:
    """A node under construction: its own line is known, what is indented below it is not."""

    __slots__ = ("cls", "fields")

    def __init__(self, cls: type[Any], **fields: Any) -> None:
        self.cls = cls
        self.fields = fields

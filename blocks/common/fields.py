"""Names of a record's fields, as we write them and as Amazon Connect does: `first_name` is
`FirstName`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowlang import expressions as ex
from flowlang.block import Call
from flowlang.interchange.connect.contract import Json, ReadScope, Segments, WriteScope
from flowlang.interchange.connect.mapping import OneAction
from flowlang.interchange.connect.values import Pairs, unsayable
from flowlang.model import Step
from flowlang.parameters import parameter

_WORDS = re.compile(r"[A-Z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Names both ways; what no rule covers keeps its spelling."""

    special: Mapping[str, str] = field(default_factory=dict)
    """Connect's by ours, where they are not the same words."""

    def ours(self, theirs: str) -> str:
        found = next((name for name, other in self.special.items() if other == theirs), None)
        if found is not None:
            return found
        words = _WORDS.findall(theirs)
        name = "_".join(words).lower()
        is_plain = "".join(words) == theirs and self.theirs(name) == theirs
        return name if is_plain else theirs

    def theirs(self, ours: str) -> str:
        if ours in self.special:
            return self.special[ours]
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*", ours):
            return ours
        return "".join(word.capitalize() for word in ours.split("_"))


def fields_to_read() -> Any:
    """The parameter that lists what later steps read of a record."""
    return parameter(
        title={"en": "Fields to read", "ko": "읽을 필드"},
        help={
            "en": "What later steps read; Amazon Connect hands over no others.",
            "ko": "뒤에서 읽을 필드입니다. Amazon Connect는 여기에 적은 것만 줍니다.",
        },
        default=(),
    )


def listed(call: Call) -> Sequence[str]:
    """What a step lists there."""
    items = getattr(call.arguments.get("fields"), "items", ())
    found = (getattr(item.value, "value", getattr(item.value, "root", None)) for item in items)
    return [name for name in found if isinstance(name, str)]


@dataclass(frozen=True, slots=True)
class FieldPairs:
    """A flat map whose keys are names of fields."""

    names: FieldNames

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, dict):
            return None
        renamed = {self.names.ours(key): item for key, item in value.items()}
        return Pairs().read(renamed, scope, path) if len(renamed) == len(value) else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        pairs = Pairs().write(value, scope, key)
        return {self.names.theirs(name): item for name, item in pairs.items()}


@dataclass(frozen=True, slots=True)
class FieldList:
    """A list of names of fields."""

    names: FieldNames

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return None
        found = [ex.Literal(self.names.ours(item), "text") for item in value]
        return ex.ListOf(tuple(map(ex.Item, found)))

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        items = [item.value for item in value.items] if isinstance(value, ex.ListOf) else [value]
        return [self.names.theirs(_text(item, key)) for item in items]


def _text(value: ex.Expression, key: str) -> str:
    if isinstance(value, ex.Literal) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ex.Name) and value.is_bare:
        return value.root
    raise unsayable("FL436", value, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction(OneAction):
    """An action that fills a record, whose fields are read under our names."""

    root: str
    """Where Connect keeps the record: `Customer`."""
    names: FieldNames = field(default_factory=FieldNames)

    def fills(self, step: Step) -> frozenset[str]:
        return frozenset((self.root,))

    def reference(self, result: Segments, step: Step) -> Segments | None:
        return (self.root, self.names.theirs(result[0]), *result[1:]) if result else None

    def result(self, reference: Segments) -> Segments | None:
        if len(reference) < 2 or reference[0] != self.root:
            return None
        return (self.names.ours(reference[1]), *reference[2:])

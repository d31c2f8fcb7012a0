"""What the blocks of data tables share, and how Amazon Connect spells their rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowlang import expressions as ex
from flowlang.interchange.connect.contract import Json, ReadScope, WriteScope
from flowlang.interchange.connect.values import Pairs, unsayable


@dataclass(frozen=True, slots=True)
class NamedValues:
    """A map as a list of names and values: `[{"Name": "country", "Value": "KR"}]`."""

    name: str = "Name"
    value: str = "Value"
    pairs: Pairs = field(default_factory=Pairs)

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, list):
            return None
        found: dict[str, Json] = {}
        for item in value:
            if not isinstance(item, dict) or item.keys() != {self.name, self.value}:
                return None
            if not isinstance(item[self.name], str) or item[self.name] in found:
                return None
            found[item[self.name]] = item[self.value]
        return self.pairs.read(found, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        pairs = self.pairs.write(value, scope, key)
        return [{self.name: name, self.value: item} for name, item in pairs.items()]


@dataclass(frozen=True, slots=True)
class Only:
    """A list of one."""

    each: NamedValues
    wrapped: str
    """The key of its item that holds the values."""
    label: str
    """The key of its item that names it; nobody needs the name."""
    called: str

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
            return None
        item = dict(value[0])
        if item.pop(self.label, self.called) != self.called:
            return None
        inner = item.pop(self.wrapped, None)
        return None if item else self.each.read(inner, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if not isinstance(value, ex.Record):
            raise unsayable("FL436", value, key)
        return [{self.label: self.called, self.wrapped: self.each.write(value, scope, key)}]

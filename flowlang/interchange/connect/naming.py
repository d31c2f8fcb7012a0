"""Names for what an import finds: attributes, variables and resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from flowlang import expressions as ex
from flowlang import types
from flowlang.interchange.connect import names
from flowlang.interchange.connect.contract import Branch, Draft
from flowlang.interchange.connect.opening import Default
from flowlang.interchange.connect.reading import Hint
from flowlang.interchange.connect.values import plain_text
from flowlang.interchange.connect.writing import ROOTS
from flowlang.model import Argument, ComparePort, Declaration, Port
from flowlang.names import SYSTEM, outside_name

SLOTS = frozenset({"function", "bot", "module", "profile", "view"})
SETTERS: Mapping[str, str] = {"Attributes": "attribute", "FlowAttributes": "variable"}


class Declared:
    """The declarations of an imported flow. One name means one thing."""

    def __init__(self, reserved: Iterable[str], name_map: Mapping[str, Mapping[str, str]]) -> None:
        self.taken: set[str] = {*SYSTEM, *SLOTS, *reserved}
        self.values: dict[tuple[str, str], Declaration] = {}
        self.resources: dict[Hint, Declaration] = {}
        self.name_map: dict[str, dict[str, str]] = {}
        self.known: dict[str, Declaration] = {}
        """By name, declarations that the text is known to have had."""
        self.identifiers = name_map
        self.known_names = {
            (word, identifier): name
            for word, entries in name_map.items()
            for name, identifier in entries.items()
        }
        """Outside names that a name map at hand already gives."""

    def know(self, item: Declaration) -> None:
        """What the text is known to have declared; of a default only the flow itself can tell."""
        if item.name in self.taken:
            return
        self.taken.add(item.name)
        self.known[item.name] = item
        if item.word in ROOTS:
            bare = item.model_copy(update={"value": None})
            self.values[item.word, item.wire_name or item.name] = bare
            return
        name = outside_name(item)
        identifier = self.identifiers.get(item.word, {}).get(name, name)
        self.resources[item.word, identifier] = item
        if identifier != name:
            self.name_map.setdefault(item.word, {})[name] = identifier

    def open_with(self, default: Default) -> None:
        """Declare a value that the flow sets before its first step."""
        declared = self.value(default.word, default.wire_name, default.name)
        known = self.known.get(declared.name)
        if known and isinstance(known.value, ex.Literal) and _same(known.value, default.value):
            self.values[default.word, default.wire_name] = known
            return
        about = {"type": default.type, "value": default.value}
        self.values[default.word, default.wire_name] = declared.model_copy(update=about)

    def value(self, word: str, wire_name: str, wanted: str = "") -> Declaration:
        """The attribute or variable of that name in Connect."""
        if found := self.values.get((word, wire_name)):
            return found
        usual = wire_name if names.is_name(wire_name) else names.slug(wire_name) or word
        wanted = wanted or usual
        if wanted in self.taken:
            wanted = f"{wanted}_{word}"
        name = names.unused(wanted, self.taken)
        self.taken.add(name)
        declared = Declaration(
            word=word, name=name, wire_name=None if name == wire_name else wire_name, type=types.ANY
        )
        self.values[word, wire_name] = declared
        return declared

    def resource(self, hint: Hint, console_name: str) -> Declaration:
        word, identifier = hint
        if found := self.resources.get(hint):
            return found
        outside = self.known_names.get(hint) or names.outside(word, identifier, console_name)
        entries = self.name_map.setdefault(word, {})
        outside = names.unused(outside, entries) if entries.get(outside) != identifier else outside
        if outside != identifier:
            entries[outside] = identifier
        name = self._name_of(word, outside)
        self.taken.add(name)
        declared = Declaration(word=word, name=name, value=ex.Literal(outside, "text"))
        self.resources[hint] = declared
        return declared

    def _name_of(self, word: str, outside: str) -> str:
        """What a person would call it; where nobody has named it, the next of its kind."""
        if not names.is_friendly(outside):
            return next(
                name for number in count(1) if (name := f"{word}_{number}") not in self.taken
            )
        name = names.slug(outside) or word
        if name in self.taken:
            name = f"{name}_{word}"
        return names.unused(name, self.taken)


def _same(one: ex.Literal, two: ex.Expression) -> bool:
    return isinstance(two, ex.Literal) and plain_text(one) == plain_text(two)


# --- expressions of drafts --------------------------------------------------------------------

Rename = Callable[[ex.Name], ex.Expression]


def renamed(value: ex.Expression, rename: Rename) -> ex.Expression:
    """An expression with its names replaced."""
    match value:
        case ex.Name():
            return rename(value)
        case ex.Template(parts=parts):
            return ex.Template(
                tuple(part if isinstance(part, str) else renamed(part, rename) for part in parts)
            )
        case ex.ListOf(items=items):
            return replace(
                value,
                items=tuple(replace(item, value=renamed(item.value, rename)) for item in items),
            )
        case ex.Record(fields=fields):
            return replace(
                value,
                fields=tuple(replace(item, value=renamed(item.value, rename)) for item in fields),
            )
        case ex.Binary(left=left, right=right):
            return replace(value, left=renamed(left, rename), right=renamed(right, rename))
        case _:
            return value


def renamed_draft(draft: Draft, rename: Rename, rename_key: Callable[[str], str]) -> Draft:
    """A draft with its names replaced, in arguments and outcome lines."""
    arguments = tuple(
        Argument(
            key=rename_key(item.key) if item.key and draft.sets_values else item.key,
            value=renamed(item.value, rename),
        )
        for item in draft.arguments
    )
    branches = tuple(
        Branch(port=_renamed_port(branch.port, rename), target=branch.target)
        for branch in draft.branches
    )
    return replace(draft, arguments=arguments, branches=branches)


def _renamed_port(port: Port, rename: Rename) -> Port:
    if isinstance(port, ComparePort):
        return ComparePort(operator=port.operator, operand=renamed(port.operand, rename))
    return port


def names_in(draft: Draft) -> Iterator[ex.Name]:
    """Every name that a draft's expressions have, in order."""
    found: list[ex.Name] = []

    def note(name: ex.Name) -> ex.Expression:
        found.append(name)
        return name

    renamed_draft(draft, note, lambda key: key)
    yield from found


def parse_key(key: str) -> tuple[str, str]:
    """Word and wire name of what an argument sets."""
    _, root, wire_name = key.split(".", 2)
    word = {path: word for word, path in ROOTS.items()}[root]
    return word, wire_name

"""Expressions as Connect says them: what a translation may ask while a step is written."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang import expressions as ex
from flowlang.diagnostics import Problem
from flowlang.interchange.connect import paths, reaching
from flowlang.interchange.connect.contract import Segments, Unsayable, WriteScope
from flowlang.interchange.connect.names import NameMap
from flowlang.interchange.connect.values import plain_text
from flowlang.model import Declaration
from flowlang.names import outside_name
from flowlang.wiring import WiredStep, Wiring, result_names

SYSTEM_PATHS: Mapping[Segments, Segments] = {
    ("caller", "number"): ("CustomerEndpoint", "Address"),
    ("caller", "name"): ("CustomerEndpoint", "DisplayName"),
    ("contact", "id"): ("ContactId",),
    ("contact", "channel"): ("Channel",),
    ("contact", "language"): ("LanguageCode",),
    ("contact", "entry"): ("SystemEndpoint", "Address"),
    ("contact", "name"): ("Name",),
    ("contact", "description"): ("Description",),
    ("contact", "customer_id"): ("CustomerId",),
    ("contact", "tags"): ("Tags",),
    ("queue", "name"): ("Queue", "Name"),
    ("agent", "name"): ("Agent", "FirstName"),
}
INPUT: Segments = ("Modules", "Input")
ROOTS: Mapping[str, str] = {"attribute": "Attributes", "variable": "FlowAttributes"}


class Writer(WriteScope):
    """One flow on its way to Connect."""

    def __init__(self, wiring: Wiring, name_map: NameMap) -> None:
        self.wiring = wiring
        self.name_map = name_map
        self.problems: list[Problem] = []
        self.step: WiredStep | None = None
        self._unknown: set[tuple[str, str]] = set()
        header = wiring.document.header
        self.inputs = {item.name for item in (header.takes if header else None) or ()}
        """What a module is told."""
        edges = {
            step_id: [wire.target for wire in step.wires if wire.target]
            for step_id, step in wiring.steps.items()
        }
        fills = {
            step_id: step.block.connect.fills(step.step)
            for step_id, step in wiring.steps.items()
            if step.block and step.block.connect
        }
        self.sources = reaching.sources(edges, fills, wiring.start)

    # --- what translations ask ----------------------------------------------------------------

    @property
    def language(self) -> str:
        header = self.wiring.document.header
        return header.languages[0] if header and header.languages else ""

    def text(self, value: ex.Expression, key: str = "") -> str:
        match value:
            case ex.Literal():
                return plain_text(value)
            case ex.Negative(operand=ex.Literal() as literal):
                return "-" + plain_text(literal)
            case ex.Template(parts=parts):
                return self._template(parts, key)
            case ex.Name():
                return self._name(value, key)
            case ex.Binary() if is_or_nothing(value):
                return self.text(value.left, key)
            case _:
                raise Unsayable("FL435", value, key or None)

    def whole(self, value: ex.Expression, key: str = "") -> str:
        if isinstance(value, ex.Template):
            raise Unsayable("FL436", value, key or None)
        return self.text(value, key)

    def resource(self, word: str, value: ex.Expression, key: str = "") -> str:
        match value:
            case ex.Literal(value=str(name)):
                return self.identifier(word, name)
            case ex.Name(root=root, segments=()) if found := self.wiring.names.resource(root, word):
                return self.identifier(word, outside_name(found))
            case ex.Name():
                return self._name(value, key)
            case _:
                raise Unsayable("FL436", value, key or None)

    def recorded(self, value: ex.Expression) -> str | None:
        if not isinstance(value, ex.Name) or not value.is_bare:
            return None
        found = self.wiring.names.resource(value.root, "prompt")
        if found is None or found.entries:
            return None
        return self.identifier("prompt", outside_name(found))

    def wire_name(self, name: str) -> tuple[str, str]:
        found = self.wiring.names.value(name)
        if found is None:
            raise Unsayable("FL440", None, name, name=name)
        return found.word, found.wire_name or found.name

    def warn(self, code: str, **about: object) -> None:
        self.problems.append(
            Problem(
                code=code,
                severity="warning",
                place=self.step.step.at if self.step else None,
                block=self.step.id if self.step else None,
                arguments=about,
            )
        )

    def identifier(self, word: str, name: str) -> str:
        """Amazon's identifier of a resource; its own name if the map does not know it."""
        found = self.name_map.get(word, {}).get(name)
        if found is not None:
            return found
        if not looks_like_identifier(name) and (word, name) not in self._unknown:
            self._unknown.add((word, name))
            self.warn("FL441", word=word, name=name)
        return name

    # --- names --------------------------------------------------------------------------------

    def _template(self, parts: tuple[str | ex.Expression, ...], key: str) -> str:
        written = ""
        for part in map(_without_nothing, reversed(parts)):
            if isinstance(part, str):
                written = part + written
            elif isinstance(part, ex.Name) and self._constant(part) is None:
                spelled = paths.spell(self.path(part, key), before=written)
                if spelled is None:
                    raise Unsayable("FL442", part, key or None)
                written = spelled + written
            else:
                written = self.text(part, key) + written
        return written

    def _name(self, name: ex.Name, key: str) -> str:
        constant = self._constant(name)
        if constant is not None:
            return constant
        spelled = paths.spell(self.path(name, key))
        if spelled is None:
            raise Unsayable("FL442", name, key or None)
        return spelled

    def _constant(self, name: ex.Name) -> str | None:
        """The text of a declared prompt, or a resource as a value."""
        declared = self.wiring.names.resource(name.root) if name.is_bare else None
        if declared is None:
            return None
        if declared.word == "prompt" and declared.entries:
            return self._prompt(declared)
        return self.identifier(declared.word, outside_name(declared))

    def _prompt(self, declared: Declaration) -> str:
        """A prompt in the flow's first language, else in the first it has."""
        if len(declared.entries) > 1:
            self.warn("FL444", name=declared.name)
        said = next(
            (entry for entry in declared.entries if entry.key == self.language), declared.entries[0]
        )
        return self.text(said.value)

    def path(self, name: ex.Name, key: str = "") -> Segments:
        """Where Connect keeps what a name means."""
        declared = self.wiring.names.value(name.root)
        if declared:
            return (ROOTS[declared.word], declared.wire_name or declared.name, *name.segments)
        if name.root in self.inputs:
            return (*INPUT, name.root, *name.segments)
        if name.root == "connect" and name.segments:
            return name.segments
        if found := SYSTEM_PATHS.get((name.root, *name.segments[:1])):
            return (*found, *name.segments[1:])
        return self._result(name, key)

    def _result(self, name: ex.Name, key: str) -> Segments:
        """A result of a step, if no other step can have replaced it before it is read here."""
        owners = {
            step_id: step
            for step_id, step in self.wiring.steps.items()
            if name.root in result_names(step)
        }
        for step in owners.values():
            translation = step.block.connect if step.block else None
            path = translation.reference(name.segments, step.step) if translation else None
            if path is None:
                continue
            here = self.sources.get(self.step.id, {}) if self.step else {}
            if not here.get(path[0], frozenset()) <= owners.keys():
                raise Unsayable("FL445", name, key or None, name=name.root)
            return path
        raise Unsayable("FL440", name, key or None, name=".".join((name.root, *name.segments)))


def is_or_nothing(value: ex.Binary) -> bool:
    """`x else ""`: what Connect does anyway where there is no value."""
    return value.operator == "else" and value.right == ex.Literal("", "text")


def _without_nothing(part: str | ex.Expression) -> str | ex.Expression:
    return part.left if isinstance(part, ex.Binary) and is_or_nothing(part) else part


def looks_like_identifier(name: str) -> bool:
    """An ARN, a uuid, or a placeholder of a template: nothing that a map should know."""
    from flowlang.interchange.connect.names import is_friendly

    return (
        name.startswith("arn:")
        or not is_friendly(name)
        or any(mark in name for mark in ("%%", "${", "{{", "<", ">"))
    )

"""Every name in a flow file with what it means: the ground of hover, definition, references,
rename and colours.

A mention is a stretch of the text and the thing that it names. Things are told apart by sort and
name; `owner` is the flow that has the thing, which for a test may be another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from flowlang import expressions as ex
from flowlang import model, types
from flowlang.edits import Flow
from flowlang.features.around import Around, subject_flow
from flowlang.inference import Environment
from flowlang.model import Argument, Phrase, Route
from flowlang.names import SYSTEM, TARGET_WORDS
from flowlang.parameters import ParameterSpec, specs
from flowlang.places import Place
from flowlang.types import SIMPLE, Type
from flowlang.wiring import WiredStep

Sort = Literal[
    "flow", "section", "step", "value", "input", "slot", "system", "field", "block", "parameter",
    "outcome", "intent", "word", "type", "keyword", "unknown",
]  # fmt: skip
_SEGMENT = re.compile(r"\s*(?P<name>[^.\s\"']+|\"[^\"]*\"|'[^']*')\s*(?:\.|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    start: int
    end: int
    sort: Sort
    name: str
    owner: Flow
    is_declaration: bool = False
    step: WiredStep | None = None
    """The step whose parameter, outcome or word it is."""
    type: Type | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        return self.sort, self.name, id(self.owner)


def mentions(
    flow: Flow, around: Around | None = None, *, near: int | None = None
) -> tuple[Mention, ...]:
    """In the order of the text; `near` an offset: only those of the part that it is in."""
    found = _Mentions(flow, around or {}, near).all()
    return tuple(sorted(found, key=lambda item: (item.start, item.end)))


def mention_at(found: Iterable[Mention], offset: int) -> Mention | None:
    """The name that the offset is in; at a border of two the one that begins there."""
    touching = [item for item in found if item.start <= offset <= item.end]
    return max(touching, key=lambda item: (item.start, -item.end), default=None)


class _Mentions:
    def __init__(self, flow: Flow, around: Around, near: int | None = None) -> None:
        self.flow = flow
        self.around = around
        self.near = near
        self.source = flow.tree.source
        self.environment = Environment(flow.wiring)

    def all(self) -> Iterator[Mention]:
        steps = {id(wired.step): wired for wired in self.flow.wiring.steps.values()}
        for item in self._items():
            match item:
                case model.Header():
                    yield from self._header(item)
                case model.Declaration():
                    yield from self._declaration(item)
                case model.Section():
                    yield from self._section(item, steps)
                case model.Test():
                    subject = subject_flow(self.flow, item.flow, self.around)
                    yield from self._test(item, _Phrases(self, subject))
                case model.Policy():
                    subject = subject_flow(self.flow, None, self.around)
                    yield from _Phrases(self, subject).words("policy", item.words)
                case model.Layout():
                    for placement in item.places:
                        yield from self._placement(placement)
                case _:
                    assert_never(item)

    def _items(self) -> Iterator[model.Top]:
        for item in self.flow.document.items:
            if self.near is None or item.extent is None:
                yield item
                continue
            start, end = item.extent.offsets
            if start <= self.near <= end:
                yield item

    def mention(
        self, place: Place | None, sort: Sort, name: str, *, step: WiredStep | None = None,
        type: Type | None = None, is_declaration: bool = False, owner: Flow | None = None,
    ) -> Iterator[Mention]:  # fmt: skip
        if place is not None:
            start, end = place.offsets
            yield Mention(
                start=start, end=end, sort=sort, name=name, owner=owner or self.flow, step=step,
                type=type, is_declaration=is_declaration,
            )  # fmt: skip

    # --- declarations -------------------------------------------------------------------------

    def _header(self, header: model.Header) -> Iterator[Mention]:
        yield from self.mention(header.name_at, "flow", header.name, is_declaration=True)
        for item in header.takes or ():
            yield from self.mention(item.at, "input", item.name, is_declaration=True)
            yield from self._type(item.type)
        for item in header.gives or ():
            yield from self.mention(item.at, "field", item.name, is_declaration=True)
            yield from self._type(item.type)
        for setting in header.settings:
            yield from self._setting(setting)
        for route in header.routes:
            yield from self._route(route, None)

    def _setting(self, phrase: Phrase) -> Iterator[Mention]:
        first, *rest = (item for clause in phrase.words.clauses for item in clause)
        yield from self.mention(first.at, "keyword", model.word_of(first) or "")
        for item in rest:
            yield from self.mention(item.at, "word", model.word_of(item) or "")

    def _declaration(self, declared: model.Declaration) -> Iterator[Mention]:
        yield from self.mention(declared.name_at, "value", declared.name, is_declaration=True)
        yield from self._type(declared.type)
        yield from self.values(declared.value)
        for item in declared.takes or ():
            yield from self._signature(item, f"{declared.name} takes")
        for item in declared.gives or ():
            yield from self._signature(item, declared.name)
        yield from self._type(declared.gives_type)
        for entry in declared.entries:
            yield from self.values(entry.value)

    def _signature(self, item: model.Parameter, owner: str) -> Iterator[Mention]:
        name = f"{owner}.{item.name}"
        sort: Sort = "intent" if item.type is None else "field"
        yield from self.mention(item.at, sort, name, is_declaration=True, type=item.type)
        yield from self._type(item.type)
        for inner in item.fields or ():
            # What a bot asks for is read under the bot's own name.
            bot = owner.partition(" ")[0]
            yield from self._signature(inner, bot)

    def _type(self, type_: Type | None) -> Iterator[Mention]:
        match type_:
            case types.Named(name=name, at=Place() as at):
                start = at.start + at.anchor.text[at.start : at.end].rfind(name)
                place = Place(at.anchor, start, start + len(name))
                yield from self.mention(place, "type" if name in SIMPLE else "keyword", name)
            case types.ListType(item=item):
                yield from self._type(item)
            case types.RecordType(fields=fields):
                for _, inner in fields:
                    yield from self._type(inner)
            case _:
                pass

    # --- sections -----------------------------------------------------------------------------

    def _section(self, section: model.Section, steps: Mapping[int, WiredStep]) -> Iterator[Mention]:
        yield from self.mention(section.name_at, "section", section.name, is_declaration=True)
        for item in section.body:
            match item:
                case model.Step():
                    if wired := steps.get(id(item)):
                        yield from self._step(wired)
                case model.Goto():
                    yield from self.target(item.target)
                case model.SectionRoute():
                    yield from self._route(item, None)
                case _:
                    assert_never(item)

    def _step(self, wired: WiredStep) -> Iterator[Mention]:
        step = wired.step
        if step.name and step.at:
            start = step.at.start
            length = len(self._word_at(step.at.anchor.offset + start))
            place = Place(step.at.anchor, start, start + length)
            yield from self.mention(place, "step", wired.id, is_declaration=True, step=wired)
        if wired.call.callee:
            yield from self.mention(step.name_at, "value", wired.call.callee.name, step=wired)
        else:
            sort: Sort = "block" if wired.block else "unknown"
            yield from self.mention(step.name_at, sort, step.kind, step=wired)
        for argument in step.arguments:
            yield from self._argument(argument, wired)
        for route in step.routes:
            yield from self._route(route, wired)

    def _word_at(self, offset: int) -> str:
        end = offset
        while end < len(self.source) and self.source[end] not in " =":
            end += 1
        return self.source[offset:end]

    def _argument(self, argument: Argument, wired: WiredStep) -> Iterator[Mention]:
        spec = self._spec(argument, wired)
        if argument.key is not None:
            yield from self._key(argument, wired, spec)
        free = spec is None or spec.free
        yield from self.values(argument.value, wired, None if free else spec)

    def _spec(self, argument: Argument, wired: WiredStep) -> ParameterSpec | None:
        """The parameter that an argument is for."""
        found = specs(wired.block.Params) if wired.block else ()
        by_key = {item.key: item for item in found}
        if argument.key in by_key and not by_key[argument.key].callee:
            return by_key[argument.key]
        key = next((key for key, it in wired.bound.given.items() if it is argument), None)
        rest = next((item for item in found if item.rest and argument.key is None), None)
        return by_key.get(key or "") or rest

    def _key(
        self, argument: Argument, wired: WiredStep, spec: ParameterSpec | None
    ) -> Iterator[Mention]:
        assert argument.key is not None
        if spec is not None and not spec.free:
            yield from self.mention(argument.name_at, "parameter", argument.key, step=wired)
        elif wired.call.callee:
            name = f"{wired.call.callee.name} takes.{argument.key}"
            yield from self.mention(argument.name_at, "field", name, step=wired)
        elif argument.key in self.flow.wiring.names.declarations:
            yield from self.mention(argument.name_at, "value", argument.key, step=wired)
        else:
            yield from self.mention(argument.name_at, "unknown", argument.key, step=wired)

    def _route(self, route: Route, wired: WiredStep | None) -> Iterator[Mention]:
        for port in route.ports:
            match port:
                case model.WordPort():
                    yield from self._outcome(port, wired)
                case model.ValuePort():
                    yield from self.values(port.value)
                case model.ComparePort():
                    yield from self.values(port.operand)
                case model.WhenPort():
                    yield from self.values(port.condition)
                case model.OtherwisePort():
                    yield from self.mention(port.at, "keyword", "otherwise")
                case _:
                    assert_never(port)
        yield from self.target(route.target)

    def _outcome(self, port: model.WordPort, wired: WiredStep | None) -> Iterator[Mention]:
        for value in wired.call.arguments.values() if wired else ():
            declared = self.flow.document.declarations.get(_bare_root(value))
            if declared and any(item.name == port.word for item in declared.takes or ()):
                name = f"{declared.name} takes.{port.word}"
                yield from self.mention(port.at, "intent", name, step=wired)
                return
        yield from self.mention(port.at, "outcome", port.word, step=wired)

    def target(self, target: model.Target) -> Iterator[Mention]:
        if target.at is None:
            return
        pieces = list(segment_places(target.at))
        sort: Sort = "section"
        if target.step is None and target.name not in self.flow.document.sections:
            ends = self.flow.catalogue.block(target.name) is not None
            sort = "keyword" if target.name in TARGET_WORDS else "block" if ends else "unknown"
        yield from self.mention(pieces[0], sort, target.name)
        if target.step is not None and len(pieces) > 1:
            yield from self._step_named(pieces[1], target.spelling)

    def _step_named(self, place: Place, step_id: str) -> Iterator[Mention]:
        is_known = step_id in self.flow.wiring.steps
        yield from self.mention(place, "step" if is_known else "unknown", step_id)

    def _placement(self, placement: model.Placement) -> Iterator[Mention]:
        if placement.at is None:
            return
        start = placement.at.start
        text = placement.at.anchor.text
        end = text.find(" ", start)
        section, _, _ = placement.id.partition(".")
        dot = text.find(".", start, end)
        if 0 <= dot < end:
            yield from self.mention(Place(placement.at.anchor, start, dot), "section", section)
            rest = Place(placement.at.anchor, dot + 1, end)
            yield from self._step_named(rest, placement.id)

    # --- values -------------------------------------------------------------------------------

    def values(
        self,
        node: ex.Expression | None,
        wired: WiredStep | None = None,
        spec: ParameterSpec | None = None,
    ) -> Iterator[Mention]:
        """The names in an expression; `spec`: words of its parameter are no names."""
        match node:
            case ex.Name() if spec and node.is_bare and node.root in spec.words:
                yield from self.mention(node.at, "word", node.root, step=wired)
            case ex.Name():
                yield from self.name(node)
            case ex.Template(parts=parts):
                for part in parts:
                    if isinstance(part, ex.Expression):
                        yield from self.values(part)
            case ex.Not(operand=inner) | ex.Negative(operand=inner):
                yield from self.values(inner)
            case ex.Binary(left=left, right=right):
                yield from self.values(left)
                yield from self.values(right)
            case ex.Item(value=inner) | ex.Field(value=inner):
                yield from self.values(inner, wired, spec)
            case ex.ListOf(items=items) | ex.Record(fields=items):
                for item in items:
                    yield from self.values(item, wired, spec)
            case _:
                pass

    def name(self, node: ex.Name) -> Iterator[Mention]:
        if node.at is None:
            return
        sort, name = self._meaning(node.root)
        pieces = list(segment_places(node.at))
        read = self.environment.read(ex.Name(node.root)).type
        yield from self.mention(pieces[0], sort, name, type=read)
        for index, place in enumerate(pieces[1:], 1):
            segments = node.segments[:index]
            reading = self.environment.read(ex.Name(node.root, segments))
            field_sort: Sort = "unknown" if reading.fault else "field"
            owner = self._field_owner(sort, name)
            path = ".".join((owner, *segments))
            yield from self.mention(place, field_sort, path, type=reading.type)

    def _field_owner(self, sort: Sort, name: str) -> str:
        """Under whose name the fields of a step's results are declared."""
        wired = self.flow.wiring.steps.get(name) if sort == "step" else None
        if wired and wired.call.callee:
            return wired.call.callee.name
        return name

    def _meaning(self, root: str) -> tuple[Sort, str]:
        names = self.flow.wiring.names
        if root in names.declarations:
            return "value", root
        if root in self.environment.inputs:
            return "input", root
        if root in names.steps:
            return "step", names.steps[root]
        if root in names.slots:
            return "slot", root
        if root in SYSTEM:
            return "system", root
        return "unknown", root

    # --- tests --------------------------------------------------------------------------------

    def _test(self, test: model.Test, phrases: _Phrases) -> Iterator[Mention]:
        if test.flow and test.at:
            line = test.at.anchor.text[test.at.start : test.at.end]
            start = test.at.start + line.rindex(line.split()[-1])
            place = Place(test.at.anchor, start, test.at.end)
            yield from self.mention(place, "flow", test.flow, owner=phrases.subject)
        for line_ in test.lines:
            first = model.word_of(line_.words.clauses[0][0]) if line_.words.clauses else None
            yield from phrases.words(first or "", line_.words)


class _Phrases:
    """Reads the words of tests and policies, which are about a flow that may be elsewhere."""

    def __init__(self, here: _Mentions, subject: Flow) -> None:
        self.here = here
        self.subject = subject
        self.meanings = here if subject is here.flow else _Mentions(subject, {})

    def words(self, first: str, words: model.Words) -> Iterator[Mention]:
        items = [item for clause in words.clauses for item in clause]
        named = [item for item in items if isinstance(item, ex.Name)]
        is_path = len(named) > 1 and named[1].root == "path" and first == "expect"
        for item in items:
            match item:
                case ex.Name():
                    is_word = item is items[0] and first != "policy"
                    yield from self._name(item, first, is_path=is_path, is_word=is_word)
                case ex.Field(value=value) if first == "expect":
                    yield from self.meanings.values(value)
                case _:
                    pass

    def _name(
        self, node: ex.Name, first: str, *, is_path: bool, is_word: bool
    ) -> Iterator[Mention]:
        subject = self.subject
        sections, names = subject.document.sections, subject.wiring.names
        if node.at is None:
            return
        if is_word or first not in ("given", "expect", "policy"):
            yield from self.here.mention(node.at, "keyword", node.root)
        elif node.segments and ".".join((node.root, *node.segments)) in subject.wiring.steps:
            yield from self._step_id(node)
        elif is_path and node.root in sections:
            yield from self._mention(node.at, "section", node.root)
        elif names.knows(node.root) and not (is_path or node.root == "queue"):
            yield from self._value(node)
        elif subject.catalogue.block(node.root) is not None:
            yield from self._mention(node.at, "block", node.root)
        elif node.root in sections:
            yield from self._mention(node.at, "section", node.root)
        else:
            yield from self.here.mention(node.at, "keyword", node.root)

    def _value(self, node: ex.Name) -> Iterator[Mention]:
        for found in self.meanings.name(node):
            is_word = found.sort == "system" and not node.segments
            yield found if not is_word else Mention(
                start=found.start, end=found.end, sort="keyword", name=found.name,
                owner=found.owner,
            )  # fmt: skip

    def _step_id(self, node: ex.Name) -> Iterator[Mention]:
        assert node.at is not None
        pieces = list(segment_places(node.at))
        step_id = ".".join((node.root, *node.segments))
        yield from self._mention(pieces[0], "section", node.root)
        yield from self._mention(pieces[1].to(pieces[-1]), "step", step_id)

    def _mention(self, place: Place, sort: Sort, name: str) -> Iterator[Mention]:
        yield from self.here.mention(place, sort, name, owner=self.subject)


def _bare_root(value: ex.Expression) -> str:
    return value.root if isinstance(value, ex.Name) and value.is_bare else ""


def segment_places(at: Place) -> Iterator[Place]:
    """The parts of a path between its dots."""
    text = at.anchor.text[: at.end]
    position = at.start
    while position < at.end and (match := _SEGMENT.match(text, position)):
        yield Place(at.anchor, match.start("name"), match.end("name"))
        position = match.end()

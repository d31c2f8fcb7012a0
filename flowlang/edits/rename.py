"""Give a section, a step or a value another name, everywhere it is mentioned in the file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from flowlang import expressions as ex
from flowlang.binding import Bound
from flowlang.diagnostics import Edit
from flowlang.edits.draft import TARGET_WORDS, Draft, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.expressions import names_declared_by, names_in_port, phrases
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.expressions import names_in
from flowlang.model import Declaration, Step
from flowlang.names import SYSTEM
from flowlang.parameters import specs
from flowlang.syntax.build import construct
from flowlang.syntax.spelling import NAME, RESERVED
from flowlang.wiring import WiredStep


class RenameSection(Operation):
    section: str
    name: str

    def edit(self, flow: Flow) -> Change:
        name = _checked(self.name)
        draft = Draft(flow)
        section = draft.section(self.section)
        if name != self.section and (name in flow.document.sections or draft.ends_flow(name)):
            refuse("FL126", name=name)
        section.name = name
        mentions = list(_section_mentions(flow, self.section))
        return change(draft, section.steps[:1], _respelled(flow, mentions, self.section, name))


class RenameStep(Operation):
    """Name a step, so that its results can be read by it; without a name it is known by its
    kind."""

    block: str
    name: str | None

    def edit(self, flow: Flow) -> Change:
        draft = Draft(flow)
        step = draft.step(self.block)
        before = step.step.name
        if self.name == before:
            return Change(edits=())
        name = _checked(self.name, flow) if self.name else None
        step.step = construct(Step, {**step.step.__dict__, "name": name})
        edits: list[Edit] = []
        if before and (name or step.step.kind):
            edits = _respelled(flow, _value_mentions(flow, before), before, name or step.step.kind)
        return change(draft, [step], edits)


class RenameValue(Operation):
    """Rename an attribute, a variable, a resource or a function."""

    value: str
    name: str

    def edit(self, flow: Flow) -> Change:
        declared = flow.document.declarations.get(self.value)
        if declared is None:
            refuse("FL120", block=self.value)
        if self.name == self.value:
            return Change(edits=())
        name = _checked(self.name, flow)
        draft = Draft(flow)
        called: list[StepDraft] = []
        if flow.wiring.names.resource(self.value):
            for step in (step for section in draft.sections for step in section.steps):
                if step.step.kind == self.value:
                    step.step = construct(Step, {**step.step.__dict__, "kind": name})
                    called.append(step)
        edits = _respelled(flow, _value_mentions(flow, self.value), self.value, name)
        edits += _keys(flow, self.value, name)
        return change(draft, called[:1], [_declaration_edit(declared, name), *edits])


# --- names --------------------------------------------------------------------------------------


def _checked(name: str, flow: Flow | None = None) -> str:
    """A name that may be given; with a flow, one that no value has yet."""
    name = unicodedata.normalize("NFC", name)
    if not NAME.fullmatch(name) or name in RESERVED | TARGET_WORDS | {"true", "false", "not"}:
        refuse("FL125", name=name)
    if flow and (flow.wiring.names.knows(name) or name in SYSTEM):
        refuse("FL126", name=name)
    return name


def _respelled(flow: Flow, mentions: Iterable[ex.Name], old: str, new: str) -> list[Edit]:
    """Edits of the first word of each mention."""
    source = flow.tree.source
    edits = {}
    for name in mentions:
        if name.at is None:
            continue
        start, end = name.at.offsets
        stop = next((i for i in range(start, end) if source[i] == "."), end)
        if unicodedata.normalize("NFC", source[start:stop]) == old:
            edits[start] = Edit(start=start, end=stop, text=new)
    return list(edits.values())


def _declaration_edit(declared: Declaration, name: str) -> Edit:
    assert declared.name_at is not None
    start, end = declared.name_at.offsets
    return Edit(start=start, end=end, text=name)


# --- mentions -----------------------------------------------------------------------------------


def _section_mentions(flow: Flow, section: str) -> Iterator[ex.Name]:
    """In a test's path the words are sections; elsewhere a word that means nothing else is."""
    is_other = flow.wiring.names.knows(section) or flow.catalogue.block(section) is not None
    for first, words in phrases(flow.document):
        if first not in ("expect", "policy"):
            continue
        items = [item for clause in words.clauses for item in clause]
        is_path = any(isinstance(item, ex.Name) and item.root == "path" for item in items[:2])
        for item in items:
            if isinstance(item, ex.Name) and item.root == section and (is_path or not is_other):
                yield item


def _value_mentions(flow: Flow, value: str) -> Iterator[ex.Name]:
    document = flow.document
    yield from (name for name in names_declared_by(document) if name.root == value)
    for wired in flow.wiring.steps.values():
        yield from (name for name in _read_by(wired) if name.root == value)
    for first, words in phrases(document):
        items = [item for clause in words.clauses for item in clause]
        is_path = any(isinstance(item, ex.Name) and item.root == "path" for item in items[:2])
        if first in ("given", "expect", "policy") and not is_path:
            for item in items:
                yield from (name for name in names_in(item) if name.root == value)


def _read_by(wired: WiredStep) -> Iterator[ex.Name]:
    """What a step reads; a word that its parameter takes is no name."""
    words = _words(wired)
    for argument in wired.step.arguments:
        for name in names_in(argument.value):
            if not (name.is_bare and name.root in words.get(id(argument), ())):
                yield name
    for route in wired.step.routes:
        for port in route.ports:
            yield from names_in_port(port)


def _words(wired: WiredStep) -> dict[int, tuple[str, ...]]:
    if wired.block is None:
        return {}
    taken = {spec.key: spec.words for spec in specs(wired.block.Params)}
    bound: Bound = wired.bound
    return {id(argument): taken.get(key, ()) for key, argument in bound.given.items()}


def _keys(flow: Flow, value: str, name: str) -> Iterable[Edit]:
    """The keys of arguments that set the value: `set tier: …`."""
    for wired in flow.wiring.steps.values():
        if wired.block is None or value not in wired.block.assigns(wired.call):
            continue
        for argument in wired.step.arguments:
            if argument.key == value and argument.name_at is not None:
                start, end = argument.name_at.offsets
                yield Edit(start=start, end=end, text=name)

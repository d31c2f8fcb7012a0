"""Give a section, a step or a value another name, everywhere it is mentioned in the file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from flowlang.diagnostics import Edit
from flowlang.edits.draft import Draft, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.mentions import (
    Mention,
    mentions_of_section,
    mentions_of_value,
    mentions_of_values,
)
from flowlang.edits.naming import checked_name
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.text import span
from flowlang.model import Declaration, Step
from flowlang.syntax.build import construct


class RenameSection(Operation):
    section: str
    name: str

    def edit(self, flow: Flow) -> Change:
        name = checked_name(self.name)
        draft = Draft(flow)
        section = draft.section(self.section)
        if name != self.section and (name in flow.document.sections or draft.ends_flow(name)):
            refuse("FL126", name=name)
        section.name = name
        mentions = mentions_of_section(flow, self.section)
        return change(draft, section.steps[:1], respelled(flow, mentions, {self.section: name}))


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
        name = checked_name(self.name, flow) if self.name else None
        step.step = construct(Step, {**step.step.__dict__, "name": name})
        edits: list[Edit] = []
        if before and (name or step.step.kind):
            mentions = mentions_of_value(flow, before)
            edits = respelled(flow, mentions, {before: name or step.step.kind})
        return change(draft, [step], edits)


class RenameValue(Operation):
    """Rename an attribute, a variable, a resource or a function."""

    value: str
    name: str

    def edit(self, flow: Flow) -> Change:
        declared = flow.document.declarations.get(self.value)
        if declared is None:
            refuse("FL320", block=self.value)
        if self.name == self.value:
            return Change(edits=())
        name = checked_name(self.name, flow)
        draft = Draft(flow)
        called: list[StepDraft] = []
        if flow.wiring.names.resource(self.value):
            for step in (step for section in draft.sections for step in section.steps):
                if step.step.kind == self.value:
                    step.step = construct(Step, {**step.step.__dict__, "kind": name})
                    called.append(step)
        mentions = (item for item in mentions_of_value(flow, self.value) if item.manner != "calls")
        edits = respelled(flow, mentions, {self.value: name})
        return change(draft, called[:1], [_declaration_edit(declared, name), *edits])


# --- names --------------------------------------------------------------------------------------


def renamed_values(flow: Flow, names: Mapping[str, str]) -> list[Edit]:
    """Edits that give several declarations and named steps new names at once, in their order."""
    edits = respelled(flow, mentions_of_values(flow), names)
    edits += [
        _declaration_edit(declared, names[name])
        for name, declared in flow.document.declarations.items()
        if name in names
    ]
    for _, _, step in flow.document.steps():
        if step.name and step.name in names:
            start, end = span(step.at)[0], span(step.name_at)[0]
            edits.append(Edit(start=start, end=end, text=f"{names[step.name]} = "))
    return sorted(edits, key=lambda edit: edit.start)


def respelled(flow: Flow, mentions: Iterable[Mention], names: Mapping[str, str]) -> list[Edit]:
    """Edits of the first word of each mention."""
    source = flow.tree.source
    edits = {}
    for mention in mentions:
        if mention.name in names:
            start, end = mention.place.offsets
            stop = next((i for i in range(start, end) if source[i] == "."), end)
            if unicodedata.normalize("NFC", source[start:stop]) == mention.name:
                edits[start] = Edit(start=start, end=stop, text=names[mention.name])
    return list(edits.values())


def _declaration_edit(declared: Declaration, name: str) -> Edit:
    assert declared.name_at is not None
    start, end = declared.name_at.offsets
    return Edit(start=start, end=end, text=name)

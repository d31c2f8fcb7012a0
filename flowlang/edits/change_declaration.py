"""Change what a declaration says: its type, its default, its outside name, its lines."""

from __future__ import annotations

import textwrap

from flowlang.edits.declaring import Fields, declaration_of, fields_of, text_of
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.text import Script, line_end, margin_below, span
from flowlang.model import Argument, Declaration
from flowlang.syntax.build import construct


class ChangeDeclaration(Operation):
    """Only the fields that are given change; one that is None goes."""

    name: str
    fields: Fields

    def edit(self, flow: Flow) -> Change:
        declared = flow.document.declarations.get(self.name)
        if declared is None:
            refuse("FL320", block=self.name)
        given = {key: getattr(self.fields, key) for key in self.fields.model_fields_set}
        if given.keys() & {"value", "source"}:
            given = {"value": None, "source": None, **given}
        fields = fields_of(declared).model_copy(update=given)
        wanted = declaration_of(flow, declared.word, declared.name, fields)
        script = Script(flow.tree.source)
        if fields.model_copy(update={"entries": {}}) != fields_of(_headless(declared)):
            start, end = span(declared.at)
            script.replace(start, end, text_of(_headless(wanted)).rstrip("\n"))
        if "entries" in given:
            _mend_entries(script, declared, wanted)
        return Change(edits=script.edits())


def _headless(declared: Declaration) -> Declaration:
    """Its first line alone."""
    bare = {"entries": (), "comments": (), "closing": (), "remark": "", "gap": False}
    return construct(Declaration, {**declared.__dict__, **bare})


def _mend_entries(script: Script, declared: Declaration, wanted: Declaration) -> None:
    new = {entry.key: entry for entry in wanted.entries}
    at = line_end(script.source, span(declared.at)[1])
    for old in declared.entries:
        entry = new.pop(old.key, None)
        start, end = span(old.extent)
        if entry is None:
            script.delete(start, end)
        elif entry.value != old.value:
            around = {**old.__dict__, "value": entry.value, "comments": (), "gap": False}
            line = script.source.rfind("\n", 0, span(old.at)[0]) + 1
            script.replace(
                line, end, _entry_text(script.source, declared, construct(Argument, around))
            )
        at = end
    for entry in new.values():
        script.insert_line(at, _entry_text(script.source, declared, entry))


def _entry_text(source: str, declared: Declaration, entry: Argument) -> str:
    lone = construct(Declaration, {**_headless(declared).__dict__, "entries": (entry,)})
    head = text_of(_headless(declared))
    text = text_of(lone).removeprefix(head)
    margin = margin_below(source, declared.entries)
    return textwrap.indent(textwrap.dedent(text), margin)

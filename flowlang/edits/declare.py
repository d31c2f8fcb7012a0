"""Declare an attribute, a queue, a function: whatever the catalogue has a word for."""

from __future__ import annotations

from flowlang.edits.declaring import Fields, declaration_of
from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.naming import checked_name
from flowlang.edits.operation import Change, Flow, Operation


class Declare(Operation):
    """It stands behind the last one of its word."""

    word: str
    name: str
    fields: Fields = Fields()

    def edit(self, flow: Flow) -> Change:
        name = checked_name(self.name, flow)
        draft = Draft(flow)
        draft.declared.append(declaration_of(flow, self.word, name, self.fields))
        return change(draft)

"""Several operations as one: a person who takes it back takes all of it back."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.edits.operation import Change, Flow, Operation, composed
from flowlang.edits.text import apply, difference


class Several(Operation):
    """Each sees the flow as those before it left it; if one is refused, none is done."""

    operations: tuple[Operation, ...]

    def edit(self, flow: Flow) -> Change:
        text = flow.tree.source
        ids: list[Mapping[str, str]] = []
        chosen: tuple[str, ...] = ()
        now = flow
        for operation in self.operations:
            change = operation.edit(now)
            text = apply(text, change.edits)
            now = now.then(text)
            ids.append(change.ids)
            chosen = change.select or tuple(change.ids.get(step, step) for step in chosen)
        return Change(edits=difference(flow.tree.source, text), select=chosen, ids=composed(ids))

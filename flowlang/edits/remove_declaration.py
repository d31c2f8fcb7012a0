"""Take a declaration away, if nothing uses it."""

from __future__ import annotations

from flowlang.diagnostics import Problem
from flowlang.diagnostics.problem import Related
from flowlang.edits.mentions import Mention, mentions_of_value
from flowlang.edits.operation import Change, Flow, Operation, Refused, refuse
from flowlang.edits.text import Script, span
from flowlang.model import Declaration

USES_TOLD_MAX = 8


class RemoveDeclaration(Operation):
    name: str

    def edit(self, flow: Flow) -> Change:
        declared = flow.document.declarations.get(self.name)
        if declared is None:
            refuse("FL320", block=self.name)
        uses = list(mentions_of_value(flow, self.name))
        if uses:
            raise Refused(_used(declared, uses))
        script = Script(flow.tree.source)
        chunk = next(chunk for chunk in flow.tree.chunks if chunk.item is declared)
        start, end = span(declared.extent)
        if chunk.item is not None and chunk.item.closing:
            end = chunk.anchor.offset + len(chunk.text)
        if _stands_alone(script.source, start, end):
            start = chunk.anchor.offset
        script.delete(start, end)
        return Change(edits=script.edits())


def _stands_alone(source: str, start: int, end: int) -> bool:
    """Whether blank lines are around it, of which one would be left over."""
    return source[end : end + 1] in ("", "\n", "\r")


def _used(declared: Declaration, uses: list[Mention]) -> Problem:
    where = dict.fromkeys(use.block or "{}:{}".format(*use.place.first) for use in uses)
    return Problem(
        code="FL322",
        severity="error",
        place=declared.name_at,
        arguments={
            "name": declared.name,
            "count": len(uses),
            "uses": tuple(where)[:USES_TOLD_MAX],
            "reason": "one" if len(uses) == 1 else "",
        },
        related=tuple(
            Related(place=use.place, note="use", arguments={"name": use.block or ""})
            for use in uses
        ),
    )

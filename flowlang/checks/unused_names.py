"""Declarations that nothing uses.

They mislead whoever looks for where a queue or a function matters. Attributes are only hinted at:
agents and reports may read them.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import remove
from flowlang.expressions import names_in
from flowlang.model import Document, ValuePort
from flowlang.presence import operand_of


def run(context: Context) -> Iterator[Problem]:
    document = context.document
    if document.header is None:
        return
    used = _used(document)
    for declared in document.declarations.values():
        if declared.name not in used and declared.word in context.catalogue.resources:
            yield Problem(
                code="FL104",
                severity="hint" if declared.word == "attribute" else "warning",
                place=declared.name_at or declared.at,
                arguments={"name": declared.name, "word": declared.word},
                fix=remove(declared.extent, "FL104"),
            )


def _used(document: Document) -> set[str]:
    """Every word that may be the use of a name; generous, as a name may also be a key."""
    found: set[str] = set()
    for declared in document.declarations.values():
        for entry in declared.entries:
            found.update(name.root for name in names_in(entry.value))
    for _, _, step in document.steps():
        found.add(step.kind)
        for argument in step.arguments:
            if argument.key:
                found.add(argument.key)
            found.update(name.root for name in names_in(argument.value))
        for route in step.routes:
            for port in route.ports:
                operand = operand_of(port)
                if operand is not None and not isinstance(port, ValuePort):
                    found.update(name.root for name in names_in(operand))
    return found

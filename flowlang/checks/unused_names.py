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


def run(context: Context) -> Iterator[Problem]:
    document = context.document
    if document.header is None:
        return
    used = _used(context)
    for declared in document.declarations.values():
        if declared.name not in used and declared.word in context.catalogue.resources:
            yield Problem(
                code="FL104",
                severity="hint" if declared.word == "attribute" else "warning",
                place=declared.name_at or declared.at,
                arguments={"name": declared.name, "word": declared.word},
                fix=remove(declared.extent, "FL104"),
            )


def _used(context: Context) -> set[str]:
    """Every word that may be the use of a name."""
    found = {
        name.root
        for declared in context.document.declarations.values()
        for entry in declared.entries
        for name in names_in(entry.value)
    }
    return found.union(*(section.words for section in context.wiring.sections.values()))

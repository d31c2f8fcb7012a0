"""Declared names that hide a block of the same name.

The name wins, so that a block which is added to the library never changes the meaning of a flow;
but whoever reads `record …` expects the block.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    for declared in context.document.declarations.values():
        resource = context.catalogue.resources.get(declared.word)
        if resource and resource.call and declared.name in context.catalogue.built_in:
            yield Problem(
                code="FL107",
                severity="warning",
                place=declared.name_at or declared.at,
                arguments={"name": declared.name, "word": declared.word},
            )

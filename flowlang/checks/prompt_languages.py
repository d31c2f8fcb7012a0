"""Prompts that lack a language which the flow speaks.

A caller of that language would hear another one, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import add_below

PROVES = "languages"


def run(context: Context) -> Iterator[Problem]:
    header = context.document.header
    languages = header.languages if header else ()
    for declared in context.document.declarations.values():
        if declared.word != "prompt" or not declared.entries:
            continue
        spoken = {entry.key for entry in declared.entries}
        for language in languages:
            if language not in spoken:
                yield Problem(
                    code="FL110",
                    severity="warning",
                    place=declared.name_at or declared.at,
                    arguments={"name": declared.name, "language": language},
                    fix=add_below(
                        declared.extent, f'  {language}: ""', "FL110", {"language": language}
                    ),
                )

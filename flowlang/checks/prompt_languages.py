"""Prompts that lack a language which the flow speaks.

A caller of that language would hear another one, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import add_below
from flowlang.model import Declaration
from flowlang.names import outside_name

PROVES = "languages"


def run(context: Context) -> Iterator[Problem]:
    header = context.document.header
    languages = header.languages if header else ()
    for declared in context.document.declarations.values():
        if declared.word != "prompt":
            continue
        spoken = _spoken(declared, context)
        for language in languages:
            if spoken and language not in spoken:
                yield Problem(
                    code="FL110",
                    severity="warning",
                    place=declared.name_at or declared.at,
                    arguments={"name": declared.name, "language": language},
                    fix=add_below(
                        declared.extent, f'  {language}: ""', "FL110", {"language": language}
                    )
                    if declared.entries
                    else None,
                )


def _spoken(declared: Declaration, context: Context) -> set[str | None]:
    """Its languages; none where that is another check's matter, or where it has one text for all.
    In the project a text may be for all languages of a family."""
    if declared.entries:
        return {entry.key for entry in declared.entries}
    home = context.surroundings.home
    prompt = home.project.prompts.get(outside_name(declared)) if home else None
    if prompt is None or "" in prompt.text:
        return set()
    header = context.document.header
    families = {
        language
        for language in (header.languages if header else ())
        if language.partition("-")[0] in prompt.text
    }
    return {*prompt.text, *families}

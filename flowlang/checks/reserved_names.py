"""Names that could be given and never used: the language reads them otherwise.

`true` in an expression is the value, `-> next` the following step: neither is what has that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.model import Declaration, Section
from flowlang.names import TARGET_WORDS, VALUES_READ_OTHERWISE
from flowlang.places import Place


def run(context: Context) -> Iterator[Problem]:
    for item in context.document.items:
        match item:
            case Declaration(name=name) if name in VALUES_READ_OTHERWISE:
                yield _reserved(name, item.name_at or item.at)
            case Section(name=name) if name in TARGET_WORDS:
                yield _reserved(name, item.name_at or item.at)
            case _:
                pass


def _reserved(name: str, place: Place | None) -> Problem:
    return Problem(code="FL052", severity="error", place=place, arguments={"word": name})

"""Sections without a header.

Nothing can call, name or publish what has no `flow` or `module` line, and errors lead nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from flowlang.checking import Context
from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.model import Section
from flowlang.places import Place

_NAME = re.compile(r"[^\W\d]\w*")


def run(context: Context) -> Iterator[Problem]:
    document = context.document
    if document.header is not None or not document.sections or not context.is_whole:
        return
    first = next(iter(document.sections.values()))
    fix = _header_above(document.items[0].at, _name(context.surroundings.path))
    yield Problem(code="FL057", severity="error", place=_label(first), fix=fix)


def _label(section: Section) -> Place | None:
    return section.name_at or section.at


def _name(path: str) -> str:
    stem = PurePosixPath(path).name.partition(".")[0]
    return stem if _NAME.fullmatch(stem) else "main"


def _header_above(first: Place | None, name: str) -> Fix | None:
    if first is None:
        return None
    start = 1 if first.anchor.text.startswith("\ufeff") else 0
    above = Rewrite(Place(first.anchor, start, start), f"flow {name}\n\n")
    return Fix(title="FL057", rewrites=(above,), arguments={"name": name}, safe=False)

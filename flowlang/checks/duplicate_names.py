"""Names that are given twice.

The first counts; the second is never seen, whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem, Related
from flowlang.model import Declaration, Header, Line, Section


def run(context: Context) -> Iterator[Problem]:
    values: dict[str, Line] = {}
    sections: dict[str, Line] = {}
    headers: dict[str, Line] = {}
    for item in context.document.items:
        match item:
            case Declaration():
                yield from _seen(values, item.name, item)
            case Section():
                yield from _seen(sections, item.name, item, reason="section")
                yield from _steps(item, values)
            case Header():
                yield from _seen(headers, "", item, name=item.name, reason="header")
            case _:
                pass


def _steps(section: Section, values: dict[str, Line]) -> Iterator[Problem]:
    """Named steps share the names of values; two in one section are a matter of syntax."""
    own: set[str] = set()
    for step in section.steps:
        if step.name and step.name not in own:
            own.add(step.name)
            yield from _seen(values, step.name, step, reason="step")


def _seen(
    first: dict[str, Line], key: str, line: Line, *, name: str = "", reason: str = ""
) -> Iterator[Problem]:
    earlier = first.setdefault(key, line)
    if earlier is line:
        return
    place = earlier.name_at or earlier.at
    yield Problem(
        code="FL103",
        severity="error",
        place=line.name_at or line.at,
        arguments={"name": name or key, "reason": reason},
        related=(Related(place=place, note="first"),) if place else (),
    )

"""Texts that are the name of a value.

`"crm.balance"` is read out letter by letter; in braces, `"{crm.balance}"`, its value is.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.parameters import specs
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if step.block is None:
            continue
        for spec in specs(step.block.Params):
            value = step.bound.values.get(spec.key) if spec.multiline else None
            if isinstance(value, ex.Literal) and _is_name(outside, str(value.value)):
                yield Problem(
                    code="FL105",
                    severity="hint",
                    place=value.at,
                    arguments={"name": value.value},
                    block=step.id,
                    field=spec.key,
                    fix=write_instead(value.at, f'"{{{value.value}}}"'),
                )


def _is_name(outside: Outside, text: str) -> bool:
    root, *segments = text.split(".")
    if not root.isidentifier() or not all(segment.isidentifier() for segment in segments):
        return False
    reading = outside.read(ex.Name(root, tuple(segments)))
    return not reading.fault and (bool(segments) or outside.value(root) is not None)

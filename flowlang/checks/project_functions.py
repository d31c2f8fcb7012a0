"""Functions that the flow would call with other arguments than they take.

Arguments are given by name. A Python function of the project that lacks one, or needs one more,
fails at every call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Declaration
from flowlang.names import outside_name
from flowlang.places import Place

if TYPE_CHECKING:
    from flowlang.project.signatures import Signature


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    for declared in context.document.declarations.values() if home else ():
        if home is None or declared.word != "function" or declared.takes is None:
            continue
        signature = home.signature(outside_name(declared))
        if signature is not None:
            target = home.project.functions[outside_name(declared)].python
            yield from _misfits(declared, signature, target)


def _misfits(declared: Declaration, signature: Signature, target: str) -> Iterator[Problem]:
    given = {item.name: item for item in declared.takes or ()}
    for name, item in given.items():
        if name not in signature.takes and not signature.takes_any:
            place = item.at.beginning(len(name)) if item.at else declared.at
            free = [other for other in signature.takes if other not in given]
            yield _problem(place, target, name, suggestion=did_you_mean(name, free),
                           known=list(signature.takes))  # fmt: skip
    missing = [name for name in signature.needs if name not in given]
    if missing and given.keys() <= {*signature.takes}:
        for name in missing:
            yield _problem(declared.name_at or declared.at, target, name, reason="missing")


def _problem(place: Place | None, target: str, name: str, **arguments: object) -> Problem:
    return Problem(
        code="FL523",
        severity="error",
        place=place,
        arguments={"target": target, "name": name, **arguments},
    )

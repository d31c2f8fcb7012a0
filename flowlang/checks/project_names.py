"""Resources that the project does not have.

A flow says `queue billing = "Billing"`; if `flowlang.toml` knows no such queue, every customer who
is sent there is lost. A name that only an environment has (an ARN for it, say) is known too. What
the project file does not speak of, and flows outside of a project, are not looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Declaration
from flowlang.names import LEADS, outside_name

if TYPE_CHECKING:
    from flowlang.project.home import Home


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    if home is None:
        return
    for declared in context.document.declarations.values():
        if declared.word in LEADS:
            yield from _flow(declared, home, context.surroundings.path)
        elif not (declared.word == "prompt" and declared.entries):
            yield from _resource(declared, home)


def _resource(declared: Declaration, home: Home) -> Iterator[Problem]:
    known = home.names(declared.word)
    name = outside_name(declared)
    if known is None or name in known or (declared.word == "bot" and home.project.bot(name)):
        return
    yield _unknown(declared, did_you_mean(name, known))


def _flow(declared: Declaration, home: Home, path: str) -> Iterator[Problem]:
    name = outside_name(declared)
    found = home.called(name, path)
    if not found:
        yield _unknown(declared, did_you_mean(name, home.names(declared.word) or ()))
    elif len(found) > 1:
        paths = [flow.path for flow in found]
        yield _problem("FL540", declared, name=name, paths=paths)
    elif found[0].kind != declared.word:
        yield _problem("FL534", declared, name=name, path=found[0].path, reason=found[0].kind)


def _unknown(declared: Declaration, suggestion: str | None) -> Problem:
    name = outside_name(declared)
    spelled = json.dumps(name, ensure_ascii=False)
    place = declared.value.at if declared.value is not None else None
    return Problem(
        code="FL520",
        severity="error",
        place=place or declared.name_at or declared.at,
        arguments={
            "word": declared.word,
            "name": name,
            "key": name if re.fullmatch("[A-Za-z0-9_-]+", name) else spelled,
            "suggestion": suggestion,
            "reason": declared.word,
        },
        fix=write_instead(place, json.dumps(suggestion, ensure_ascii=False))
        if suggestion
        else None,
    )


def _problem(code: str, declared: Declaration, **arguments: object) -> Problem:
    place = declared.value.at if declared.value is not None else None
    place = place or declared.name_at or declared.at
    return Problem(code=code, severity="error", place=place, arguments=arguments)

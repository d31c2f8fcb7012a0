"""Attributes that another flow of the project takes for something else.

A contact has each attribute once, whichever flow it is in. If a module sets a text where this flow
knows three values, no outcome line takes the fourth; if one flow masks it and the other does not,
it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.inference import accepts, value_type
from flowlang.model import Declaration, Document
from flowlang.syntax import spelling
from flowlang.types import Type


def run(context: Context) -> Iterator[Problem]:
    home, path = context.surroundings.home, context.surroundings.path
    own = [it for it in context.document.declarations.values() if it.word == "attribute"]
    if home is None or not own:
        return
    _, *others = home.documents.led_to(path)
    for other in others:
        document = home.documents.document(other)
        for declared in own if document else ():
            yield from _compared(declared, document, other)


def _compared(declared: Declaration, document: Document | None, path: str) -> Iterator[Problem]:
    theirs = _of_that_name(declared, document)
    if theirs is None:
        return
    here, there = value_type(declared), value_type(theirs)
    reason = ""
    if declared.name != theirs.name or _outside(declared) != _outside(theirs):
        reason = "name"
    elif _agree(here, there):
        return
    yield Problem(
        code="FL230",
        severity="warning" if reason else "error",
        place=declared.name_at or declared.at,
        arguments={
            "name": declared.name,
            "other": theirs.name,
            "path": path,
            "here": spelling.type_(here),
            "there": spelling.type_(there),
            "reason": reason,
        },
    )


def _of_that_name(declared: Declaration, document: Document | None) -> Declaration | None:
    """What the other flow calls the same, or what it calls the same outside."""
    found = document.declarations.get(declared.name) if document else None
    if found is not None and found.word == "attribute":
        return found
    for item in document.declarations.values() if document else ():
        if item.word == "attribute" and _outside(item) == _outside(declared):
            return item
    return None


def _outside(declared: Declaration) -> str:
    return declared.wire_name or declared.name


def _agree(here: Type, there: Type) -> bool:
    """Whether what is good for one is good for the other; whether it is there at all each of them
    asks for itself."""
    if here.sensitive != there.sensitive:
        return False
    here, there = replace(here, optional=False), replace(there, optional=False)
    return accepts(here, there) and accepts(there, here)

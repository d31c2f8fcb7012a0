"""Modules that cannot do their work where they are run.

A module is part of the flow that runs it: a block that has no place in a whisper has none in a
module there either. And a module that runs itself, if only through others, ends at a limit: the
innermost call takes its error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowlang.catalogue import Catalogue
from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.model import Document
from flowlang.names import outside_name
from flowlang.wiring import WiredStep

if TYPE_CHECKING:
    from flowlang.project.flows import Flows


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    if home is None:
        return
    for step in context.steps.values():
        if step.call.called is not None and step.call.callee is not None:
            name = outside_name(step.call.callee)
            path = home.documents.path(name, context.surroundings.path)
            yield from _at(step, context, _inside(path, home.documents))


def _at(step: WiredStep, context: Context, inside: dict[str, Document]) -> Iterator[Problem]:
    place = step.step.name_at or step.step.at
    if context.surroundings.path in inside:
        yield Problem(code="FL228", severity="warning", place=place, block=step.id,
                      arguments={"name": step.step.kind})  # fmt: skip
    for path, document in inside.items() if context.flow_type != "module" else ():
        for kind, types in _limited(document, context.catalogue).items():
            if context.flow_type not in types:
                yield Problem(
                    code="FL224",
                    severity="error",
                    place=place,
                    arguments={
                        "name": step.step.kind,
                        "kind": kind,
                        "path": path,
                        "type": context.flow_type,
                        "types": types,
                    },
                    block=step.id,
                )


def _inside(path: str, flows: Flows) -> dict[str, Document]:
    """A module and those that it runs, by path."""
    found: dict[str, Document] = {}
    waiting = [path]
    while waiting:
        near = waiting.pop()
        document = flows.document(near) if near and near not in found else None
        if document is None:
            continue
        found[near] = document
        waiting += [
            flows.path(outside_name(declared), near)
            for declared in document.declarations.values()
            if declared.word == "module"
        ]
    return found


def _limited(document: Document, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The kinds of block that stand there and not in every type of flow, with those types."""
    kinds = {step.kind for _, _, step in document.steps()} - document.declarations.keys()
    found = {}
    for kind in sorted(kinds):
        block = catalogue.block(kind)
        if block is not None and block.flow_types and "module" not in block.flow_types:
            found[kind] = block.flow_types
    return found

"""Columns that the project's table does not have.

A row is found by its columns, by name: a question for one that is not there is refused at every
call, and what is read of one is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.inference import accepts, spell
from flowlang.model import Declaration, Parameter
from flowlang.names import outside_name
from flowlang.types import INTEGER, Named, Type

if TYPE_CHECKING:
    from flowlang.project.model import Table

ALWAYS = {"lock_version": INTEGER}
"""Every row has it; nobody declares it."""


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    for declared in context.document.declarations.values() if home else ():
        if home is None or declared.word != "table":
            continue
        table = home.project.tables.get(outside_name(declared))
        if table is not None:
            yield from _misfits(declared, table)


def _misfits(declared: Declaration, table: Table) -> Iterator[Problem]:
    columns: dict[str, Type] = {name: Named(type_) for name, type_ in table.columns.items()}
    name = outside_name(declared)
    for item in declared.takes or ():
        yield from _misfit(item, name, columns, is_given=True)
    for item in declared.gives or ():
        yield from _misfit(item, name, {**columns, **ALWAYS}, is_given=False)


def _misfit(
    item: Parameter, table: str, columns: dict[str, Type], *, is_given: bool
) -> Iterator[Problem]:
    place = item.at.beginning(len(item.name)) if item.at else None
    arguments: dict[str, object] = {"table": table, "name": item.name}
    column = columns.get(item.name)
    if column is None:
        suggestion = did_you_mean(item.name, columns)
        arguments |= {"known": list(columns), "suggestion": suggestion}
        fix = write_instead(place, suggestion)
        yield Problem(code="FL543", severity="error", place=place, arguments=arguments, fix=fix)
        return
    if item.type is None:
        return
    fits = accepts(column, item.type) if is_given else accepts(item.type, column)
    if not fits:
        arguments |= {"reason": "type", "given": spell(column), "wanted": spell(item.type)}
        yield Problem(code="FL543", severity="error", place=item.at, arguments=arguments)

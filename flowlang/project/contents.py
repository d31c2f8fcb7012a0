"""What a project file says of things outside of it: files, functions, numbers, rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.limits import TABLE_FAULTS_SHOWN_MAX
from flowlang.project.files import Files
from flowlang.project.hosts import unlisted_hosts
from flowlang.project.model import Project, Table
from flowlang.project.places import KeyPlaces, Path
from flowlang.project.signatures import signatures_in
from flowlang.project.tables import Fault, rows_of


def contents(project: Project, places: KeyPlaces, files: Files | None) -> Iterator[Problem]:
    """Without `files` only what the text itself shows."""
    yield from _twice(project, places)
    yield from _strange_numbers(project, places)
    yield from unlisted_hosts(project, places)
    if files is not None:
        yield from _absent_files(project, places, files)
        yield from _functions(project, places, files)
    for name, table in project.tables.items():
        yield from _rows(name, table, places, files)


def _problem(code: str, places: KeyPlaces, keys: Path, **arguments: Any) -> Problem:
    return Problem(code=code, severity="error", place=places.nearest(keys), arguments=arguments)


# --- numbers ----------------------------------------------------------------------------------


def _twice(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Two entries that one customer would come in by at once."""
    seen: dict[tuple[str, str], str] = {}
    for name, entry in project.entries.items():
        for channel in entry.channels:
            if not entry.number:
                continue
            first = seen.setdefault((channel, entry.number), name)
            if first != name:
                keys = ("entries", name, "number")
                yield _problem("FL530", places, keys, name=name, other=first, channel=channel,
                               number=entry.number)  # fmt: skip


def _strange_numbers(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Numbers shown to customers that nobody answers."""
    ours = {entry.number for entry in project.entries.values() if entry.number}
    ours.update(project.outbound_numbers)
    for name, queue in project.queues.items():
        if queue.outbound_number and queue.outbound_number not in ours:
            keys = ("queues", name, "outbound_number")
            yield _problem("FL525", places, keys, number=queue.outbound_number, known=sorted(ours),
                           suggestion=did_you_mean(queue.outbound_number, ours))  # fmt: skip


# --- files ------------------------------------------------------------------------------------


def _absent_files(project: Project, places: KeyPlaces, files: Files) -> Iterator[Problem]:
    for keys, path in _files(project):
        if not files.exists(path):
            yield _problem("FL358", places, keys, path=path)


def _files(project: Project) -> Iterator[tuple[Path, str]]:
    for name, entry in project.entries.items():
        yield ("entries", name, "flow"), entry.flow_file
    for name, function in project.functions.items():
        if function.python:
            yield ("functions", name, "python"), function.file
    for name, prompt in project.prompts.items():
        for language, path in prompt.audio.items():
            yield ("prompts", name, "audio", language), path
    for name, table in project.tables.items():
        if table.file:
            yield ("tables", name, "file"), table.file


def _functions(project: Project, places: KeyPlaces, files: Files) -> Iterator[Problem]:
    for name, function in project.functions.items():
        text = files.text(function.file) if function.python else None
        if text is None:
            continue
        keys = ("functions", name, "python")
        wanted = function.python.partition(":")[2]
        try:
            known = signatures_in(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            yield _problem("FL524", places, keys, name=wanted, path=function.file, line=line,
                           reason="syntax")  # fmt: skip
            continue
        if wanted not in known and "*" not in known:
            callable_names = sorted(name for name, found in known.items() if found)
            yield _problem("FL524", places, keys, name=wanted, path=function.file,
                           known=callable_names,
                           suggestion=did_you_mean(wanted, callable_names))  # fmt: skip


# --- rows -------------------------------------------------------------------------------------


def _rows(name: str, table: Table, places: KeyPlaces, files: Files | None) -> Iterator[Problem]:
    keys: Path = ("tables", name, "file" if table.file else "rows")
    text = None
    if table.file:
        if files is None or not files.exists(table.file):
            return
        text = files.text(table.file)
        if text is None:
            yield _problem("FL527", places, keys, path=table.file)
            return
    for fault in rows_of(table, text).faults[:TABLE_FAULTS_SHOWN_MAX]:
        at = keys if table.file else (*keys, fault.row - 1, fault.column)
        yield _fault(fault, table, places, at)


def _fault(fault: Fault, table: Table, places: KeyPlaces, keys: Path) -> Problem:
    arguments: dict[str, Any] = {
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "type": fault.type,
        "other": fault.other,
        "path": table.file,
        "reason": fault.reason,
        "columns": list(table.columns),
    }
    if fault.reason == "column":
        arguments["suggestion"] = did_you_mean(fault.column, table.columns)
    return _problem("FL526", places, keys, **arguments)

"""What a project file says of things outside of it: files, functions, numbers, rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowlang.channels import MESSENGERS
from flowlang.diagnostics import Problem, Severity
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.limits import TABLE_FAULTS_SHOWN_MAX
from flowlang.project.files import Files
from flowlang.project.hosts import unlisted_hosts
from flowlang.project.model import Project, Table
from flowlang.project.placeholders import strange_placeholders
from flowlang.project.places import KeyPlaces, Path
from flowlang.project.signatures import signatures_in
from flowlang.project.tables import Fault, rows_of


def contents(project: Project, places: KeyPlaces, files: Files | None) -> Iterator[Problem]:
    """Without `files` only what the text itself shows."""
    yield from _twice(project, places)
    yield from _unreached(project, places)
    yield from _strange_numbers(project, places)
    yield from _unanswered(project, places)
    yield from unlisted_hosts(project, places)
    yield from strange_placeholders(project, places)
    if files is not None:
        yield from _absent_files(project, places, files)
        yield from _functions(project, places, files)
    for name, table in project.tables.items():
        yield from _rows(name, table, places, files)


def _problem(
    code: str, places: KeyPlaces, keys: Path, *, severity: Severity = "error", **arguments: Any
) -> Problem:
    return Problem(code=code, severity=severity, place=places.nearest(keys), arguments=arguments)


# --- numbers ----------------------------------------------------------------------------------


def _twice(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Two entries that one customer would come in by at once."""
    seen: dict[tuple[str, str], str] = {}
    for name, entry in project.entries.items():
        for channel in entry.channels:
            account = entry.accounts.get(channel)
            number = account or entry.number
            if number is None:
                continue
            first = seen.setdefault((channel, number), name)
            if first != name:
                keys: Path = ("accounts", channel) if account else ("number",)
                yield _problem("FL530", places, ("entries", name, *keys), name=name, other=first,
                               channel=channel, number=number)  # fmt: skip


def _unreached(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Channels of entries that lead nowhere, and accounts of channels that they do not have."""
    for name, entry in project.entries.items():
        for channel in entry.channels:
            if channel in MESSENGERS and not (entry.number or channel in entry.accounts):
                yield _problem("FL541", places, ("entries", name, "channels"), name=name,
                               channel=channel, severity="warning")  # fmt: skip
        for table in ("accounts", "templates"):
            for channel in getattr(entry, table):
                if channel not in entry.channels:
                    yield _problem("FL541", places, ("entries", name, table, channel), name=name,
                                   channel=channel, reason="channel",
                                   severity="warning")  # fmt: skip


def _strange_numbers(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Numbers shown to customers that nobody answers."""
    for name, queue in project.queues.items():
        if queue.outbound_number and queue.outbound_number not in project.numbers:
            keys = ("queues", name, "outbound_number")
            yield _problem("FL525", places, keys, number=queue.outbound_number)


def _unanswered(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Queues without anybody: who waits there waits for nobody."""
    answered = {queue for agent in project.agents for queue in project.queues_of(agent)}
    is_known = answered <= project.queues.keys()
    for name in project.queues if project.agents and is_known else ():
        if name not in answered:
            yield _problem("FL542", places, ("queues", name), name=name, severity="warning")


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

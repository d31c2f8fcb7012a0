"""Reads `flowlang.toml`. Whatever is wrong with it is a problem at a key, never an exception."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from flowlang.channels import CHANNELS
from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.places import Anchor, Place
from flowlang.project.contents import contents
from flowlang.project.files import FILE_NAME, Files, Folder
from flowlang.project.model import Project
from flowlang.project.people import ROLES
from flowlang.project.places import KeyPlaces, key_places

FILE_BYTES_MAX = 1_048_576
Keys = tuple[str | int, ...]


def load(folder: Path) -> tuple[Project | None, list[Problem]]:
    """The project of a folder, and what is wrong with its file."""
    path = folder / FILE_NAME
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            return None, [_problem("FL350", None, limit=FILE_BYTES_MAX)]
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None, [_problem("FL351", None)]
    except OSError as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else ""
        return None, [_problem("FL352", None, path=str(path), reason=reason,
                               detail=error.strerror)]  # fmt: skip
    return read(text, files=Folder(folder))


def read(text: str, *, files: Files | None = None) -> tuple[Project | None, list[Problem]]:
    """The project that a text describes; `files` are those beside it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_not_toml(text, error)]
    places = key_places(text)
    try:
        project = Project.model_validate(data)
    except ValidationError as error:
        rest = _of_the_rest(error, data, places, files)
        return None, [*_misfits(error, data, places), *rest]
    problems = [*_unknown_names(project, places), *contents(project, places, files)]
    return project, problems


def _problem(code: str, place: Place | None, **arguments: Any) -> Problem:
    return Problem(code=code, severity="error", place=place, arguments=arguments)


# --- what is not TOML -------------------------------------------------------------------------


def _not_toml(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    offset = len(text)
    if found:
        line, column = int(found[1]), int(found[2])
        starts = [0, *(end.end() for end in re.finditer("\n", text))]
        offset = min(starts[min(line, len(starts)) - 1] + column - 1, len(text))
    return _problem("FL353", Place(Anchor(text), offset, min(offset + 1, len(text))))


# --- what does not fit ------------------------------------------------------------------------

_REASONS = {
    "string": ("string_type",),
    "number": ("int_type", "int_parsing", "int_from_float", "float_type", "float_parsing"),
    "boolean": ("bool_type", "bool_parsing"),
    "list": ("tuple_type", "list_type"),
    "table": ("dict_type", "model_type", "model_attributes_type"),
    "date": ("date_type", "date_parsing", "date_from_datetime_parsing"),
    "empty": ("too_short", "string_too_short"),
    "small": ("greater_than", "greater_than_equal"),
    "large": ("less_than", "less_than_equal"),
    "word": ("literal_error",),
}
_REASON_OF = {kind: reason for reason, kinds in _REASONS.items() for kind in kinds}


def _misfits(error: ValidationError, data: Mapping[str, Any], places: KeyPlaces) -> list[Problem]:
    """One for each key: what is wrong with one item of a list often makes the list wrong too."""
    first: dict[tuple[str, Keys], Problem] = {}
    for item in error.errors():
        problem = _misfit(item, data, places)
        keys = tuple(key for key in item["loc"] if isinstance(key, str))
        first.setdefault((problem.code, keys), problem)
    return list(first.values())


def _misfit(error: Any, data: Mapping[str, Any], places: KeyPlaces) -> Problem:
    keys: Keys = tuple(key for key in error["loc"] if key != "[key]")
    place = places.nearest(keys)
    key = next((key for key in reversed(keys) if isinstance(key, str)), "")
    match error["type"]:
        case "extra_forbidden":
            known = _fields_at(keys[:-1])
            suggestion = did_you_mean(key, known - _taken(_table_at(data, keys[:-1]), key))
            return _problem("FL354", place, key=key, known=sorted(known), suggestion=suggestion)
        case "missing":
            return _problem("FL355", place, key=key)
        case kind:
            context = error.get("ctx") or {}
            limits = (context[name] for name in ("ge", "gt", "le", "lt") if name in context)
            return _problem("FL356", place, key=key, reason=_REASON_OF.get(kind, kind),
                            limit=next(limits, ""), expected=_expected(kind, context))  # fmt: skip


def _expected(kind: str, context: Mapping[str, Any]) -> list[str]:
    if kind == "channel":
        return list(CHANNELS)
    return re.findall("'([^']*)'", str(context.get("expected", "")))


def _fields_at(keys: Keys) -> set[str]:
    """The keys that a table can have."""
    model: Any = Project
    for key in keys:
        if isinstance(model, type) and issubclass(model, BaseModel):
            info = model.model_fields.get(str(key))
            model = info.annotation if info else None
        else:
            model = next(iter(get_args(model)[1:]), None)
    is_model = isinstance(model, type) and issubclass(model, BaseModel)
    return set(model.model_fields) if is_model else set()


def _table_at(data: Any, keys: Keys) -> Mapping[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _taken(table: Mapping[str, Any], misspelled: str) -> set[str]:
    """What cannot have been meant, as it is there; but of tables there may be one more."""
    is_table = isinstance(table.get(misspelled), dict)
    return {key for key, value in table.items() if not (is_table and isinstance(value, dict))}


_NEEDS: Mapping[str, Collection[str]] = {
    "FL525": ("entries", "outbound_numbers"),
    "FL580": ("http",),
}
"""By problem, the tables that must be known for it to be one."""


def _of_the_rest(
    error: ValidationError, data: Mapping[str, Any], places: KeyPlaces, files: Files | None
) -> Iterator[Problem]:
    """What is wrong with the tables in which everything fits."""
    broken = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
    rest = {key: value for key, value in data.items() if key not in broken}
    try:
        project = Project.model_validate({"name": FILE_NAME, **rest})
    except ValidationError:
        return
    for problem in (*_unknown_names(project, places), *contents(project, places, files)):
        needs = (problem.arguments.get("table"), *_NEEDS.get(problem.code, ()))
        if broken.isdisjoint(map(str, needs)):
            yield problem


# --- what does not exist ----------------------------------------------------------------------


def _unknown_names(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Names of other parts of the file that stand for nothing."""
    for table, keys, name in _references(project):
        known = sorted(_names_in(project, table))
        if name not in known:
            yield _problem("FL357", places.nearest(keys), name=name, table=table, known=known,
                           suggestion=did_you_mean(name, known))  # fmt: skip


def _names_in(project: Project, table: str) -> Collection[str]:
    if table.startswith("tables."):
        return project.tables[table.split(".", 1)[1].removesuffix(".columns")].columns
    found: Collection[str] = getattr(project, table)
    return {*found, *ROLES} if table == "roles" else found


def _references(project: Project) -> Iterator[tuple[str, Keys, str]]:
    """The table that a name refers to, where the name stands, the name."""
    if project.default_entry:
        yield "entries", ("default_entry",), project.default_entry
    for name, queue in project.queues.items():
        if queue.hours:
            yield "hours", ("queues", name, "hours"), queue.hours
        if queue.outbound_entry:
            yield "entries", ("queues", name, "outbound_entry"), queue.outbound_entry
    for name, agent in project.agents.items():
        for queue_name in agent.queues:
            yield "queues", ("agents", name, "queues"), queue_name
        if agent.profile:
            yield "profiles", ("agents", name, "profile"), agent.profile
    for name, profile in project.profiles.items():
        for queue_name in profile.queues:
            yield "queues", ("profiles", name, "queues", queue_name), queue_name
    for name, person in project.people.items():
        for role in person.roles:
            yield "roles", ("people", name, "roles"), role
    for table_name in ("queues", "agents", "people"):
        for name, item in getattr(project, table_name).items():
            if item.group:
                yield "groups", (table_name, name, "group"), item.group
    for name, group in project.groups.items():
        if group.above:
            yield "groups", ("groups", name, "above"), group.above
    for name, table in project.tables.items():
        for column in table.key:
            yield f"tables.{name}.columns", ("tables", name, "key"), column

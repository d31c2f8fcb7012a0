"""Native JSON: the model of a document as it is, published as a JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from pydantic import ValidationError

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang import types as ty
from flowlang.diagnostics import Problem
from flowlang.interchange import values
from flowlang.interchange.versions import (
    CURRENT,
    UPGRADES,
    Fault,
    Pruned,
    Upgrades,
    number_of,
    pointer_of,
    upgraded,
)
from flowlang.places import Anchor, Place
from flowlang.syntax import parse, to_text

Json = Any
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_CONSTANTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN|[0-9]{1000,}', re.DOTALL)
"""What the JSON reader refuses as a number, and the strings that it may stand in."""
_KEEP = frozenset({"is_", "schema_"})
"""Fields that are written although they have their only value."""


# --- writing --------------------------------------------------------------------------------


def write(document: model.Document) -> str:
    """The document as JSON, with nothing in it that is as it would be anyway."""
    return json.dumps(_plain(document), ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Json:
    match value:
        case tuple():
            return [_plain(item) for item in value]
        case ex.Expression():
            return values.write_value(value)
        case ty.Type():
            return values.write_type(value)
        case model.Target():
            return values.write_target(value)
        case model.Words():
            return values.write_words(value)
        case (
            model.WordPort() | model.ValuePort() | model.ComparePort() | model.WhenPort()
            | model.OtherwisePort()
        ):  # fmt: skip
            return values.write_port(value)
        case model.Node():
            return dict(_plain_fields(value))
        case _:
            pass
    return value


def _plain_fields(node: model.Node) -> Iterator[tuple[str, Json]]:
    fields = type(node).model_fields
    for name in sorted(fields, key=lambda name: name not in _KEEP):
        field, value = fields[name], getattr(node, name)
        if name in model.PLACES or (
            name not in _KEEP and not _says_something(value, field.default)
        ):
            continue
        yield field.alias or name, _plain(value)


def _says_something(value: Any, default: Any) -> bool:
    return value is not None and value != default


# --- schema ---------------------------------------------------------------------------------


@cache
def _schema() -> dict[str, Json]:
    generated = model.Document.model_json_schema(by_alias=True)
    schema: dict[str, Json] = _by_kind(generated)
    schema["required"] = ["schema"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A document of the flow language",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def schema() -> dict[str, Json]:
    """The JSON Schema (2020-12) of native JSON."""
    copy: dict[str, Json] = json.loads(json.dumps(_schema()))
    return copy


def _by_kind(node: Json) -> Json:
    """Choices by their `is`: so a validator names what is wrong inside the choice that was made,
    and not that none of them fits."""
    if isinstance(node, list):
        return [_by_kind(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "discriminator" in node:
        mapping = node["discriminator"]["mapping"]
        rest = {key: value for key, value in node.items() if key not in ("discriminator", "oneOf")}
        return {**rest, **_choice(mapping)}
    return {key: _by_kind(value) for key, value in node.items()}


def _choice(mapping: dict[str, str]) -> dict[str, Json]:
    return {
        "type": "object",
        "required": ["is"],
        "properties": {"is": {"enum": list(mapping)}},
        "allOf": [
            {"if": {"properties": {"is": {"const": kind}}}, "then": {"$ref": reference}}
            for kind, reference in mapping.items()
        ],
    }


# --- reading --------------------------------------------------------------------------------


class _Object(dict[str, Json]):
    """A JSON object, and a key that it has twice."""

    repeated: str | None = None


def read(
    text: str, upgrades: Upgrades = UPGRADES, current: int = CURRENT
) -> tuple[model.Document | None, list[Problem]]:
    """The document that a JSON text is; none when it has errors. Of a newer version it is what
    this one knows of it, with a warning for each part that is left out."""
    data, problems = _load(text)
    if problems:
        return None, problems
    data = upgraded(data, upgrades, current)
    number = number_of(data.get("schema")) if isinstance(data, dict) else None
    if number is not None and number > current:
        return _as_far_as_known(data, number, current)
    problems = _version_problems(data, current)
    if problems:
        return None, problems
    document, faults = _built(data)
    problems = [fault.problem for fault in faults]
    return (None, problems) if document is None else (document, [])


def _as_far_as_known(
    data: Json, number: int, current: int
) -> tuple[model.Document | None, list[Problem]]:
    arguments = {"found": number, "known": current}
    newer = Problem(code="FL050", severity="warning", pointer="/schema", arguments=arguments)
    pruned = Pruned(data | {"schema": model.SCHEMA})
    while True:
        document, faults = _built(pruned.data)
        if document is not None:
            return document, [newer, *pruned.problems]
        if not pruned.drop(faults):
            return None, [newer, *(fault.problem for fault in faults)]


def _built(data: Json) -> tuple[model.Document | None, list[Fault]]:
    """The document of this data, or what does not fit."""
    if faults := _schema_faults(data):
        return None, faults
    try:
        document = model.Document.model_validate(data)
    except ValidationError as error:
        found = error.errors()[: limits.JSON_PROBLEMS_MAX]
        return None, [_from_pydantic(detail) for detail in found]
    faults = _spelling_faults(document)
    return (None, faults) if faults else (document, [])


def _error(code: str, pointer: str | None = None, **arguments: object) -> Problem:
    return Problem(code=code, severity="error", pointer=pointer, arguments=arguments)


def _load(text: str) -> tuple[Json, list[Problem]]:
    if len(text.encode("utf-8", "surrogatepass")) > limits.JSON_BYTES_MAX:
        return None, [_error("FL040", "", limit=limits.JSON_BYTES_MAX)]
    if _depth(text) > limits.JSON_DEPTH_MAX:
        return None, [_error("FL403", "", limit=limits.JSON_DEPTH_MAX)]
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = Place(Anchor(text), error.pos, min(error.pos + 1, len(text)))
        return None, [Problem(code="FL401", severity="error", place=place)]
    except ValueError:
        return None, [_no_number(text)]
    repeated = [_error("FL402", at, key=key) for at, key in _repeated(data, "")]
    return data, repeated[: limits.JSON_PROBLEMS_MAX]


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _TOKENS.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            deepest = max(depth, deepest)
        elif mark in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Json]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                made.repeated = key
                break
            seen.add(key)
    return made


def _refuse_constant(name: str) -> Json:
    raise ValueError(name)


def _no_number(text: str) -> Problem:
    """The first `NaN`, infinity or endless number that stands outside of strings."""
    found = next((it for it in _CONSTANTS.finditer(text) if it.group()[0] != '"'), None)
    place = Place(Anchor(text), *found.span()) if found else None
    code = "FL023" if found and found.group().isdecimal() else "FL406"
    return Problem(code=code, severity="error", pointer="", place=place)


def _repeated(data: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, _Object):
        if data.repeated is not None:
            yield pointer, data.repeated
        for key, value in data.items():
            yield from _repeated(value, pointer + pointer_of((key,)))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _repeated(value, f"{pointer}/{number}")


def _version_problems(data: Json, current: int) -> list[Problem]:
    found = data.get("schema") if isinstance(data, dict) else None
    if found is None or number_of(found) == current:
        return []
    return [_error("FL404", "/schema", found=str(found)[:40], known=f"flowlang/{current}")]


def _schema_faults(data: Json) -> list[Fault]:
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(_schema()).iter_errors(data)
    return [_schema_fault(_cause(error)) for error in islice(errors, limits.JSON_PROBLEMS_MAX)]


def _schema_fault(cause: Any) -> Fault:
    path = tuple(cause.absolute_path)
    expected = _expected(cause)
    problem = _error("FL407", pointer_of(path), reason=_reason(cause), **expected)
    keys = _unknown_keys(cause) if cause.validator == "additionalProperties" else ()
    return Fault(path, keys, problem)


def _unknown_keys(error: Any) -> tuple[str, ...]:
    return tuple(sorted(error.instance.keys() - error.schema.get("properties", {}).keys()))


def _cause(error: Any) -> Any:
    """Of a choice that nothing fits, what is wrong with its first alternative."""
    while error.context:
        error = min(error.context, key=lambda inner: (inner.schema_path[0], len(inner.path)))
    return error


def _reason(error: Any) -> str:
    known = ("required", "additionalProperties", "type", "enum", "const")
    return error.validator if error.validator in known else "other"


def _expected(error: Any) -> dict[str, str]:
    detail = error.validator_value
    if error.validator == "required":
        missing = [name for name in detail if name not in error.instance]
        return {"detail": ", ".join(missing)}
    if error.validator == "additionalProperties":
        return {"detail": ", ".join(_unknown_keys(error))[:80]}
    listed = detail if isinstance(detail, list) else [detail]
    return {"detail": ", ".join(map(str, listed))[:80]}


def _from_pydantic(detail: Any) -> Fault:
    path = tuple(part for part in detail["loc"] if not _is_tag(part))
    pointer = pointer_of(path)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, values.SpellingError):
        return Fault(path, (), _error(cause.problem.code, pointer, **cause.problem.arguments))
    return Fault(path, (), _error("FL407", pointer, reason="other", detail=str(detail["type"])))


def _is_tag(part: Any) -> bool:
    """Pydantic names the chosen alternative in its paths."""
    return part in _TAGS


_TAGS = frozenset(
    {"header", "declaration", "section", "test", "policy", "layout", "step", "goto", "route"}
)


def _spelling_faults(document: model.Document) -> list[Fault]:
    """What no text can say: a keyword as a step's kind, a phrase that begins with `on`."""
    tree = parse(to_text(document))
    faults = [
        _spelling_fault(("items", min(number, len(document.items) - 1)), found)
        for number, chunk in enumerate(tree.chunks)
        for found in chunk.problems
    ]
    return faults or [_spelling_fault(("items",), found) for found in tree.problems]


def _spelling_fault(path: tuple[str | int, ...], found: Problem) -> Fault:
    return Fault(path, (), _error(found.code, pointer_of(path), **found.arguments))

"""Values, types, outcomes and targets as native JSON has them.

Plain JSON is itself. What JSON has no form for is an object with one key:

- `{"is": "1h30min"}` is any expression of the language, spelled as in a text;
- `{"text": "Hello {name}"}` is text with expressions in it;
- `{"lines": [...]}` is a list or an object whose elements have a line each;
- `{"items": [...]}` and `{"fields": [...]}` are such a list or object with comments.

Data that happens to be an object with only such a key is spelled: `{"is": "(is: 5)"}`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang import types as ty
from flowlang.diagnostics import Problem
from flowlang.places import Anchor
from flowlang.syntax import grammar, nesting, slips, spelling, strings, units
from flowlang.syntax.grammar import UnexpectedInput
from flowlang.syntax.parser import parse_inner

Json = Any


class SpellingError(ValueError):
    """What stands in the JSON is no expression, type, outcome or target of the language."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


# --- reading --------------------------------------------------------------------------------


def _parse(source: object, symbol: grammar.Start) -> Any:
    if not isinstance(source, str):
        raise _refused("FL405", found=_shown(source))
    with grammar.LOCK:
        builder = _builder_for(source)
        try:
            result = grammar.parse(source, 0, len(source), symbol)
        except UnexpectedInput as error:
            raise SpellingError(
                slips.explain(error, builder.anchor, source, 0, len(source), symbol)
            ) from None
        if builder.problems:
            raise SpellingError(builder.problems[0])
    return result


def _builder_for(source: str) -> Any:
    builder = grammar.builder()
    builder.anchor = Anchor(source)
    builder.problems = []
    builder.parse_expression = parse_inner
    return builder


def _refused(code: str, **arguments: object) -> SpellingError:
    return SpellingError(Problem(code=code, severity="error", arguments=arguments))


def _shown(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def read_value(value: Json) -> ex.Expression:
    if isinstance(value, ex.Expression):
        return value
    expression = _value(value)
    if nesting.is_too_deep(expression):
        raise _refused("FL041", limit=limits.NESTING_MAX)
    return expression


def _value(value: Json) -> ex.Expression:
    match value:
        case bool():
            return ex.Literal(value, "boolean")
        case int() | float():
            return _number(value)
        case str():
            return ex.Literal(_checked(value), "text")
        case list():
            return ex.ListOf(tuple(ex.Item(_value(item)) for item in value))
        case {"is": source} if len(value) == 1:
            found: ex.Expression = _parse(source, "expression")
            return found
        case {"text": str(source)} if len(value) == 1:
            return _template(source)
        case {"lines": (list() | dict()) as data} if len(value) == 1:
            return _lines(data)
        case {"items": list(items)} if len(value) == 1:
            return ex.ListOf(tuple(map(_item, items)), in_lines=True)
        case {"fields": list(fields)} if len(value) == 1:
            return ex.Record(tuple(map(_field, fields)), in_lines=True)
        case dict():
            return _record(value)
        case _:
            pass
    raise _refused("FL405", found=_shown(value))


def _checked(text: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > limits.STRING_BYTES_MAX:
        raise _refused("FL042", limit=limits.STRING_BYTES_MAX)
    return text


def _number(value: int | float) -> ex.Literal:
    if not math.isfinite(value) or abs(value) > limits.NUMBER_MAX:
        raise _refused("FL023")
    spelled = units.spell_number(value)
    if len(spelled) > limits.NUMBER_CHARACTERS_MAX:
        raise _refused("FL023")
    return ex.Literal(value, "integer" if isinstance(value, int) else "number", spelled)


def _template(source: str) -> ex.Expression:
    with grammar.LOCK:
        builder = _builder_for(source)
        found = builder.template(strings.pieces(_checked(source), 0, len(source)), None)
        if builder.problems:
            raise SpellingError(builder.problems[0])
    assert isinstance(found, ex.Expression)
    return found


def _record(value: dict[str, Json], in_lines: bool = False) -> ex.Record:
    fields = tuple(ex.Field(_checked(key), _value(inner)) for key, inner in value.items())
    return ex.Record(fields, in_lines=in_lines)


def _lines(data: list[Json] | dict[str, Json]) -> ex.Expression:
    if isinstance(data, dict):
        return _record(data, in_lines=True)
    return ex.ListOf(tuple(ex.Item(_value(item)) for item in data), in_lines=True)


def _item(entry: Json) -> ex.Item:
    match entry:
        case {"value": value}:
            return ex.Item(_value(value), *_around(entry))
        case _:
            pass
    raise _refused("FL405", found=_shown(entry))


def _field(entry: Json) -> ex.Field:
    match entry:
        case {"key": str(key), "value": value}:
            return ex.Field(key, _value(value), *_around(entry))
        case _:
            pass
    raise _refused("FL405", found=_shown(entry))


def _around(entry: dict[str, Json]) -> tuple[tuple[str, ...], str]:
    comments, remark = entry.get("comments", []), entry.get("remark", "")
    extra = entry.keys() - {"key", "value", "comments", "remark"}
    texts = isinstance(comments, list) and all(
        isinstance(text, str) for text in [*comments, remark]
    )
    if extra or not texts:
        raise _refused("FL405", found=_shown(entry))
    return tuple(comments), remark


def read_type(value: Json) -> ty.Type:
    type_: ty.Type = value if isinstance(value, ty.Type) else _spelled(value, "type_only")
    if nesting.is_too_deep(type_):
        raise _refused("FL041", limit=limits.DATA_NESTING_MAX)
    return type_


def read_port(value: Json) -> model.Port:
    return value if isinstance(value, model.Port) else _spelled(value, "port_only")


def read_target(value: Json) -> model.Target:
    return value if isinstance(value, model.Target) else _spelled(value, "target_only")


def read_words(value: Json) -> model.Words:
    return value if isinstance(value, model.Words) else _spelled(value, "words_only")


def _spelled(value: Json, symbol: grammar.Start) -> Any:
    return _parse(value, symbol)


# --- writing --------------------------------------------------------------------------------


def write_value(expression: ex.Expression) -> Json:
    match expression:
        case ex.Literal(type="text" | "boolean", value=value):
            return value
        case ex.Literal(type="integer" | "number", value=int() | float() as value):
            plain = expression.spelling in ("", units.spell_number(value))
            return value if plain else {"is": expression.spelling}
        case ex.Template(parts=parts):
            return {"text": "".join(map(_write_part, parts))}
        case ex.ListOf():
            return _write_list(expression)
        case ex.Record():
            return _write_record(expression)
        case _:
            pass
    return {"is": spelling.value(expression)}


def _write_part(part: str | ex.Expression) -> str:
    return strings.escape_template(part) if isinstance(part, str) else spelling.part(part)


def _write_list(node: ex.ListOf) -> Json:
    if node.in_lines and _has_comments(node.items):
        return {"items": [{"value": write_value(i.value), **_write_around(i)} for i in node.items]}
    data = [write_value(item.value) for item in node.items]
    return {"lines": data} if node.in_lines else data


def _write_record(node: ex.Record) -> Json:
    data = {field.key: write_value(field.value) for field in node.fields}
    is_repeated = len(data) < len(node.fields)
    if node.in_lines:
        if is_repeated or _has_comments(node.fields):
            return {"fields": list(map(_write_field, node.fields))}
        return {"lines": data}
    looks_special = len(data) == 1 and not data.keys().isdisjoint(_SPECIAL)
    return {"is": spelling.value(node)} if is_repeated or looks_special else data


_SPECIAL = frozenset({"is", "text", "lines", "items", "fields"})


def _write_field(field: ex.Field) -> Json:
    return {"key": field.key, "value": write_value(field.value), **_write_around(field)}


def _has_comments(nodes: Iterable[ex.Item | ex.Field]) -> bool:
    return any(node.comments or node.remark for node in nodes)


def _write_around(node: ex.Item | ex.Field) -> dict[str, Json]:
    around: dict[str, Json] = {}
    if node.comments:
        around["comments"] = list(node.comments)
    if node.remark:
        around["remark"] = node.remark
    return around


def write_port(port: model.Port) -> str:
    """The outcome as it stands behind `on`. A word that begins another sort of outcome keeps
    its `on`."""
    is_reserved = isinstance(port, model.WordPort) and port.word in spelling.RESERVED
    return f"on {spelling.port(port)}" if is_reserved else spelling.port(port)


def write_target(target: model.Target) -> str:
    return target.spelling


write_type: Callable[[ty.Type], str] = spelling.type_
write_words: Callable[[model.Words], str] = spelling.words

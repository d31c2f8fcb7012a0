"""How values, types, ports and targets are spelled on one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from flowlang import expressions as ex
from flowlang import model
from flowlang import types as ty
from flowlang.syntax import strings, units

_LEVELS = {
    "or": 1, "and": 2,
    "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "contains": 4, "starts_with": 4, "ends_with": 4, "in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "else": 8,
}  # fmt: skip
_NOT, _UNARY, _ATOM = 3, 7, 9
_COMPARISON = 4
RESERVED = frozenset({"on", "when", "otherwise"})
"""Words that begin an outcome, and so cannot begin another line."""
NAME = re.compile(r"[^\W\d][\w\u0300-\u036f]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?-([A-Z]{2}(-[A-Z]{3})?|\d{3})")


def value(expression: ex.Expression) -> str:
    """An expression on one line."""
    return _spell(expression, "")


def _spell(node: ex.Expression, inside: str) -> str:
    """`inside` is `'` between the braces of a string, where only raw strings can stand."""
    match node:
        case ex.Literal():
            return _literal(node, inside)
        case ex.Template(parts=parts):
            return f'"{"".join(map(_part, parts))}"'
        case ex.Name():
            return ".".join((node.root, *(_segment(segment, inside) for segment in node.segments)))
        case ex.Not(operand=operand):
            return f"not {_operand(operand, _NOT, inside)}"
        case ex.Negative(operand=operand):
            return f"-{_operand(operand, _UNARY, inside)}"
        case ex.Binary():
            return _binary(node, inside)
        case ex.Item(value=inner):
            return _spell(inner, inside)
        case ex.Field(key=key_, value=inner):
            return f"{key(key_, inside)}: {_spell(inner, inside)}"
        case ex.ListOf(items=items):
            return f"[{', '.join(_spell(item, inside) for item in items)}]"
        case ex.Record(fields=fields):
            return f"({', '.join(_spell(field, inside) for field in fields)})"
        case _:
            pass
    raise AssertionError(node)


def _part(part_: str | ex.Expression) -> str:
    return strings.escape(part_) if isinstance(part_, str) else part(part_)


def part(expression: ex.Expression) -> str:
    """An expression between the braces of a string."""
    return f"{{{_spell(expression, chr(39))}}}"


def long_part(part_: str | ex.Expression) -> str:
    """A part of a `\"\"\"` string."""
    return strings.escape_long(part_) if isinstance(part_, str) else part(part_)


def _literal(literal: ex.Literal, inside: str) -> str:
    match literal.value:
        case bool():
            return "true" if literal.value else "false"
        case str() if literal.type == "text":
            return f"'{literal.value}'" if inside else strings.quote(literal.value)
        case str():
            return literal.spelling or literal.value
        case int() | float():
            return literal.spelling or spell_number(literal.value, literal.type)
    assert_never(literal.value)


def spell_number(number: int | float, type_: ex.LiteralType) -> str:
    """A number of this type, when no author's spelling is known."""
    if type_ == "duration":
        return units.spell_duration(number)
    return units.spell_number(number) + ("%" if type_ == "percent" else "")


def name(node: ex.Name) -> str:
    return value(node)


def _segment(segment: str, inside: str) -> str:
    plain = NAME.fullmatch(segment) or ex.is_index(segment)
    return segment if plain else _quoted(segment, inside)


def key(text: str, inside: str = "") -> str:
    """The key of an argument or a field."""
    plain = NAME.fullmatch(text) or _LANGUAGE.fullmatch(text)
    return text if plain else _quoted(text, inside)


def line_key(text: str) -> str:
    """A key at the start of a line."""
    return _quoted(text) if text in RESERVED else key(text)


def _quoted(text: str, inside: str = "") -> str:
    return f"'{text}'" if inside else f'"{strings.escape(text)}"'


def _level(node: ex.Expression) -> int:
    match node:
        case ex.Binary(operator=operator):
            return _LEVELS[operator]
        case ex.Not():
            return _NOT
        case ex.Negative():
            return _UNARY
        case ex.Literal(value=int() | float() as number) if number < 0 or str(number) == "-0.0":
            return _UNARY
        case ex.Literal(spelling=spelling) if spelling.startswith("-"):
            return _UNARY
    return _ATOM


def _operand(node: ex.Expression, least: int, inside: str) -> str:
    spelled = _spell(node, inside)
    return spelled if _level(node) >= least else f"({spelled})"


def _binary(node: ex.Binary, inside: str) -> str:
    level = _LEVELS[node.operator]
    left, right = level, level + 1
    if level == _COMPARISON:
        left = right = level + 1
    elif node.operator == "else":
        left, right = _ATOM, level
        if _level(node.right) == _UNARY and not _is_double_negative(node.right):
            right = _UNARY
    return " ".join(
        (_operand(node.left, left, inside), node.operator, _operand(node.right, right, inside))
    )


def _is_double_negative(node: ex.Expression) -> bool:
    return isinstance(node, ex.Negative) and _level(node.operand) == _UNARY


# --- phrases --------------------------------------------------------------------------------


def words(phrase: model.Words) -> str:
    return ", ".join(clause(items) for items in phrase.clauses)


def clause(items: Iterable[ex.Expression]) -> str:
    return " ".join(map(value, items))


# --- types and signatures -------------------------------------------------------------------


def type_(node: ty.Type) -> str:
    sensitive = "sensitive " if node.sensitive else ""
    return f"{sensitive}{_core_type(node)}{'?' if node.optional else ''}"


def _core_type(node: ty.Type) -> str:
    match node:
        case ty.Named(name=name_):
            return name_
        case ty.OneOf(values=values):
            return " | ".join(map(_quoted, values))
        case ty.ListType(item=item):
            return f"list of {_core_type(item)}"
        case ty.RecordType(fields=fields):
            return f"({', '.join(f'{key_}: {type_(item)}' for key_, item in fields)})"
        case _:
            pass
    raise AssertionError(node)


def signature(
    takes: tuple[model.Parameter, ...] | None,
    gives: tuple[model.Parameter, ...] | None,
    gives_type: ty.Type | None = None,
) -> str:
    if gives is None and gives_type is None:
        return "" if takes is None else parameters(takes)
    result = type_(gives_type) if gives is None and gives_type else parameters(gives or ())
    return f"{parameters(takes or ())} -> {result}"


def parameters(items: tuple[model.Parameter, ...]) -> str:
    return f"({', '.join(map(parameter, items))})"


def parameter(item: model.Parameter) -> str:
    if item.type is not None:
        return f"{item.name}: {type_(item.type)}"
    return item.name + (parameters(item.fields) if item.fields is not None else "")


# --- outcomes -------------------------------------------------------------------------------


def port(node: model.Port) -> str:
    """An outcome as it stands behind `on`; free conditions and `otherwise` bring their own word."""
    match node:
        case model.WordPort(word=word):
            return word
        case model.ValuePort():
            return value(node.value)
        case model.ComparePort():
            return f"{node.operator} {value(node.operand)}"
        case model.WhenPort():
            return f"when {value(node.condition)}"
        case model.OtherwisePort():
            return "otherwise"
    assert_never(node)


def route(ports: tuple[model.Port, ...], target: str) -> str:
    lone = len(ports) == 1 and isinstance(ports[0], (model.WhenPort, model.OtherwisePort))
    spelled = ", ".join(map(port, ports))
    return f"{'' if lone else 'on '}{spelled} -> {target}"

"""How deep values and types are nested, counted without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang import types as ty
from flowlang.places import Place
from flowlang.syntax.build import Draft
from flowlang.syntax.lines import ChunkLines
from flowlang.syntax.transformer import Builder


def is_too_deep(root: ex.Expression | ty.Type) -> bool:
    """Whether it has more levels of operators, or of data, than the limits allow."""
    stack: list[tuple[Any, int, int]] = [(root, 1, 0)]
    while stack:
        node, depth, data_depth = stack.pop()
        data_depth += isinstance(node, (ex.ListOf, ex.Record, ty.Type))
        if depth > limits.NESTING_MAX or data_depth > limits.DATA_NESTING_MAX:
            return True
        stack.extend((child, depth + 1, data_depth) for child in _inner(node))
    return False


def _inner(node: Any) -> Iterable[Any]:
    match node:
        case ex.Binary():
            return (node.left, node.right)
        case ex.Not() | ex.Negative():
            return (node.operand,)
        case ex.Template():
            return node.parts
        case ex.ListOf() | ty.RecordType() | ex.Record():
            return _elements(node)
        case ex.Field() | ex.Item():
            return (node.value,)
        case ty.ListType():
            return (node.item,)
        case _:
            return ()


def _elements(node: ex.ListOf | ex.Record | ty.RecordType) -> Iterable[Any]:
    match node:
        case ex.ListOf():
            return (item.value for item in node.items)
        case ex.Record():
            return (field.value for field in node.fields)
        case ty.RecordType():
            return (type_ for _, type_ in node.fields)


def drop_too_deep(lines: ChunkLines, drafts: list[Draft | None], builder: Builder) -> None:
    """Leave out the lines that are nested too deep. Short ones cannot be."""
    for number, (line, draft) in enumerate(zip(lines.lines, drafts, strict=True)):
        if draft is None or line.end - line.start <= limits.DATA_NESTING_MAX * 2:
            continue
        if any(map(is_too_deep, _values(draft.fields.values()))):
            place = Place(lines.anchor, line.start, line.end)
            builder.report("FL041", place, limit=limits.NESTING_MAX)
            drafts[number] = None


def _values(parts: Iterable[Any]) -> Iterator[ex.Expression | ty.Type]:
    """The values and types that a line holds. (Signatures are as deep as their brackets, which
    are counted.)"""
    for part in parts:
        match part:
            case ex.Expression() | ty.Type():
                yield part
            case Draft():
                yield from _values(part.fields.values())
            case model.Words():
                yield from _values(part.clauses)
            case tuple() | list():
                yield from _values(part)
            case model.Argument() | model.ValuePort():
                yield part.value
            case model.WhenPort():
                yield part.condition
            case model.Parameter():
                yield from _values((part.type, part.fields))
            case _:
                pass

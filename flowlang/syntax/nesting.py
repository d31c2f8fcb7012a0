"""How deep expressions are nested, counted without recursion."""

from __future__ import annotations

from typing import Any

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang.places import Place
from flowlang.syntax.build import Draft
from flowlang.syntax.lines import ChunkLines
from flowlang.syntax.transformer import Builder


def is_too_deep(expression: ex.Expression) -> bool:
    """Whether it has more levels of operators, or of data, than the limits allow."""
    stack: list[tuple[ex.Expression, int, int]] = [(expression, 1, 0)]
    while stack:
        node, depth, data_depth = stack.pop()
        inner: tuple[Any, ...] = ()
        match node:
            case ex.Binary():
                inner = (node.left, node.right)
            case ex.Not() | ex.Negative():
                inner = (node.operand,)
            case ex.Template():
                inner = tuple(part for part in node.parts if not isinstance(part, str))
            case ex.ListOf():
                inner = tuple(item.value for item in node.items)
                data_depth += 1
            case ex.Record():
                inner = tuple(field.value for field in node.fields)
                data_depth += 1
            case ex.Field() | ex.Item():
                inner = (node.value,)
            case _:
                pass
        if depth > limits.NESTING_MAX or data_depth > limits.DATA_NESTING_MAX:
            return True
        stack.extend((child, depth + 1, data_depth) for child in inner)
    return False


def drop_too_deep(lines: ChunkLines, drafts: list[Draft | None], builder: Builder) -> None:
    """Leave out the lines that are nested too deep. Short ones cannot be."""
    for number, (line, draft) in enumerate(zip(lines.lines, drafts, strict=True)):
        if draft is None or line.end - line.start <= limits.DATA_NESTING_MAX * 2:
            continue
        if any(is_too_deep(value) for value in _values(draft)):
            place = Place(lines.anchor, line.start, line.end)
            builder.report("FL041", place, limit=limits.NESTING_MAX)
            drafts[number] = None


def _values(draft: Draft) -> list[ex.Expression]:
    found: list[ex.Expression] = []
    for part in draft.fields.values():
        match part:
            case ex.Expression():
                found.append(part)
            case Draft():
                found.extend(_values(part))
            case model.Words():
                found.extend(value for clause in part.clauses for value in clause)
            case tuple() | list():
                found.extend(_values_of_parts(part))
            case _:
                pass
    return found


def _values_of_parts(parts: tuple[Any, ...] | list[Any]) -> list[ex.Expression]:
    found: list[ex.Expression] = []
    for part in parts:
        match part:
            case ex.Expression():
                found.append(part)
            case model.Argument() | model.ValuePort():
                found.append(part.value)
            case model.WhenPort():
                found.append(part.condition)
            case _:
                pass
    return found

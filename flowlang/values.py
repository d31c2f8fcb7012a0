"""What an expression means: compiled once to a closure, total, without a way to Python.

A scope is a mapping of names to JSON values. What is not there, or makes no sense, is `None`:
`None` is unequal to every value, false in a condition, and nothing in a text. Dates, times and
durations are ISO texts and seconds, so a scope is always plain JSON.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from flowlang import expressions as ex
from flowlang.limits import STRING_BYTES_MAX

Scope = Mapping[str, Any]
Closure = Callable[[Scope], Any]


def compile_expression(expression: ex.Expression) -> Closure:
    """A function from a scope to the value. It never raises and always ends."""
    match expression:
        case ex.Literal(value=value):
            return lambda scope: value
        case ex.Template(parts=parts):
            return compile_template(parts)
        case ex.Name(root=root, segments=segments):
            return _name(root, segments)
        case ex.Not(operand=operand):
            inner = compile_expression(operand)
            return lambda scope: not truth(inner(scope))
        case ex.Negative(operand=operand):
            inner = compile_expression(operand)
            return lambda scope: _arithmetic(operator.sub, 0, inner(scope))
        case ex.Binary():
            return _binary(expression)
        case ex.ListOf(items=items):
            closures = [compile_expression(item.value) for item in items]
            return lambda scope: [closure(scope) for closure in closures]
        case ex.Record(fields=fields):
            pairs = [(field.key, compile_expression(field.value)) for field in fields]
            return lambda scope: {key: closure(scope) for key, closure in pairs}
        case ex.Item(value=value) | ex.Field(value=value):
            return compile_expression(value)
        case _:
            raise AssertionError(f"not an expression: {expression!r}")


def render(value: Any) -> str:
    """A value as a customer reads or hears it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return ", ".join(render(item) for item in value)
        case dict():
            return ", ".join(f"{key}: {render(item)}" for key, item in value.items())
        case _:
            return str(value)


def truth(value: Any) -> bool:
    """Only `true` is true: a text or a number is no condition."""
    return value is True


def compile_template(
    parts: tuple[str | ex.Expression, ...],
    compile_part: Callable[[ex.Expression], Closure] = compile_expression,
) -> Closure:
    """A text with expressions in it; `compile_part` may have them say more than their value."""
    closures = [part if isinstance(part, str) else compile_part(part) for part in parts]

    def text(scope: Scope) -> str:
        return _bounded(
            "".join(part if isinstance(part, str) else render(part(scope)) for part in closures)
        )

    return text


def _name(root: str, segments: tuple[str, ...]) -> Closure:
    if not segments:
        return lambda scope: scope.get(root)
    if len(segments) == 1:
        (only,) = segments

        def read_one(scope: Scope) -> Any:
            value = scope.get(root)
            return value.get(only) if type(value) is dict else _step_into(value, only)

        return read_one

    def read(scope: Scope) -> Any:
        value = scope.get(root)
        for segment in segments:
            value = _step_into(value, segment)
        return value

    return read


def _step_into(value: Any, segment: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(segment)
    if isinstance(value, list) and ex.is_index(segment) and int(segment) < len(value):
        return value[int(segment)]
    return None


def _binary(expression: ex.Binary) -> Closure:
    left, right = compile_expression(expression.left), compile_expression(expression.right)
    match expression.operator:
        case "or":
            return lambda scope: truth(left(scope)) or truth(right(scope))
        case "and":
            return lambda scope: truth(left(scope)) and truth(right(scope))
        case "else":

            def fallback(scope: Scope) -> Any:
                value = left(scope)
                return right(scope) if value is None or value == "" else value

            return fallback
        case "+" | "-" | "*" | "/" as sign:
            calculate = _CALCULATIONS[sign]
            return lambda scope: _arithmetic(calculate, left(scope), right(scope))
        case comparison:
            compare = COMPARISONS[comparison]
            return lambda scope: compare(left(scope), right(scope))


_CALCULATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _arithmetic(calculate: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    a, b = number(left), number(right)
    if a is None or b is None:
        if calculate is operator.add and isinstance(left, str) and isinstance(right, str):
            return _bounded(left + right)
        return None
    try:
        result = calculate(a, b)
    except (ZeroDivisionError, OverflowError):
        return None
    # Numbers stay what JSON can carry exactly; a sum that grows for ever ends as nothing.
    if isinstance(result, float) and not math.isfinite(result):
        return None
    return result if abs(result) < 2**53 else None


def number(value: Any) -> int | float | None:
    """The number that a value is or spells; texts count because keypads give texts."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and 0 < len(value) <= 32:
        try:
            result = float(value)
        except ValueError:
            return None
        if math.isfinite(result):
            return int(result) if result.is_integer() and abs(result) < 2**53 else result
    return None


def equal(left: Any, right: Any) -> bool:
    """Alike as values; a number equals the text that spells it, nothing equals nothing else."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return render(left) == render(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        a, b = number(left), number(right)
        return a is not None and a == b
    return bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Numbers by size, other texts (dates, times) by their letters."""

    def order(left: Any, right: Any) -> bool:
        a, b = number(left), number(right)
        if a is not None and b is not None:
            return compare(a, b)
        if isinstance(left, str) and isinstance(right, str) and a is None and b is None:
            return compare(left, right)
        return False

    return order


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, list):
        return any(equal(item, right) for item in left)
    return left is not None and right is not None and render(right) in render(left)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "contains": _contains,
    "starts_with": lambda left, right: (
        left is not None and right is not None and render(left).startswith(render(right))
    ),
    "ends_with": lambda left, right: (
        left is not None and right is not None and render(left).endswith(render(right))
    ),
    "in": lambda left, right: isinstance(right, list) and _contains(right, left),
}


def _bounded(text: str) -> str:
    """Texts are cut at the limit, at a whole character."""
    if len(text) * 4 <= STRING_BYTES_MAX:
        return text
    return text.encode()[:STRING_BYTES_MAX].decode(errors="ignore")

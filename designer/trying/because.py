"""Why a step was left the way it was: what was compared, and with what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from designer.forms.ports import shown_port
from designer.words import Language, said
from flowlang import expressions as ex
from flowlang.block import NEXT
from flowlang.model import ComparePort, OtherwisePort, Port, ValuePort, WhenPort
from flowlang.parameters import first_key
from flowlang.syntax import spelling
from flowlang.values import compile_expression, render
from flowlang.wiring import WiredStep
from runtime import happenings as seen
from runtime.telling import shown

LENGTH_MAX = 60
"""A longer value is cut: it is on a line of its own."""


def because(
    left: seen.Left, step: WiredStep, answered: seen.Answered | None, language: Language
) -> str:
    """`tier = "gold" → "gold"`; empty where there is nothing to tell: one way, or a mishap."""
    wire = step.wire(left.outcome)
    if wire is None:
        return ""
    if left.decided and wire.spoken is not None and _is_compared(wire.spoken):
        told, way = ", ".join(_compared(left.decided, wire.spoken, step)), shown_port(wire.port)
    else:
        title = outcome.title if (outcome := step.ports.word(left.outcome)) else {}
        told, way = _said_by(answered) or _hour(left, step), said(title, language) or wire.port
        if title == NEXT:
            return told
    return f"{told} → {way}" if told and told.strip('"') != way else way


def plain(value: Any) -> str:
    """As the list of values shows it."""
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return render(value)


def _is_compared(port: Port) -> bool:
    return isinstance(port, ValuePort | ComparePort | WhenPort | OtherwisePort)


def _compared(decided: seen.Decided, taken: Port, step: WiredStep) -> Iterator[str]:
    """What the way depended on, each with its value."""
    subject = _subject(step)
    if not isinstance(taken, WhenPort) and (subject or decided.value is not None):
        yield f"{subject} = {cut(shown(decided.value))}" if subject else cut(shown(decided.value))
    # That nothing else held is seen from what the others looked at.
    ports = [wire.spoken for wire in step.wires] if isinstance(taken, OtherwisePort) else [taken]
    names = [name for port in ports for name in _names(port)]
    for name in dict.fromkeys(names):
        if spelling.name(name) != subject:
            value = compile_expression(name)(decided.known)
            yield f"{spelling.name(name)} = {cut(shown(value))}"


def _subject(step: WiredStep) -> str:
    """What the step compares, as its author wrote it."""
    key = first_key(step.block.Params) if step.block and not step.ports.measured else None
    value = step.bound.values.get(key) if key else None
    return spelling.name(value) if isinstance(value, ex.Name) else ""


def _names(port: Port | None) -> Iterator[ex.Name]:
    match port:
        case ComparePort(operand=expression) | WhenPort(condition=expression):
            yield from ex.names_in(expression)
        case _:
            pass


def _hour(left: seen.Left, step: WiredStep) -> str:
    """When it was, for whoever went by opening hours."""
    key = first_key(step.block.Params) if step.block else None
    declared = step.call.declared(key) if key else None
    return f"{left.at:%Y-%m-%d %H:%M}" if declared and declared.word == "hours" else ""


def _said_by(answered: seen.Answered | None) -> str:
    """What a service said, on which the step went by."""
    if answered is None:
        return ""
    body = answered.body
    match body.get("event"):
        case "FunctionReturned" | "ServiceAnswered":
            value = body.get("value") or {}
            found = [f"{key} = {shown(it)}" for key, it in value.items() if it is not None]
            return cut(", ".join(found))
        case "ServiceRefused" | "FunctionFailed" | "BotFailed" | "Undeliverable" | "QueueRefused":
            return cut(str(body.get("detail") or body.get("reason") or "failed"))
        case "BotAnswered":
            slots = body.get("slots") or {}
            return cut(", ".join(f"{key} = {shown(it)}" for key, it in slots.items()))
        case _:
            return ""


def cut(text: str) -> str:
    return text if len(text) <= LENGTH_MAX else f"{text[: LENGTH_MAX - 1]}…"

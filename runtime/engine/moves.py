"""Carrying out what a step does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, assert_never

import orjson

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import Enter, Finish, Jump, Leave, Move, Return, Stay, Wait
from runtime import limits
from runtime.contact import Waiting
from runtime.engine import behaviour
from runtime.engine.doing import do
from runtime.engine.flows import enter, hooked, jump, over
from runtime.engine.leaving import finish, leave
from runtime.engine.turn import Draft
from runtime.program import CompiledStep

Plan = Callable[[Draft], str | None]
"""Carries out what a step does; the step to go on at, or None at a wait or an end."""


def apply(draft: Draft, step: CompiledStep, move: Move) -> str | None:
    """Carry out a move; the step to go on at, or None at a wait or an end."""
    match move:
        case Leave():
            return leave(draft, step, move)
        case Wait():
            return _wait(draft, step, move)
        case Finish():
            finish(draft, move)
            draft.note_left(step, move.status)
            return hooked(draft, "customer_queue") if move.status == "queued" else None
        case Enter():
            return enter(draft, step, move)
        case Return():
            draft.note_left(step, move.outcome)
            return over(draft, move)
        case Jump():
            return jump(draft, step, move)
        case Stay():
            return None
        case _:
            assert_never(move)


def _wait(draft: Draft, step: CompiledStep, move: Wait) -> str | None:
    if is_small(move.memory):
        return waited(step, move)(draft)
    draft.notes.append(f"{step.id}: memory over {limits.MEMORY_BYTES_MAX} bytes")
    return leave(draft, step, Leave(outcome="error"))


def is_small(memory: Mapping[str, Any]) -> bool:
    """Whether a row of a table can hold it."""
    return not memory or len(orjson.dumps(memory)) <= limits.MEMORY_BYTES_MAX


def waited(step: CompiledStep, move: Wait) -> Plan:
    effects, memory = move.effects, move.memory
    listening = out.Listen in map(type, effects)
    timers = [
        (name, timedelta(seconds=min(limits.CHAT_AGE_MAX_S, seconds)))
        for name, seconds in move.timers.items()
    ]

    def wait(draft: Draft) -> str | None:
        contact, now = draft.contact, draft.event.at
        keys = [do(draft, effect) for effect in effects]
        dues = {name: now + after for name, after in timers}
        contact.wait = wait = Waiting(contact.turn, memory, dues, keys, listening)
        draft.unwaited = 0
        if listening and contact.typed_ahead:
            return _use_typed_ahead(draft, step, wait)
        return None

    return wait


def _use_typed_ahead(draft: Draft, step: CompiledStep, wait: Waiting) -> str | None:
    first, *rest = draft.contact.typed_ahead
    draft.contact.typed_ahead = rest
    heard = in_.Heard(id=draft.event.id, at=draft.event.at, text=first["text"],
                      by="digits" if first["by"] == "digits" else "text")  # fmt: skip
    move = behaviour.resume(draft, step, wait.memory, heard)
    if isinstance(move, Stay):
        return None
    draft.contact.wait = None
    return apply(draft, step, move)

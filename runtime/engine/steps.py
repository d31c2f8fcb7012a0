"""Running steps, from a target or an event to the next wait."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

import orjson

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import Enter, Finish, Jump, Leave, Move, Return, Stay, Wait
from flowlang.events import Event
from runtime import limits
from runtime.contact import Waiting
from runtime.engine import behaviour
from runtime.engine.doing import do
from runtime.engine.flows import enter, hooked, jump, over
from runtime.engine.leaving import finish, leave, rescue
from runtime.engine.turn import Draft
from runtime.program import END, CompiledStep


def run(draft: Draft, target: str | None) -> None:
    """Run steps until one waits or the flow ends; nothing, without a target."""
    contact, following = draft.contact, target
    while following is not None:
        step = draft.flow.steps.get(following)
        if step is None:
            following = over(draft, is_lost=following != END)
            continue
        contact.step = step.id
        contact.steps += 1
        draft.unwaited += 1
        draft.watcher.entered(step)
        if _is_exhausted(draft):
            following = rescue(draft, "too many steps without a wait")
        elif draft.channel.medium not in step.block.channels:
            following = _apply(draft, step, Leave(outcome=step.block.elsewhere))
        else:
            following = _apply(draft, step, behaviour.start(draft, step))


def _is_exhausted(draft: Draft) -> bool:
    return (
        draft.unwaited > limits.STEPS_WITHOUT_WAIT_MAX
        or draft.contact.steps > limits.STEPS_PER_CONTACT_MAX
    )


def _apply(draft: Draft, step: CompiledStep, move: Move) -> str | None:
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


# --- waiting ----------------------------------------------------------------------------------


def _wait(draft: Draft, step: CompiledStep, move: Wait) -> str | None:
    contact = draft.contact
    if move.memory and len(orjson.dumps(move.memory)) > limits.MEMORY_BYTES_MAX:
        draft.notes.append(f"{step.id}: memory over {limits.MEMORY_BYTES_MAX} bytes")
        return leave(draft, step, Leave(outcome="error"))
    contact.wait = wait = Waiting(
        number=contact.turn,
        memory=move.memory,
        timers={
            name: draft.event.at + timedelta(seconds=min(limits.CHAT_AGE_MAX_S, seconds))
            for name, seconds in move.timers.items()
        },
        keys=[do(draft, effect) for effect in move.effects],
        listening=out.Listen in map(type, move.effects),
    )
    draft.unwaited = 0
    if wait.listening and contact.typed_ahead:
        return _use_typed_ahead(draft, step, wait)
    return None


def _use_typed_ahead(draft: Draft, step: CompiledStep, wait: Waiting) -> str | None:
    first, *rest = draft.contact.typed_ahead
    draft.contact.typed_ahead = rest
    heard = in_.Heard(id=draft.event.id, at=draft.event.at, text=first["text"],
                      by="digits" if first["by"] == "digits" else "text")  # fmt: skip
    move = behaviour.resume(draft, step, wait.memory, heard)
    if isinstance(move, Stay):
        return None
    draft.contact.wait = None
    return _apply(draft, step, move)


def go_on(draft: Draft, event: Event) -> None:
    """Give an event to the step that waits; late answers and timers of earlier waits mean
    nothing."""
    contact = draft.contact
    wait, step = contact.wait, draft.flow.steps.get(contact.step)
    if wait is None or step is None or not is_awaited(wait, event):
        return
    if isinstance(event, in_.QueueRefused):
        asked = contact.places
        contact.places = {name: key for name, key in asked.items() if key != event.key}
    move = behaviour.resume(draft, step, wait.memory, event)
    if isinstance(move, Stay):
        _keep_waiting(draft, wait, event)
        return
    contact.wait = None
    run(draft, _apply(draft, step, move))


def is_awaited(wait: Waiting | None, event: Event) -> bool:
    match event:
        case in_.TimerFired(timer=timer, wait=number):
            return wait is not None and wait.number == number and timer in wait.timers
        case in_.Answer(key=key):
            return wait is not None and key in wait.keys
        case _:
            return True


def _keep_waiting(draft: Draft, wait: Waiting, event: Event) -> None:
    """An answer that nobody asked for yet is for the next question."""
    contact, ahead = draft.contact, draft.contact.typed_ahead
    if isinstance(event, in_.TimerFired):
        contact.wait = wait.without_timer(event.timer)
    elif isinstance(event, in_.Heard) and len(ahead) < limits.TYPED_AHEAD_MAX:
        contact.typed_ahead = [*ahead, {"text": event.text, "by": event.by}]

"""How a step is left, and how a contact leaves the flow."""

from __future__ import annotations

import orjson

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import MISSING, Finish, Leave
from runtime import limits
from runtime.engine.doing import do, leave_queues
from runtime.engine.turn import Draft
from runtime.program import LOST, CompiledStep


def leave(draft: Draft, step: CompiledStep, move: Leave) -> str:
    """Carry out what a step leaves with; where it leads."""
    contact, outcome = draft.contact, move.outcome
    if (results := move.results) is not None:
        fits = step.fits.get(outcome)
        if fits is None or fits(results):
            told = dict(results)
            contact.local = {**contact.local, **dict.fromkeys(step.result_names, told)}
        else:
            draft.notes.append(f"{step.id}: the answer is not of the declared type")
            move, outcome = Leave(outcome="error"), "error"
    for effect in move.effects:
        do(draft, effect)
    if (move.assign or move.settings) and not _set(draft, move):
        outcome = "error"
        draft.notes.append(f"{step.id}: values over {limits.VALUES_BYTES_MAX} bytes")
    if move.kept is not MISSING:
        contact.kept = {**contact.kept, step.id: move.kept}
    port, target = step.route(outcome, move.value, draft.scope)
    if target == LOST and outcome == "error":
        port, target = _without_a_way(draft, step, port)
    draft.note_left(step, port, move.value)
    return target


def _without_a_way(draft: Draft, step: CompiledStep, port: str) -> tuple[str, str]:
    """An error that nobody routed is still better told to the flow than to nobody."""
    target = LOST
    if spare := _worst(step):
        draft.notes.append(f"{step.id}: left by {spare}, for want of an error outcome")
        port, target = step.route(spare, MISSING, draft.scope)
    if target == LOST:
        target = rescue(draft, f"{step.id}: error without a way")
    return port, target


def _worst(step: CompiledStep) -> str:
    """What a block without an error says when it cannot do its work: the last of its outcomes."""
    names = [outcome.name for outcome in step.block.outcomes]
    return names[-1] if names and "error" not in names else ""


def _set(draft: Draft, move: Leave) -> bool:
    """Set attributes and settings; False, and nothing is set, if that is too much."""
    contact = draft.contact
    values, local = dict(contact.values), dict(contact.local)
    for name, value in (move.assign or {}).items():
        (local if name in draft.flow.variables else values)[name] = value
    changed = {**contact.settings, **(move.settings or {})}
    settings = {key: value for key, value in changed.items() if value is not None}
    language = settings.pop("language", contact.language)
    queue = settings.pop("queue", contact.queue)
    if len(orjson.dumps([values, local, settings])) > limits.VALUES_BYTES_MAX:
        return False
    contact.values, contact.local, contact.settings = values, local, settings
    contact.language, contact.queue = language, queue
    draft.manner = (contact.channel, language)
    return True


def rescue(draft: Draft, why: str) -> str:
    """To the flow's `on error`, once; a flow that fails there too ends."""
    draft.notes.append(why)
    if draft.rescued or draft.flow.on_error == LOST:
        return LOST
    draft.rescued = True
    draft.unwaited = 0
    draft.contact.steps = min(draft.contact.steps, limits.STEPS_PER_CONTACT_MAX - 100)
    return draft.flow.on_error


def finish(draft: Draft, move: Finish) -> None:
    """The contact is over, or waits in a queue."""
    contact = draft.contact
    for effect in move.effects:
        do(draft, effect)
    contact.status, contact.wait = move.status, None
    contact.hook, contact.frames = "", ()
    if move.status == "queued":
        contact.queue = move.queue
        leave_queues(draft, but=move.queue)
        return
    leave_queues(draft)
    contact.reason = move.reason or "flow"
    hung_up = any(isinstance(effect, out.HangUp) for _, effect in draft.effects)
    if not hung_up and not isinstance(draft.event, in_.CustomerLeft):
        # Whatever ends a contact, the customer is never left on a silent line.
        do(draft, out.HangUp(reason=contact.reason))

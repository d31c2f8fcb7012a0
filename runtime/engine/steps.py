"""Running steps, from a target or an event to the next wait."""

from __future__ import annotations

from flowlang import events as in_
from flowlang.block import Stay
from flowlang.events import Event
from runtime.contact import Waiting
from runtime.engine import behaviour
from runtime.engine.flows import over
from runtime.engine.leaving import rescue
from runtime.engine.moves import apply
from runtime.engine.plans import begin
from runtime.engine.turn import Draft
from runtime.limits import STEPS_PER_CONTACT_MAX, STEPS_WITHOUT_WAIT_MAX, TYPED_AHEAD_MAX
from runtime.program import END


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
        if draft.watcher is not None:
            draft.watcher.entered(step)
        if draft.unwaited > STEPS_WITHOUT_WAIT_MAX or contact.steps > STEPS_PER_CONTACT_MAX:
            following = rescue(draft, "too many steps without a wait")
        else:
            following = begin(draft, step)


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
    run(draft, apply(draft, step, move))


def is_awaited(wait: Waiting | None, event: Event) -> bool:
    if isinstance(event, in_.Answer):
        return wait is not None and event.key in wait.keys
    if isinstance(event, in_.TimerFired):
        return wait is not None and wait.number == event.wait and event.timer in wait.timers
    return True


def _keep_waiting(draft: Draft, wait: Waiting, event: Event) -> None:
    """An answer that nobody asked for yet is for the next question."""
    contact, ahead = draft.contact, draft.contact.typed_ahead
    if isinstance(event, in_.TimerFired):
        contact.wait = wait.without_timer(event.timer)
    elif isinstance(event, in_.Heard) and len(ahead) < TYPED_AHEAD_MAX:
        contact.typed_ahead = [*ahead, {"text": event.text, "by": event.by}]

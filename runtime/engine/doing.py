"""Effects, noted under their keys, and what they mean for the contact."""

from __future__ import annotations

from dataclasses import replace

from flowlang import effects as out
from flowlang.effects import Effect
from runtime.engine.turn import Draft


def do(draft: Draft, effect: Effect) -> str:
    """Note an effect; its key."""
    contact = draft.contact
    key = f"{contact.id}/{contact.turn}/{len(draft.effects)}"
    match effect:
        case out.Say():
            effect = _as_heard(draft, effect)
        case out.Enqueue():
            since = effect.waiting_since or contact.waiting_since or draft.event.at.isoformat()
            contact.queue, contact.waiting_since = effect.queue, since
            contact.places = {**contact.places, effect.queue: key}
            effect = replace(effect, waiting_since=since)
        case out.LeaveQueue(queue=left):
            contact.places = {name: k for name, k in contact.places.items() if name != left}
        case _:
            pass
    draft.effects.append((key, effect))
    draft.watcher.did(key, effect)
    return key


def _as_heard(draft: Draft, said: out.Say) -> Effect:
    """Who is to hear it stands where the contact is: on hold, or an agent before they meet."""
    contact = draft.contact
    if contact.hook == "customer_hold" and draft.on_call:
        return out.Hold(text=said.text, language=said.language)
    if contact.hook == "agent_whisper":
        return out.TellAgent(agent=contact.agent, what="whispered", text=said.text)
    voice = contact.settings.get("voice")
    return replace(said, voice=voice) if voice else said


def leave_queues(draft: Draft, but: str = "") -> None:
    """Give places back: a customer stands in one queue, or in none."""
    for queue in tuple(draft.contact.places):
        if queue != but:
            do(draft, out.LeaveQueue(queue=queue))

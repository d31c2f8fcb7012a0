"""Effects, noted under their keys, and what they mean for the contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flowlang import effects as out
from flowlang.effects import Effect
from runtime.engine.turn import Draft


def do(draft: Draft, effect: Effect) -> str:
    """Note an effect; its key."""
    contact = draft.contact
    key = f"{contact.id}/{contact.turn}/{len(draft.effects)}"
    if mean := MEANING.get(type(effect)):
        effect = mean(draft, effect, key)
    draft.effects.append((key, effect))
    if draft.watcher is not None:
        draft.watcher.did(key, effect)
    return key


def _say(draft: Draft, said: out.Say, key: str) -> Effect:
    """Who is to hear it stands where the contact is: on hold, or an agent before they meet."""
    contact = draft.contact
    if contact.hook == "customer_hold" and draft.on_call:
        return out.Hold(text=said.text, language=said.language)
    if contact.hook == "agent_whisper":
        return out.TellAgent(agent=contact.agent, what="whispered", text=said.text)
    voice = contact.settings.get("voice")
    return replace(said, voice=voice) if voice else said


def _enqueue(draft: Draft, place: out.Enqueue, key: str) -> Effect:
    contact = draft.contact
    since = place.waiting_since or contact.waiting_since or draft.event.at.isoformat()
    contact.queue, contact.waiting_since = place.queue, since
    contact.places = {**contact.places, place.queue: key}
    return replace(place, waiting_since=since)


def _leave_queue(draft: Draft, left: out.LeaveQueue, key: str) -> Effect:
    contact = draft.contact
    contact.places = {name: k for name, k in contact.places.items() if name != left.queue}
    return left


MEANING: Mapping[type[Effect], Callable[[Draft, Any, str], Effect]] = {
    out.Say: _say,
    out.Enqueue: _enqueue,
    out.LeaveQueue: _leave_queue,
}
"""Effects that mean something for the contact, or depend on it."""


def leave_queues(draft: Draft, but: str = "") -> None:
    """Give places back: a customer stands in one queue, or in none."""
    for queue in tuple(draft.contact.places):
        if queue != but:
            do(draft, out.LeaveQueue(queue=queue))

"""The journal: everything that a contact was decided on, so that today's code can be asked again.

An entry holds the event, the program, what was decided, and a digest of the state that came of it.
Replaying goes through the same code as live contacts; what comes out must be what was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from runtime.contact import Contact

if TYPE_CHECKING:
    from runtime.contacts import ContactEntity

Entry = Mapping[str, Any]
NEEDED = ("event", "program", "digest")


class Divergence(Exception):
    """Today's code decides otherwise than was written."""


class Unreplayable(Exception):
    """The journal does not say enough, or its program is not here."""


def digest(contact: Contact) -> str:
    """Names a state."""
    return digest_of(contact.filled)


def digest_of(filled: Mapping[str, Any]) -> str:
    """Names a state by what there is of it."""
    plain = orjson.dumps(filled, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(plain, digest_size=8).hexdigest()


def replay(contact_id: str, entries: Iterable[Entry], entity: ContactEntity) -> int:
    """Decide every turn again; how many there were. `Divergence` names the first that differs."""
    state: bytes | None = None
    turns = 0
    for entry in entries:
        if missing := [name for name in NEEDED if name not in entry]:
            raise Unreplayable(f"turn {turns + 1} does not say its {', '.join(missing)}")
        if entity.programs(entry["program"]) is None:
            raise Unreplayable(f"program {entry['program']} is not here")
        event = {**entry["event"], "program": entry["program"]}
        decision = entity.decide(contact_id, state, event)
        if decision is None:
            raise Divergence(f"turn {entry['turn']}: the event means nothing any more")
        _compare(entry, {**orjson.loads(orjson.dumps(decision.journal)), "event": entry["event"]})
        state = decision.state
        turns += 1
    return turns


def _compare(written: Entry, decided: Entry) -> None:
    for name, value in written.items():
        if decided.get(name) != value:
            raise Divergence(
                f"turn {written['turn']}: {name} was {value!r} and is {decided.get(name)!r}"
            )

"""What expressions read besides the contact's own values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from flowlang import types
from flowlang.block import MISSING
from flowlang.names import SETTINGS
from runtime.amazon import ROOT, connect_values
from runtime.contact import Contact
from runtime.program import Program

_UNSET = {key: "" if type_ == types.TEXT else None for key, type_ in SETTINGS.items()}


def readable(program: Program, contact: Contact, system: Mapping[str, Any]) -> dict[str, Any]:
    """All that an expression can read; `system` is what `system_values` gave."""
    by_amazon = connect_values(program.givers, contact)
    return {**system, **by_amazon, **contact.values, **contact.local}


def system_values(program: Program, contact: Contact, now: datetime) -> dict[str, Any]:
    """`now` is local."""
    return {**program.resources, **{name: read(contact, now) for name, read in _SYSTEM.items()}}


class Known(Mapping[str, Any]):
    """The same, with nothing worked out before somebody reads it."""

    __slots__ = ("_at", "_contact", "_program", "_zone")

    def __init__(self, program: Program, contact: Contact, at: datetime, zone: tzinfo) -> None:
        self._program = program
        self._contact = contact
        self._at = at
        self._zone = zone

    def get(self, name: str, default: Any = None) -> Any:
        contact = self._contact
        if name in contact.local:
            return contact.local[name]
        if name in contact.values:
            return contact.values[name]
        if name == ROOT and self._program.givers:
            return connect_values(self._program.givers, contact)[ROOT]
        if name in _SYSTEM:
            return _SYSTEM[name](contact, self._at.astimezone(self._zone))
        return self._program.resources.get(name, default)

    def __getitem__(self, name: str) -> Any:
        found = self.get(name, MISSING)
        if found is MISSING:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        system = system_values(self._program, self._contact, self._at.astimezone(self._zone))
        return iter(readable(self._program, self._contact, system))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _of_contact(contact: Contact, now: datetime) -> dict[str, Any]:
    written = now.isoformat()
    return {
        "id": contact.id,
        "channel": contact.channel,
        "language": contact.language,
        "entry": contact.entry,
        "today": written[:10],
        "time": written[11:16],
        **{key: contact.settings.get(key, _UNSET[key]) for key in SETTINGS},
    }


_SYSTEM: Mapping[str, Callable[[Contact, datetime], dict[str, Any]]] = {
    "caller": lambda contact, _: {"number": contact.address, "name": contact.name},
    "contact": _of_contact,
    "queue": lambda contact, _: {"name": contact.queue},
    "agent": lambda contact, _: {"name": contact.agent_name},
}

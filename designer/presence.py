"""Who has a flow open: whoever works on it sees that they are not alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class Guest:
    name: str
    """Empty where nobody signs in."""
    changed: Callable[[], object]
    """Somebody came or went."""


class Room:
    """Of one flow."""

    def __init__(self) -> None:
        self._guests: list[Guest] = []

    def enter(self, guest: Guest) -> None:
        if guest not in self._guests:
            self._guests.append(guest)
            self._tell()

    def leave(self, guest: Guest) -> None:
        if guest in self._guests:
            self._guests.remove(guest)
            self._tell()

    def others(self, guest: Guest) -> list[str]:
        """The names of those who are here besides; somebody is here as often as they look."""
        return [other.name for other in self._guests if other is not guest]

    def _tell(self) -> None:
        for guest in tuple(self._guests):
            guest.changed()

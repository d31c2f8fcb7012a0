"""What a project knows and a behaviour may read."""

from __future__ import annotations

from datetime import UTC, tzinfo

from flowlang.block import HoursTable, Prompt


class World:
    """Tests and the simulator have their own."""

    zone: tzinfo = UTC
    """Where the project's days begin and end."""

    def hours(self, name: str) -> HoursTable | None:
        return None

    def queue_hours(self, queue: str) -> HoursTable | None:
        """The opening hours of a queue."""
        return None

    def prompt(self, name: str, language: str) -> Prompt | None:
        return None

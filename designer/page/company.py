"""Who else has this flow open: shown in the bar for as long as they have."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from designer.page.bar import Bar
from designer.presence import Guest, Room
from designer.visitor import Visitor


class Company:
    def __init__(self, room: Room, visitor: Visitor, bar: Bar, words: Mapping[str, str]) -> None:
        self._room = room
        self._bar = bar
        self._words = words
        self._guest = Guest(visitor.names[0] if visitor.names else "", self._show)

    def meet(self) -> None:
        """Be here while the page that is being drawn is open in a browser."""
        client, room, guest = ui.context.client, self._room, self._guest

        def leave() -> None:
            if not client.has_socket_connection:  # else it came back by another line
                room.leave(guest)

        client.on_connect(lambda: room.enter(guest))
        client.on_disconnect(leave)
        client.on_delete(lambda: room.leave(guest))

    def _show(self) -> None:
        elsewhere = self._words["other_window"]
        self._bar.show_others(
            [
                elsewhere if name in ("", self._guest.name) else name
                for name in self._room.others(self._guest)
            ]
        )

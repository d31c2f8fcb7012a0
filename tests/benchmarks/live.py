"""A host with real contacts in a real store, for measuring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from blocks.catalogue import catalogue
from flowlang import effects as out
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.host import Body, Host
from runtime.program import Program, compile_text
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore

SOURCE = """
flow menu
  on error -> hang_up

attribute choice: text = ""

menu:
  ask "Press 1 for billing or 2 for everything else.", timeout: 180s
    on "1" -> chosen
    on timeout, no_match -> hang_up

chosen:
  set choice: "billing"
  play "Billing."
  -> menu
"""
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@cache
def program() -> Program:
    return compile_text(SOURCE, catalogue())


@dataclass
class Line:
    """The customer's line: takes what is said, and rings when a question is asked."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, parcel: Parcel) -> Body | None:
        if parcel.body["effect"] == out.Listen.__name__:
            self.asked.set()
        return None


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[tuple[Host, Line]]:
    line = Line()
    store = SqliteStore(path)
    programs = {program().id: program(), "entry:main": program()}
    host = Host(
        store,
        {"contact": ContactEntity(programs.get, World())},
        {"customer": line},
        clock=lambda: AT,
    )
    await host.start()
    try:
        yield host, line
    finally:
        await host.idle()
        await host.stop()
        await store.close()


def started(host: Host, name: str) -> Body:
    return host.event("Started", id=f"{name}/0", channel="voice", address="+8210", entry="main")


def key(host: Host, name: str, number: int) -> Body:
    return host.event("Heard", id=f"{name}/{number}", text="1", by="digits")

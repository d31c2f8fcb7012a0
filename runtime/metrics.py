"""Figures for whoever watches the server, as Prometheus reads them.

They say how many and how long, never who or what: labels are names of the project, channels, kinds
and states. A test talks and looks for what was said.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from runtime.contact import Contact
from runtime.desk.agent import Agent
from runtime.desk.queue import waiting
from runtime.host import Body
from runtime.serving import Site

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FRESH_S = 15.0
"""Contacts are counted in the store, so not more often than this."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
PERSONAL_QUEUE = "@"


class LogCounts(logging.Handler):
    """How many warnings and errors each part of the program has written."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.counts: Tally[tuple[str, str]] = Tally()

    def emit(self, record: logging.LogRecord) -> None:
        part = ".".join(record.name.split(".")[:2])
        self.counts[part, record.levelname.casefold()] += 1


LOGGED = LogCounts()


class Metrics:
    """The figures of all projects that a server runs."""

    def __init__(self, sites: Sequence[Site]) -> None:
        logging.getLogger().addHandler(LOGGED)
        self.sites = sites
        self.registry = CollectorRegistry()
        self._counted_at = -FRESH_S
        self._counting = asyncio.Lock()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter(
            "http_requests", "Requests, by class of the answer.", "answer"
        )
        self.events = self._counter("events", "Events taken.", "project", "kind", "event")
        self.turns = Histogram(
            "flowlang_turn_seconds", "From an event to its turn being durable.",
            ("project", "kind"), buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.contacts = self._gauge(
            "contacts", "Contacts under way.", "project", "channel", "status"
        )
        self.queued = self._gauge("queue_waiting", "Who waits in a queue.", "project", "queue")
        self.oldest = self._gauge(
            "queue_oldest_seconds", "How long the first in a queue has waited.", "project", "queue"
        )
        self.agents = self._gauge("agents", "Agents, by what they are.", "project", "presence")
        self.outbox = self._gauge("outbox_parcels", "What is going out.", "project")
        self.outbox_age = self._gauge(
            "outbox_oldest_seconds", "How long the next of a receiver has waited.", "project"
        )
        self.listening = self._gauge("chat_listeners", "Browsers that listen.", "project")
        self.logged = self._gauge("log_messages", "Warnings and errors written.", "part", "level")
        for site in sites:
            self._watch(site)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"flowlang_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"flowlang_{name}", about, labels, registry=self.registry)

    def _watch(self, site: Site) -> None:
        project = site.project.name

        def timed(entity: str, seconds: float) -> None:
            self.turns.labels(project, entity.partition("/")[0]).observe(seconds)

        def watch(entity: str, journal: Body) -> None:
            kind = entity.partition("/")[0]
            self.events.labels(project, kind, journal["event"]["event"]).inc()

        site.host.timers.append(timed)
        site.host.watchers.append(watch)

    def answered(self, status: int) -> None:
        self.requests.labels(f"{status // 100}xx").inc()

    async def text(self) -> bytes:
        """Everything, as of now."""
        async with self._counting:
            if time.monotonic() - self._counted_at >= FRESH_S:
                await self._count()
                self._counted_at = time.monotonic()
        for site in self.sites:
            parcels, oldest_s = site.host.going_out()
            self.outbox.labels(site.project.name).set(parcels)
            self.outbox_age.labels(site.project.name).set(oldest_s)
            self.listening.labels(site.project.name).set(site.chat.listening_count)
        for labels, count in LOGGED.counts.items():
            self.logged.labels(*labels).set(count)
        return generate_latest(self.registry)

    async def _count(self) -> None:
        for gauge in (self.contacts, self.queued, self.oldest, self.agents):
            gauge.clear()
        for site in self.sites:
            project = site.project.name
            states: Tally[tuple[str, str]] = Tally()
            for _, state in await site.store.alive("contact/"):
                contact = Contact.from_bytes(state)
                states[contact.channel, contact.status] += 1
            for (channel, status), count in states.items():
                self.contacts.labels(project, channel, status).set(count)
            await self._count_queues(site)
            agents = await site.store.entities("agent/")
            for presence, count in Tally(
                Agent.from_bytes(one).presence for _, one in agents
            ).items():
                self.agents.labels(project, presence).set(count)

    async def _count_queues(self, site: Site) -> None:
        now = site.host.clock()
        for name in site.project.queues:
            # Queues of one agent alone are called by a person's name, and left out.
            if name.startswith(PERSONAL_QUEUE):
                continue
            found = await site.store.load(f"queue/{name}")
            places = waiting(found[1]) if found else []
            since = [datetime.fromisoformat(place["since"]) for place in places]
            oldest_s = (now - min(since)).total_seconds() if since else 0.0
            self.queued.labels(site.project.name, name).set(len(places))
            self.oldest.labels(site.project.name, name).set(oldest_s)

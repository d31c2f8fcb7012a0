"""The host: where entities live, events arrive and effects go out.

Order is everything here. An event changes an entity in one commit, together with what is to go
out; only then it goes out; only when its receiver has it durably (another entity's commit, or the
answer's) it leaves the outbox. After a crash at any instant the outbox says what is still to be
done, and keys tell a receiver what it has seen before.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson

from flowlang.effects import EFFECTS
from flowlang.frozen import dataclass
from runtime import faults
from runtime.logs import where
from runtime.stores import Commit, Conflict, DueTimer, Duplicate, Outgoing, Parcel, Store

log = logging.getLogger(__name__)

Body = Mapping[str, Any]
TIMERS_AT_ONCE = 500
RETRY_FIRST_S = 0.5
RETRY_LAST_S = 60.0
ATTEMPTS_MAX = 20

Lane = tuple[str, str]
"""Sender and receiver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an entity makes of an event."""

    state: bytes
    outbox: tuple[Outgoing, ...] = ()
    timers: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)
    deadline: datetime | None = None
    """When its life ends by itself; counts at the first turn only."""
    journal: Body = field(default_factory=dict)
    over: bool = False


class Entity(Protocol):
    """One kind of entity: pure, it gets its state and the event and decides."""

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        """`event` carries `id` and `at`. None: the event means nothing to an entity that is not
        there (a message to somebody who left)."""
        ...


Performer = Callable[[Parcel], Awaitable[Body | None]]
"""Carries out one parcel for the outside. It returns the event that answers it, if one does, and
raises `NotNow` when it should be tried again later."""


class NotNow(Exception):
    """The outside cannot be reached at the moment."""


class Behind(Exception):
    """An entity was decided on by somebody who knows more than we do: a newer version."""


async def _nothing_to_learn() -> None:
    return


class Host:
    def __init__(
        self,
        store: Store,
        entities: Mapping[str, Entity],
        performers: Mapping[str, Performer],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        catch_up: Callable[[], Awaitable[None]] = _nothing_to_learn,
    ) -> None:
        self.store = store
        self.entities = entities
        self.performers = performers
        self.clock = clock
        self.catch_up = catch_up
        """Learn what others who work on the store have published."""
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._forgetting: asyncio.Task[None] | None = None
        self._through: list[str] = []
        """Keys of what is delivered, until the store has forgotten it."""
        self._lanes: dict[Lane, deque[Parcel]] = {}
        self._next_since: dict[Lane, float] = {}
        self._timer_set = asyncio.Event()
        self._timers_rest_until = math.inf
        self._closing = False
        self.watchers: list[Callable[[str, Body], None]] = []
        """Told of every committed turn: entity and journal entry. They must be quick."""
        self.timers: list[Callable[[str, float], None]] = []
        """Told of every event that was taken: its entity, and the seconds until it was durable."""

    # --- life ---------------------------------------------------------------------------------

    async def start(self) -> None:
        """Send what a crash left unsent, then keep the timers."""
        for parcel in await self.store.undelivered():
            self._send(parcel)
        self._spawn(self._keep_timers())

    async def stop(self) -> None:
        """No more deliveries begin; those under way may end. Whatever is left waits in the
        store."""
        self._closing = True
        self._timer_set.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._forgetting is not None:
            await self._forgetting

    async def idle(self) -> None:
        """Wait until nothing is under way (tests and graceful stops)."""
        while self._lanes or self._forgetting is not None:
            await asyncio.sleep(0.005)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- events in ----------------------------------------------------------------------------

    async def post(self, entity: str, event: Body, *, delivered: str = "") -> bool:
        """Give an event to an entity; False if it was seen before. Once this returns, nothing
        can lose it."""
        begin = time.perf_counter()
        lock = self._turns.setdefault(entity, asyncio.Lock())
        try:
            async with lock:
                while True:
                    try:
                        return await self._turn(entity, event, delivered)
                    except Conflict:
                        continue
        finally:
            for timer in self.timers:
                timer(entity, time.perf_counter() - begin)
            # A lock that nobody holds or waits for is not kept: waiting contacts cost no memory.
            if not lock.locked() and not lock._waiters:
                self._turns.pop(entity, None)

    async def _turn(self, entity: str, event: Body, delivered: str) -> bool:
        kind, _, name = entity.partition("/")
        faults.reach("before begin")
        found = await self.store.load(entity)
        version, state = found or (0, None)
        try:
            decision = self.entities[kind].decide(name, state, event)
        except Behind:
            await self.catch_up()
            decision = self.entities[kind].decide(name, state, event)
        if decision is None:
            if delivered:
                await self.store.delivered(delivered)
            return False
        commit = Commit(
            entity=entity,
            version=version,
            event_id=event["id"],
            at=datetime.fromisoformat(event["at"]).timestamp(),
            state=decision.state,
            timers={n: (wait, due.timestamp()) for n, (wait, due) in decision.timers.items()},
            deadline=decision.deadline.timestamp() if decision.deadline else None,
            outbox=decision.outbox,
            journal=orjson.dumps(decision.journal),
            delivered=delivered,
            over=decision.over,
        )
        try:
            await self.store.commit(commit)
        except Duplicate:
            if delivered:
                await self.store.delivered(delivered)
            return False
        for watcher in self.watchers:
            watcher(entity, decision.journal)
        rest_until = self._timers_rest_until
        dues = [due for _, due in commit.timers.values()]
        if commit.version == 0 and commit.deadline is not None:
            dues.append(commit.deadline)
        if commit.at >= rest_until or any(due < rest_until for due in dues):
            self._timer_set.set()
        for key, to, body in decision.outbox:
            self._send(Parcel(key, entity, to, body, tried=False))
        return True

    def event(self, name: str, /, **values: Any) -> dict[str, Any]:
        """An event of now, as JSON; its id must come from what caused it."""
        return {"event": name, "at": self.clock().isoformat(), **values}

    # --- effects out --------------------------------------------------------------------------

    def _send(self, parcel: Parcel) -> None:
        """What one sender has for one receiver goes out in order; the rest does not wait for
        it."""
        lane = (parcel.sender, parcel.to)
        if lane in self._lanes:
            self._lanes[lane].append(parcel)
        elif not self._closing:
            self._lanes[lane] = deque([parcel])
            self._spawn(self._empty_lane(lane))

    def going_out(self) -> tuple[int, float]:
        """How many parcels are under way, and for how many seconds the one that waits longest is
        the next of its lane."""
        now = time.monotonic()
        oldest_s = max((now - since for since in self._next_since.values()), default=0.0)
        return sum(map(len, self._lanes.values())), oldest_s

    async def _empty_lane(self, lane: Lane) -> None:
        """The next parcel does not wait until the store has forgotten the one before it: a crash
        in between sends both again, with the same keys."""
        parcels = self._lanes[lane]
        try:
            while parcels:
                self._next_since[lane] = time.monotonic()
                if await self._deliver(parcels[0]):
                    self._forget(parcels[0].key)
                parcels.popleft()
        finally:
            del self._lanes[lane], self._next_since[lane]

    def _forget(self, key: str) -> None:
        self._through.append(key)
        if self._forgetting is None:
            self._forgetting = asyncio.create_task(self._forget_all())

    async def _forget_all(self) -> None:
        """What went through at about the same time leaves the outbox together."""
        try:
            while keys := self._through:
                self._through = []
                try:
                    await self.store.delivered(*keys)
                    faults.reach("after mark")
                except Exception:
                    # They are still in the outbox: the next start sends them again.
                    log.exception("%s: delivered, but not forgotten", ", ".join(keys))
        finally:
            self._forgetting = None

    async def _deliver(self, parcel: Parcel) -> bool:
        """Try until it is through; whether it is still in the outbox then. What fails for good is
        given up, loudly: whoever waits for an answer has a timer."""
        delay = RETRY_FIRST_S
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                return await self._deliver_once(parcel)
            except NotNow as reason:
                log.warning("%s to %s waits (%d): %s", parcel.key, parcel.to, attempt, reason)
            except Exception as error:  # noqa: BLE001 - it is tried again, whatever it was
                log.error("%s to %s failed (%d): %s", parcel.key, parcel.to, attempt, where(error))
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_LAST_S)
        log.error("%s to %s is given up", parcel.key, parcel.to)
        return True

    async def _deliver_once(self, parcel: Parcel) -> bool:
        if "/" in parcel.to:
            event = {**parcel.body, "id": parcel.key, "at": self.clock().isoformat(),
                     "sender": parcel.sender}  # fmt: skip
            await self.post(parcel.to, event, delivered=parcel.key)
            return False
        effect = EFFECTS.get(parcel.body.get("effect", ""))
        if effect is not None and effect.resend == "skip":
            if parcel.tried:
                log.warning("%s is uncertain after a crash and not sent again", parcel.key)
                return True
            await self.store.try_once(parcel.key)
        faults.reach("before send")
        answer = await self.performers[parcel.to](parcel)
        faults.reach("after send")
        if answer is None:
            return True
        event = {"id": f"{parcel.key}/answer", "at": self.clock().isoformat(),
                 "key": parcel.key, **answer}  # fmt: skip
        await self.post(parcel.sender, event, delivered=parcel.key)
        faults.reach("after mark")
        return False

    # --- timers -------------------------------------------------------------------------------

    async def _keep_timers(self) -> None:
        while not self._closing:
            self._timer_set.clear()
            self._timers_rest_until = math.inf
            pause = RETRY_FIRST_S
            try:
                if await self._fire_all():
                    next_due = await self.store.next_due()
                    self._timers_rest_until = math.inf if next_due is None else next_due
                    pause = max(0.0, self._timers_rest_until - self.clock().timestamp())
            except Exception:
                # The store does not answer: its timers stay due.
                log.exception("timers wait")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._timer_set.wait(), timeout=min(pause, 3600.0))

    async def _fire_all(self) -> bool:
        """Whether all that was due is done: one contact's failure is not the others'."""
        done = True
        for due in await self.store.due(self.clock().timestamp(), TIMERS_AT_ONCE):
            try:
                await self._fire(due)
            except Exception as error:  # noqa: BLE001 - the others are fired all the same
                log.error("timer %s of %s failed: %s", due.timer, due.entity, where(error))
                done = False
        return done

    async def _fire(self, due: DueTimer) -> None:
        event = self.event(
            "TimerFired",
            id=f"{due.entity}/{due.wait}/{due.timer}",
            timer=due.timer,
            wait=due.wait,
        )
        if not await self.post(due.entity, event):
            # Seen before, or nobody is there to hear it: it would be due for ever.
            await self.store.drop_timer(due)

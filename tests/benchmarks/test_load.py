"""Customers who talk while somebody works: replies, new contacts, memory, and what a bare echo over
WebSocket costs in the same run.

`FLOWLANG_LOAD_S` says for how long they talk (60 seconds; five minutes are what is promised).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.benchmarks.flows import large
from tests.benchmarks.measure import Table

LOAD_S = float(os.environ.get("FLOWLANG_LOAD_S", "60"))
CHATS, PAUSE_S = 500, 5.0
NEW_A_SECOND, STORM_S = 150, 4
IDLE_SOCKETS = 2_000
ROOT = Path(__file__).parents[2]
PROJECT = """
name = "Load"

[entries.load]
flow = "load"
channels = ["chat"]
"""
FLOW = """
flow load
  on error -> hang_up

attribute last: text = ""

start:
  ask "What can we do for you?"
    on "order" -> order
    on timeout -> hang_up
    otherwise -> order

order:
  set last: "order"
  play "We look into it."
  -> start
"""
MARK = "We look into it."


@dataclass
class Talk:
    """What a crowd of customers saw."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def row(self) -> list[object]:
        cuts = quantiles(self.seconds, n=1000)
        milliseconds = [1000 * cuts[n - 1] for n in (500, 900, 990, 999)]
        return [len(self.seconds), *milliseconds, sum(self.errors.values())]


@dataclass
class Served:
    process: subprocess.Popen[bytes]
    port: int

    @property
    def memory_bytes(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@asynccontextmanager
async def serving(kind: str, folder: Path) -> AsyncIterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.load_server", kind, str(port), str(folder)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        async with asyncio.timeout(30):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        yield Served(process, port)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


@contextmanager
def analyst(folder: Path) -> Iterator[None]:
    """Somebody who checks a flow of 1,000 blocks and runs all tests of a project, over and over."""
    flow = folder / "large.flow"
    flow.write_text(large(1_000), encoding="utf-8")
    script = 'while :; do "$0" -m flowlang check "$1"; "$0" -m flowlang test "$2"; done'
    process = subprocess.Popen(
        ["/bin/sh", "-c", script, sys.executable, str(flow), str(ROOT / "examples")],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait()


# --- customers ----------------------------------------------------------------------------------


async def customer(port: int, number: int, until: float, talk: Talk) -> None:
    async with connect(
        f"ws://127.0.0.1:{port}/ws/chat/load", compression=None, ping_interval=None
    ) as line:
        await line.send(json.dumps({"type": "hello", "token": ""}))
        await line.recv()
        await begun(line, f"s{number}")
        count = 0
        while time.monotonic() < until:
            await asyncio.sleep(PAUSE_S)
            count += 1
            said = {"type": "say", "id": f"m{count}", "text": f"where is order {count}?"}
            begin = time.perf_counter()
            await line.send(json.dumps(said))
            await heard(line)
            talk.seconds.append(time.perf_counter() - begin)


async def begun(line: ClientConnection, start: str) -> None:
    """Begin a conversation; who comes when too many do comes again, as the widget does."""
    while True:
        await line.send(json.dumps({"type": "start", "id": start}))
        answer = json.loads(await line.recv())
        if answer["type"] == "welcome":
            return
        await asyncio.sleep(answer["wait_s"])


class Unanswered(Exception):
    """A message got no reply, which is worse than a line that did not come about."""


async def heard(line: ClientConnection) -> None:
    try:
        async with asyncio.timeout(30):
            while MARK not in str(await line.recv()):
                pass
    except TimeoutError as error:
        raise Unanswered from error


async def echoed(port: int, number: int, until: float, talk: Talk) -> None:
    url = f"ws://127.0.0.1:{port}/echo"
    async with connect(url, compression=None, ping_interval=None) as line:
        while time.monotonic() < until:
            await asyncio.sleep(PAUSE_S)
            begin = time.perf_counter()
            await line.send(json.dumps({"type": "say", "id": "m", "text": "where is order 1?"}))
            await line.recv()
            talk.seconds.append(time.perf_counter() - begin)


async def crowd(kind: str, port: int) -> Talk:
    talk = Talk()
    until = time.monotonic() + LOAD_S
    speak = echoed if kind == "echo" else customer

    async def one(number: int) -> None:
        # They come one after the other, as many in a second as are let in.
        await asyncio.sleep(number * PAUSE_S / CHATS)
        try:
            await speak(port, number, until, talk)
        except (OSError, TimeoutError, ConnectionClosed, Unanswered) as error:
            talk.errors[type(error).__name__] += 1

    await asyncio.gather(*(one(number) for number in range(CHATS)))
    return talk


async def storm(port: int) -> Counter[str]:
    """More new contacts than are let in: what they are answered, and how fast."""
    answers: Counter[str] = Counter()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30
    ) as client:

        async def come(number: int) -> None:
            await asyncio.sleep(number / NEW_A_SECOND)
            wanted = {"type": "start", "id": f"n{number}"}
            try:
                answer = await client.post("/chat/load/act", json=wanted)
            except httpx.ReadError:
                # A connection that rested too long was let go; the same start counts once.
                answer = await client.post("/chat/load/act", json=wanted)
            answers[str(answer.status_code)] += 1

        await asyncio.gather(*(come(number) for number in range(NEW_A_SECOND * STORM_S)))
    return answers


async def idle(served: Served) -> float:
    """What an open socket costs, in bytes, of a browser whose conversation is under way."""
    before = served.memory_bytes
    async with AsyncExitStack() as lines:
        for number in range(IDLE_SOCKETS):
            line = await lines.enter_async_context(connect(
                f"ws://127.0.0.1:{served.port}/ws/chat/load", compression=None, ping_interval=None
            ))  # fmt: skip
            await line.send(json.dumps({"type": "hello", "token": ""}))
            await line.recv()
            await begun(line, f"i{number}")
        return (served.memory_bytes - before) / IDLE_SOCKETS


def test_customers_talk_while_an_analyst_works(tmp_path: Path, table: Table) -> None:
    asyncio.run(measured(tmp_path, table))


async def measured(folder: Path, table: Table) -> None:
    project = folder / "project"
    project.mkdir()
    (project / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (project / "load.flow").write_text(FLOW, encoding="utf-8")
    rows: list[list[object]] = []
    with analyst(folder):
        async with serving("echo", project) as echo:
            rows.append(["bare echo over WebSocket", *(await crowd("echo", echo.port)).row])
        async with serving("project", project) as served:
            first = await crowd("project", served.port)
            after_first = served.memory_bytes
            second = await crowd("project", served.port)
            rows += [["conversations", *first.row], ["500 more, in the same process", *second.row]]
            grown = served.memory_bytes - after_first
            table(
                f"{CHATS} customers, a message each {PAUSE_S:g} s, for {LOAD_S:g} s; somebody "
                "checks 1,000 blocks and runs tests; milliseconds",
                ("", "replies", "p50", "p90", "p99", "p99.9", "errors"),
                rows,
            )
            answers = await storm(served.port)
            await asyncio.sleep(1)
            socket_bytes = await idle(served)
            memory = served.memory_bytes
    table(
        f"{NEW_A_SECOND} new contacts a second for {STORM_S} s; memory",
        ("", ""),
        [
            *((f"answered {status}", count) for status, count in sorted(answers.items())),
            ("grown in the second crowd, KiB", grown / 1024),
            ("an open socket with its conversation, KiB", socket_bytes / 1024),
            ("at the end, MiB", memory / 2**20),
        ],
    )
    assert not first.errors + second.errors
    assert set(answers) == {"200", "429"}

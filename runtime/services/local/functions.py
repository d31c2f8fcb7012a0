"""Functions of the project, in processes of their own.

A function that hangs, crashes or eats memory takes its worker with it and nothing else; the next
call gets a new one. Workers see neither our environment nor our memory.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from runtime.services.functions import TIMEOUT_S_MAX, FunctionError

WORKERS_MAX = 4
LINE_BYTES_MAX = 40_000
"""An answer and what is around it."""
WORKER = Path(__file__).with_name("worker.py")
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")


class LocalFunctions:
    """Calls functions by the names that the project gives them (`functions/crm.py:lookup`)."""

    def __init__(
        self, root: Path, targets: Mapping[str, str], *, workers_max: int = WORKERS_MAX
    ) -> None:
        self.root = root
        self.targets = targets
        self._idle: list[_Worker] = []
        self._slots = asyncio.Semaphore(workers_max)

    async def start(self) -> None:
        """Have a worker ready, so that the first caller does not wait for Python to start."""
        if self.targets:
            self._idle.append(await _Worker.start(self.root))

    async def close(self) -> None:
        for worker in self._idle:
            await worker.kill()
        self._idle.clear()

    async def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        *,
        key: str = "",
        contact: str = "",
        timeout_s: float = 3,
    ) -> Mapping[str, Any]:
        """What the function gives, or `FunctionError`. Waiting for a worker counts as waiting."""
        target = self.targets.get(function)
        if target is None:
            raise FunctionError("unknown", f"the project has no function {function}")
        request = {"target": target, "arguments": dict(arguments), "key": key}
        try:
            async with asyncio.timeout(min(timeout_s, TIMEOUT_S_MAX)), self._slots:
                return await self._call(orjson.dumps(request) + b"\n")
        except TimeoutError:
            raise FunctionError("timeout", f"no answer within {timeout_s:g} s") from None

    async def _call(self, request: bytes) -> Mapping[str, Any]:
        worker = await self._take()
        try:
            answer = orjson.loads(await worker.ask(request))
        except BaseException as error:
            # Also when the time is up: a worker in the middle of a call is of no use any more.
            await worker.kill()
            if isinstance(error, (OSError, EOFError)):
                raise FunctionError("failed", "the function's process ended") from error
            if isinstance(error, ValueError):
                raise FunctionError("bad_answer", "the answer is too long") from error
            raise
        self._idle.append(worker)
        if "value" not in answer:
            raise FunctionError(answer["reason"], answer["detail"])
        return answer["value"]  # type: ignore[no-any-return]

    async def _take(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
        return await _Worker.start(self.root)


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, root: Path) -> _Worker:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(WORKER),
            str(root),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**environment, "PYTHONIOENCODING": "utf-8"},
            cwd=root,
            limit=LINE_BYTES_MAX,
            # With its own group, what it started itself is ended too.
            start_new_session=True,
        )
        return cls(process)

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None

    async def ask(self, request: bytes) -> bytes:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        stdin.write(request)
        await stdin.drain()
        line = await stdout.readline()
        if not line:
            raise EOFError
        return line

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process.stdin is not None:
            self.process.stdin.close()
        # The one who waits may be out of time already; the process is dead in any case.
        with suppress(asyncio.CancelledError):
            await asyncio.shield(self.process.wait())

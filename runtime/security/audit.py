"""The audit log: who did what to what, when, and from where.

A line for each act, chained: every line holds the hash of the one before it, all hashes take a key,
and the head of the chain is kept beside it, signed. A changed, cut, swapped or added line is found
by `verify`, unless whoever did it has the key too.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import orjson

from runtime.place import FOLDER
from runtime.security.tokens import installation_secret

FILE = "audit.jsonl"
HEAD = "audit.head"
SECRET_FILE = "secret.key"
FIRST = "0" * 64
TEXT_MAX = 500
TAIL_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    number: int
    at: str
    who: str
    """Empty: nobody who is known, such as one who guesses a password."""
    address: str
    did: str
    """A verb and a resource: `flow.saved`."""
    to: str
    before: str = ""
    """The hash of what it was, and of what it became."""
    after: str = ""
    previous: str = FIRST
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the log, and from which line on."""

    number: int
    reason: str


class AuditLog:
    def __init__(self, folder: Path, secret: bytes, clock: Callable[[], datetime]) -> None:
        self.path = folder / FILE
        self.head_path = folder / HEAD
        self.clock = clock
        self._key = hmac.new(secret, b"audit", hashlib.sha256).digest()
        self._lock = threading.Lock()

    def note(
        self, who: str, did: str, to: str, *, address: str = "", before: str = "", after: str = ""
    ) -> None:
        """Write an act down; it is on the disk when this returns."""
        with self._lock, _alone(self.path):
            number, previous = self._last()
            act = Act(
                number=number + 1, at=self.clock().isoformat(), who=who[:TEXT_MAX],
                address=address[:TEXT_MAX], did=did, to=to[:TEXT_MAX], before=before, after=after,
                previous=previous,
            )  # fmt: skip
            signed = self._hash(act)
            _append(self.path, orjson.dumps({**asdict(act), "hash": signed}) + b"\n")
            self._sign_head(act.number, signed)

    def acts(self) -> Iterator[Act]:
        """All of them, the first one first; lines that are none end it."""
        for line in self._lines():
            try:
                yield Act(**orjson.loads(line))
            except (orjson.JSONDecodeError, TypeError):
                return

    def verify(self) -> Fault | None:
        """The first thing that is wrong, or None."""
        number, previous = 0, FIRST
        for line in self._lines():
            number += 1
            try:
                act = Act(**orjson.loads(line))
            except (orjson.JSONDecodeError, TypeError):
                return Fault(number, "unreadable")
            if act.number != number or act.previous != previous:
                return Fault(number, "not the next one")
            if not hmac.compare_digest(act.hash, self._hash(act)):
                return Fault(number, "changed")
            previous = act.hash
        signed = self._signed_head()
        if signed is None:
            return Fault(number, "the head is missing or not ours") if number else None
        # A crash between the line and its head leaves one line more; fewer were cut off.
        if signed == (number, previous) or self._is_one_more(signed, number):
            return None
        return Fault(min(signed[0], number) + 1, "cut off or added to")

    # --- the chain ----------------------------------------------------------------------------

    def _last(self) -> tuple[int, str]:
        """Read afresh: another process may have written meanwhile."""
        for line in reversed(_tail(self.path)):
            with suppress(orjson.JSONDecodeError, TypeError):
                act = Act(**orjson.loads(line))
                return act.number, act.hash
        return 0, FIRST

    def _is_one_more(self, signed: tuple[int, str], number: int) -> bool:
        if signed[0] != number - 1:
            return False
        acts = list(self.acts())
        return acts[-1].previous == signed[1]

    def _sign_head(self, number: int, head: str) -> None:
        proof = self._proof(number, head)
        partial = self.head_path.with_suffix(".new")
        partial.write_text(f"{number} {head} {proof}\n", "ascii")
        partial.replace(self.head_path)

    def _signed_head(self) -> tuple[int, str] | None:
        try:
            number, head, proof = self.head_path.read_text("ascii").split()
            found = (int(number), head)
        except (OSError, ValueError):
            return None
        return found if hmac.compare_digest(proof, self._proof(*found)) else None

    def _hash(self, act: Act) -> str:
        plain = {key: value for key, value in asdict(act).items() if key != "hash"}
        text = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()

    def _proof(self, number: int, head: str) -> str:
        return hmac.new(self._key, f"{number} {head}".encode(), hashlib.sha256).hexdigest()

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                yield from file
        except FileNotFoundError:
            return


def log_of(folder: Path, clock: Callable[[], datetime]) -> AuditLog:
    """The log of a project."""
    own = folder / FOLDER
    return AuditLog(own, installation_secret(own / SECRET_FILE), clock)


def hash_of(text: str) -> str:
    """What stands for a text that was changed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _append(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(handle, line)
        os.fsync(handle)
    finally:
        os.close(handle)


def _tail(path: Path) -> list[bytes]:
    """The last lines; an act is never longer than this."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read().splitlines()
    except FileNotFoundError:
        return []


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Of several processes only one writes at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

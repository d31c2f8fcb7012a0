"""What was last acknowledged, kept beside the store.

SQLite takes a damaged end of its log for one that a crash cut short and drops it without a word. A
crash never costs what was acknowledged; so if the turn that is named here is not in the store, the
disk lost it, and to go on as if it had never been would be wrong.

The file is written after each commit and never synced: losing it costs the check, nothing else. It
stays where it is when the store is closed, so that a store that is gone is missed.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

BYTES = 512


class Tail:
    def __init__(self, store: Path) -> None:
        self.path = path_of(store)
        self._file = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)

    def read(self) -> tuple[str, int] | None:
        """An entity and the version that it has at least, if anything is known."""
        proof, _, text = os.pread(self._file, BYTES, 0).rstrip(b"\0").partition(b" ")
        version, _, entity = text.partition(b" ")
        if not version or proof != _proof(text):
            return None
        return entity.decode(), int(version)

    def write(self, entity: str, version: int) -> None:
        text = b"%d %s" % (version, entity.encode())
        line = _proof(text) + b" " + text
        if len(line) <= BYTES:
            os.pwrite(self._file, line.ljust(BYTES, b"\0"), 0)

    def clear(self) -> None:
        """Nothing of a turn is known any more; that there is a store still is."""
        os.pwrite(self._file, bytes(BYTES), 0)

    def close(self) -> None:
        """The store is closed well, and its log is part of it now."""
        self.clear()
        os.close(self._file)


def is_marked(store: Path) -> bool:
    """Whether something was kept here before: a mark without its store is one that was lost."""
    try:
        return path_of(store).stat().st_size > 0
    except FileNotFoundError:
        return False


def path_of(store: Path) -> Path:
    return store.with_name(f"{store.name}-acknowledged")


def _proof(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)

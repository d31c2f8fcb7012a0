"""A flow's file: written as a whole or not at all, and never over somebody else's work."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

NEW_FILE_MODE = 0o644
State = Literal["saved", "unsaved", "changed elsewhere", "gone", "unreadable"]


class SourceFile:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.state: State = "saved"
        self.text = self.read()

    def read(self) -> str:
        """What stands in the file now; from here on that is known."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            data = b""
            self._known: tuple[int, int, bytes] | None = None
        else:
            self._known = self._sign(data)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self.state = "unreadable"
            return data.decode("utf-8", errors="replace")
        self.state = "saved"
        self.text = text
        return text

    def save(self) -> State:
        if self.state in ("unreadable", "changed elsewhere"):
            return self.state
        self.state = "unsaved"
        if self.look() == "changed elsewhere":
            return self.state
        data = self.text.encode("utf-8", "surrogatepass")
        try:
            self._write(self.path, data)
        except OSError:  # a full disk, say: the text is safe with us, and the state tells
            return self.state
        self._known = self._sign(data)
        self.state = "saved"
        return self.state

    def look(self) -> State:
        """Whether somebody else wrote it: by time and size, and if those changed by content."""
        if self.state in ("unreadable", "changed elsewhere"):
            return self.state
        try:
            found = self.path.stat()
        except FileNotFoundError:
            if self._known is not None and self.state == "saved":
                self.state = "gone"
            return self.state
        known = self._known
        if known and (found.st_mtime_ns, found.st_size) == known[:2]:
            return self.state
        data = self.path.read_bytes()
        if known and sha256(data).digest() == known[2]:
            self._known = (found.st_mtime_ns, found.st_size, known[2])
        elif data != self.text.encode("utf-8"):
            self.state = "changed elsewhere"
        return self.state

    def keep_both(self) -> Path | None:
        """Put what the file has beside it, under a free name, and write ours."""
        other = None
        if self.path.exists():
            other = self._free_name()
            self._write(other, self.path.read_bytes())
            self._known = self._sign(self.path.read_bytes())
        self.state = "unsaved"
        self.save()
        return other

    def _free_name(self) -> Path:
        name, dot, suffixes = self.path.name.partition(".")
        number = 2
        while (path := self.path.with_name(f"{name}-{number}{dot}{suffixes}")).exists():
            number += 1
        return path

    def _sign(self, data: bytes) -> tuple[int, int, bytes]:
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size, sha256(data).digest()

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        """Into a new file that takes the old one's place, with its rights."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                new = Path(file.name)
                new.chmod(path.stat().st_mode if path.exists() else NEW_FILE_MODE)
                new.replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

"""Where transcripts, audio and context between contacts are put: a few bytes under a name.

What is put here is encrypted before, by whoever puts it, if it has to be.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

NAME_CHARACTERS_MAX = 512
LIST_MAX = 1_000
_NAME = re.compile(r"(?!.*(?:^|/)\.)[\w.@=+ -]+(?:/[\w.@=+ -]+)*")
ANY = "*"
"""Whatever is there."""
NOTHING = ""
"""Nothing may be there yet."""


class Changed(Exception):
    """Something else is there than whoever wanted to put something thought."""


class Unusable(Exception):
    """The name or the size is not for this storage."""


class StorageFailed(Exception):
    """It did not work, and might work later."""


@dataclass(frozen=True, slots=True)
class Stored:
    data: bytes
    hash: str


class Storage(Protocol):
    async def put(self, name: str, data: bytes, *, expected: str = ANY) -> str:
        """Put it there, whole or not at all; its hash. `expected` is the hash of what is to be
        there now, `NOTHING` or `ANY`; else `Changed`."""
        ...

    async def get(self, name: str) -> Stored | None: ...

    async def delete(self, name: str) -> None:
        """What is not there is deleted too."""
        ...

    async def names(self, prefix: str = "") -> Sequence[str]:
        """Names that begin so, sorted: the first of them, if there are very many."""
        ...


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check(name: str, data: bytes = b"", bytes_max: int = 0) -> None:
    """A name is made of words and `/`: it can be a file's, and leads nowhere else."""
    if len(name) > NAME_CHARACTERS_MAX or not _NAME.fullmatch(name):
        raise Unusable(f"{name[:80]!r} is no name of something stored")
    if len(data) > bytes_max > 0:
        raise Unusable(f"{name} is longer than {bytes_max} bytes")

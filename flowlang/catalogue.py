"""What the language may know of the block library: the catalogue is a value and is passed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from flowlang.block import Block
from flowlang.parameters import Parameters, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A word that declares something: `queue billing = "Billing"`."""

    word: str
    title: Wording
    call: str = ""
    """The kind of block that a use of the declared name stands for: `crm phone: …`."""


class Catalogue(Protocol):
    """All blocks at hand. Asking for one imports that one alone."""

    @property
    def resources(self) -> Mapping[str, Resource]: ...

    def kinds(self) -> Sequence[str]:
        """Every kind, by category and name."""
        ...

    @property
    def built_in(self) -> Collection[str]:
        """The kinds of the library itself: they are known without a look at other packages."""
        ...

    def block(self, kind: str) -> type[Block[Parameters]] | None: ...

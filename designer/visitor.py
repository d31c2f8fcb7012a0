"""Who sits at a browser, and where in the product they may go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Place = Literal["entrance", "designer", "desk", "supervisor"]
ADDRESSES: dict[Place, str] = {
    "entrance": "/", "designer": "/designer", "desk": "/desk", "supervisor": "/supervisor",
}  # fmt: skip
INITIALS_MAX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    names: tuple[str, ...] = ()
    """Of everybody who is signed in in this browser; empty where nobody signs in."""
    places: tuple[Place, ...] = ("designer",)

    def known_as(self, name: str) -> Visitor:
        """With one of them in front: whose page it is."""
        return replace(self, names=tuple(dict.fromkeys((name, *self.names))))

    @property
    def home(self) -> Place:
        return "entrance" if "entrance" in self.places else "designer"


NOBODY = Visitor()
"""Somebody at a folder of flows of their own, where there is nothing but the designer."""


def initials(name: str) -> str:
    """Two letters that a name is recognised by: of a Korean one its last two, as people call
    each other, else where its words begin."""
    if any("가" <= letter <= "힣" for letter in name):
        return name[-INITIALS_MAX:]
    return "".join(word[0] for word in name.split()[:INITIALS_MAX]).upper()

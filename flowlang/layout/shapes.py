"""What a layout is made of, and the distances it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")
GRID = 8
CARD_GAP_X = 56
CARD_GAP_Y = 48
GUTTER_X = 40
"""The least room between two cards, side by side; wires run there."""
GUTTER_Y = 32
CARDS_IN_ROW_MAX = 4
LANE_PAD_X = 24
LANE_PAD_TOP = 40
LANE_PAD_BOTTOM = 24
LANE_GAP_X = 96
LANE_GAP_Y = 48
ENTRY_PAD = 48
"""Room for the mark of the entry, left of the first card."""


class Point(NamedTuple):
    x: int
    y: int


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def at(self, point: Point) -> Rect:
        return Rect(point.x, point.y, self.width, self.height)

    def grown(self, x: int, y: int) -> Rect:
        return Rect(self.x - x, self.y - y, self.width + 2 * x, self.height + 2 * y)

    def overlaps(self, other: Rect) -> bool:
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A block as the layout sees it."""

    id: str
    width: int
    height: int

    def at(self, point: Point) -> Rect:
        return Rect(point.x, point.y, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A section: its cards in the order of the text."""

    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Where everything stands."""

    cards: Mapping[str, Point]
    lanes: Mapping[str, Rect]
    slots: Mapping[str, Point] = field(default_factory=dict)
    """Where each card would stand had nobody moved any. A moved card keeps its slot, so that
    moving it disturbs no other."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """The lane of each card."""

    def renamed(self, ids: Mapping[str, str]) -> Arrangement:
        """The same with the ids that an edit gave the cards."""
        if not ids:
            return self
        return Arrangement(
            cards=_renamed(self.cards, ids),
            lanes=self.lanes,
            slots=_renamed(self.slots, ids),
            homes=_renamed(self.homes, ids),
        )


def _renamed(found: Mapping[str, Value], ids: Mapping[str, str]) -> dict[str, Value]:
    """By new ids; one that goes to another card is not its former owner's any more."""
    taken = set(ids.values())
    staying = {key: value for key, value in found.items() if key not in ids and key not in taken}
    return staying | {ids[key]: value for key, value in found.items() if key in ids}


def snap(value: float) -> int:
    """Up to the grid."""
    return -int(-value // GRID) * GRID


def around(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around some."""
    found = list(rects)
    x, y = min(rect.x for rect in found), min(rect.y for rect in found)
    right, bottom = max(rect.right for rect in found), max(rect.bottom for rect in found)
    return Rect(x, y, right - x, bottom - y)

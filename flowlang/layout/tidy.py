"""A layout from nothing: sections become lanes, lanes stand in columns by their rank.

A lane is as wide as at most four cards, so a longer section grows downwards; columns that are
too tall are split, and too many columns are folded into bands, so that a large flow stays about
as wide as a screen. A lane moves up as far as the lanes above it leave room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2, sqrt

from flowlang.layout.ranks import columns_of
from flowlang.layout.shapes import (
    CARD_GAP_X,
    CARD_GAP_Y,
    CARDS_IN_ROW_MAX,
    ENTRY_PAD,
    LANE_GAP_X,
    LANE_GAP_Y,
    LANE_PAD_BOTTOM,
    LANE_PAD_TOP,
    LANE_PAD_X,
    Lane,
    Point,
    Rect,
    snap,
)

COLUMN_HEIGHT_MIN = 1000
BAND_WIDTH_MIN = 2400


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A lane with its cards in rows, placed against its upper left corner."""

    name: str
    width: int
    height: int
    cards: Mapping[str, Point]


def tidy(lanes: Sequence[Lane], links: Mapping[str, Sequence[str]]) -> dict[str, Point]:
    """A place for every card. `links` leads from a lane to those that its wires lead to."""
    folded = {
        lane.name: fold(lane, entry=index == 0) for index, lane in enumerate(lanes) if lane.cards
    }
    ranked = columns_of(list(folded), links)
    side = _side(list(folded.values()))
    columns = [
        part
        for column in ranked
        for part in _split([folded[name] for name in column], max(0.8 * side, COLUMN_HEIGHT_MIN))
    ]
    slots: dict[str, Point] = {}
    ground: list[Rect] = []
    for band in _bands(columns, max(1.4 * side, BAND_WIDTH_MIN)):
        _place_band(band, ground, slots)
    return slots


def fold(lane: Lane, *, entry: bool = False) -> Folded:
    rows = [
        lane.cards[start : start + CARDS_IN_ROW_MAX]
        for start in range(0, len(lane.cards), CARDS_IN_ROW_MAX)
    ]
    left = LANE_PAD_X + (ENTRY_PAD if entry else 0)
    starts = [left]
    for index in range(len(rows[0])):
        widest = max(row[index].width for row in rows if index < len(row))
        starts.append(snap(starts[-1] + widest + CARD_GAP_X))
    cards: dict[str, Point] = {}
    y = LANE_PAD_TOP
    for row in rows:
        for x, card in zip(starts, row, strict=False):
            cards[card.id] = Point(x, y)
        y = snap(y + max(card.height for card in row) + CARD_GAP_Y)
    return Folded(
        name=lane.name,
        width=snap(starts[-1] - CARD_GAP_X + LANE_PAD_X),
        height=snap(y - CARD_GAP_Y + LANE_PAD_BOTTOM),
        cards=cards,
    )


def _side(lanes: Sequence[Folded]) -> float:
    """The side of a square that holds all lanes; in steps, so that one block changes it rarely."""
    area = sum((lane.width + LANE_GAP_X) * (lane.height + LANE_GAP_Y) for lane in lanes)
    return sqrt(2 ** ceil(log2(area))) if area else 0


def _split(column: Sequence[Folded], height_max: float) -> list[list[Folded]]:
    """The column in as many parts as its height asks for."""
    parts: list[list[Folded]] = [[]]
    height = 0
    for lane in column:
        if parts[-1] and height + lane.height > height_max:
            parts.append([])
            height = 0
        parts[-1].append(lane)
        height += lane.height + LANE_GAP_Y
    return parts


def _bands(columns: Sequence[list[Folded]], width_max: float) -> list[list[list[Folded]]]:
    bands: list[list[list[Folded]]] = [[]]
    width = 0
    for column in columns:
        step = max(lane.width for lane in column) + LANE_GAP_X
        if bands[-1] and width + step > width_max:
            bands.append([])
            width = 0
        bands[-1].append(column)
        width += step
    return bands


def _place_band(band: Sequence[list[Folded]], ground: list[Rect], slots: dict[str, Point]) -> None:
    """Stack the lanes of each column, each as high as what stands above it allows."""
    left = 0
    for column in band:
        for lane in column:
            y = _room_below(ground, left, lane.width)
            ground.append(Rect(left, y, lane.width, lane.height))
            for card, point in lane.cards.items():
                slots[card] = Point(left + point.x, y + point.y)
        left = snap(left + max(lane.width for lane in column) + LANE_GAP_X)


def _room_below(ground: Sequence[Rect], left: int, width: int) -> int:
    """The upper edge of a lane under all that stands in its way, with a gutter between."""
    right = left + width + LANE_GAP_X
    bottoms = [rect.bottom for rect in ground if rect.x < right and left < rect.right + LANE_GAP_X]
    return snap(max(bottoms) + LANE_GAP_Y) if bottoms else 0

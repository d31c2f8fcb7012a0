"""The automatic layout: deterministic, left to right, and steady under edits.

Places that a person chose win, and what stands automatically makes way for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowlang.layout.settle import Ground, settle
from flowlang.layout.shapes import (
    ENTRY_PAD,
    LANE_PAD_BOTTOM,
    LANE_PAD_TOP,
    LANE_PAD_X,
    Arrangement,
    Card,
    Lane,
    Point,
    Rect,
    around,
    snap,
)
from flowlang.layout.tidy import tidy

__all__ = ["Arrangement", "Card", "Lane", "Point", "Rect", "around", "arrange", "snap"]

MOVED_ANYWAY = 8
"""In a small flow, so many cards may move for the sake of order."""


def arrange(
    lanes: Sequence[Lane],
    links: Mapping[str, Sequence[str]],
    *,
    placed: Mapping[str, Point] | None = None,
    before: Arrangement | None = None,
) -> Arrangement:
    """Lay out the cards of all lanes.

    `links` leads from a lane to the lanes that its wires lead to; `placed` is what a person chose.
    With `before`, a layout from nothing is taken only if it moves at most a tenth of the cards
    that stood somewhere; else they stay and only what is new finds a place.
    """
    slots = tidy(lanes, links)
    if before and not _is_steady(slots, before.slots):
        slots = settle(lanes, links, before)
    cards = _make_way(lanes, slots, placed or {})
    return Arrangement(
        cards=cards,
        lanes={lane.name: _outline(lane, cards, entry=not i) for i, lane in enumerate(lanes)
               if lane.cards},
        slots=slots,
        homes={card.id: lane.name for lane in lanes for card in lane.cards},
    )  # fmt: skip


def _is_steady(slots: Mapping[str, Point], before: Mapping[str, Point]) -> bool:
    shared = slots.keys() & before.keys()
    moved = sum(slots[key] != before[key] for key in shared)
    return moved <= max(len(shared) // 10, MOVED_ANYWAY)


def _make_way(
    lanes: Sequence[Lane], slots: Mapping[str, Point], placed: Mapping[str, Point]
) -> dict[str, Point]:
    """The chosen places, and the slots of all other cards that none of them takes."""
    cards = {card.id: card for lane in lanes for card in lane.cards}
    chosen = {key: point for key, point in placed.items() if key in cards}
    if not chosen:
        return dict(slots)
    taken, ground = Ground(), Ground()
    for key, point in chosen.items():
        taken.put(key, cards[key].at(point))
        ground.put(key, cards[key].at(point))
    found = {key: point for key, point in slots.items() if key not in chosen}
    crowded = [key for key, point in found.items() if taken.on(cards[key].at(point))]
    for key in found.keys() - set(crowded):
        ground.put(key, cards[key].at(found[key]))
    for key in crowded:
        found[key] = ground.room_near(cards[key].at(found[key]))
        ground.put(key, cards[key].at(found[key]))
    return {key: chosen.get(key) or found[key] for key in slots}


def _outline(lane: Lane, cards: Mapping[str, Point], *, entry: bool) -> Rect:
    inner = around(card.at(cards[card.id]) for card in lane.cards)
    left = LANE_PAD_X + (ENTRY_PAD if entry else 0)
    return Rect(
        inner.x - left,
        inner.y - LANE_PAD_TOP,
        inner.width + left + LANE_PAD_X,
        inner.height + LANE_PAD_TOP + LANE_PAD_BOTTOM,
    )

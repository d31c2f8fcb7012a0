"""A layout from the one before: what stood somewhere stays, what is new finds room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flowlang.layout.shapes import (
    CARD_GAP_X,
    CARD_GAP_Y,
    GUTTER_X,
    GUTTER_Y,
    LANE_GAP_X,
    LANE_GAP_Y,
    Arrangement,
    Card,
    Lane,
    Point,
    Rect,
    around,
    snap,
)
from flowlang.layout.tidy import fold

CELL = 512
SHIFTED_MAX = 8


class Ground:
    """What is taken, in cells, so that asking about a place looks only near it."""

    def __init__(self) -> None:
        self._rects: dict[str, Rect] = {}
        self._cells: dict[tuple[int, int], set[str]] = {}

    def put(self, key: str, rect: Rect) -> None:
        self.take(key)
        self._rects[key] = rect
        for cell in _cells(rect):
            self._cells.setdefault(cell, set()).add(key)

    def take(self, key: str) -> None:
        rect = self._rects.pop(key, None)
        if rect:
            for cell in _cells(rect):
                self._cells[cell].discard(key)

    def on(self, rect: Rect, *, gutter: tuple[int, int] = (GUTTER_X, GUTTER_Y)) -> dict[str, Rect]:
        """What is too near to `rect`."""
        wide = rect.grown(*gutter)
        near = {key for cell in _cells(wide) for key in self._cells.get(cell, ())}
        return {key: self._rects[key] for key in sorted(near) if self._rects[key].overlaps(wide)}

    def room_near(self, rect: Rect) -> Point:
        """The nearest room for it below or right of where it stands."""
        below = self._next_room(rect, down=True)
        beside = self._next_room(rect, down=False)
        return below if below.y - rect.y <= beside.x - rect.x else beside

    def _next_room(self, rect: Rect, *, down: bool) -> Point:
        while taken := self.on(rect):
            if down:
                y = snap(max(other.bottom for other in taken.values()) + GUTTER_Y)
                rect = rect.at(Point(rect.x, y))
            else:
                x = snap(max(other.right for other in taken.values()) + GUTTER_X)
                rect = rect.at(Point(x, rect.y))
        return Point(rect.x, rect.y)


def settle(
    lanes: Sequence[Lane], links: Mapping[str, Sequence[str]], before: Arrangement
) -> dict[str, Point]:
    """A place for every card, those of `before` where they were if that is possible."""
    return _Settler(lanes, links, before).slots


class _Settler:
    def __init__(
        self, lanes: Sequence[Lane], links: Mapping[str, Sequence[str]], before: Arrangement
    ) -> None:
        self.cards = {card.id: card for lane in lanes for card in lane.cards}
        self.ground = Ground()
        self.slots: dict[str, Point] = {}
        kept = [list(_kept(lane, before)) for lane in lanes]
        for cards in kept:
            for card in cards:
                self._stand(card, before.slots[card.id])
        sources = {target: name for name, targets in links.items() for target in targets}
        last_of = {lane.name: cards[-1] for lane, cards in zip(lanes, kept, strict=True) if cards}
        for lane in lanes:
            if lane.name in last_of:
                self._fill(lane)
            elif lane.cards:
                self._add_lane(lane, last_of.get(sources.get(lane.name, "")))

    def _stand(self, card: Card, at: Point) -> None:
        """Here, or in the nearest room if a neighbour grew into it."""
        rect = card.at(at)
        point = self.ground.room_near(rect) if self.ground.on(rect) else at
        self._put(card, point)

    def _put(self, card: Card, point: Point) -> None:
        self.slots[card.id] = point
        self.ground.put(card.id, card.at(point))

    # --- new cards in a lane ----------------------------------------------------------------------

    def _fill(self, lane: Lane) -> None:
        standing = [card.id in self.slots for card in lane.cards]
        first = standing.index(True)
        for index in range(first - 1, -1, -1):
            self._put_before(lane, lane.cards[index], lane.cards[index + 1])
        for previous, card in zip(lane.cards[first:], lane.cards[first + 1 :], strict=False):
            if card.id not in self.slots:
                self._put_after(lane, card, previous)

    def _put_after(self, lane: Lane, card: Card, previous: Card) -> None:
        at = self.slots[previous.id]
        wanted = card.at(Point(snap(at.x + previous.width + CARD_GAP_X), at.y))
        self._make_room(lane, card, wanted, below=self.rect(previous))

    def _put_before(self, lane: Lane, card: Card, following: Card) -> None:
        """In the place of what it stands before, which makes room."""
        at = self.slots[following.id]
        left = card.at(Point(at.x - snap(card.width + CARD_GAP_X), at.y))
        if not self.ground.on(left) and left.x >= 0:
            self._put(card, Point(left.x, left.y))
        else:
            self._make_room(lane, card, card.at(at), below=self.rect(following))

    def _make_room(self, lane: Lane, card: Card, wanted: Rect, *, below: Rect) -> None:
        """Where it is wanted, if need be after moving the rest of its row to the right."""
        if not self.ground.on(wanted) or self._shift_row(lane, wanted):
            self._put(card, Point(wanted.x, wanted.y))
            return
        start = card.at(Point(below.x, snap(below.bottom + CARD_GAP_Y)))
        self._put(card, self.ground.room_near(start))

    def _shift_row(self, lane: Lane, wanted: Rect) -> bool:
        row = [
            card
            for card in lane.cards
            if card.id in self.slots
            and self.slots[card.id].y == wanted.y
            and self.slots[card.id].x + card.width > wanted.x - GUTTER_X
        ]
        if not row or len(row) > SHIFTED_MAX:
            return False
        first = min(self.slots[card.id].x for card in row)
        step = snap(wanted.right + CARD_GAP_X - first)
        moved = {card.id: Point(self.slots[card.id].x + step, wanted.y) for card in row}
        rects = [wanted, *(self.cards[key].at(point) for key, point in moved.items())]
        if any(self.ground.on(rect).keys() - moved.keys() for rect in rects):
            return False
        for key, point in moved.items():
            self._put(self.cards[key], point)
        return True

    # --- new lanes --------------------------------------------------------------------------------

    def _add_lane(self, lane: Lane, source: Card | None) -> None:
        """Right of what leads to it, else below everything."""
        folded = fold(lane)
        if source:
            beside = self.rect(source)
            corner = Point(snap(beside.right + LANE_GAP_X), beside.y)
        elif self.slots:
            all_of_it = around(self.rect(self.cards[key]) for key in self.slots)
            corner = Point(all_of_it.x, snap(all_of_it.bottom + 2 * LANE_GAP_Y))
        else:
            corner = Point(0, 0)
        at = self.ground.room_near(Rect(*corner, folded.width, folded.height))
        for card in lane.cards:
            offset = folded.cards[card.id]
            self._put(card, Point(at.x + offset.x, at.y + offset.y))

    def rect(self, card: Card) -> Rect:
        return card.at(self.slots[card.id])


def _kept(lane: Lane, before: Arrangement) -> Iterator[Card]:
    """Its cards that had a place, apart from a few that came over from another lane."""
    homes = Counter(before.homes[card.id] for card in lane.cards if card.id in before.slots)
    if homes:
        home = homes.most_common(1)[0][0]
        for card in lane.cards:
            if card.id in before.slots and before.homes[card.id] == home:
                yield card


def _cells(rect: Rect) -> Iterator[tuple[int, int]]:
    for x in range(rect.x // CELL, rect.right // CELL + 1):
        for y in range(rect.y // CELL, rect.bottom // CELL + 1):
            yield x, y

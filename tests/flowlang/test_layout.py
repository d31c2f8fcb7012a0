"""The automatic layout: what must hold of every one, and what must not change."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.layout import Arrangement, Card, Lane, Point, arrange
from flowlang.layout.shapes import GRID, GUTTER_X, GUTTER_Y

Links = dict[str, list[str]]


def flow(blocks: int, *, seed: int = 1) -> tuple[list[Lane], Links]:
    """A flow of about the shape of real ones: sections of 1 to 20 blocks, forward and back."""
    chance = random.Random(seed)
    lanes: list[Lane] = []
    left = blocks
    while left:
        count = min(left, chance.choice([1, 1, 2, 3, 5, 8, 13, 20]))
        name = f"s{len(lanes)}"
        cards = tuple(
            Card(id=f"{name}.{i}", width=220, height=chance.choice([84, 102, 141, 231]))
            for i in range(count)
        )
        lanes.append(Lane(name=name, cards=cards))
        left -= count
    links: Links = {lane.name: [] for lane in lanes}
    for index in range(1, len(lanes)):
        links[f"s{max(0, index - chance.randint(1, 6))}"].append(f"s{index}")
        if chance.random() < 0.3:
            links[f"s{index}"].append(f"s{chance.randint(0, index)}")
    return lanes, links


def inserted(lanes: list[Lane], lane: int, at: int) -> list[Lane]:
    cards = list(lanes[lane].cards)
    cards.insert(at, Card(id="new", width=220, height=117))
    return [*lanes[:lane], Lane(name=lanes[lane].name, cards=tuple(cards)), *lanes[lane + 1 :]]


def crowding(lanes: list[Lane], found: Arrangement) -> list[tuple[str, str]]:
    """Pairs of cards without a gutter between them."""
    cards = [card for lane in lanes for card in lane.cards]
    rects = sorted((card.at(found.cards[card.id]), card.id) for card in cards)
    return [
        (a, b)
        for (one, a), (other, b) in combinations(rects, 2)
        if other.x < one.right + GUTTER_X and one.grown(GUTTER_X, GUTTER_Y).overlaps(other)
    ]


def moved(before: Arrangement, after: Arrangement) -> int:
    return sum(after.cards[key] != point for key, point in before.cards.items())


shapes = st.integers(1, 60).flatmap(
    lambda blocks: st.integers(0, 10**6).map(lambda seed: flow(blocks, seed=seed))
)


@given(shapes)
def test_cards_never_crowd_and_stand_on_the_grid(shape: tuple[list[Lane], Links]) -> None:
    lanes, links = shape
    found = arrange(lanes, links)
    assert crowding(lanes, found) == []
    assert all(point.x % GRID == 0 and point.y % GRID == 0 for point in found.cards.values())


@given(shapes)
def test_lanes_keep_their_cards_inside_and_apart(shape: tuple[list[Lane], Links]) -> None:
    lanes, links = shape
    found = arrange(lanes, links)
    for lane in lanes:
        outline = found.lanes[lane.name]
        for card in lane.cards:
            rect = card.at(found.cards[card.id])
            assert outline.x < rect.x
            assert rect.right < outline.right
            assert outline.y < rect.y
            assert rect.bottom < outline.bottom
    outlines = list(found.lanes.values())
    assert not any(one.overlaps(other) for one, other in combinations(outlines, 2))


@given(shapes, st.data())
def test_chosen_places_win_and_others_make_way(
    shape: tuple[list[Lane], Links], data: st.DataObject
) -> None:
    lanes, links = shape
    ids = [card.id for lane in lanes for card in lane.cards]
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=4))
    at = st.builds(Point, st.integers(-200, 2000), st.integers(-200, 2000))
    placed = {key: data.draw(at) for key in chosen}
    free = arrange(lanes, links)
    found = arrange(lanes, links, placed=placed)
    assert all(found.cards[key] == point for key, point in placed.items())
    assert [pair for pair in crowding(lanes, found) if not set(pair) <= set(chosen)] == []
    away = [key for key in ids if key not in placed and found.cards[key] != free.cards[key]]
    nearby = [
        card.id
        for lane in lanes
        for card in lane.cards
        for other in (c for one in lanes for c in one.cards if c.id in placed)
        if card.at(free.cards[card.id]).overlaps(
            other.at(placed[other.id]).grown(GUTTER_X, GUTTER_Y)
        )
    ]
    assert set(away) <= set(nearby)


@given(shapes, st.data())
def test_with_a_layout_before_nothing_crowds_either(
    shape: tuple[list[Lane], Links], data: st.DataObject
) -> None:
    lanes, links = shape
    lane = data.draw(st.integers(0, len(lanes) - 1))
    after = inserted(lanes, lane, data.draw(st.integers(0, len(lanes[lane].cards))))
    found = arrange(after, links, before=arrange(lanes, links))
    assert crowding(after, found) == []


@pytest.mark.parametrize("seed", range(12))
def test_an_insertion_among_300_moves_at_most_a_tenth(seed: int) -> None:
    lanes, links = flow(300, seed=seed)
    before = arrange(lanes, links)
    chance = random.Random(seed)
    for _ in range(20):
        lane = chance.randrange(len(lanes))
        after = inserted(lanes, lane, chance.randint(0, len(lanes[lane].cards)))
        assert moved(before, arrange(after, links, before=before)) <= 30


def test_an_insertion_into_one_long_section_moves_at_most_a_tenth() -> None:
    cards = tuple(Card(id=f"a.{i}", width=220, height=84) for i in range(300))
    lanes = [Lane(name="a", cards=cards)]
    before = arrange(lanes, {})
    for at in (0, 1, 150, 299, 300):
        assert moved(before, arrange(inserted(lanes, 0, at), {}, before=before)) <= 30


def test_a_section_put_between_two_ranks_moves_at_most_a_tenth() -> None:
    lanes, links = flow(300)
    before = arrange(lanes, links)
    more = [*lanes, Lane(name="new", cards=(Card(id="new", width=220, height=84),))]
    links["s0"].remove("s1")
    after = arrange(more, {**links, "s0": [*links["s0"], "new"], "new": ["s1"]}, before=before)
    assert moved(before, after) <= 30


def test_the_layout_reads_from_left_to_right() -> None:
    names = ["start", "menu", "billing", "sorry"]
    lanes = [Lane(name=n, cards=(Card(id=n, width=220, height=84),)) for n in names]
    links = {"start": ["menu"], "menu": ["billing", "menu"], "billing": ["sorry", "start"]}
    found = arrange(lanes, links)
    xs = [found.cards[name].x for name in names]
    assert xs == sorted(set(xs))


def test_it_is_the_same_every_time() -> None:
    lanes, links = flow(200)
    assert arrange(lanes, links) == arrange(lanes, links)


def test_a_renamed_section_stays_where_it_is() -> None:
    lanes, links = flow(300)
    before = arrange(lanes, links)
    ids = {card.id: card.id.replace("s3.", "menu.") for card in lanes[3].cards}
    cards = tuple(Card(id=ids[c.id], width=c.width, height=c.height) for c in lanes[3].cards)
    renamed = [*lanes[:3], Lane(name="menu", cards=cards), *lanes[4:]]
    after = arrange(renamed, links, before=before.renamed(ids))
    assert sum(after.cards[ids.get(key, key)] != at for key, at in before.cards.items()) <= 30

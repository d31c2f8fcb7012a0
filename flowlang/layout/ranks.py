"""Which column a lane stands in, and its order there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SWEEPS = 4
Graph = Mapping[str, Sequence[str]]


def columns_of(names: Sequence[str], links: Graph) -> list[list[str]]:
    """Lanes by rank: each stands right of those that lead to it, loops aside."""
    forward, order = _without_loops(names, links)
    ranks = dict.fromkeys(names, 0)
    for name in order:
        for target in forward[name]:
            ranks[target] = max(ranks[target], ranks[name] + 1)
    columns: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for name in names:
        columns[ranks[name]].append(name)
    return _uncross(columns, forward)


def _without_loops(names: Sequence[str], links: Graph) -> tuple[dict[str, list[str]], list[str]]:
    """The links that lead on, and the names so ordered that each link leads forward.

    A link back to a lane that the walk is still in closes a loop and is left out.
    """
    known = set(names)
    forward: dict[str, list[str]] = {name: [] for name in names}
    entered: set[str] = set()
    left: set[str] = set()
    finished: list[str] = []
    for root in names:
        if root in entered:
            continue
        entered.add(root)
        walk = [(root, iter(links.get(root, ())))]
        while walk:
            name, targets = walk[-1]
            target = next(targets, None)
            if target is None:
                left.add(name)
                finished.append(name)
                walk.pop()
            elif target in known and (target in left or target not in entered):
                forward[name].append(target)
                if target not in entered:
                    entered.add(target)
                    walk.append((target, iter(links.get(target, ()))))
    return forward, finished[::-1]


def _uncross(columns: list[list[str]], forward: Graph) -> list[list[str]]:
    """Order each column by where its neighbours stand, a few times forth and back.

    A lane without neighbours keeps to the end, in the order of the text.
    """
    back: dict[str, list[str]] = {name: [] for name in forward}
    for name, targets in forward.items():
        for target in targets:
            back[target].append(name)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        neighbours = back if downwards else forward
        heights = {name: index for column in columns for index, name in enumerate(column)}
        for column in columns if downwards else columns[::-1]:
            weights = {name: _middle(neighbours[name], heights) for name in column}
            column.sort(key=lambda name: weights[name])
            heights.update((name, index) for index, name in enumerate(column))
    return columns


def _middle(neighbours: Sequence[str], heights: Mapping[str, int]) -> float:
    if not neighbours:
        return float(len(heights))
    return sum(heights[name] for name in neighbours) / len(neighbours)

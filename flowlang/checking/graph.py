"""Loops in a graph of steps.

networkx would find them too, but importing it takes longer than checking a flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Edges = Mapping[str, Iterable[str]]
"""By node, where it leads. Every node has an entry."""


def loops(edges: Edges) -> list[list[str]]:
    """The largest sets of nodes that all lead to each other (Tarjan's strongly connected
    components), without single nodes that do not lead to themselves."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in edges:
        if root in number:
            continue
        work = [(root, iter(edges[root]))]
        number[root] = lowest[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, ahead = work[-1]
            for after in ahead:
                if after not in number:
                    number[after] = lowest[after] = len(number)
                    stack.append(after)
                    on_stack.add(after)
                    work.append((after, iter(edges[after])))
                    break
                if after in on_stack:
                    lowest[node] = min(lowest[node], number[after])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    part = _taken(stack, on_stack, node)
                    if len(part) > 1 or node in edges[node]:
                        found.append(part)
    return found


def _taken(stack: list[str], on_stack: set[str], root: str) -> list[str]:
    part = []
    while True:
        node = stack.pop()
        on_stack.discard(node)
        part.append(node)
        if node == root:
            return part


def shortest_round(edges: Edges, start: str) -> tuple[str, ...]:
    """The shortest way from a node of a loop back to itself."""
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        ahead: list[str] = []
        for node in waiting:
            for after in edges[node]:
                if after == start:
                    return way(before, node, start)
                if after not in before:
                    before[after] = node
                    ahead.append(after)
        waiting = ahead
    raise AssertionError(f"{start} is in no loop")


def way(before: Mapping[str, str], node: str, start: str) -> tuple[str, ...]:
    """The path that a search took from `start` to `node`."""
    path = [node]
    while path[-1] != start:
        path.append(before[path[-1]])
    return tuple(reversed(path))

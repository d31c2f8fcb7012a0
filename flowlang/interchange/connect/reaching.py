"""Which steps gave the values that a reference reads.

Connect keeps one value a kind: the last function's answer, the last bot's, the last input. A
result in the text names the step it is from, so both ways ask which steps can have been the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Root = str
Sources = Mapping[Root, frozenset[str]]


def sources(
    edges: Mapping[str, Iterable[str]], fills: Mapping[str, frozenset[Root]], start: str | None
) -> dict[str, dict[Root, frozenset[str]]]:
    """For each node, by root of a reference, the nodes that may have filled it last."""
    found: dict[str, dict[Root, frozenset[str]]] = {node: {} for node in edges}
    waiting = [*edges]
    if start is not None and start in edges:
        waiting.append(start)
    while waiting:
        node = waiting.pop()
        after = dict(found[node])
        for root in fills.get(node, frozenset()):
            after[root] = frozenset((node,))
        waiting.extend(
            target for target in edges[node] if target in found and _merge(found[target], after)
        )
    return found


def _merge(known: dict[Root, frozenset[str]], new: Sources) -> bool:
    grown = False
    for root, nodes in new.items():
        before = known.get(root, frozenset())
        if not nodes <= before:
            known[root] = before | nodes
            grown = True
    return grown

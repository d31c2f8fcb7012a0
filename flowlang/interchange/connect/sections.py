"""A graph of steps as sections, cut and named as a person would."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flowlang.interchange.connect import names
from flowlang.model import Port, WordPort

_OWN_ID = re.compile(r"(?P<section>[^\W\d]\w*)\.(?P<step>[^\W\d]\w*)(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A step to be placed."""

    id: str
    kind: str
    onward: str | None
    """Where it just goes on to."""
    routes: tuple[tuple[Port, str], ...]
    """All its outcomes and where they lead (its onward one among them)."""
    titles: tuple[str, ...] = ()
    """What a section that it begins could be called, best first."""
    is_bare_ending: bool = False
    """A target can say it without a step: `-> hang_up`."""


@dataclass(slots=True, kw_only=True)
class Plan:
    name: str
    nodes: list[Node] = field(default_factory=list)


def own_id(identifier: str) -> tuple[str, str] | None:
    """Section and step of an identifier that an export gave: `menu.ask`, `balance.found`."""
    match = _OWN_ID.fullmatch(identifier)
    return (match["section"], match["step"]) if match else None


def plan(nodes: Mapping[str, Node], start: str | None, kinds: Iterable[str]) -> list[Plan]:
    """Sections in the order of a walk from the start, what no walk reaches behind them."""
    merged = _merged(nodes, start)
    heads = _heads(nodes, start, merged)
    chains = {head: _chain(head, nodes, heads, merged) for head in heads}
    order = _walk(chains, start, merged)
    labels = _labels([chains[head] for head in order], nodes, start, kinds)
    return [Plan(name=labels[head], nodes=chains[head]) for head in order]


def _merged(nodes: Mapping[str, Node], start: str | None) -> frozenset[str]:
    """Endings that are only led to, and so need no step."""
    entered = {target for node in nodes.values() for _, target in node.routes}
    return frozenset(
        node.id
        for node in nodes.values()
        if node.is_bare_ending and node.id in entered and node.id != start
    )


def _heads(nodes: Mapping[str, Node], start: str | None, merged: frozenset[str]) -> list[str]:
    """Where sections begin: whatever is not just the one that follows another."""
    follows: Counter[str] = Counter()
    led_to: set[str] = set()
    for node in nodes.values():
        if node.onward is not None:
            follows[node.onward] += 1
        led_to.update(target for _, target in node.routes if target != node.onward)
    heads = [
        id_
        for id_, node in nodes.items()
        if id_ not in merged
        and (id_ == start or follows[id_] != 1 or id_ in led_to or _begins_own(node, nodes))
    ]
    return heads + _unreached_rings(nodes, heads, merged)


def _begins_own(node: Node, nodes: Mapping[str, Node]) -> bool:
    """Its identifier, from an export, puts it into another section than the step before it."""
    own = own_id(node.id)
    before = next((one for one in nodes.values() if one.onward == node.id), None)
    other = own_id(before.id) if before else None
    return bool(own and other and own[0] != other[0])


def _unreached_rings(
    nodes: Mapping[str, Node], heads: Sequence[str], merged: frozenset[str]
) -> list[str]:
    """One head for each ring of steps that follow only each other."""
    covered = {node.id for head in heads for node in _chain(head, nodes, heads, merged)}
    extra: list[str] = []
    for id_ in nodes:
        if id_ not in covered and id_ not in merged:
            extra.append(id_)
            covered.update(node.id for node in _chain(id_, nodes, [*heads, *extra], merged))
    return extra


def _chain(
    head: str, nodes: Mapping[str, Node], heads: Iterable[str], merged: frozenset[str]
) -> list[Node]:
    stops = set(heads)
    chain = [nodes[head]]
    while (after := chain[-1].onward) is not None:
        if after in stops or after in merged or after not in nodes or nodes[after] in chain:
            break
        chain.append(nodes[after])
    return chain


def _walk(chains: Mapping[str, list[Node]], start: str | None, merged: frozenset[str]) -> list[str]:
    """Heads along the flow: what a section leads to stands behind it."""
    order: dict[str, None] = {}
    waiting = [start] if start in chains else []
    rest = list(chains)
    while waiting or rest:
        head = waiting.pop(0) if waiting else rest.pop(0)
        if head is None or head in order or head not in chains:
            continue
        order[head] = None
        led = [
            target
            for node in chains[head]
            for _, target in node.routes
            if target in chains and target not in order and target not in merged
        ]
        waiting = [*waiting, *dict.fromkeys(led)]
    return list(order)


# --- names ------------------------------------------------------------------------------------


def _labels(
    chains: Sequence[Sequence[Node]],
    nodes: Mapping[str, Node],
    start: str | None,
    kinds: Iterable[str],
) -> dict[str, str]:
    labels: dict[str, str] = {}
    taken: set[str] = {"next", "nowhere", *kinds}
    for chain in chains:
        own = own_id(chain[0].id)
        if own and own[0] not in taken:
            labels[chain[0].id] = own[0]
            taken.add(own[0])
    for chain in chains:
        head = chain[0]
        if head.id in labels:
            continue
        wanted = "start" if head.id == start else _title(chain, nodes)
        labels[head.id] = names.unused(wanted, taken)
        taken.add(labels[head.id])
    return labels


def _title(chain: Sequence[Node], nodes: Mapping[str, Node]) -> str:
    head = chain[0]
    friendly = names.slug(head.id) if names.is_friendly(head.id) and not own_id(head.id) else ""
    if friendly:
        return friendly
    intents = [
        port.word
        for node in nodes.values()
        if node.kind == "talk"
        for port, target in node.routes
        if target == head.id
        and isinstance(port, WordPort)
        and port.word not in ("no_match", "timeout", "error")
    ]
    candidates = [title for node in chain for title in node.titles]
    for title in (*candidates[:1], *intents, *candidates[1:]):
        if found := names.slug(title):
            return found
    return head.kind

"""A project as a picture: entries, flows, modules and queues, and who leads to whom.

A call of a module is dashed, a flow that waits for its moment dotted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flowlang.checking.links import How
from flowlang.interchange.pictures import FAINT, FONT, LOST, entities
from flowlang.project.map import MappedEntry, MappedFlow, ProjectMap

Sort = Literal["entry", "flow", "module", "queue", "lost"]
SHAPES: Mapping[Sort, Mapping[str, str]] = {
    "entry": {"shape": "oval"},
    "flow": {"shape": "box", "style": "rounded"},
    "module": {"shape": "box", "style": "rounded,dashed"},
    "queue": {"shape": "cylinder"},
    "lost": {"shape": "plain", "fontcolor": FAINT},
}
_BRACKETS: Mapping[Sort, tuple[str, str]] = {
    "entry": ("([", "])"),
    "flow": ("[", "]"),
    "module": ("[[", "]]"),
    "queue": ("[(", ")]"),
    "lost": ("[", "]"),
}
_STYLES: Mapping[How, str] = {"transfer": "solid", "call": "dashed", "hook": "dotted"}
_ARROWS: Mapping[How, str] = {"transfer": "-->", "call": "-.->", "hook": "-.-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    sort: Sort
    label: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    how: How = "transfer"


def to_dot(found: ProjectMap) -> str:
    import graphviz

    graph = graphviz.Digraph("project")
    graph.attr(rankdir="LR", fontname=FONT)
    graph.attr("node", fontname=FONT)
    nodes, numbers, edges = _drawn(found)
    for key, node in nodes.items():
        graph.node(numbers[key], graphviz.escape("\n".join(node.label)), **SHAPES[node.sort])
    for edge in edges:
        graph.edge(numbers[edge.source], numbers[edge.target], style=_STYLES[edge.how])
    return str(graph.source)


def to_mermaid(found: ProjectMap) -> str:
    nodes, numbers, edges = _drawn(found)
    lines = ["flowchart LR"]
    for key, node in nodes.items():
        opening, closing = _BRACKETS[node.sort]
        label = "<br/>".join(map(entities, node.label))
        lines.append(f'  {numbers[key]}{opening}"{label}"{closing}')
    lines += [f"  {numbers[it.source]} {_ARROWS[it.how]} {numbers[it.target]}" for it in edges]
    return "\n".join(lines) + "\n"


def _drawn(found: ProjectMap) -> tuple[dict[str, Node], dict[str, str], list[Edge]]:
    """The nodes by a key, their short names in a picture, and the edges, each once."""
    nodes = dict(_nodes(found))
    edges = list(dict.fromkeys(_edges(found)))
    for edge in edges:
        nodes.setdefault(edge.target, Node(sort="lost", label=(edge.target or LOST,)))
    return nodes, {key: f"n{number}" for number, key in enumerate(nodes)}, edges


def _nodes(found: ProjectMap) -> Iterator[tuple[str, Node]]:
    for entry in found.entries:
        yield _key(entry), Node(sort="entry", label=_entry_label(entry))
    for flow in found.flows:
        sort: Sort = "module" if flow.kind == "module" else "flow"
        yield _key(flow), Node(sort=sort, label=(flow.title or flow.name,))
    for flow in found.flows:
        for name in flow.resources.get("queue", ()):
            yield f"queue {name}", Node(sort="queue", label=(name,))


def _entry_label(entry: MappedEntry) -> tuple[str, ...]:
    where = " ".join((*entry.channels, *((entry.number,) if entry.number else ())))
    return entry.name, where


def _edges(found: ProjectMap) -> Iterator[Edge]:
    for entry in found.entries:
        flow = found.flow(entry.flow)
        yield Edge(_key(entry), _key(flow) if flow else LOST)
    for flow in found.flows:
        for way in flow.leads:
            target = found.flow(way.flow)
            yield Edge(_key(flow), _key(target) if target else way.name, way.how)
        for name in flow.resources.get("queue", ()):
            yield Edge(_key(flow), f"queue {name}")


def _key(item: MappedEntry | MappedFlow) -> str:
    return f"entry {item.name}" if isinstance(item, MappedEntry) else f"flow {item.path}"

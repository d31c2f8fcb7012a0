"""A flow as a picture: Graphviz DOT, and Mermaid.

Ways that nobody wrote, to the `on error` of a section or a flow, are faint and dashed; ways that
close a circle have a colour and a sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

from flowlang.catalogue import Catalogue
from flowlang.diagnostics.words import Language
from flowlang.model import Document
from flowlang.syntax import spelling
from flowlang.wiring import Wire, WiredStep, Wiring, wire

LABEL_CHARACTERS_MAX = 48
LOST = "?"
"""The node of what is not decided or leads nowhere."""
END = "end"
AGAIN = "↺"
FAINT, BACK = "#9ca3af", "#b45309"
FONT = "sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    source: str
    target: str
    label: str
    is_default_error: bool
    is_back: bool


def to_dot(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    """A cluster for each section, a box for each step, an arrow for each way on."""
    import graphviz

    wiring = wire(document, catalogue)
    header = document.header
    graph = graphviz.Digraph(header.name if header else "flow")
    graph.attr(rankdir="TB", fontname=FONT)
    graph.attr("node", shape="box", style="rounded", fontname=FONT)
    graph.attr("edge", fontname=FONT, fontsize="10")
    for section in document.sections.values():
        with graph.subgraph(name=f"cluster_{section.name}") as cluster:
            cluster.attr(label=graphviz.escape(section.title or section.name), style="rounded")
            cluster.attr(color=FAINT)
            for step_id in section.step_ids:
                label = graphviz.escape("\n".join(_label(wiring.steps[step_id], language)))
                thick = {"penwidth": "2"} if step_id == wiring.start else {}
                cluster.node(_quoted(step_id), label, **thick)
    arrows = _arrows(wiring)
    for node in _endings(wiring, arrows):
        graph.node(_quoted(node), graphviz.escape(node), shape="oval")
    for arrow in arrows:
        ends = _quoted(arrow.source), _quoted(arrow.target)
        graph.edge(*ends, graphviz.escape(arrow.label), **_dot_look(arrow))
    return str(graph.source)


def _dot_look(arrow: Arrow) -> dict[str, str]:
    if arrow.is_default_error:
        return {"style": "dashed", "color": FAINT, "fontcolor": FAINT}
    if arrow.is_back:
        return {"color": BACK, "fontcolor": BACK}
    return {}


def _quoted(node: str) -> str:
    """Graphviz reads what stands behind a colon as a port."""
    return node.replace(":", "_").replace("\\", "_")


def to_mermaid(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    wiring = wire(document, catalogue)
    arrows = _arrows(wiring)
    endings = _endings(wiring, arrows)
    numbers = {node: f"n{number}" for number, node in enumerate((*wiring.steps, *endings))}
    lines = ["flowchart TD"]
    for section_number, section in enumerate(document.sections.values()):
        lines.append(f'  subgraph s{section_number}["{entities(section.title or section.name)}"]')
        for step_id in section.step_ids:
            label = "<br/>".join(map(entities, _label(wiring.steps[step_id], language)))
            lines.append(f'    {numbers[step_id]}["{label}"]')
        lines.append("  end")
    lines += [f'  {numbers[node]}(["{entities(node)}"])' for node in endings]
    for arrow in arrows:
        line = "-.->" if arrow.is_default_error else "-->"
        label = f'|"{entities(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {numbers[arrow.source]} {line}{label} {numbers[arrow.target]}")
    lines += _mermaid_looks(arrows)
    return "\n".join(lines) + "\n"


def _mermaid_looks(arrows: Sequence[Arrow]) -> Iterator[str]:
    """Mermaid counts its arrows."""
    faint = [str(number) for number, arrow in enumerate(arrows) if arrow.is_default_error]
    back = [str(number) for number, arrow in enumerate(arrows) if arrow.is_back]
    for which, colour in ((faint, FAINT), (back, BACK)):
        if which:
            yield f"  linkStyle {','.join(which)} stroke:{colour},color:{colour}"


def entities(text: str) -> str:
    """Mermaid reads marks as its own; entities it shows."""
    return "".join(
        character if character.isalnum() or character in " .,_-" else f"#{ord(character)};"
        for character in text
    )


# --- what both show ---------------------------------------------------------------------------


def _label(step: WiredStep, language: Language) -> list[str]:
    """What the step is called, and what it works with."""
    title = step.block.card.title[language] if step.block else step.step.kind
    name = f"{step.step.name} = {title}" if step.step.name else title
    first = next(iter(step.step.arguments), None)
    detail = _shortened(spelling.value(first.value)) if first else ""
    if step.call.callee:
        detail = step.call.callee.name
    return [name, detail] if detail else [name]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= LABEL_CHARACTERS_MAX:
        return line
    return line[: LABEL_CHARACTERS_MAX - 1] + "…"


def _arrows(wiring: Wiring) -> list[Arrow]:
    """Each way on once, with the outcomes that take it."""
    ways: dict[tuple[str, str, bool], list[str]] = {}
    for step in wiring.steps.values():
        for item in step.wires:
            if _is_shown(item):
                is_error = item.role == "error"
                ways.setdefault((step.id, _target(item), is_error), []).append(item.port)
    back = _back(wiring, [(source, target) for source, target, _ in ways])
    return [
        Arrow(
            source=source,
            target=target,
            label=_way_label(ports, is_back=(source, target) in back),
            is_default_error=is_error,
            is_back=(source, target) in back and not is_error,
        )
        for (source, target, is_error), ports in ways.items()
    ]


def _way_label(ports: list[str], *, is_back: bool) -> str:
    ports = sorted(ports, key=lambda port: port != "next")
    label = "" if ports == ["next"] else _shortened(", ".join(ports))
    return f"{AGAIN} {label}".strip() if is_back else label


def _is_shown(item: Wire) -> bool:
    """An outcome that goes on like the success says nothing new."""
    return item.role != "next" or item.port == "next"


def _target(item: Wire) -> str:
    if item.target is not None:
        return item.target
    return END if item.role == "end" else LOST


def _back(wiring: Wiring, ways: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """The ways that close a circle, seen from the start."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from([wiring.start] if wiring.start else [])
    graph.add_nodes_from(wiring.steps)
    graph.add_edges_from(ways)
    found: set[tuple[str, str]] = set()
    path: set[str] = set()
    for source, target, kind in nx.dfs_labeled_edges(graph):
        if kind == "forward":
            path.add(target)
        elif kind == "reverse":
            path.discard(target)
        elif target in path:
            found.add((source, target))
    return found


def _endings(wiring: Wiring, arrows: Sequence[Arrow]) -> list[str]:
    reached = {arrow.target for arrow in arrows}
    return [node for node in (*wiring.endings, END, LOST) if node in reached]

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
from flowlang.parameters import Wording
from flowlang.syntax import spelling
from flowlang.wiring import Wire, WiredStep, Wiring, wire

LABEL_CHARACTERS_MAX = 48
FAINT_LABELS_MAX = 40
"""Where more ways than these are faint, each of them being an error says it without a word."""
LOST = "?"
"""The node of what is not decided or leads nowhere."""
END = "end"
AGAIN = "↺"
FAINT, BACK = "#9ca3af", "#b45309"
FONT = "sans-serif"
EMPTY: Wording = {"en": "This flow has no steps yet.", "ko": "아직 단계가 없는 흐름입니다."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """Ways from a step to the same place."""

    source: str
    target: str
    """A step, or what the flow ends with there."""
    section: str
    """Where it starts. Each section has endings of its own: a long way to a common one would say
    nothing, and cross all others."""
    ports: tuple[str, ...]
    is_ending: bool
    is_onward: bool
    """To the next step of its section."""
    is_default_error: bool
    is_back: bool

    @property
    def node(self) -> str:
        return f"{self.section} {self.target}" if self.is_ending else self.target

    @property
    def label(self) -> str:
        ports = sorted(self.ports, key=lambda port: port != "next")
        label = "" if ports == ["next"] else shortened(", ".join(ports))
        return f"{AGAIN} {label}".strip() if self.is_back else label


def to_dot(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    """A cluster for each section, a box for each step, an arrow for each way on."""
    import graphviz

    wiring = wire(document, catalogue)
    arrows = arrows_of(wiring)
    header = document.header
    graph = graphviz.Digraph(header.name if header else "flow")
    graph.attr(rankdir="TB", fontname=FONT, labeljust="l", nodesep="0.2", ranksep="0.4")
    graph.attr("node", shape="box", style="rounded", fontname=FONT, fontsize="12", height="0.4")
    graph.attr("edge", fontname=FONT, fontsize="10")
    if not wiring.steps:
        graph.node("empty", EMPTY[language], shape="plaintext", fontcolor=FAINT)
    for section in document.sections.values():
        with graph.subgraph(name=f"cluster_{section.name}") as cluster:
            cluster.attr(label=graphviz.escape(visible(section.title or section.name)))
            cluster.attr(color=FAINT, style="rounded", fontsize="11")
            for step_id in section.step_ids:
                label = graphviz.escape("\n".join(label_of(wiring.steps[step_id], language)))
                thick = {"penwidth": "2"} if step_id == wiring.start else {}
                cluster.node(_quoted(step_id), label, **thick)
            for node, ending in endings(arrows, section.name).items():
                label = graphviz.escape(ending)
                cluster.node(_quoted(node), label, shape="oval", fontsize="10", height="0.25")
    are_many = sum(arrow.is_default_error for arrow in arrows) > FAINT_LABELS_MAX
    for arrow in arrows:
        label = "" if arrow.is_default_error and are_many else arrow.label
        ends = _quoted(arrow.source), _quoted(arrow.node)
        graph.edge(*ends, graphviz.escape(label), **_dot_look(arrow))
    return str(graph.source)


def _dot_look(arrow: Arrow) -> dict[str, str]:
    if arrow.is_default_error:
        # Where steps stand is for the others to say.
        apart = {} if arrow.is_ending else {"constraint": "false"}
        return {"style": "dashed", "color": FAINT, "fontcolor": FAINT, **apart}
    tight = {"weight": "20"} if arrow.is_onward else {}
    return {"color": BACK, "fontcolor": BACK, **tight} if arrow.is_back else tight


def _quoted(node: str) -> str:
    """Graphviz reads what stands behind a colon as a port."""
    return node.replace(":", "_").replace("\\", "_")


def to_mermaid(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    wiring = wire(document, catalogue)
    arrows = arrows_of(wiring)
    numbers: dict[str, str] = {}
    lines = ["flowchart TD"]
    if not wiring.steps:
        lines.append(f'  empty["{entities(EMPTY[language])}"]')
    for section_number, section in enumerate(document.sections.values()):
        title = entities(visible(section.title or section.name))
        lines.append(f'  subgraph s{section_number}["{title}"]')
        for step_id in section.step_ids:
            label = "<br/>".join(map(entities, label_of(wiring.steps[step_id], language)))
            lines.append(f'    {numbers.setdefault(step_id, f"n{len(numbers)}")}["{label}"]')
        for node, ending in endings(arrows, section.name).items():
            number = numbers.setdefault(node, f"n{len(numbers)}")
            lines.append(f'    {number}(["{entities(ending)}"])')
        lines.append("  end")
    for arrow in arrows:
        line = "-.->" if arrow.is_default_error else "-->"
        label = f'|"{entities(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {numbers[arrow.source]} {line}{label} {numbers[arrow.node]}")
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


# --- what all of them show --------------------------------------------------------------------


def visible(text: str) -> str:
    """A text with a mark for what nobody can see, such as the escapes of a terminal."""
    return "".join(it if it.isprintable() or it == " " else "\ufffd" for it in text)


def label_of(step: WiredStep, language: Language) -> list[str]:
    """What the step is called, and what it works with."""
    title = step.block.card.title[language] if step.block else step.step.kind
    name = f"{step.step.name} = {title}" if step.step.name else title
    first = next(iter(step.step.arguments), None)
    detail = shortened(spelling.value(first.value)) if first else ""
    if step.call.callee:
        detail = step.call.callee.name
    return [name, detail] if detail else [name]


def shortened(text: str) -> str:
    line = visible(" ".join(text.split()))
    if len(line) <= LABEL_CHARACTERS_MAX:
        return line
    return line[: LABEL_CHARACTERS_MAX - 1] + "…"


def arrows_of(wiring: Wiring) -> list[Arrow]:
    """Each way on once, with the outcomes that take it."""
    ways: dict[tuple[str, str, bool], list[Wire]] = {}
    for step in wiring.steps.values():
        for item in step.wires:
            if _is_shown(item):
                ways.setdefault((step.id, _target(item), item.role == "error"), []).append(item)
    back = _back(wiring, [(source, target) for source, target, _ in ways])
    return [
        Arrow(
            source=source,
            target=target,
            section=wiring.steps[source].section.name,
            ports=tuple(item.port for item in items),
            is_ending=target not in wiring.steps,
            is_onward=any(item.role == "next" for item in items)
            and target in wiring.steps[source].section.step_ids,
            is_default_error=is_error,
            is_back=(source, target) in back and not is_error,
        )
        for (source, target, is_error), items in ways.items()
    ]


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


def endings(arrows: Sequence[Arrow], section: str) -> dict[str, str]:
    """What the flow ends with in a section, by node."""
    return {it.node: it.target for it in arrows if it.is_ending and it.section == section}

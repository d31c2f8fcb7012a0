"""A flow as a picture: Graphviz DOT, and Mermaid."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.catalogue import Catalogue
from flowlang.diagnostics.words import Language
from flowlang.model import Document
from flowlang.syntax import spelling
from flowlang.wiring import Wire, WiredStep, Wiring, wire

LABEL_CHARACTERS_MAX = 48
LOST = "?"
"""The node of what is not decided or leads nowhere."""
END = "end"


def to_dot(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    """A cluster for each section, a box for each step, an arrow for each way on."""
    import graphviz

    wiring = wire(document, catalogue)
    header = document.header
    graph = graphviz.Digraph(header.name if header else "flow")
    graph.attr(rankdir="TB", fontname="sans-serif", compound="true")
    graph.attr("node", shape="box", style="rounded", fontname="sans-serif")
    graph.attr("edge", fontname="sans-serif", fontsize="10")
    for section in document.sections.values():
        with graph.subgraph(name=f"cluster_{section.name}") as cluster:
            cluster.attr(label=graphviz.escape(section.title or section.name), style="rounded")
            for step_id in section.step_ids:
                label = graphviz.escape("\n".join(_label(wiring.steps[step_id], language)))
                cluster.node(_quoted(step_id), label)
    for node in _endings(wiring):
        graph.node(_quoted(node), graphviz.escape(node), shape="oval")
    for source, target, label in _arrows(wiring):
        graph.edge(_quoted(source), _quoted(target), graphviz.escape(label))
    return str(graph.source)


def _quoted(node: str) -> str:
    """Graphviz reads what stands behind a colon as a port."""
    return node.replace(":", "_").replace("\\", "_")


def to_mermaid(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    wiring = wire(document, catalogue)
    endings = list(_endings(wiring))
    numbers = {node: f"n{number}" for number, node in enumerate((*wiring.steps, *endings))}
    lines = ["flowchart TD"]
    for section_number, section in enumerate(document.sections.values()):
        lines.append(f'  subgraph s{section_number}["{_entities(section.title or section.name)}"]')
        for step_id in section.step_ids:
            label = "<br/>".join(map(_entities, _label(wiring.steps[step_id], language)))
            lines.append(f'    {numbers[step_id]}["{label}"]')
        lines.append("  end")
    lines += [f'  {numbers[node]}(["{_entities(node)}"])' for node in endings]
    lines += [
        f'  {numbers[source]} -->|"{_entities(label)}"| {numbers[target]}'
        if label
        else f"  {numbers[source]} --> {numbers[target]}"
        for source, target, label in _arrows(wiring)
    ]
    return "\n".join(lines) + "\n"


def _entities(text: str) -> str:
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
    return [name, detail] if detail else [name]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= LABEL_CHARACTERS_MAX:
        return line
    return line[: LABEL_CHARACTERS_MAX - 1] + "…"


def _arrows(wiring: Wiring) -> Iterator[tuple[str, str, str]]:
    """Each way on once, with the outcomes that take it. Errors that only go where all errors of
    the flow go, or on like a success, are left out: they would hide what the flow is about."""
    for step in wiring.steps.values():
        ways: dict[str, list[str]] = {}
        for item in step.wires:
            if _is_shown(item):
                ways.setdefault(_target(item), []).append(item.port)
        for target, ports in ways.items():
            label = "" if ports == ["next"] else _shortened(", ".join(ports))
            yield step.id, target, label


def _is_shown(item: Wire) -> bool:
    return item.role in ("routed", "end", "open") or (item.role == "next" and item.port == "next")


def _target(item: Wire) -> str:
    if item.target is not None:
        return item.target
    return END if item.role == "end" else LOST


def _endings(wiring: Wiring) -> Iterator[str]:
    reached = {target for _, target, _ in _arrows(wiring)}
    yield from (node for node in (*wiring.endings, END, LOST) if node in reached)

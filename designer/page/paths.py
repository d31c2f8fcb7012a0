"""Ways through a flow: to a block, from a block, and those that a problem shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from designer import canvas
from designer.faces import face_of
from designer.page.lens import View
from designer.session import Session
from designer.words import Language
from flowlang.channels import Medium
from flowlang.checking.graph import way
from flowlang.wiring import WiredStep, Wiring

Edges = Mapping[str, Collection[str]]


def edges_of(wiring: Wiring, *, errors: bool = True) -> dict[str, list[str]]:
    """Where each step leads, endings included; with the ways of errors, or without."""
    return {
        step.id: [
            wire.target for wire in step.wires if wire.target and (errors or wire.port != "error")
        ]
        for step in wiring.steps.values()
    }


def behind(edges: Edges, start: str) -> frozenset[str]:
    """Everything that can come after a step, and itself."""
    found, waiting = {start}, [start]
    while waiting:
        for after in edges.get(waiting.pop(), ()):
            if after not in found:
                found.add(after)
                waiting.append(after)
    return frozenset(found)


def before(edges: Edges, goal: str) -> frozenset[str]:
    """Everything that can lead to a step, and itself."""
    turned: dict[str, list[str]] = {}
    for source, targets in edges.items():
        for target in targets:
            turned.setdefault(target, []).append(source)
    return behind(turned, goal)


def way_to(wiring: Wiring, goal: str) -> tuple[str, ...]:
    """The shortest way from the start; over an error only if there is no other."""
    return _shortest(edges_of(wiring, errors=False), wiring.start, goal) or _shortest(
        edges_of(wiring), wiring.start, goal
    )


def _shortest(edges: Edges, start: str | None, goal: str) -> tuple[str, ...]:
    if start is None:
        return ()
    known = {start: start}
    waiting = [start]
    while waiting and goal not in known:
        ahead: list[str] = []
        for node in waiting:
            for after in edges.get(node, ()):
                if after not in known:
                    known[after] = node
                    ahead.append(after)
        waiting = ahead
    return way(known, goal, start) if goal in known else ()


# --- on the canvas ------------------------------------------------------------------------------


def numbered(document: canvas.Document, steps: Sequence[str], label: str) -> canvas.Path:
    """A path in its order: each block says which it is."""
    blocks: list[str] = []
    wires: list[str] = []
    pills: dict[str, list[str]] = {}
    source = ""
    for number, step in enumerate(steps, 1):
        found = _wire(document, source, step) if source else None
        node = found["target"] if found else step
        if found:
            wires.append(found["id"])
        blocks.append(node)
        pills.setdefault(node, []).append(str(number))
        source = step
    return {
        "blocks": blocks,
        "wires": wires,
        "pills": {node: " · ".join(numbers) for node, numbers in pills.items()},
        "label": label,
    }


def _wire(document: canvas.Document, source: str, target: str) -> canvas.Wire | None:
    """The wire between two steps: rather one that a line says than that of an error."""
    found = [
        wire
        for wire in document["wires"]
        if wire["source"] == source and _step_of(wire["target"]) == target
    ]
    return min(found, key=lambda wire: wire["faint"], default=None)


def lit(document: canvas.Document, steps: Collection[str], label: str) -> canvas.Path:
    """Blocks with all wires between them."""
    wires = [
        wire
        for wire in document["wires"]
        if wire["source"] in steps and _step_of(wire["target"]) in steps
    ]
    chips = {wire["target"] for wire in wires}
    blocks = [
        node["id"] for node in document["nodes"] if node["id"] in steps or node["id"] in chips
    ]
    return {"blocks": blocks, "wires": [wire["id"] for wire in wires], "label": label}


def _step_of(node: str) -> str:
    """A chip stands for an ending."""
    return node.partition("@")[0]


# --- lenses -------------------------------------------------------------------------------------

Find = Callable[[Wiring, str], Sequence[str] | frozenset[str]]
KINDS: Mapping[str, Find] = {
    "path_here": way_to,
    "who_gets_here": lambda wiring, block: before(edges_of(wiring), block),
    "what_comes_after": lambda wiring, block: behind(edges_of(wiring), block),
}
"""By the word that says it."""
SYMBOLS: Mapping[str, str] = {
    "path_here": "jump", "who_gets_here": "split", "what_comes_after": "right"
}  # fmt: skip


@dataclass(slots=True)
class PathLens:
    """The ways of one block."""

    session: Session
    language: Language
    words: Mapping[str, str]
    kind: str
    block: str
    symbol: str = field(init=False)

    def __post_init__(self) -> None:
        self.symbol = SYMBOLS[self.kind]

    def view(self) -> View | None:
        wiring = self.session.wiring
        step = wiring.steps.get(self.block)
        if step is None:
            return None
        found = KINDS[self.kind](wiring, self.block)
        named = self.words[f"lens_{self.kind}"].format(name=face_of(step, self.language).title)
        document, label = self.session.document(self.language), self.words["canvas_on_path"]
        if not found:
            title = f"{named}: {self.words['nobody_gets_here']}"
            return View(title=title, path=lit(document, [self.block], label))
        if isinstance(found, frozenset):
            count = self.words["lens_of_blocks"].format(n=len(found & wiring.steps.keys()) - 1)
            return View(title=f"{named}: {count}", path=lit(document, found, label))
        count = self.words["lens_of_steps"].format(n=len(found))
        return View(title=f"{named}: {count}", path=numbered(document, found, label))

    def close(self) -> None:
        pass


@dataclass(slots=True)
class ShownPath:
    """The path that a problem shows: a counter-example, a loop."""

    session: Session
    language: Language
    words: Mapping[str, str]
    path: Sequence[str]
    title: str
    symbol: str = "warn"

    def view(self) -> View | None:
        wiring = self.session.wiring
        if not all(step in wiring.steps or step in wiring.endings for step in self.path):
            return None
        document, label = self.session.document(self.language), self.words["canvas_on_path"]
        return View(title=self.title, path=numbered(document, self.path, label))

    def close(self) -> None:
        pass


@dataclass(slots=True)
class ChannelLens:
    """Which blocks do not work on which channels: there they take their way out."""

    session: Session
    words: Mapping[str, str]
    symbol: str = "phone"

    def view(self) -> View | None:
        blocks: dict[str, canvas.Mark] = {}
        for step in self.session.wiring.steps.values():
            if media := failing_on(step):
                said = ", ".join(self.words[f"not_on_{medium}"] for medium in media)
                blocks[step.id] = {"look": "missed", "text": said}
        marks: canvas.Marks = {"blocks": blocks, "wires": {}, "quiet": bool(blocks)}
        title = self.words["lens_channels" if blocks else "lens_channels_none"]
        return View(title=title, marks=marks)

    def close(self) -> None:
        pass


def failing_on(step: WiredStep) -> tuple[Medium, ...]:
    """The media that a block does not work on. Of the messengers, all fail or none."""
    if step.block is None:
        return ()
    works_on = step.block.channels
    return tuple(medium for medium in get_args(Medium) if medium not in works_on)

"""Two texts of a flow on one canvas: the newer one, with what was taken out where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from designer import canvas
from designer.drawing import Drawing, draw
from designer.versions.difference import Difference
from designer.words import Language, words
from flowlang.layout import Rect

WAS = "was:"
"""Begins the ids of what is not there any more."""
GAP = 24
STEPS_MAX = 400
"""So often something is moved down to find a free place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    document: canvas.Document
    marks: canvas.Marks
    shown: Mapping[str, str]
    """The card of each change: by the id of its step, that of before if it is gone."""


def compared(found: Difference, language: Language) -> Compared:
    now = draw(found.new, language)
    back = {new: old for old, new in found.pairs.items()}
    was = draw(found.old, language, before=now.arrangement.renamed(back))
    return _Comparison(found, now, was, words(language)).compared()


class _Comparison:
    def __init__(
        self, found: Difference, now: Drawing, was: Drawing, said: Mapping[str, str]
    ) -> None:
        self.found = found
        self.now = now.document
        self.was = was.document
        self.said = said
        self.gone = {c.old.id for c in found.changes if c.kind == "removed" and c.old}
        self.come = {c.new.id for c in found.changes if c.kind == "added" and c.new}
        self.marks: canvas.Marks = {"blocks": {}, "wires": {}, "quiet": True}

    def compared(self) -> Compared:
        moved = list(_freed(list(self._ghosts()), self.now["nodes"]))
        nodes = [*self.now["nodes"], *moved]
        ghosts = list(self._ghost_wires({node["id"] for node in nodes}))
        wires = [*self.now["wires"], *ghosts]
        sections = [*self.now["sections"]]
        known = {section["id"] for section in sections}
        needed = {node["section"] for node in moved}
        for section in self.was["sections"]:
            name = WAS + section["id"]
            if name in needed - known:
                sections.append({**section, "id": name})
        self._mark_blocks()
        self._mark_wires(ghosts)
        document: canvas.Document = {
            "nodes": nodes, "wires": wires, "sections": sections, "entry": self.now["entry"]
        }  # fmt: skip
        return Compared(document=document, marks=self.marks, shown=self._shown())

    def _shown(self) -> dict[str, str]:
        return {
            change.step.id: change.step.id if change.new else WAS + change.step.id
            for change in self.found.changes
        }

    # --- what is gone -------------------------------------------------------------------------

    def _ghosts(self) -> Iterator[canvas.Node]:
        """Cards of removed blocks, with the endings beside them."""
        own = {section["id"] for section in self.now["sections"]}
        for node in self.was["nodes"]:
            if _owner(node["id"]) in self.gone:
                section = node["section"]
                yield {
                    **node,
                    "id": WAS + node["id"],
                    "section": section if section in own else WAS + section,
                    "problem": None,
                }

    def _ghost_wires(self, nodes: set[str]) -> Iterator[canvas.Wire]:
        """The ways that nobody takes any more, as far as both ends are still shown."""
        ports = {node["id"]: {port["id"] for port in node["ports"]} for node in self.now["nodes"]}
        leads = {(wire["source"], wire["port"]): wire["target"] for wire in self.now["wires"]}
        for wire in self.was["wires"]:
            if wire["faint"]:
                continue
            source, target = self._end(wire["source"]), self._end(wire["target"])
            is_kept = not source.startswith(WAS)
            if is_kept and not self._is_gone(wire["port"], source, target, ports, leads):
                continue
            if target not in nodes:
                continue
            yield {**wire, "id": WAS + wire["id"], "source": source, "target": target,
                   "label": None}  # fmt: skip

    def _is_gone(
        self, port: str, source: str, target: str,
        ports: Mapping[str, set[str]], leads: Mapping[tuple[str, str], str],
    ) -> bool:  # fmt: skip
        if port not in ports.get(source, ()):
            return False
        now = leads.get((source, port))
        return now != target and (target.startswith(WAS) or _owner(now or "") not in self.come)

    def _end(self, node: str) -> str:
        """An end of a wire of before, on the canvas of now."""
        owner = _owner(node)
        if owner in self.gone:
            return WAS + node
        if owner in self.found.pairs:
            mapped = self.found.pairs[owner]
            return node.replace(f"@{owner}>", f"@{mapped}>") if "@" in node else mapped
        return node

    # --- marks --------------------------------------------------------------------------------

    def _mark_blocks(self) -> None:
        shown = self._shown()
        for change in self.found.changes:
            mark: canvas.Mark = {"look": change.kind, "text": self.said[f"diff_{change.kind}"]}
            self.marks["blocks"][shown[change.step.id]] = mark

    def _mark_wires(self, ghosts: list[canvas.Wire]) -> None:
        back = {new: old for old, new in self.found.pairs.items()}
        leads = {
            (wire["source"], wire["port"]): self._end(wire["target"]) for wire in self.was["wires"]
        }
        for wire in self.now["wires"]:
            if wire["faint"]:
                continue
            old = back.get(wire["source"])
            before = leads.get((old, wire["port"])) if old else None
            if before is None or _owner(wire["target"]) in self.come:
                self.marks["wires"][wire["id"]] = {"look": "added"}
            elif before != wire["target"]:
                self.marks["wires"][wire["id"]] = {"look": "changed"}
        for wire in ghosts:
            self.marks["wires"][wire["id"]] = {"look": "removed"}


def _owner(node: str) -> str:
    """The step that a card belongs to: a chip of an ending stands beside its step."""
    chip, at, wire = node.partition("@")
    return wire.rpartition(">")[0] if at else chip


# --- room ---------------------------------------------------------------------------------------


def _freed(moved: list[canvas.Node], standing: list[canvas.Node]) -> Iterator[canvas.Node]:
    """What is gone, moved down until it covers nothing."""
    taken = [_rect(node) for node in standing]
    for node in moved:
        own = _rect(node)
        for _ in range(STEPS_MAX):
            hit = next((other for other in taken if _overlap(own, other)), None)
            if hit is None:
                break
            own = own._replace(y=hit.bottom + GAP)
        taken.append(own)
        yield {**node, "y": own.y}


def _rect(node: canvas.Node) -> Rect:
    return Rect(int(node["x"]), int(node["y"]), int(node["w"]), int(node["h"]))


def _overlap(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )

"""A flow as the canvas shows it: cards with their ports, wires, sections, and where all stand.

The document is what the canvas element loads; `changes` says how one document becomes another, so
that after an edit only what changed is sent. Section by section, what looks as it did in the
drawing before is taken over from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from designer.faces import Face, face_of, said, units
from flowlang.asking import Answers, Asking, still_hold
from flowlang.block import Block
from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.words import Language
from flowlang.layout import Arrangement, Card, Lane, Point, arrange
from flowlang.layout.links import links_of
from flowlang.model import BLANK, OtherwisePort, Port, ValuePort, WordPort
from flowlang.parameters import Parameters
from flowlang.wiring import Wire, WiredSection, WiredStep, Wiring

if TYPE_CHECKING:  # the element brings NiceGUI, which drawing does without
    from designer import canvas

WIDTH, WIDE = 220, 248
OUTCOMES_WIDE = 4
"""From so many outcome rows on, a card is wide."""
HEADER, TITLE, LINE, BOTTOM = 36, 20, 18, 10
NOTE = 26
ROW, ROWS_TOP, ROWS_BOTTOM = 24, 4, 5
INPUT_Y = 22
ERROR_X = 24
CHIP_HEIGHT, CHIP_GAP_X, CHIP_GAP_Y = 44, 40, 24
CHIP_PAD = 64
"""Of a chip's width, what is not its words: tile and margins."""
UNIT = 7
FAR = 900
"""A wire longer than this, or one that leads back, says what it stands for."""
KEYS = re.compile(r"[0-9*#]")
UNKNOWN_CATEGORY: Literal["integrate"] = "integrate"
UNKNOWN_ICON = "warn"
Naming = Callable[[str], str]
"""What people call the place that a wire leads to."""
_Marks = Mapping[str, "canvas.Problem"]
"""By block."""
ON_ERROR: Mapping[Language, str] = {"en": "When something fails", "ko": "오류가 나면"}
OTHERWISE: Mapping[Language, str] = {"en": "otherwise", "ko": "그 밖에"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    document: canvas.Document
    arrangement: Arrangement
    parts: Mapping[str, _Part] = field(repr=False)
    """By section."""
    order: _Order = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A card before it has a place."""

    step: WiredStep
    face: Face
    width: int
    height: int
    ports: tuple[canvas.Port, ...]
    chips: tuple[tuple[str, str, Point], ...]
    """Endings that its outcomes lead to: id, kind, place from the card's corner."""

    @property
    def footprint(self) -> Card:
        """The room it takes with its chips."""
        width, height = self.width, self.height
        for _, kind, at in self.chips:
            width = max(width, at.x + _chip_width(kind))
            height = max(height, at.y + CHIP_HEIGHT)
        return Card(id=self.step.id, width=width, height=height)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cards:
    """The cards of a section, before they have places."""

    section: WiredSection
    plans: Mapping[str, _Plan]
    lane: Lane
    near: Collection[str]
    """Its steps, and those that its wires lead to."""
    answers: Answers
    """Of the rest of the flow."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """A section as it is drawn."""

    cards: _Cards
    marks: _Marks
    nodes: Sequence[canvas.Node]
    wires: Sequence[canvas.Wire]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What decides where everything stands."""

    lanes: Sequence[Lane]
    links: Mapping[str, Sequence[str]]
    placed: Mapping[str, Point]


def draw(
    wiring: Wiring,
    language: Language = "en",
    *,
    problems: Sequence[Problem] = (),
    before: Arrangement | None = None,
    exactly: bool = False,
    folded: Iterable[str] = (),
    known: Drawing | None = None,
) -> Drawing:
    """The document of a flow. With the arrangement before an edit, what stood keeps its place;
    `exactly` if that arrangement was this flow's own. `known` is a drawing in the same language."""
    old = known.parts if known else {}
    cards = {
        name: _cards(section, wiring, language, old.get(name))
        for name, section in wiring.sections.items()
    }
    order = _order(wiring, cards)
    if exactly and before and before.cards.keys() == wiring.steps.keys():
        arrangement = before
    else:
        arrangement = _arranged(order, before, known)
    was = known.arrangement if known else None
    marks = _marks(problems, language)
    parts = {}
    for name, each in cards.items():
        part, own = old.get(name), marks.get(name, {})
        if part is None or not _is_as_it_was(part, each, own, was, arrangement):
            part = _part(each, arrangement, own, language)
        parts[name] = part
    nodes = [node for part in parts.values() for node in part.nodes]
    wires = [wire for part in parts.values() for wire in part.wires]
    nodes += _shared_endings(wires, wiring, nodes, language)
    sections = _sections(wiring, frozenset(folded))
    document: canvas.Document = {
        "nodes": nodes, "wires": wires, "sections": sections, "entry": wiring.start,
    }  # fmt: skip
    return Drawing(document=document, arrangement=arrangement, parts=parts, order=order)


def _sections(wiring: Wiring, folded: Collection[str]) -> list[canvas.Section]:
    return [
        {
            "id": section.name,
            "label": section.title or section.name,
            "count": len(section.steps),
            "folded": section.name in folded,
        }
        for section in wiring.document.sections.values()
        if section.steps
    ]


def changes(old: canvas.Document, new: canvas.Document) -> canvas.Changes:
    """What makes `new` of `old`; empty, if they are the same."""
    found: dict[str, Any] = {}
    for key in ("nodes", "wires", "sections"):
        before = {item["id"]: item for item in old[key]}
        after = {item["id"]: item for item in new[key]}
        put = [
            item
            for item in after.values()
            if (was := before.get(item["id"])) is not item and was != item
        ]
        drop = [item_id for item_id in before if item_id not in after]
        found |= {name: items for name, items in ((key, put), (f"drop_{key}", drop)) if items}
    if old["entry"] != new["entry"]:
        found["entry"] = new["entry"]
    return found  # type: ignore[return-value]


# --- sections -----------------------------------------------------------------------------------


def _cards(section: WiredSection, wiring: Wiring, language: Language, old: _Part | None) -> _Cards:
    if old and old.cards.section is section and still_hold(old.cards.answers, wiring):
        return old.cards
    rest = Asking(wiring)
    plans = {
        step.id: _plan(step, section, partial(rest.ask, _place_name, language), language)
        for step in section.steps.values()
    }
    lane = Lane(name=section.section.name, cards=tuple(plan.footprint for plan in plans.values()))
    near = {wire.target for step in section.steps.values() for wire in step.wires if wire.target}
    return _Cards(
        section=section, plans=plans, lane=lane, near=near | plans.keys(), answers=rest.answers
    )


def _is_as_it_was(
    part: _Part, cards: _Cards, marks: _Marks, was: Arrangement | None, now: Arrangement
) -> bool:
    if part.cards is not cards or part.marks != marks or was is None:
        return False
    return was is now or all(was.cards.get(key) == now.cards.get(key) for key in cards.near)


def _part(cards: _Cards, arrangement: Arrangement, marks: _Marks, language: Language) -> _Part:
    nodes = [
        node
        for step_id, plan in cards.plans.items()
        for node in _nodes(plan, arrangement.cards[step_id], marks, cards.section, language)
    ]
    wires = [wire for plan in cards.plans.values() for wire in _wires(plan, arrangement)]
    return _Part(cards=cards, marks=marks, nodes=nodes, wires=wires)


# --- cards --------------------------------------------------------------------------------------


def _plan(step: WiredStep, section: WiredSection, place_name: Naming, language: Language) -> _Plan:
    face = face_of(step, language)
    shown = [wire for wire in step.wires if _is_shown(step, wire)]
    outcomes = [wire for wire in shown if wire.port != "error"]
    outcomes.sort(key=lambda wire: wire.port != "next")
    has_rows = not (len(outcomes) == 1 and outcomes[0].port == "next")
    width = WIDE if has_rows and len(outcomes) >= OUTCOMES_WIDE else WIDTH
    height = HEADER + TITLE + LINE * len(face.lines) + BOTTOM + (NOTE if note_of(step) else 0)
    ports: list[canvas.Port] = []
    if has_rows and outcomes:
        for index, wire in enumerate(outcomes):
            y = height + ROWS_TOP + ROW * index + ROW // 2
            ports.append(_port(step, wire, place_name, language, width, y, "outcome"))
        height += ROWS_TOP + ROW * len(outcomes) + ROWS_BOTTOM
    elif outcomes:
        ports.append(_port(step, outcomes[0], place_name, language, width, INPUT_Y, "next"))
    ports.extend(
        _port(step, wire, place_name, language, ERROR_X, height, "error")
        for wire in shown
        if wire.port == "error"
    )
    chips = tuple(_chips(step, section, ports, width, height))
    return _Plan(step=step, face=face, width=width, height=height, ports=tuple(ports), chips=chips)


def note_of(step: WiredStep) -> str:
    """The comment above a step."""
    return "\n".join("" if line == BLANK else line for line in step.step.comments)


def _is_shown(step: WiredStep, wire: Wire) -> bool:
    """Whether an outcome has a port of its own: what just ends, what follows another outcome and
    a harmless error do not, unless a line says where they lead."""
    if wire.spoken is not None:
        return True
    outcome = step.ports.word(wire.port)
    if wire.role == "end" or (outcome and outcome.like):
        return False
    return not (wire.port == "error" and wire.role == "next")


def _port(
    step: WiredStep, wire: Wire, place_name: Naming, language: Language, x: int, y: int,
    role: Literal["outcome", "next", "error"],
) -> canvas.Port:  # fmt: skip
    label, key = _port_words(step, wire, place_name, language)
    return {"id": wire.port, "label": label, "key": key, "x": x, "y": y, "role": role}


def _port_words(
    step: WiredStep, wire: Wire, place_name: Naming, language: Language
) -> tuple[str, str | None]:
    """What a person reads at a port: a key's label is where it leads."""
    port: Port | None = wire.spoken
    match port:
        case ValuePort():
            text = wire.port.strip('"')
            if KEYS.fullmatch(text):
                return place_name(wire.target or ""), text
            return text, None
        case OtherwisePort():
            return OTHERWISE[language], None
        case None | WordPort():
            outcome = step.ports.word(wire.port)
            return (said(outcome.title, language) if outcome else wire.port), None
        case _:
            return wire.port, None


def _place_name(wiring: Wiring, language: Language, target: str) -> str:
    if target in wiring.steps:
        section = wiring.steps[target].section
        return section.title or section.name
    if target in wiring.endings:
        return said(wiring.endings[target].card.title, language)
    return ""


def _nodes(
    plan: _Plan,
    at: Point,
    marks: _Marks,
    section: WiredSection,
    language: Language,
) -> Iterator[canvas.Node]:
    step = plan.step
    card = step.block.card if step.block else None
    yield {
        "id": step.id,
        "section": step.section.name,
        "kind": step.step.kind,
        "category": card.category if card else UNKNOWN_CATEGORY,
        "icon": f"i-{card.icon if card else UNKNOWN_ICON}",
        "label": said(card.title, language) if card else step.step.kind,
        "title": plan.face.title,
        "lines": list(plan.face.lines),
        "note": note_of(step),
        "x": at.x,
        "y": at.y,
        "w": plan.width,
        "h": plan.height,
        "ports": list(plan.ports),
        "problem": marks.get(step.id),
    }
    for chip_id, kind, offset in plan.chips:
        corner = Point(at.x + offset.x, at.y + offset.y)
        yield _chip(chip_id, section.endings[kind], step.section.name, corner, language)


# --- endings without a step ---------------------------------------------------------------------


def _chips(
    step: WiredStep, section: WiredSection, ports: Sequence[canvas.Port], width: int, height: int
) -> Iterator[tuple[str, str, Point]]:
    """One chip for each ending that the outcome lines of a step lead to, beside its port."""
    places = {port["id"]: port for port in ports}
    seen: set[str] = set()
    bottom = 0
    below = height + CHIP_GAP_Y
    for wire in sorted(step.wires, key=lambda wire: wire.port == "error"):
        kind = wire.target
        if kind not in section.endings or kind in seen or wire.role == "error":
            continue
        port = places.get(wire.port)
        if kind is None or port is None:
            continue
        seen.add(kind)
        if port["role"] == "error":
            at = Point(2 * ERROR_X, below)
            below += CHIP_HEIGHT + CHIP_GAP_Y // 2
        else:
            at = Point(width + CHIP_GAP_X, max(int(port["y"]) - INPUT_Y, bottom))
            bottom = at.y + CHIP_HEIGHT + CHIP_GAP_Y // 2
        yield f"{kind}@{wire.id}", kind, at


def _shared_endings(
    wires: Sequence[canvas.Wire],
    wiring: Wiring,
    nodes: Sequence[canvas.Node],
    language: Language,
) -> list[canvas.Node]:
    """The chips that all errors without a line of their own lead to, below everything."""
    targets = {wire["target"] for wire in wires}
    bottom = max((node["y"] + node["h"] for node in nodes), default=0)
    left = min((node["x"] for node in nodes), default=0)
    found = []
    for kind, block in wiring.endings.items():
        chip_id = _shared_id(kind)
        if chip_id in targets:
            chip = _chip(chip_id, block, "", Point(int(left), int(bottom) + 96), language)
            found.append({**chip, "title": ON_ERROR[language], "w": WIDTH, "h": CHIP_HEIGHT + 22})
            left += WIDTH + CHIP_GAP_X
    return found  # type: ignore[return-value]


def _shared_id(kind: str) -> str:
    return f"{kind}@on error"


def _chip(
    chip_id: str, block: type[Block[Parameters]], section: str, at: Point, language: Language
) -> canvas.Node:
    return {
        "id": chip_id,
        "section": section,
        "kind": block.kind,
        "category": block.card.category,
        "icon": f"i-{block.card.icon}",
        "label": said(block.card.title, language),
        "title": "",
        "lines": [],
        "note": "",
        "x": at.x,
        "y": at.y,
        "w": _chip_width(block.kind),
        "h": CHIP_HEIGHT,
        "ports": [],
        "problem": None,
    }


def _chip_width(kind: str) -> int:
    """By the kind's word, so that it is the same in every language."""
    return -(-(CHIP_PAD + UNIT * units(kind) + 2 * ERROR_X) // 8) * 8


# --- wires --------------------------------------------------------------------------------------


def _wires(plan: _Plan, arrangement: Arrangement) -> Iterator[canvas.Wire]:
    """The wires of a card; of several to one target the first says all their names."""
    chips = {kind: chip_id for chip_id, kind, _ in plan.chips}
    labels = {port["id"]: port["key"] or port["label"] for port in plan.ports}
    found: list[tuple[Wire, str]] = []
    for wire in plan.step.wires:
        if wire.port in labels and wire.target is not None:
            target = wire.target
            if target not in arrangement.cards:
                target = _shared_id(target) if wire.role == "error" else chips.get(target, "")
            if target:
                found.append((wire, target))
    named: set[str] = set()
    for wire, target in found:
        label = None
        if target not in named and wire.role == "routed" and _runs_far(plan, target, arrangement):
            label = " · ".join(labels[w.port] for w, t in found if t == target and labels[w.port])
            named.add(target)
        yield {
            "id": wire.id,
            "source": wire.source,
            "port": wire.port,
            "target": target,
            "label": label or None,
            "faint": wire.role == "error",
        }


def _runs_far(plan: _Plan, target: str, arrangement: Arrangement) -> bool:
    to = arrangement.cards.get(target)
    if to is None:
        return False
    start = arrangement.cards[plan.step.id]
    across = to.x - (start.x + plan.width)
    return across < 0 or across + abs(to.y - start.y) > FAR


# --- places -------------------------------------------------------------------------------------


def _order(wiring: Wiring, cards: Mapping[str, _Cards]) -> _Order:
    layout = wiring.document.layout
    return _Order(
        lanes=[each.lane for each in cards.values() if each.plans],
        links=links_of(wiring),
        placed={item.id: Point(item.x, item.y) for item in (layout.places if layout else ())},
    )


def _arranged(order: _Order, before: Arrangement | None, known: Drawing | None) -> Arrangement:
    """Nothing moves unless something else is to be placed."""
    if known and before is known.arrangement and order == known.order:
        return before
    found = arrange(order.lanes, order.links, placed=order.placed, before=before)
    return before if before is not None and found == before else found


# --- problems -----------------------------------------------------------------------------------


def _marks(problems: Sequence[Problem], language: Language) -> dict[str, dict[str, canvas.Problem]]:
    """One mark a block: the worst problem, and how many there are; by section."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.block and problem.severity != "hint":
            found.setdefault(problem.block, []).append(problem)
    marks: dict[str, dict[str, canvas.Problem]] = {}
    for block, several in found.items():
        worst = min(several, key=lambda problem: problem.severity != "error")
        marks.setdefault(block.partition(".")[0], {})[block] = {
            "level": "error" if worst.severity == "error" else "warning",
            "count": len(several),
            "text": words.message(worst, language),
        }
    return marks

"""A flow as an SVG picture, drawn from the layout that the canvas has: no program is needed.

A section is a lane, a step a card with a row for each way on; an arrow begins at its row. Ways that
end are said in the row. Ways that nobody wrote are faint and dashed, those that close a circle have
a colour and a sign.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from flowlang.catalogue import Catalogue
from flowlang.diagnostics.words import Language
from flowlang.interchange.pictures import (
    BACK,
    EMPTY,
    FAINT,
    FONT,
    Arrow,
    arrows_of,
    label_of,
    visible,
)
from flowlang.layout import Arrangement, Card, Lane, Point, Rect, around, arrange
from flowlang.layout.links import links_of
from flowlang.model import Document
from flowlang.wiring import Wiring, wire

CARD_WIDTH = 208
TITLE_HEIGHT, DETAIL_HEIGHT, ROW_HEIGHT = 26, 16, 18
PAD = 10
MARGIN = 48
HEADING_HEIGHT = 36
EMPTY_SIZE = 360, 80
LETTER_WIDTHS = {"title": 6.9, "detail": 5.9, "row": 5.6}
"""Of a usual letter, at the size of each text; the wide ones of Korean count twice."""
BEND = 40
"""The least that an arrow goes straight out of its row."""
ROOM_ABOVE_CARD, ROOM_ABOVE_LANE = 20, 60
"""Where arrows run that lead back."""
STYLE = f"""\
text{{font-family:{FONT};fill:#1f2937}}
.heading{{font-size:16px;font-weight:600}}
.lane{{fill:#f8fafc;stroke:#cbd5e1}}
.name{{font-size:12px;fill:#475569}}
.card{{fill:#fff;stroke:#64748b}}
.start{{stroke-width:2.5}}
.title{{font-size:12px;font-weight:600}}
.detail{{font-size:11px;fill:#475569}}
.row{{font-size:10px;fill:#475569;text-anchor:end}}
.way{{fill:none;stroke:#475569;stroke-width:1.2;marker-end:url(#tip)}}
.back{{stroke:{BACK};marker-end:url(#tip-back)}}
.faint{{stroke:{FAINT};stroke-dasharray:4 3;opacity:.55;marker-end:url(#tip-faint)}}
.row.back,.row.faint{{stroke:none;opacity:1}}
.row.back{{fill:{BACK}}}
.row.faint{{fill:{FAINT}}}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    wiring: Wiring
    arrows: Mapping[str, Sequence[Arrow]]
    """By the step where they begin."""
    labels: Mapping[str, Sequence[str]]
    places: Arrangement

    def card(self, step_id: str) -> Rect:
        height = _height(self.labels[step_id], self.arrows[step_id])
        return Rect(*self.places.cards[step_id], CARD_WIDTH, height)

    def row(self, arrow: Arrow) -> Point:
        """Where it leaves its card."""
        card = self.card(arrow.source)
        if not _said(arrow):
            return Point(card.right, card.y + TITLE_HEIGHT // 2)
        number = _rows(self.arrows[arrow.source]).index(arrow)
        top = card.y + _head(self.labels[arrow.source])
        return Point(card.right, top + number * ROW_HEIGHT + ROW_HEIGHT // 2)


def to_svg(document: Document, catalogue: Catalogue, language: Language = "en") -> str:
    wiring = wire(document, catalogue)
    if not wiring.steps:
        width, height = EMPTY_SIZE
        text = _text("detail", width // 2, height // 2, EMPTY[language], anchor="middle")
        return _document(Rect(0, 0, width, height), "", [text])
    picture = _arranged(wiring, language)
    lanes = list(picture.places.lanes.values())
    frame = around([*lanes, *map(picture.card, wiring.steps)]).grown(MARGIN, MARGIN)
    header = document.header
    heading = visible((header.title or header.name) if header else "")
    frame = Rect(frame.x, frame.y - HEADING_HEIGHT, frame.width, frame.height + HEADING_HEIGHT)
    drawn = [
        _text("heading", frame.x + MARGIN, frame.y + HEADING_HEIGHT - 6, heading),
        *_lanes(picture),
        *_ways(picture),
        *_cards(picture),
    ]
    return _document(frame, heading, drawn)


# --- places -----------------------------------------------------------------------------------


def _arranged(wiring: Wiring, language: Language) -> _Picture:
    arrows: dict[str, list[Arrow]] = {step_id: [] for step_id in wiring.steps}
    for arrow in arrows_of(wiring):
        arrows[arrow.source].append(arrow)
    labels = {step_id: label_of(step, language) for step_id, step in wiring.steps.items()}
    lanes = [
        Lane(
            name=section.name,
            cards=tuple(
                Card(id=it, width=CARD_WIDTH, height=_height(labels[it], arrows[it]))
                for it in dict.fromkeys(section.step_ids)
            ),
        )
        for section in wiring.document.sections.values()
        if section.steps
    ]
    layout = wiring.document.layout
    placed = {item.id: Point(item.x, item.y) for item in (layout.places if layout else ())}
    places = arrange(lanes, links_of(wiring), placed=placed)
    return _Picture(wiring=wiring, arrows=arrows, labels=labels, places=places)


def _head(label: Sequence[str]) -> int:
    return TITLE_HEIGHT + DETAIL_HEIGHT * (len(label) - 1)


def _height(label: Sequence[str], arrows: Sequence[Arrow]) -> int:
    return _head(label) + ROW_HEIGHT * len(_rows(arrows)) + PAD // 2


def _rows(arrows: Sequence[Arrow]) -> list[Arrow]:
    """What just goes on needs no row."""
    return [arrow for arrow in arrows if _said(arrow)]


# --- shapes -----------------------------------------------------------------------------------


def _document(frame: Rect, title: str, drawn: Sequence[str]) -> str:
    box = f"{frame.x} {frame.y} {frame.width} {frame.height}"
    tips = "".join(
        f'<marker id="tip{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("", "#475569"), ("-back", BACK), ("-faint", FAINT))
    )
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{frame.width}" '
        f'height="{frame.height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f"<defs>{tips}</defs>",
        f'<rect x="{frame.x}" y="{frame.y}" width="100%" height="100%" fill="#fff"/>',
        *drawn,
        "</svg>",
    )
    return "\n".join(lines) + "\n"


def _text(kind: str, x: int, y: int, text: str, *, anchor: str = "") -> str:
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{x}" y="{y}"{placed}>{escape(text)}</text>'


def _box(kind: str, rect: Rect, radius: int) -> str:
    return (
        f'<rect class="{kind}" x="{rect.x}" y="{rect.y}" width="{rect.width}" '
        f'height="{rect.height}" rx="{radius}"/>'
    )


def _lanes(picture: _Picture) -> Iterator[str]:
    for section in picture.wiring.document.sections.values():
        rect = picture.places.lanes.get(section.name)
        if rect is not None:
            yield _box("lane", rect, 10)
            title = visible(section.title or section.name)
            yield _text("name", rect.x + PAD, rect.y + 20, _fitting(title, "title", rect.width))


def _cards(picture: _Picture) -> Iterator[str]:
    for step_id in picture.wiring.steps:
        card, (title, *details) = picture.card(step_id), picture.labels[step_id]
        start = " start" if step_id == picture.wiring.start else ""
        yield f"<g id={quoteattr(step_id)}>"
        yield _box(f"card{start}", card, 8)
        left, width = card.x + PAD, CARD_WIDTH - 2 * PAD
        yield _text("title", left, card.y + 18, _fitting(title, "title", width))
        for detail in details:
            yield _text("detail", left, card.y + 34, _fitting(detail, "detail", width))
        for arrow in _rows(picture.arrows[step_id]):
            at = picture.row(arrow)
            said = _fitting(_said(arrow), "row", width)
            yield _text(f"row{_look(arrow)}", at.x - PAD, at.y + 4, said)
        yield "</g>"


def _said(arrow: Arrow) -> str:
    return f"{arrow.label} ■ {arrow.target}".strip() if arrow.is_ending else arrow.label


def _look(arrow: Arrow) -> str:
    if arrow.is_default_error:
        return " faint"
    return " back" if arrow.is_back else ""


def _fitting(text: str, kind: str, width: int) -> str:
    """As much of a text as there is room for."""
    room = width / LETTER_WIDTHS[kind]
    for index, letter in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 1 and index + 1 < len(text):
            return text[:index] + "…"
    return text


def _ways(picture: _Picture) -> Iterator[str]:
    """The faint ones first, below the others."""
    arrows = [it for found in picture.arrows.values() for it in found if not it.is_ending]
    for arrow in sorted(arrows, key=lambda it: not it.is_default_error):
        start, card = picture.row(arrow), picture.card(arrow.target)
        end = Point(card.x, card.y + TITLE_HEIGHT // 2)
        stays = picture.wiring.steps[arrow.target].section.name == arrow.section
        above = card.y - ROOM_ABOVE_CARD if stays else card.y - ROOM_ABOVE_LANE
        yield f'<path class="way{_look(arrow)}" d="{_curve(start, end, above)}"/>'


def _curve(start: Point, end: Point, above: int) -> str:
    """Out to the right and in from the left; what leads back goes in the room above the target."""
    ahead = end.x - start.x
    if ahead >= BEND // 2:
        out, into = start.x + max(ahead // 2, BEND), end.x - max(ahead // 2, BEND)
        return f"M{start.x} {start.y}C{out} {start.y} {into} {end.y} {end.x} {end.y}"
    out, into = start.x + BEND, end.x - BEND
    return (
        f"M{start.x} {start.y}C{out} {start.y} {out} {above} {start.x} {above}H{end.x}"
        f"C{into} {above} {into} {end.y} {end.x} {end.y}"
    )

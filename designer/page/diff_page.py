"""One version of a flow beside another, or alone: on the canvas, block by block, and as text.

Nothing is changed here, but that a version can be brought back as one edit.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from nicegui.element import Element

from designer.bar import top
from designer.canvas import Document, FlowCanvas, Look
from designer.drawing import draw
from designer.html import button, icon, tag, text
from designer.page.bar import draw_name
from designer.page.lens import SIGNS, draw_sign
from designer.page.versions_tab import title_of, when
from designer.session import Session
from designer.versions.compared import Compared, compared
from designer.versions.difference import BlockChange, Difference, Kind, Row, difference
from designer.versions.lines import Hunk, Line, Part, Side, side_by_side
from designer.versions.shelf import Held
from designer.visitor import Visitor
from designer.words import Language, canvas_words, words
from designer.workspace import Listed
from flowlang.syntax.parser import parse
from flowlang.wiring import Wiring, wire

KINDS: tuple[Kind, ...] = ("added", "removed", "changed")


class DiffPage:
    """`old` is None where a version is only looked at."""

    def __init__(
        self, session: Session, listed: Listed, language: Language, old: Held | None, new: Held,
        *, home: str, visitor: Visitor,
    ) -> None:  # fmt: skip
        self.visitor = visitor
        self.session = session
        self.listed = listed
        self.language = language
        self.words = words(language)
        self.old = old
        self.new = new
        self.address = f"{home}/{listed.address}"
        self._at = -1
        now = self._wiring(new)
        self._found: Difference | None = None
        self._shown: Compared | None = None
        self._document: Document
        if old:
            self._found = difference(self._wiring(old), now, language)
            self._shown = compared(self._found, language)
            self._document = self._shown.document
        else:
            self._document = draw(now, language).document

    def _wiring(self, held: Held) -> Wiring:
        document = parse(held.text).document
        return wire(document, self.session.catalogue, neighbours=self.session.neighbours)

    @property
    def changes(self) -> tuple[BlockChange, ...]:
        """What came, what went, what changed; of each kind in the order of the text."""
        found = self._found.changes if self._found else ()
        return tuple(sorted(found, key=lambda change: KINDS.index(change.kind)))

    # --- building -----------------------------------------------------------------------------

    def draw(self) -> None:
        with tag("div", "fl-app comparing"):
            self._draw_bar()
            with tag("div", "fl-middle"):
                with tag("section", "fl-canvas", aria_label=self.words["canvas"]):
                    self._canvas = FlowCanvas(
                        lambda: self._document,
                        on_intent=self._on_intent,
                        words=canvas_words(self.language),
                        readonly=True,
                    )
                    self._draw_legend()
                self._draw_text()
            with tag("aside", "fl-inspector", aria_label=self.words["diff_changes"]):
                self._draw_side()

    def _on_intent(self, name: str, args: dict[str, Any]) -> None:
        if name == "ready" and self._shown:
            self._canvas.show_marks(self._shown.marks)
        elif name in ("select", "open"):
            chosen = args["ids"] if name == "select" else [args["id"]]
            for index, change in enumerate(self.changes):
                if self._card(change) in chosen:
                    self._choose(index, moves=False)

    def _draw_bar(self) -> None:
        with top("designer", self.visitor, self.language, speak=self._speak):
            draw_name(self.listed)
            text(self.words["diff_read_only"], "fl-pill")
            tag("span", "fl-grow")
            button(self.words["diff_close"], "fl-btn", symbol="x", on_click=self._close,
                   data_role="close-diff")  # fmt: skip

    def _speak(self, language: Language) -> None:
        ui.navigate.to(self._again(lang=language))

    def _again(self, **more: str) -> str:
        asked = {"compare": self.old.key, "to": self.new.key} if self.old else {
            "version": self.new.key
        }  # fmt: skip
        return f"{self.address}?{urlencode({**asked, **more})}"

    def _close(self) -> None:
        ui.navigate.to(self.address)

    def _draw_legend(self) -> None:
        if self._found is None:
            return
        with tag("div", "fl-lens low", role="status"):
            if not self.changes:
                text(self.words["diff_none"])
            for kind in KINDS:
                count = self._found.count(kind)
                if count:
                    draw_sign(kind, f"{self.words[f'diff_{kind}']} {count}")

    # --- at the side --------------------------------------------------------------------------

    def _draw_side(self) -> None:
        with tag("section", "fl-diff-head"):
            if self.old:
                self._draw_held(self.old, "diff_before")
                icon("right")
            self._draw_held(self.new, "diff_now" if self.old else "diff_version")
        if self.changes:
            with tag("section", "fl-row"):
                text(self.words["diff_changes"], "fl-strong fl-grow", tag="h2")
                self._place = text("", "fl-dim", role="status")
                button("", "fl-icon-btn small", symbol="up", title=self.words["diff_previous"],
                       on_click=lambda: self._step(-1), data_role="previous-change")  # fmt: skip
                button("", "fl-icon-btn small", symbol="down", title=self.words["diff_next"],
                       on_click=lambda: self._step(1), data_role="next-change")  # fmt: skip
            self._list = tag("section", "fl-diff-list")
            self._draw_changes()
        restored = self.old if self.new.kind == "now" else self.new
        if restored and restored.kind not in ("now", "edit"):
            with tag("section"):
                button(self.words["version_restore"], "fl-btn", symbol="undo",
                       on_click=lambda: self._restore(restored), data_role="restore")  # fmt: skip
                text(self.words["version_restore_help"], "fl-dim", tag="p")

    def _draw_held(self, held: Held, word: str) -> None:
        with tag("div", "fl-diff-held"):
            text(self.words[word], "fl-caps")
            text(title_of(held, self.words), "fl-strong fl-cut")
            about = " · ".join(part for part in (when(held.at), held.who) if part)
            text(about or self.words["diff_here"], "fl-dim fl-cut")

    def _draw_changes(self) -> None:
        self._list.clear()
        with self._list:
            kind = ""
            for index, change in enumerate(self.changes):
                if change.kind != kind:
                    kind = change.kind
                    self._draw_kind(change.kind)
                self._draw_change(index, change)
        said = self.words["diff_of"].format(n=self._at + 1, total=len(self.changes))
        self._place.set_text(said if self._at >= 0 else str(len(self.changes)))

    def _draw_kind(self, kind: Kind) -> None:
        assert self._found is not None
        with tag("h3", "fl-label fl-diff-kind"):
            text(self.words[f"diff_{kind}"])
            text(str(self._found.count(kind)))

    def _draw_change(self, index: int, change: BlockChange) -> None:
        is_on = index == self._at
        row = tag("button", f"fl-diff-row {'on' if is_on else ''}", type="button",
                  data_change=change.step.id)  # fmt: skip
        row._props["aria-expanded"] = "true" if is_on else "false"
        with row:
            with tag("span", f"fl-sign m-{change.kind}"):
                text(SIGNS[_look(change.kind)], "fl-sign-mark", aria_hidden="true")
            with tag("span", "fl-grow"):
                text(change.title, "fl-strong fl-cut", tag="div")
                said = f"{self.words[f'diff_{change.kind}']} · {change.label}"
                text(said, "fl-dim fl-cut", tag="div")
        row.on("click", lambda _: self._choose(index))
        if is_on:
            self._draw_rows([row for row in change.rows if row.differs] or list(change.rows))

    def _draw_rows(self, rows: list[Row]) -> None:
        with tag("table", "fl-diff-table"):
            with tag("tr"):
                text("", tag="th")
                text(self.words["diff_before"], tag="th")
                text(self.words["diff_now"], tag="th")
            for row in rows:
                with tag("tr"):
                    with tag("th", "", scope="row"):
                        if row.is_outcome:
                            icon("right")
                        text(row.label)
                    _draw_value(row.before, "was" if row.differs else "")
                    _draw_value(row.now, "is" if row.differs else "")

    def _step(self, by: int) -> None:
        self._choose((self._at + by) % len(self.changes))

    def _choose(self, index: int, *, moves: bool = True) -> None:
        if index == self._at:
            return
        self._at = index
        self._draw_changes()
        if moves:
            self._canvas.focus(self._card(self.changes[index]))

    def _card(self, change: BlockChange) -> str:
        return self._shown.shown[change.step.id] if self._shown else change.step.id

    def _restore(self, held: Held) -> None:
        """Bring it back into the file; undo takes that back."""
        self.session.replace_text(held.text)
        self._close()

    # --- as text ------------------------------------------------------------------------------

    def _draw_text(self) -> None:
        with tag("div", "fl-panel"):
            with tag("div", "fl-tabs"), tag("span", "fl-tab on"):
                icon("text")
                text(self.words["text"])
            with tag("div", "fl-panel-in"), tag("div", "fl-lines", tabindex="0", role="region",
                                                aria_label=self.words["text"]):  # fmt: skip
                if self.old:
                    self._draw_lines(self.old.text, self.new.text)
                else:
                    text(self.new.text, "fl-lines-whole fl-mono", tag="pre")

    def _draw_lines(self, before: str, now: str) -> None:
        found = side_by_side(before, now)
        if not found.hunks:
            text(self.words["diff_same_text"], "fl-empty", tag="p")
        for hunk in found.hunks:
            self._draw_hunk(hunk)
        if found.left_out:
            text(self.words["diff_more_lines"].format(n=found.left_out), "fl-dim", tag="p")

    def _draw_hunk(self, hunk: Hunk) -> None:
        if hunk.skipped:
            said = self.words["diff_same_lines"].format(n=hunk.skipped)
            text(said, "fl-lines-same", tag="div")
        for line in hunk.lines:
            _draw_line(line)


def _draw_line(line: Line) -> None:
    looks = {"": "", "+": "added", "−": "removed", "~": "changed"}
    with tag("div", f"fl-line {looks[line.sign]}"):
        _draw_side_of_line(line.before, line.sign if line.before.number else "")
        _draw_side_of_line(line.now, line.sign if line.now.number else "")


def _draw_side_of_line(side: Side, sign: str) -> None:
    with tag("div", "fl-line-side" if side.number else "fl-line-side none"):
        text(str(side.number or ""), "fl-line-number")
        text(sign, "fl-line-sign")
        with tag("code"):
            for part in side.parts:
                _draw_part(part)


def _draw_part(part: Part) -> None:
    words, differs = part
    text(words, tag="mark" if differs else "span")


def _draw_value(value: str, look: str) -> Element:
    return text(value or "–", look if value else "fl-dim", tag="td")


def _look(kind: Kind) -> Look:
    return kind

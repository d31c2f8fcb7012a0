"""The way of a contact, on the flows of the version that it went through."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.canvas import Document, FlowCanvas, Path
from designer.desk.looks import cleared
from designer.drawing import draw
from designer.html import button, tag, text
from designer.page.paths import numbered
from designer.supervisor.floor import Taken
from designer.supervisor.words import WORDS
from designer.words import Language, canvas_words, words
from flowlang.syntax.parser import parse
from flowlang.wiring import wire
from runtime.contact import Contact
from runtime.serving import Site
from runtime.versions import Version

STEPS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A flow with the way through it."""

    document: Document
    path: Path


class Way:
    """Each flow is drawn when it is looked at; a step leads to its block."""

    def __init__(
        self, site: Site, language: Language, contact: Contact, taken: Sequence[Taken], link: str
    ) -> None:
        """`link` is before the path of a flow that they may change; empty if they may not."""
        self.site = site
        self.language = language
        self.words = WORDS[language]
        program = site.versions(contact.program)
        self.version = program.version if program else None
        self.taken = taken[-STEPS_MAX:]
        self.link = link
        self._flow = ""
        self._canvas: FlowCanvas | None = None

    def draw_list(self) -> None:
        text(self.words["way"], "fl-label", tag="h3")
        with tag("ol", "sup-way"):
            for each in self.taken:
                with tag("li"):
                    name = f"{each.flow.removesuffix('.flow')} · {each.step}"
                    step = button(name, "sup-step fl-mono", title=self.words["show_step"])
                    step.on("click", lambda _, each=each: self._go_to(each))
                    text(f" → {each.outcome}", "fl-soft")

    async def draw_flow(self, box: Element) -> None:
        """The flow that they were in last."""
        self._box = box
        if self.taken:
            await self._show(self.taken[-1].flow)

    async def _go_to(self, each: Taken) -> None:
        if each.flow != self._flow:
            await self._show(each.flow)
        if self._canvas is not None:
            self._canvas.focus(each.step)

    async def _show(self, flow: str) -> None:
        self._flow = flow
        drawn = await asyncio.to_thread(self._drawn, flow)
        if flow != self._flow:
            return
        with cleared(self._box):
            self._draw_head(flow)
            self._canvas = None
            if drawn is None:
                text(self.words["flow_gone"], "fl-empty", tag="p")
            else:
                self._draw_canvas(drawn)

    def _draw_head(self, flow: str) -> None:
        flows = list(dict.fromkeys(each.flow for each in self.taken))
        with tag("div", "fl-row sup-flows"):
            with tag("span", "fl-seg", role="group", aria_label=self.words["way"]):
                for path in flows:
                    button(path.removesuffix(".flow"), "on" if path == flow else "",
                           aria_pressed=str(path == flow).lower(),
                           on_click=lambda path=path: self._show(path))  # fmt: skip
            tag("span", "fl-grow")
            if self.link:
                with tag("a", "fl-btn small", href=f"{self.link}{flow}", target="_blank"):
                    text(self.words["open_flow"])

    def _draw_canvas(self, drawn: Drawn) -> None:
        def tell(name: str, _: object) -> None:
            if name == "ready":
                canvas.light(drawn.path)

        with tag("section", "fl-canvas sup-canvas", aria_label=self.words["way"]):
            canvas = FlowCanvas(lambda: drawn.document, on_intent=tell, readonly=True,
                                words=canvas_words(self.language))  # fmt: skip
        self._canvas = canvas

    def _drawn(self, flow: str) -> Drawn | None:
        """In a thread: to draw a large flow takes longer than customers should wait."""
        if not isinstance(self.version, Version) or flow not in self.version.sources.flows:
            return None
        document = parse(self.version.sources.flows[flow]).document
        neighbours = self.version.seen_from(flow)
        wiring = wire(document, self.version.catalogue, neighbours=neighbours)
        drawing = draw(wiring, self.language).document
        steps = [each.step for each in self.taken if each.flow == flow]
        label = words(self.language)["canvas_on_path"]
        return Drawn(document=drawing, path=numbered(drawing, steps, label))

"""What a page shows of its flow beyond the text: ways through it, its tests, its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui
from nicegui.element import Element

from designer.canvas import FlowCanvas
from designer.html import tag
from designer.live.watching import Watching
from designer.page.lens import Lenses
from designer.page.live_tab import LiveTab
from designer.page.menu import Choice
from designer.page.messengers import draw_channels
from designer.page.panel import Tab
from designer.page.paths import KINDS, SYMBOLS, ChannelLens, PathLens, ShownPath
from designer.page.tested import TestsTab
from designer.page.versions_tab import VersionsTab
from designer.session import Session
from designer.versions.published import Published
from designer.versions.publishing import PublishingDialog
from designer.versions.shelf import NOW, Shelf
from designer.words import Language
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import message
from runtime.commands.publish import person

Command = tuple[str, str, Callable[[], object]]
"""A word, an icon, and what it does."""


class Insight:
    def __init__(
        self,
        layer: Element,
        session: Session,
        language: Language,
        words: Mapping[str, str],
        canvas: Callable[[], FlowCanvas],
        *,
        go_to: Callable[[str], object],
        tell: Callable[[str], object],
        shelf: Shelf,
        who: str,
        published: Published | None,
        watching: Watching | None,
        selected: Callable[[], str | None],
        address: str,
    ) -> None:
        """`address` is that of the page."""
        self.session = session
        self.language = language
        self.words = words
        self.lenses = Lenses(layer, canvas, words)
        self._dialogs = tag("div")
        self._tests = TestsTab(session, language, words, self.lenses, go_to)
        self._dialog = (
            PublishingDialog(
                tag("div"), session, published, language, words, tell=tell,
                compare=lambda key: ui.navigate.to(f"{address}?compare={key}&to={NOW}"),
            )
            if published
            else None
        )  # fmt: skip
        self._versions = VersionsTab(
            session, shelf, words, who or person(), address, tell, self._dialog
        )

        self._live = LiveTab(watching, language, words, self.lenses, selected) if watching else None

    def tabs(self) -> list[Tab]:
        live = self._live
        return [
            Tab(name="tests", symbol="test", draw=self._tests.draw, opened=self._tests.opened),
            Tab(name="versions", symbol="book", draw=self._versions.draw,
                opened=self._versions.opened),
            *([Tab(name="live", symbol="ear", draw=live.draw, opened=live.opened)] if live else []),
        ]  # fmt: skip

    async def run_tests(self) -> None:
        await self._tests.run()

    async def publish(self) -> None:
        """Ask first who would be affected."""
        if self._dialog:
            await self._dialog.publish()

    # --- paths --------------------------------------------------------------------------------

    def commands(self, block: str | None) -> list[Command]:
        """What the search offers; some of it only for a chosen block."""
        of_block = [
            (kind, SYMBOLS[kind], partial(self._show_ways, kind, block)) for kind in KINDS if block
        ]
        if block:
            of_block.append(("channels_of_block", "messenger", partial(self._tell_of, block)))
        return [*of_block, ("where_it_works", "phone", self._show_channels)]

    def of_versions(self) -> list[Command]:
        return [
            ("version_save", "plus", self._versions.ask_for_name),
            *(
                [("compare_edit", "across", self._versions.compare_edit)]
                if self.session.can_undo
                else []
            ),
        ]

    def choices(self, block: str) -> list[Choice]:
        """What the menu of a block offers."""
        return [
            Choice(label=self.words[word], symbol=symbol, act=act)
            for word, symbol, act in self.commands(block)
        ]

    def _show_ways(self, kind: str, block: str) -> None:
        self.lenses.look(PathLens(self.session, self.language, self.words, kind, block))

    def _tell_of(self, block: str) -> None:
        if step := self.session.wiring.steps.get(block):
            draw_channels(self._dialogs, step, self.language, self.words)

    def close(self) -> None:
        """What lies over the page."""
        self._dialogs.clear()

    def _show_channels(self) -> None:
        self.lenses.look(ChannelLens(self.session, self.words))

    def show_path(self, problem: Problem) -> None:
        title = message(problem, self.language).replace("`", "")
        shown = ShownPath(self.session, self.language, self.words, problem.path, title)
        self.lenses.look(shown)

"""The question before a version is published or gone back to: who would be affected?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from nicegui.element import Element

from designer.html import button, prose, tag, text
from designer.session import Session
from designer.versions.published import Affected, Published
from designer.words import Language
from runtime.commands.publish import WORDS as REASONS
from runtime.versions import Release

REASONS_MAX = 8


class PublishingDialog:
    def __init__(
        self,
        layer: Element,
        session: Session,
        published: Published,
        language: Language,
        words: Mapping[str, str],
        *,
        tell: Callable[[str], object],
        compare: Callable[[str], object],
    ) -> None:
        """`compare` shows how the flow differs from a version, by its key."""
        self._layer = layer
        self._session = session
        self._published = published
        self._language = language
        self._words = words
        self._tell = tell
        self._compare = compare
        self._is_moving = False

    async def publish(self) -> None:
        """Ask, and let new contacts have the flow as it is here, unless it has errors."""
        path, source = self._session.path, self._session.text
        if any(problem.severity == "error" for problem in self._session.be_checked()):
            self._tell(self._words["publish_refused"])
            return
        assert path is not None
        affected = await self._published.if_published(path, source)
        if affected.errors:
            files = ", ".join(dict.fromkeys(affected.errors))
            self._tell(f"{self._words['publish_refused_elsewhere']} ({files})")
            return
        if affected.is_live:
            self._tell(self._words["publish_same"])
            return

        async def go_on() -> Release | None:
            return await self._published.publish(path, source, moving=self._is_moving)

        self._ask(self._words["publish"], affected, go_on, "published")

    async def roll_back(self, number: int) -> None:
        affected = await self._published.if_rolled_back(number)
        if affected.is_live:
            self._tell(self._words["publish_same"])
            return

        async def go_on() -> Release | None:
            return await self._published.roll_back(number, moving=self._is_moving)

        title = self._words["roll_back_to"].format(n=number)
        self._ask(title, affected, go_on, "rolled_back")

    # --- asking -------------------------------------------------------------------------------

    def _ask(
        self, title: str, affected: Affected, go_on: Callable[[], Awaitable[Release | None]],
        done: str,
    ) -> None:  # fmt: skip
        words = self._words
        self._is_moving = False

        async def agree() -> None:
            self._layer.clear()
            release = await go_on()
            if release is None:
                self._tell(words["publish_refused_elsewhere"])
            else:
                self._tell(words[done].format(n=release.number))

        self._layer.clear()
        with self._layer:
            scrim = tag("div", "fl-scrim fl-over")
            scrim.on("click.self", lambda _: self._layer.clear())
            with scrim, tag("div", "fl-dialog narrow", role="dialog", aria_modal="true",
                            aria_label=title):  # fmt: skip
                with tag("header"):
                    text(title, "fl-strong fl-grow", tag="h2")
                    button("", "fl-icon-btn", symbol="x", title=words["close"],
                           on_click=self._layer.clear)  # fmt: skip
                with tag("div", "fl-dialog-in"):
                    self._draw_affected(affected)
                with tag("footer"):
                    if releases := self._published.releases:
                        key = f"published-{releases[-1].number}"
                        button(words["compare_live"], "fl-btn", on_click=lambda: self._compare(key),
                               data_role="compare-live")  # fmt: skip
                    tag("span", "fl-grow")
                    button(title, "fl-btn primary", on_click=agree, data_role="agree")
        self._layer.client.run_javascript("flowlangFocus('[data-role=agree]')")

    def _draw_affected(self, affected: Affected) -> None:
        words = self._words
        if not affected.can_move and not affected.must_finish:
            text(words["affects_nobody"], tag="p", data_role="affected")
            return
        said = words["affects"].format(can=affected.can_move, others=affected.must_finish)
        text(said, tag="p", data_role="affected")
        reasons = sorted(affected.reasons.items(), key=lambda item: -item[1])
        with tag("ul", "fl-affected"):
            for (reason, about), count in reasons[:REASONS_MAX]:
                with tag("li"):
                    text(str(count), "fl-strong")
                    prose(REASONS[reason][self._language].format(about=about), "fl-soft")
        if affected.can_move:
            with tag("label", "fl-row"):
                box = tag("input", "", type="checkbox", data_role="move")
                text(words["affects_move"].format(n=affected.can_move))
            box.on("change", self._set_moving, js_handler="(e) => emit(e.target.checked)")

    def _set_moving(self, event: object) -> None:
        self._is_moving = bool(getattr(event, "args", False))

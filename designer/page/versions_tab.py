"""The versions of a flow on its page: listed, compared, given a name, brought back, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from nicegui import ui
from nicegui.element import Element

from designer.html import button, icon, tag, text
from designer.page.asking import ask_name
from designer.session import Session
from designer.versions.publishing import PublishingDialog
from designer.versions.shelf import EDIT, NOW, Held, Shelf

LISTED_MAX = 100


class VersionsTab:
    def __init__(
        self,
        session: Session,
        shelf: Shelf,
        words: Mapping[str, str],
        who: str,
        address: str,
        tell: Callable[[str], object],
        dialog: PublishingDialog | None,
    ) -> None:
        self.session = session
        self.shelf = shelf
        self.words = words
        self.who = who
        self.address = address
        self._tell = tell
        self._dialog = dialog

    def draw(self) -> None:
        with tag("div", "fl-list"):
            self._head = tag("div", "fl-row fl-list-head")
            self._rows = tag("div", "", role="list", aria_label=self.words["versions"])
            self._layer = tag("div")

    def opened(self) -> None:
        """The list may have grown elsewhere."""
        self._head.clear()
        self._rows.clear()
        with self._head:
            button(self.words["version_save"], "fl-btn small", symbol="plus",
                   on_click=self.ask_for_name, data_role="save-version")  # fmt: skip
            button(self.words["compare_edit"], "fl-btn small", symbol="across",
                   on_click=self.compare_edit, data_role="compare-edit",
                   disabled=not self.session.can_undo)  # fmt: skip
        found = self.shelf.all()
        with self._rows:
            if not found:
                text(self.words["versions_none"], "fl-empty", tag="p")
            for held in found[:LISTED_MAX]:
                self._draw_row(held)

    def _draw_row(self, held: Held) -> None:
        words = self.words
        with tag("div", "fl-problem", role="listitem", data_version=held.key):
            icon("check" if held.is_live else "globe" if held.kind == "published" else "book", "")
            with tag("div", "fl-grow"):
                text(title_of(held, words), "fl-strong", tag="div")
                of = words["version_of"].format(n=held.of) if held.of else ""
                about = " · ".join(part for part in (when(held.at), held.who, of) if part)
                text(about, "fl-dim", tag="div")
            if held.is_live:
                text(words["version_live"], "fl-pill ok")
            if held.text == self.session.text:
                text(words["version_same"], "fl-dim")
            self._action("version_open", lambda: self._go(version=held.key))
            self._action("version_compare",
                         lambda: self._go(compare=held.key, to=NOW))  # fmt: skip
            self._action("version_restore", lambda: self.restore(held))
            if self._dialog and held.kind == "published" and not held.is_live:
                dialog = self._dialog
                self._action("version_roll_back", lambda: dialog.roll_back(held.number))

    def _action(self, word: str, act: Callable[[], object]) -> Element:
        return button(self.words[word], "fl-btn small", on_click=act,
                      data_role=word.replace("_", "-"))  # fmt: skip

    def _go(self, **asked: str) -> None:
        with self._head:  # what was clicked may be gone already
            ui.navigate.to(f"{self.address}?{urlencode(asked)}")

    # --- doing --------------------------------------------------------------------------------

    def compare_edit(self) -> None:
        """What the last edit did."""
        self._go(compare=EDIT, to=NOW)

    def ask_for_name(self) -> None:
        def save(name: str) -> bool:
            if self.shelf.saved is None:
                return True
            self.shelf.saved.save(name, self.who, self.session.text)
            self._tell(self.words["version_saved"].format(name=name))
            self.opened()
            return True

        ask_name(
            self._layer, self.words, title=self.words["version_save"],
            helping=self.words["version_save_help"], agree=self.words["version_save_agree"],
            take=save,
        )  # fmt: skip

    def restore(self, held: Held) -> None:
        """Bring it back as one edit."""
        self.session.replace_text(held.text)
        self._tell(self.words["version_restored"])
        self.opened()


def title_of(held: Held, words: Mapping[str, str]) -> str:
    match held.kind:
        case "now":
            return words["version_now"]
        case "edit":
            return words["version_edit"]
        case "saved":
            return held.name
        case "published":
            return words["version_published"].format(n=held.number)


def when(at: datetime | None) -> str:
    """On the clock of the server's place, which is the team's."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else ""

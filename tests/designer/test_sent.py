"""What the browser is sent of a text and of a list of sections, when little of it has changed."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from designer.canvas.sections import SectionList
from designer.text import FlowText

TEXTS = st.text(alphabet="ab\n가😀", max_size=24)


class Editor(FlowText):
    """With the text of a browser, which counts in UTF-16."""

    def __init__(self) -> None:
        self._told = None
        self.units = b""
        self.sent: list[str] = []

    def run_method(self, name: str, *args: Any, timeout: float = 1) -> Any:
        self.sent.append(name)
        if name == "setText":
            self.units = args[0].encode("utf-16-le")
        else:
            start, end, insert, length = args
            assert length * 2 == len(self.units)
            parts = self.units[: 2 * start], insert.encode("utf-16-le"), self.units[2 * end :]
            self.units = b"".join(parts)


class Sections(SectionList):
    def __init__(self) -> None:
        self._sections = ()
        self._current = None
        self._is_drawn = False
        self.sent: list[tuple[Any, ...]] = []

    def _keep(self) -> None:
        """There is no page to keep it for."""

    def run_method(self, name: str, *args: Any, timeout: float = 1) -> Any:
        self.sent.append((name, *args))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_browser_shows_each_text_that_it_is_told(texts: list[str]) -> None:
    editor = Editor()
    for text in texts:
        editor.set_text(text)
        assert editor.units.decode("utf-16-le") == text
    assert editor.sent.count("setText") == 1


def test_nothing_is_sent_of_a_text_that_is_shown() -> None:
    editor = Editor()
    editor.set_text("a")
    editor.set_text("a")
    assert editor.sent == ["setText"]


def test_only_what_differs_of_the_sections_is_sent() -> None:
    shown = Sections()
    shown.show([("start", 3), ("menu", 9), ("bye", 12)], None)
    shown.show([("start", 3), ("menu", 10), ("bye", 13)], None)
    shown.show([("start", 3), ("menu", 10), ("bye", 13)], "menu")
    shown.show([("start", 3), ("bye", 10)], "menu")
    assert shown.sent == [
        ("move", 1, [10, 13]),
        ("light", "menu"),
        ("show", ["start", "bye"], [3, 10]),
    ]

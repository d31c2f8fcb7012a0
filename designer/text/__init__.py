"""The text of a flow as a NiceGUI element. It fills its nearest positioned parent.

The server owns the text, the problems and the one undo stack; the editor shows and tells. Lines
and columns count from 1, columns in characters.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from designer.web import TEXT


class Place(TypedDict):
    line: int
    column: int


class Edit(TypedDict):
    """Replaces a range; in a list of edits all places are those before any of them."""

    start: Place
    end: Place
    text: str


class Fix(TypedDict):
    """A fix as the person sees it; whatever else it holds comes back when it is chosen."""

    title: str


class Problem(TypedDict):
    start: Place
    end: Place
    severity: Literal["error", "warning", "info"]
    message: str
    code: str
    fix: NotRequired[Mapping[str, Any] | None]


class Completion(TypedDict):
    """One line of the list; `detail` stands beside it, `info` in a box."""

    label: str
    detail: NotRequired[str]
    info: NotRequired[str]
    apply: NotRequired[str]


Complete = Callable[[Place, str], list[Completion] | Awaitable[list[Completion]]]
Hover = Callable[[Place], str | Awaitable[str | None] | None]


class FlowText(Element, component="flow_text.js", esm={"flowlang-text": str(TEXT)}):
    """An editor for the flow language.

    Events, for `on`:
    edited  text, 60 ms after the last key; or text None and bytes, when it is too long to send
    cursor  line, column
    undo, redo  nothing; the keys were pressed, the server does it
    fix     code, start, fix: the person chose the fix of a problem
    """

    def __init__(
        self,
        text: Callable[[], str],
        *,
        on_edited: Callable[[str], object] | None = None,
        complete: Complete | None = None,
        hover: Hover | None = None,
        label: str = "Flow as text",
        readonly: bool = False,
    ) -> None:
        """`text` is asked for whenever a browser has shown the editor afresh."""
        super().__init__()
        self._current = text
        self._complete = complete
        self._hover = hover
        self._problems: list[Problem] = []
        self._told: str | None = None
        """The text that the browser shows; None: it has yet to be told."""
        self._props["label"] = label
        self._props["readonly"] = readonly
        self.on("ready", self._ready)
        self.on("ask", self._answer)
        self.on("edited", lambda event: self._take(event.args["text"], on_edited))

    def set_text(self, text: str) -> None:
        """Show a text; what it shares with the old one stays in place, and so does the cursor.

        Only what differs is sent. A browser that shows another text than it was told, since
        somebody is typing, asks for the whole one.
        """
        told, self._told = self._told, text
        if told is None:
            self.run_method("setText", text)
        elif told != text:
            start, end, insert = _difference(told, text)
            self.run_method(
                "replace", _units(told[:start]), _units(told[:end]), insert, _units(told)
            )

    def apply(self, edits: Sequence[Edit]) -> None:
        """Change the text without telling it back."""
        self._told = None
        self.run_method("apply", list(edits))

    def problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems and no others."""
        if not problems and not self._problems:
            return
        self._problems = list(problems)
        self.run_method("problems", self._problems)

    def reveal(self, line: int, column: int = 1) -> None:
        """Put the cursor there and bring it into view."""
        self.run_method("reveal", line, column)

    def mark_lines(self, first: int | None, last: int | None = None) -> None:
        """Light lines, those of the selected block; None lights none."""
        self.run_method("markLines", first, last if last is not None else first)

    def take_focus(self) -> None:
        self.run_method("focus")

    def set_readonly(self, readonly: bool) -> None:
        self._props["readonly"] = readonly
        self.update()

    def _take(self, text: str | None, take: Callable[[str], object] | None) -> None:
        self._told = text
        if text is not None and take:
            take(text)

    def _ready(self) -> None:
        self._told = None
        self.set_text(self._current())
        if self._problems:
            self.problems(self._problems)

    async def _answer(self, event: GenericEventArguments) -> None:
        question: dict[str, Any] = event.args
        place = Place(line=question["line"], column=question["column"])
        result: Any = None
        if question["kind"] == "complete" and self._complete:
            result = self._complete(place, question["text"])
        elif question["kind"] == "hover" and self._hover:
            result = self._hover(place)
        if inspect.isawaitable(result):
            result = await result
        self.run_method("answer", question["id"], result)


def _difference(old: str, new: str) -> tuple[int, int, str]:
    """What to put in place of which part of the old text."""
    shorter = min(len(old), len(new))
    start = _shared(shorter, lambda size: old[:size] == new[:size])
    tail = _shared(shorter - start, lambda size: old[len(old) - size :] == new[len(new) - size :])
    return start, len(old) - tail, new[start : len(new) - tail]


def _shared(most: int, is_shared: Callable[[int], bool]) -> int:
    """The largest size that is shared. To compare whole slices is much faster than to go letter
    by letter, however many of them it takes."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_shared(middle) else (low, middle - 1)
    return low


def _units(text: str) -> int:
    """How long a text is in the browser, which counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

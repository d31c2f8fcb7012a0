"""The sections of a flow as lists: one to go to, and one to lead an outcome to.

A large flow has hundreds of them, so that they are an element each, and their names go to the
browser once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nicegui.element import Element

from designer.web import CANVAS

_BUNDLE = {"flowlang-canvas": str(CANVAS)}


class SectionList(Element, component="section_list.js", esm=_BUNDLE):
    """A row for each section with its line; what is clicked is gone to."""

    def __init__(self, label: str, *, go_to: Callable[[str], object]) -> None:
        super().__init__()
        self._props["aria-label"] = label
        self._sections: Sequence[tuple[str, int]] = ()
        self._current: str | None = None
        self._is_drawn = False
        self._keep()
        self.on("go", lambda event: go_to(str(event.args)))

    def show(self, sections: Sequence[tuple[str, int]], current: str | None) -> None:
        """Names and lines of the sections, and the one that is looked at: the browser is told
        what differs from what it shows."""
        before, was = self._sections, self._current
        self._sections, self._current = sections, current
        self._keep()
        if not self._is_drawn:
            self._is_drawn = True
            return
        if [name for name, _ in sections] != [name for name, _ in before]:
            self.run_method("show", *_columns(sections))
        elif sections != before:
            pairs = enumerate(zip(sections, before, strict=True))
            first = next(index for index, (new, old) in pairs if new != old)
            self.run_method("move", first, [line for _, line in sections[first:]])
        if current != was:
            self.run_method("light", current)

    def _keep(self) -> None:
        """For a browser that shows the page afresh."""
        with self._props.suspend_updates():
            names, lines = _columns(self._sections)
            self._props |= {"sections": names, "lines": lines, "current": self._current}


def _columns(sections: Sequence[tuple[str, int]]) -> tuple[list[str], list[int]]:
    return [name for name, _ in sections], [line for _, line in sections]


class TargetSelect(Element, component="target_select.js", esm=_BUNDLE):
    """A native list of the sections and a few more places. `unset` is what it says while nothing
    is chosen."""

    def __init__(self, current: str, more: Mapping[str, str], unset: str = "") -> None:
        super().__init__()
        self._props["current"] = current
        self._props["more"] = list(more.items())
        if unset:
            self._props["unset"] = unset

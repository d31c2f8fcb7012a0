"""The fixes that many problems have."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.diagnostics.problem import Edit, Fix
from flowlang.places import Place


def write_instead(place: Place | None, text: str | None) -> Fix | None:
    """Replace what stands there by the one good candidate, if there is one."""
    if place is None or text is None:
        return None
    start, end = place.offsets
    edit = Edit(start=start, end=end, text=text)
    return Fix(title="replace", edits=(edit,), arguments={"suggestion": text}, safe=False)


def add_below(
    extent: Place | None,
    line: str,
    title: str,
    arguments: Mapping[str, object] | None = None,
) -> Fix | None:
    """A new line behind the last one of what stands there."""
    if extent is None:
        return None
    _, end = _lines(extent)
    breaks = "" if extent.anchor.text[: extent.end].endswith("\n") else "\n"
    edit = Edit(start=end, end=end, text=f"{breaks}{line}\n")
    return Fix(title=title, edits=(edit,), arguments=arguments or {}, safe=False)


def remove(extent: Place | None, title: str) -> Fix | None:
    """Take whole lines away."""
    if extent is None:
        return None
    start, end = _lines(extent)
    return Fix(title=title, edits=(Edit(start=start, end=end, text=""),))


def _lines(extent: Place) -> tuple[int, int]:
    """The range of whole lines; the last line of a text may have no line break to its end."""
    start, end = extent.offsets
    return start, min(end, extent.anchor.offset + len(extent.anchor.text))

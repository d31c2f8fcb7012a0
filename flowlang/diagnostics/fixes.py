"""The fixes that many problems have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowlang.diagnostics.problem import Fix, Rewrite
from flowlang.places import Place


def write_instead(place: Place | None, text: str | None) -> Fix | None:
    """Replace what stands there by the one good candidate, if there is one."""
    if place is None or text is None:
        return None
    rewrite = Rewrite(place, text)
    return Fix(title="replace", rewrites=(rewrite,), arguments={"suggestion": text}, safe=False)


def indentation(beside: Iterable[Place | None], otherwise: str) -> str:
    """How far the first of some lines is indented, or what is usual where there is none."""
    place = next((place for place in beside if place is not None), None)
    if place is None:
        return otherwise
    text = place.anchor.text
    return text[text.rfind("\n", 0, place.start) + 1 : place.start]


def add_below(
    extent: Place | None,
    line: str,
    title: str,
    arguments: Mapping[str, object] | None = None,
) -> Fix | None:
    """A new line behind the last one of what stands there."""
    if extent is None:
        return None
    end = _lines(extent).end
    breaks = "" if extent.anchor.text[: extent.end].endswith("\n") else "\n"
    below = Rewrite(Place(extent.anchor, end, end), f"{breaks}{line}\n")
    return Fix(title=title, rewrites=(below,), arguments=arguments or {}, safe=False)


def remove(extent: Place | None, title: str) -> Fix | None:
    """Take whole lines away."""
    if extent is None:
        return None
    return Fix(title=title, rewrites=(Rewrite(_lines(extent), ""),))


def _lines(extent: Place) -> Place:
    """The range of whole lines; the last line of a text may have no line break to its end."""
    return Place(extent.anchor, extent.start, min(extent.end, len(extent.anchor.text)))

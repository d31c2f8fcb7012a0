"""What the text editor asks while somebody types: completions, and what stands under the pointer.

The editor's text may be a few keys ahead of the session's, so completions read their own.
"""

from __future__ import annotations

import re

from designer.session import Session
from designer.text import Completion, Place
from designer.words import Language
from flowlang import features
from flowlang.edits import Flow
from flowlang.features.texts import offset_of
from flowlang.places import Position

EXAMPLE_LINES_MAX = 4
"""Longer examples have no room beside the pointer; the manual has them."""
_FENCED = re.compile(r"```\w*\n(.*?)\n```\n*", re.DOTALL)
_MARKS = re.compile(r"\*\*|`")


class Assist:
    """Answers the editor of one page."""

    def __init__(self, session: Session, language: Language) -> None:
        self.session = session
        self.language = language
        self._flow: Flow | None = None
        """As it was typed last."""

    def complete(self, place: Place, text: str) -> list[Completion]:
        flow = self._flow = self.session.reading(text, self._flow)
        position = Position(place["line"], place["column"])
        offset = offset_of(text, position)
        return [
            Completion(label=item.label, detail=item.detail, info=plain(item.info), apply=applied)
            for item in features.complete(flow, position, self.language)
            if (applied := typed_on(item, text, offset)) is not None
        ]

    def hover(self, place: Place) -> str | None:
        position = Position(place["line"], place["column"])
        found = features.hover(self.session.flow, position, self.language)
        return plain(found.markdown) if found else None


def typed_on(item: features.Completion, text: str, offset: int) -> str | None:
    """What the editor inserts, which replaces only the letters and digits before the cursor; None
    if what stands before those is another beginning."""
    start = offset
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    before, behind = text[item.start : start], text[offset : item.end]
    if not item.insert.startswith(before) or not item.insert.endswith(behind):
        return None
    return item.insert[len(before) : len(item.insert) - len(behind)]


def plain(markdown: str) -> str:
    """The text of a page without its marks."""
    without_examples = _FENCED.sub(_example, markdown)
    lines = _MARKS.sub("", without_examples).strip().split("\n")
    return "\n".join(f"• {line[2:]}" if line.startswith("- ") else line for line in lines)


def _example(found: re.Match[str]) -> str:
    code = found[1]
    return f"{code}\n\n" if code.count("\n") < EXAMPLE_LINES_MAX else ""

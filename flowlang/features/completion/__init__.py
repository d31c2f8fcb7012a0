"""What could be typed here.

The words in front of the cursor and the lines above it say what is wanted; the tree, which lacks
the line being typed, says what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flowlang.diagnostics.words import Language
from flowlang.edits import Flow
from flowlang.features.around import Around
from flowlang.features.completion import (
    header,
    margin,
    outcomes,
    spoken,
    statements,
    targets,
    values,
)
from flowlang.features.completion.asked import Asked, Completion, Kind
from flowlang.features.cursor import Cursor, cursor_at, sort_of
from flowlang.features.phrases import test_words
from flowlang.features.texts import offset_of
from flowlang.places import Position

__all__ = ["Completion", "Kind", "complete"]


def complete(
    flow: Flow, position: Position, language: Language = "en", around: Around | None = None
) -> list[Completion]:
    """What could stand at the position, the likeliest first."""
    offset = offset_of(flow.tree.source, position)
    cursor = cursor_at(flow.tree, offset)
    found = _offers(Asked(flow, cursor, language, around or {}))
    return list(_placed(found, flow.tree.source, cursor))


def _placed(found: Iterable[Completion], source: str, cursor: Cursor) -> Iterator[Completion]:
    """Each once, and with what it replaces; in a text only other texts fit."""
    end = cursor.offset
    if cursor.inside == "text":
        end += source.startswith(cursor.word[:1], end)
    seen = set()
    for item in found:
        is_text = item.label.startswith('"')
        if item.label in seen or (cursor.inside == "text" and not is_text):
            continue
        seen.add(item.label)
        yield replace(item, insert=item.insert or item.label, start=cursor.start, end=end)


def _offers(asked: Asked) -> Iterable[Completion]:
    cursor = asked.cursor
    if cursor.inside == "comment" or (cursor.word[:1].isdigit()):
        return ()
    if cursor.inside == "braces":
        return values.expression(asked)
    if not cursor.above:
        return margin.top(asked, cursor.tokens)
    match sort_of(cursor.above[0]):
        case "section" if len(cursor.above) == 1:
            return statements.statement(asked, cursor.tokens)
        case "section":
            return outcomes.below_step(asked, cursor.above)
        case "header":
            return header.setting(asked, cursor.tokens)
        case "test":
            return spoken.offers(asked, test_words(spoken.subject(asked), cursor.tokens))
        case "layout":
            return targets.placements(asked, cursor.tokens)
        case "prompt":
            return margin.prompt(asked, cursor.tokens)
        case _:
            return ()

"""What each word of a text is, for colouring it.

Strings, numbers and comments are seen without the grammar, so a line that cannot be read keeps
most of its colours; names are coloured by what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from flowlang.edits import Flow
from flowlang.features.around import Around
from flowlang.features.mentions import Mention, mentions
from flowlang.features.mentions import Sort as MentionSort
from flowlang.features.tokens import Token, braces, tokens

Sort = Literal[
    "comment", "string", "number", "operator", "keyword", "namespace", "function", "method",
    "variable", "parameter", "property", "enumMember", "type",
]  # fmt: skip
SORTS: tuple[Sort, ...] = (
    "comment", "string", "number", "operator", "keyword", "namespace", "function", "method",
    "variable", "parameter", "property", "enumMember", "type",
)  # fmt: skip
Mark = Literal["declaration", "defaultLibrary"]
MARKS: tuple[Mark, ...] = ("declaration", "defaultLibrary")

_MEANINGS: dict[MentionSort, Sort] = {
    "flow": "namespace",
    "section": "namespace",
    "step": "variable",
    "value": "variable",
    "input": "variable",
    "slot": "variable",
    "system": "variable",
    "field": "property",
    "block": "function",
    "parameter": "parameter",
    "outcome": "enumMember",
    "intent": "enumMember",
    "word": "enumMember",
    "type": "type",
    "keyword": "keyword",
}
_KEYWORDS = frozenset(
    ("on", "when", "otherwise", "and", "or", "not", "in", "else", "contains", "starts_with",
     "ends_with", "true", "false", "sensitive", "list", "of", "next", "nowhere")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    start: int
    end: int
    sort: Sort
    marks: tuple[Mark, ...] = ()


def colours(flow: Flow, around: Around | None = None) -> list[Colour]:
    """In the order of the text, without overlaps; none goes over a line break."""
    source = flow.tree.source
    meanings = {item.start: item for item in mentions(flow, around)}
    return [
        part
        for found in _code(source, 0, len(source), meanings, _margin_words(flow))
        for part in _lines(source, found)
    ]


def _margin_words(flow: Flow) -> frozenset[str]:
    """Words that mean something at the left margin."""
    return frozenset(("flow", "module", "test", "policy", "layout", *flow.catalogue.resources))


def _code(
    source: str, start: int, end: int, meanings: dict[int, Mention], margin: Iterable[str]
) -> Iterator[Colour]:
    for token in tokens(source, start, end):
        match token.kind:
            case "comment" | "number" | "operator":
                yield Colour(start=token.start, end=token.end, sort=token.kind)
            case "text":
                yield from _text(source, token, meanings, margin)
            case "name":
                yield from _name(source, token, meanings.get(token.start), margin)
            case _:
                pass


def _name(
    source: str, token: Token, meaning: Mention | None, margin: Iterable[str]
) -> Iterator[Colour]:
    if meaning is not None and meaning.sort in _MEANINGS:
        marks: list[Mark] = ["declaration"] if meaning.is_declaration else []
        if meaning.sort in ("system", "slot"):
            marks.append("defaultLibrary")
        sort = _MEANINGS[meaning.sort]
        if meaning.sort == "value" and meaning.step is not None and _is_called(meaning):
            sort = "method"
        yield Colour(start=token.start, end=token.end, sort=sort, marks=tuple(marks))
    elif token.text in _KEYWORDS or (token.text in margin and _is_at_margin(source, token)):
        yield Colour(start=token.start, end=token.end, sort="keyword")


def _is_called(meaning: Mention) -> bool:
    place = meaning.step.step.name_at if meaning.step else None
    return place is not None and place.offsets[0] == meaning.start


def _is_at_margin(source: str, token: Token) -> bool:
    return token.start == 0 or source[token.start - 1] in "\n\ufeff"


def _text(
    source: str, token: Token, meanings: dict[int, Mention], margin: Iterable[str]
) -> Iterator[Colour]:
    """A string without what stands in its braces, and that by itself."""
    position = token.start
    for code in braces(token):
        yield Colour(start=position, end=code.start, sort="string")
        yield from _code(source, code.start, code.end, meanings, margin)
        position = code.end
    yield Colour(start=position, end=token.end, sort="string")


def _lines(source: str, found: Colour) -> Iterator[Colour]:
    """One colour for each line that it goes over."""
    position = found.start
    while position < found.end:
        stop = source.find("\n", position, found.end)
        stop = found.end if stop < 0 else stop
        if stop > position:
            yield Colour(start=position, end=stop, sort=found.sort, marks=found.marks)
        position = stop + 1

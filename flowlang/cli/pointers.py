"""JSON pointers: of what stands in a flow that was read from JSON, and where they point."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from flowlang.model import Document, Node
from flowlang.places import Place

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


# --- from the text that a document spells -----------------------------------------------------


def pointer_of(document: Document, place: Place) -> str:
    """The smallest part of a document that a place lies in; the document has its places from the
    text that it spells."""
    pointer, node = "", _first_inside(document, place)
    while node is not None:
        pointer += node[0]
        node = _first_inside(node[1], place)
    return pointer


def _first_inside(node: Node, place: Place) -> tuple[str, Node] | None:
    return next((item for item in _children(node) if _covers(item[1], place)), None)


def _children(node: Node) -> Iterator[tuple[str, Node]]:
    for name, info in type(node).model_fields.items():
        value = getattr(node, name)
        for index, child in enumerate(value if isinstance(value, tuple) else ()):
            if isinstance(child, Node):
                yield f"/{info.alias or name}/{index}", child


def _covers(node: Node, place: Place) -> bool:
    own: Place | None = getattr(node, "extent", None) or node.at
    if own is None or own.anchor is not place.anchor:
        return False
    return own.start <= place.start and place.end <= own.end


# --- to the text of the JSON ------------------------------------------------------------------


@dataclass(slots=True)
class _Wanted:
    """Pointers as a tree."""

    below: dict[str, _Wanted] = field(default_factory=dict)
    pointers: list[str] = field(default_factory=list)


def spans(text: str, pointers: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    """Where values stand in a JSON text: a list or an object by its bracket alone."""
    root = _Wanted()
    for pointer in pointers:
        node = root
        for part in pointer.split("/")[1:]:
            node = node.below.setdefault(part.replace("~1", "/").replace("~0", "~"), _Wanted())
        node.pointers.append(pointer)
    found: dict[str, tuple[int, int]] = {}
    # What is no JSON any more is left without places.
    with suppress(ValueError, IndexError, RecursionError):
        _walk(text, _skip(text, 0), root, found)
    return found


def _walk(text: str, start: int, wanted: _Wanted, found: dict[str, tuple[int, int]]) -> None:
    is_container = text[start] in "{["
    if wanted.pointers:
        end = start + 1 if is_container else _end(text, start)
        found.update(dict.fromkeys(wanted.pointers, (start, end)))
    if wanted.below and is_container:
        for key, at in _members(text, start):
            if key in wanted.below:
                _walk(text, at, wanted.below[key], found)


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Keys, or numbers, with where their values begin."""
    closing = "}" if text[start] == "{" else "]"
    position = _skip(text, start + 1)
    number = 0
    while text[position] != closing:
        key = str(number)
        if closing == "}":
            key, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        yield key, position
        position = _skip(text, _end(text, position))
        if text[position] == ",":
            position = _skip(text, position + 1)
        number += 1


def _end(text: str, start: int) -> int:
    return _DECODER.raw_decode(text, start)[1]


def _skip(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position

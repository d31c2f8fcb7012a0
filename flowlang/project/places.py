"""Where a key stands in a TOML text.

`tomllib` says what a text means but not where; this looks for keys alone, and steps over values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowlang.places import Anchor, Place

Path = tuple[str | int, ...]

_STRINGS = r'"""(?:\\.|[^\\])*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
_COMMENT = r"#[^\n]*"
_PIECE = re.compile(rf"(?P<string>{_STRINGS})|(?P<comment>{_COMMENT})|(?P<end>\n)|(?P<other>.)")
_NESTING = {"[": 1, "{": 1, "]": -1, "}": -1}
_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"[ \t]*(?P<open>\[\[?)[ \t]*(?P<key>{_DOTTED})[ \t]*\]\]?")
_PAIR = re.compile(rf"[ \t]*(?P<key>{_DOTTED})[ \t]*=")


@dataclass(slots=True)
class KeyPlaces:
    """The keys of a text, by path."""

    anchor: Anchor
    found: dict[Path, Place] = field(default_factory=dict)

    def nearest(self, path: Path) -> Place:
        """The key itself, else the innermost table around it, else the beginning."""
        for length in range(len(path), 0, -1):
            if place := self.found.get(path[:length]):
                return place
        return Place(self.anchor, 0, 0)


def key_places(text: str) -> KeyPlaces:
    places = KeyPlaces(Anchor(text))
    table: Path = ()
    counts: dict[Path, int] = {}
    for start in _statements(text):
        if header := _HEADER.match(text, start):
            table = _parts(header["key"])
            if header["open"] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            _note(places, table, header)
        elif pair := _PAIR.match(text, start):
            _note(places, (*table, *_parts(pair["key"])), pair)
    return places


def _note(places: KeyPlaces, path: Path, found: re.Match[str]) -> None:
    place = Place(places.anchor, found.start("key"), found.end("key"))
    for length in range(1, len(path) + 1):
        places.found.setdefault(path[:length], place)
    places.found[path] = place


def _statements(text: str) -> Iterator[int]:
    """Where lines begin that are not inside a value."""
    yield 0
    depth = 0
    for piece in _PIECE.finditer(text):
        if piece["other"]:
            depth += _NESTING.get(piece["other"], 0)
        elif piece["end"] and depth == 0:
            yield piece.end()


def _parts(dotted: str) -> Path:
    return tuple(_bare(part) for part in re.findall(_KEY, dotted))


def _bare(key: str) -> str:
    if key.startswith('"'):
        return re.sub(r"\\(.)", r"\1", key[1:-1])
    return key[1:-1] if key.startswith("'") else key

"""Connect's references (`$.Attributes.tier`), alone and inside texts.

A reference inside a text ends at the first character that is no letter, digit, `_`, `-`, `.` or
bracket; a full stop at its end belongs to the sentence. Where a letter follows at once, as a
particle does in Korean, its last part stands in brackets: `$.Attributes['name']님`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Segments = tuple[str, ...]

_SEGMENT = r"(?:[\w\-]+)"
_BRACKET = r"(?:\['[^'\]]*'\]|\[\d+\])"
_ROOT = rf"(?:\.(?=[^\W\d]){_SEGMENT}|\['[^\W\d][\w\-]*'\])"
_REFERENCE = re.compile(rf"\${_ROOT}(?:\.{_SEGMENT}|{_BRACKET})*")
_STEP = re.compile(rf"\.?({_SEGMENT})|\['([^'\]]*)'\]|(\[\d+\])")
_PLAIN = re.compile(rf"{_SEGMENT}\Z")


def whole(text: str) -> Segments | None:
    """The reference that a text is, if it is one and nothing else."""
    return segments(text) if _REFERENCE.fullmatch(text) else None


def segments(reference: str) -> Segments:
    found = _STEP.finditer(reference, 1)
    return tuple(match[1] or match[3] or match[2] or "" for match in found)


def split(text: str) -> Iterator[str | Segments]:
    """The text in turn with the references in it."""
    end = 0
    for match in _REFERENCE.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield segments(match[0])
        end = match.end()
    if end < len(text):
        yield text[end:]


def spell(parts: Segments, *, before: str = "") -> str | None:
    """The reference in front of the text `before`; None if the text would run into it."""
    reference = "$" + "".join(_spell_one(part) for part in parts)
    if not _runs_on(reference, before):
        return reference
    if "'" not in parts[-1] and not parts[-1].startswith("["):
        closed = "$" + "".join(_spell_one(part) for part in parts[:-1]) + f"['{parts[-1]}']"
        if not _runs_on(closed, before):
            return closed
    return None


def _spell_one(part: str) -> str:
    if _PLAIN.match(part):
        return f".{part}"
    return part if re.fullmatch(r"\[\d+\]", part) else f"['{part}']"


def _runs_on(reference: str, text: str) -> bool:
    match = _REFERENCE.match(reference + text)
    return match is None or match.end() != len(reference)

"""Between what a field shows and what the text of a flow says."""

from __future__ import annotations

import re
from typing import Literal

from flowlang import expressions as ex
from flowlang import types
from flowlang.parameters import ParameterSpec
from flowlang.syntax import spelling

Widget = Literal[
    "prose", "markup", "text", "words", "chips", "resource", "switch", "number", "duration",
    "phone", "zone", "source", "list", "record", "map",
]  # fmt: skip
SENTENCES = ("prose", "markup", "text")
"""Widgets that show a text without its quotes, with values in braces."""
_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]+")
_SIGNS = re.compile(r"[ ().-]")


def widget_of(spec: ParameterSpec) -> Widget:
    """The kind of field that suits a parameter."""
    if spec.free:
        return "map"
    if spec.words:
        return "chips" if spec.many else "words"
    if spec.is_outcome:
        return "source"
    if spec.many:
        return "list"
    if spec.keyed:
        return "record"
    if spec.resource:
        return "resource"
    if spec.markup:
        return "markup"
    if spec.multiline:
        return "prose"
    match spec.type:
        case types.Named(name="boolean"):
            return "switch"
        case types.Named(name="integer" | "number"):
            return "number"
        case types.Named(name="duration"):
            return "duration"
        case types.Named(name="phone"):
            return "phone"
        case types.Named(name="zone"):
            return "zone"
        case types.Named(name="text"):
            return "text"
        case _:
            return "source"


def shown(widget: Widget, value: ex.Expression | None) -> str:
    """What a field shows of an argument."""
    match value:
        case None:
            return ""
        case ex.Template(parts=parts) if widget in SENTENCES:
            return "".join(map(_shown_part, parts))
        case ex.Literal(value=str(sentence), type="text") if widget in SENTENCES:
            return _shown_part(sentence)
        case ex.Expression() if widget in SENTENCES:
            return _shown_part(value)
        case ex.Literal(value=word) if widget in ("words", "resource"):
            return str(word)
        case ex.Literal(value=str(number), type="text") if widget == "phone":
            return number
        case _:
            return spelling.value(value)


def _shown_part(part: str | ex.Expression) -> str:
    """Braces are expressions, so those that are not stand behind a backslash."""
    if isinstance(part, str):
        return part.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    return spelling.part(part)


def written(widget: Widget, typed: str) -> str:
    """The source text of what a person typed into a field."""
    typed = typed if widget in SENTENCES else typed.strip()
    if widget == "phone" and _NUMBER.fullmatch(typed):
        return quoted(_SIGNS.sub("", typed))
    return quoted(typed) if widget in SENTENCES else typed


def quoted(sentence: str) -> str:
    """A sentence as a string of the language; `{…}` in it stays an expression, and a backslash
    before a brace or a backslash stays what it is."""
    sentence = re.sub(r"\\[\\{}]|\\", lambda m: m[0] if len(m[0]) == 2 else r"\\", sentence)
    inside = sentence.replace('"', '\\"').replace("\t", "\\t")
    return '"' + inside.replace("\r\n", "\n").replace("\n", "\\n") + '"'

"""Declarations as forms fill them in, and where they stand in the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from flowlang.edits.operation import Flow, refuse
from flowlang.interchange.values import SpellingError, read_value
from flowlang.model import Declaration, Document
from flowlang.names import VALUE_WORDS
from flowlang.syntax import spelling
from flowlang.syntax.build import construct
from flowlang.syntax.parser import parse
from flowlang.syntax.printer import to_text


class Fields(BaseModel):
    """What a declaration says behind its name, spelled as in a text; None: nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wire_name: str | None = None
    type: str | None = None
    value: Any = None
    """Plain JSON: what a resource is called outside, the default of an attribute."""
    source: str | None = None
    """The value as an expression."""
    signature: str | None = None
    """`(phone: phone) -> (tier: text)`."""
    entries: Mapping[str, str] = {}
    """The lines below it: an expression by key."""


def declaration_of(flow: Flow, word: str, name: str, fields: Fields) -> Declaration:
    """The declaration that these fields make; refused if they make none."""
    known = flow.catalogue.resources
    if word not in known:
        refuse("FL321", word=word, name=name, reason="word", words=tuple(known))
    head = [word, name]
    if fields.wire_name:
        head.append(spelling.value(read_value(fields.wire_name)))
    if fields.type:
        head[-1] += ":"
        head.append(fields.type)
    if value := _value(fields, word, name):
        head += ["=", value]
    if fields.signature:
        head.append(fields.signature)
    lines = [" ".join(head)]
    lines += [f"  {spelling.line_key(key)}: {source}" for key, source in fields.entries.items()]
    tree = parse("\n".join(lines) + "\n")
    found = tree.document.declarations.get(name)
    wanted = (word, list(fields.entries))
    is_lone = not tree.problems and len(tree.document.items) == 1
    if found is None or not is_lone or (found.word, [it.key for it in found.entries]) != wanted:
        refuse("FL321", word=word, name=name, field=_misspelled(fields))
    return found


def _value(fields: Fields, word: str, name: str) -> str:
    if fields.source is not None:
        return fields.source
    if fields.value is None:
        return ""
    try:
        return spelling.value(read_value(fields.value))
    except SpellingError:
        refuse("FL321", word=word, name=name, field="value")


def _misspelled(fields: Fields) -> str | None:
    """The first field that can stand in no declaration, so that a form marks it."""
    tried = {
        "type": f"attribute x: {fields.type or 'text'}\n",
        "source": f"attribute x = {fields.source or 0}\n",
        "signature": f"function x {fields.signature or '()'}\n",
        "entries": "".join(["prompt x\n", *(f"  x: {it}\n" for it in fields.entries.values())]),
    }
    return next((key for key, text in tried.items() if parse(text).problems), None)


def fields_of(declared: Declaration) -> Fields:
    """What a declaration says, for a form."""
    signature = spelling.signature(declared.takes, declared.gives, declared.gives_type)
    return Fields(
        wire_name=declared.wire_name,
        type=spelling.type_(declared.type) if declared.type else None,
        source=spelling.value(declared.value) if declared.value is not None else None,
        signature=signature or None,
        entries={entry.key or "": spelling.value(entry.value) for entry in declared.entries},
    )


def says_the_same(one: Declaration, other: Declaration) -> bool:
    """Whether two declarations mean the same, whatever comments they have."""
    return (one.word, one.name, fields_of(one)) == (other.word, other.name, fields_of(other))


def text_of(declared: Declaration) -> str:
    """Its lines, with its comments."""
    return to_text(construct(Document, {"items": (declared,)}))


def belongs_behind(declared: Declaration, others: list[Declaration]) -> Declaration | None:
    """The declaration that a new one follows: the last of its word, else of its sort, else the
    last of all."""
    is_value = declared.word in VALUE_WORDS
    same = [other for other in others if other.word == declared.word]
    alike = [other for other in others if (other.word in VALUE_WORDS) == is_value]
    return next((found[-1] for found in (same, alike, others) if found), None)

"""The shape of a file: its parts as a tree, and what can be folded away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flowlang import model
from flowlang.edits import Flow
from flowlang.places import Place

Kind = Literal[
    "flow", "module", "value", "resource", "function", "section", "step", "test", "policy"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    name: str
    kind: Kind
    detail: str
    start: int
    end: int
    name_start: int
    name_end: int
    children: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Lines, counted from 1; the first one stays."""

    first: int
    last: int
    is_comment: bool = False


def symbols(flow: Flow) -> list[Symbol]:
    """The parts of a file, in order."""
    return [found for item in flow.document.items if (found := _symbol(item, flow))]


def symbols_named(flow: Flow, query: str) -> Iterator[tuple[Symbol, str]]:
    """The parts and their parts whose name has the letters of the query in it, in this order, and
    what each is a part of."""
    letters = query.casefold().replace(" ", "")
    for part in symbols(flow):
        for symbol, holder in ((part, ""), *((child, part.name) for child in part.children)):
            if _has_letters(symbol.name.casefold(), letters):
                yield symbol, holder


def _has_letters(name: str, letters: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)


def _symbol(item: model.Item, flow: Flow) -> Symbol | None:
    match item:
        case model.Header(word=word, name=name, title=title):
            return _made(item, name, word, title or "")
        case model.Declaration(word=word, name=name):
            resource = flow.catalogue.resources.get(word)
            called = bool(resource and resource.call)
            kind: Kind = "value" if word in ("attribute", "variable") else "resource"
            return _made(item, name, "function" if called else kind, word)
        case model.Section(name=name, title=title):
            steps = tuple(_steps(item))
            return _made(item, name, "section", title or "", steps)
        case model.Test(title=title, flow=subject):
            return _made(item, title or "test", "test", subject or "")
        case model.Policy(title=title):
            return _made(item, title or "policy", "policy", "")
        case _:
            return None


def _steps(section: model.Section) -> Iterator[Symbol]:
    for step_id, step in zip(section.step_ids, section.steps, strict=True):
        short = step_id.partition(".")[2]
        if found := _made(step, short, "step", step.kind if step.name else ""):
            yield found


def _made(
    item: model.Line, name: str, kind: Kind, detail: str, children: tuple[Symbol, ...] = ()
) -> Symbol | None:
    if item.at is None or item.extent is None:
        return None
    place = item.name_at or item.at
    start, end = item.at.offsets[0], _end(item.extent)
    name_start, name_end = place.offsets
    return Symbol(
        name=name, kind=kind, detail=detail, start=start, end=max(end, name_end),
        name_start=max(name_start, start), name_end=name_end, children=children,
    )  # fmt: skip


def _end(extent: Place) -> int:
    """Where the last line of it ends, without its line break."""
    text = extent.anchor.text[extent.start : extent.end]
    return extent.offsets[0] + len(text.rstrip())


# --- folding ----------------------------------------------------------------------------------


def folds(flow: Flow) -> list[Fold]:
    """Parts and steps of several lines, and comments of several lines."""
    found = [*_part_folds(flow), *_comment_folds(flow.tree.source)]
    return sorted(set(found), key=lambda fold: (fold.first, -fold.last))


def _part_folds(flow: Flow) -> Iterator[Fold]:
    for item in flow.document.items:
        yield from _fold(item)
        if isinstance(item, model.Section):
            for step in item.steps:
                yield from _fold(step)


def _fold(item: model.Line) -> Iterator[Fold]:
    if item.at is None or item.extent is None:
        return
    text = item.extent.anchor.text[item.at.start : item.extent.end].rstrip()
    first = item.at.first.line
    last = first + text.count("\n")
    if last > first:
        yield Fold(first=first, last=last)


def _comment_folds(source: str) -> Iterator[Fold]:
    first = 0
    for number, line in enumerate((*source.split("\n"), ""), 1):
        is_comment = line.lstrip().startswith("#")
        if is_comment and not first:
            first = number
        elif not is_comment and first:
            if number - 1 > first:
                yield Fold(first=first, last=number - 1, is_comment=True)
            first = 0

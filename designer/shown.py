"""What the canvas shows of a text that may be broken: where a section cannot be read, it as it
was when it could, marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from flowlang.diagnostics import Problem
from flowlang.edits import Flow
from flowlang.model import Document, Section, Step
from flowlang.neighbours import Neighbours, nobody
from flowlang.syntax.build import construct
from flowlang.syntax.parser import Chunk, Tree
from flowlang.wiring import Wiring, wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    wiring: Wiring
    marks: tuple[Problem, ...]
    """The problems of broken sections, once for each of their blocks."""
    good: Mapping[str, tuple[Section, str]]
    """Every section as it was when it could be read last, with its text."""

    @classmethod
    def of(cls, flow: Flow, before: Shown | None, neighbours: Neighbours = nobody) -> Shown:
        tree = flow.tree
        known = before.good if before else {}
        good = {
            chunk.item.name: (chunk.item, chunk.text)
            for chunk in reversed(tree.chunks)  # of two with one name the first counts
            if isinstance(chunk.item, Section) and not chunk.problems
        }
        stale = dict(_stale(tree, known, set(good)))
        wiring = flow.wiring
        if stale:
            wired = before.wiring if before else None
            wiring = wire(_patched(tree, stale), flow.catalogue, wired, neighbours=neighbours)
        marks = tuple(
            replace(chunk.problems[0], block=step_id)
            for chunk, (section, _) in stale.items()
            for step_id in section.step_ids
        )
        kept = {section.name: (section, text) for section, text in stale.values()}
        return cls(wiring=wiring, marks=marks, good={**good, **kept})


def _stale(
    tree: Tree, known: Mapping[str, tuple[Section, str]], readable: set[str]
) -> Iterator[tuple[Chunk, tuple[Section, str]]]:
    """For each broken part of the text, the section that it was."""
    left = {name: found for name, found in known.items() if name not in readable}
    for chunk in tree.chunks:
        if not chunk.problems or not left:
            continue
        if isinstance(chunk.item, Section):
            name: str | None = chunk.item.name if chunk.item.name in left else None
        elif chunk.item is None:
            name = _most_like(chunk.text, left)
        else:
            continue
        if name:
            yield chunk, left.pop(name)


def _most_like(text: str, sections: Mapping[str, tuple[Section, str]]) -> str | None:
    """The section that shares most lines with a text whose head cannot be read."""
    lines = {line.strip() for line in text.splitlines()} - {""}
    shared = {
        name: len(lines & {line.strip() for line in old.splitlines()})
        for name, (_, old) in sections.items()
    }
    best = max(shared, key=lambda name: shared[name], default=None)
    return best if best and shared[best] else None


def _patched(tree: Tree, stale: Mapping[Chunk, tuple[Section, str]]) -> Document:
    """The document with the old version of what is broken."""
    items = [
        stale[chunk][0] if chunk in stale else chunk.item
        for chunk in tree.chunks
        if chunk in stale or chunk.item is not None
    ]
    return construct(Document, {"items": tuple(items)})


# --- ids ----------------------------------------------------------------------------------------


def shifted_ids(old: Document, new: Document) -> dict[str, str]:
    """Which step of `old` is which of `new`, where somebody typed and ids may have shifted."""
    ids: dict[str, str] = {}
    for before, after in _pairs(old, new):
        if before.step_ids == after.step_ids:
            continue
        was, is_now = (list(map(_key, section.steps)) for section in (before, after))
        matcher = SequenceMatcher(None, was, is_now, autojunk=False)
        for block in matcher.get_matching_blocks():
            for index in range(block.size):
                one, other = before.step_ids[block.a + index], after.step_ids[block.b + index]
                if one != other:
                    ids[one] = other
    return ids


def _pairs(old: Document, new: Document) -> Iterator[tuple[Section, Section]]:
    """Sections of one name; and one that got another name where it stands."""
    gone = [name for name in old.sections if name not in new.sections]
    come = [name for name in new.sections if name not in old.sections]
    if len(gone) == len(come) == 1:
        yield old.sections[gone[0]], new.sections[come[0]]
    for name, section in old.sections.items():
        if name in new.sections and new.sections[name] is not section:
            yield section, new.sections[name]


def _key(step: Step) -> tuple[str, str | None, str]:
    return step.kind, step.name, repr(step.arguments)

"""Who could go on in a new version, and who must finish on the old one.

A contact stands at a step, and waits there. It can go on at a step of the new version that asks the
same, can be answered the same and is told the same: of the same kind, with the same parameters and
the same outcomes. A name alone says nothing: `menu` may be another question today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flowlang import expressions as ex
from flowlang.model import WhenPort
from flowlang.syntax import spelling
from flowlang.syntax.parser import parse
from flowlang.wiring import WiredStep, Wiring, result_names, wire
from runtime.contact import Contact, Frame
from runtime.likeness import LOOKS_AROUND, likeness
from runtime.versions import Version

Reason = Literal["", "flow", "removed", "changed", "ambiguous", "attribute", "result"]
"""Why a contact must finish where it is; empty: it need not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a new version means for one contact."""

    contact: Contact
    """As it would be in the new version, if it can go on there; else as it is."""
    reason: Reason = ""
    about: str = ""
    """The step or the name that the reason is about."""


def outlook(contact: Contact, old: Version, new: Version) -> Outlook:
    entry = contact.program.partition(":")[2]
    frames = []
    for frame in contact.frames:
        found = _Pair.of(old, new, frame.flow or entry).target(frame.step, frame.local)
        if isinstance(found, tuple):
            return Outlook(contact=contact, reason=found[0], about=found[1])
        frames.append(Frame(frame.flow, found, frame.local, frame.kept))
    found = _Pair.of(old, new, contact.flow or entry).target(contact.step, contact.local)
    if isinstance(found, tuple):
        return Outlook(contact=contact, reason=found[0], about=found[1])
    moved = contact.copy()
    moved.program = f"{new.sources.id}:{entry}"
    moved.step, moved.frames = found, tuple(frames)
    kept = contact.kept
    moved.kept = {found: kept[contact.step]} if contact.step in kept else {}
    moved.kept = {**{k: v for k, v in kept.items() if k != contact.step}, **moved.kept}
    program = new.program(entry)
    moved.values = {**(program.defaults if program else {}), **contact.values}
    return Outlook(contact=moved)


Refusal = tuple[Reason, str]


class _Pair:
    """One flow in the old version and in the new one."""

    _known: dict[tuple[str, str, str], _Pair] = {}  # noqa: RUF012 - versions never change

    def __init__(self, old: Wiring, new: Wiring) -> None:
        self.old = _Side(old)
        self.new = _Side(new)

    @classmethod
    def of(cls, old: Version, new: Version, path: str) -> _Pair:
        name = (old.sources.id, new.sources.id, path)
        if name not in cls._known:
            if len(cls._known) > 100:
                cls._known.clear()
            cls._known[name] = cls(_wiring(old, path), _wiring(new, path))
        return cls._known[name]

    def target(self, step: str, known: Mapping[str, object]) -> str | Refusal:
        """The step to go on at."""
        if not self.new.wiring.steps:
            return "flow", step
        if refused := self._attributes():
            return refused
        found = self._aligned(step)
        if isinstance(found, tuple):
            return found
        missing = self.new.needs(found) - known.keys()
        return ("result", min(missing)) if missing else found

    def _aligned(self, step: str) -> str | Refusal:
        if step not in self.old.wiring.steps:
            # An ending, which waits for nothing.
            return step if step in self.new.wiring.endings else ("removed", step)
        for depth in range(LOOKS_AROUND + 1):
            mark = self.old.marks[depth][step]
            alike = [name for name, other in self.new.marks[depth].items() if other == mark]
            if len(alike) == 1:
                return alike[0]
            if not alike:
                break
        mark, same = self.old.marks[0][step], self.new.marks[0].get(step)
        if same == mark:
            return step
        if mark in self.new.marks[0].values():
            return "ambiguous", step
        return ("removed" if same is None else "changed"), step

    def _attributes(self) -> Refusal | None:
        before, now = self.old.attributes, self.new.attributes
        changed = [name for name in before.keys() & now.keys() if before[name] != now[name]]
        return ("attribute", min(changed)) if changed else None


class _Side:
    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """Attributes and variables with their types."""
        declared = self.wiring.document.declarations.values()
        return {
            item.name: spelling.type_(item.type) if item.type else ""
            for item in declared
            if item.word in ("attribute", "variable")
        }

    @cached_property
    def marks(self) -> list[dict[str, int]]:
        return likeness(self.wiring)

    def needs(self, step: str) -> frozenset[str]:
        """Results that are read from a step on, and that no step from there on gives."""
        reached = self._reached(step)
        results = {name for each in self.wiring.steps.values() for name in result_names(each)}
        given = {name for name in reached for name in result_names(self.wiring.steps[name])}
        read = {root for name in reached for root in _read(self.wiring.steps[name])}
        return frozenset((read & results) - given)

    def _reached(self, step: str) -> set[str]:
        found, waiting = set(), [step]
        while waiting:
            name = waiting.pop()
            if name in found or name not in self.wiring.steps:
                continue
            found.add(name)
            waiting += [each.target for each in self.wiring.steps[name].wires if each.target]
        return found


def _wiring(version: Version, path: str) -> Wiring:
    return wire(parse(version.sources.flows.get(path, "")).document, version.catalogue)


def _read(step: WiredStep) -> Iterator[str]:
    expressions: list[ex.Expression] = list(step.bound.values.values())
    expressions += [
        each.spoken.condition for each in step.wires if isinstance(each.spoken, WhenPort)
    ]
    for expression in expressions:
        for name in ex.names_in(expression):
            yield name.root


def summary(outlooks: Iterable[Outlook]) -> tuple[int, Mapping[tuple[Reason, str], int]]:
    """How many could go on, and how many cannot, by reason."""
    can, cannot = 0, defaultdict[tuple[Reason, str], int](int)
    for each in outlooks:
        if each.reason:
            cannot[each.reason, each.about] += 1
        else:
            can += 1
    return can, dict(cannot)

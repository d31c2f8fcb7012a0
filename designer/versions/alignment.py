"""Which step of one text is which of another.

By what a step is and where it leads, as for contacts that go on in another version; what is left is
paired with what is most like it: of the same kind, in the same place, saying much the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cached_property

from flowlang.syntax import spelling
from flowlang.wiring import WiredStep, Wiring
from runtime.likeness import LOOKS_AROUND, likeness

ENOUGH = 2.0
"""How much two steps must have in common to be taken for one that was changed."""
SAME_PLACE, SAME_NAME, SAME_NEIGHBOUR = 1.0, 2.0, 1.0
VALUES, OUTCOMES = 3.0, 1.0
COMPARED_MAX = 4_000
"""Pairs that are looked at closely; of more, only those within one section."""


def align(old: Wiring, new: Wiring) -> dict[str, str]:
    """The ids of `new` by those of `old`, without what was removed or added."""
    aligning = _Aligning(old, new)
    aligning.by_looks()
    aligning.by_id()
    aligning.by_nearness()
    return aligning.pairs


class _Aligning:
    def __init__(self, old: Wiring, new: Wiring) -> None:
        self.old = old
        self.new = new
        self.pairs: dict[str, str] = {}
        self._taken: set[str] = set()

    def _pair(self, one: str, other: str) -> None:
        if one not in self.pairs and other not in self._taken:
            self.pairs[one] = other
            self._taken.add(other)

    @property
    def _left(self) -> tuple[list[str], list[str]]:
        return (
            [name for name in self.old.steps if name not in self.pairs],
            [name for name in self.new.steps if name not in self._taken],
        )

    # --- what is as it was --------------------------------------------------------------------

    def by_looks(self) -> None:
        before, now = likeness(self.old), likeness(self.new)
        for depth in reversed(range(LOOKS_AROUND + 1)):
            gone, come = self._left
            groups, others = _groups(before[depth], gone), _groups(now[depth], come)
            for mark, names in groups.items():
                if len(names) == len(others.get(mark, ())) == 1:
                    self._pair(names[0], others[mark][0])
        gone, come = self._left
        groups, others = _groups(before[0], gone), _groups(now[0], come)
        for mark, names in groups.items():
            self._pair_alike(names, others.get(mark, []))

    def _pair_alike(self, names: list[str], others: list[str]) -> None:
        """Several that look alike: each with its namesake, then in order, section by section."""
        for name in names:
            if name in others:
                self._pair(name, name)
        for section in {name.partition(".")[0]: None for name in names}:
            of_old = [n for n in names if _in(n, section) and n not in self.pairs]
            of_new = [n for n in others if _in(n, section) and n not in self._taken]
            for name, other in zip(of_old, of_new, strict=False):
                self._pair(name, other)
        rest = [n for n in names if n not in self.pairs]
        for name, other in zip(rest, [n for n in others if n not in self._taken], strict=False):
            self._pair(name, other)

    # --- what was changed ---------------------------------------------------------------------

    def by_id(self) -> None:
        """A step with a name of its own keeps it when it is changed; one without is numbered."""
        gone, _ = self._left
        for name in gone:
            one, other = self.old.steps[name], self.new.steps.get(name)
            if other and one.step.name and other.step.name and _same_kind(one, other):
                self._pair(name, name)

    def by_nearness(self) -> None:
        gone, come = self._left
        found = sorted(
            ((self._score(one, other), one, other) for one, other in self._candidates(gone, come)),
            key=lambda item: -item[0],
        )
        for score, one, other in found:
            if score >= ENOUGH:
                self._pair(one, other)

    def _candidates(self, gone: list[str], come: list[str]) -> Iterator[tuple[str, str]]:
        is_much = len(gone) * len(come) > COMPARED_MAX
        for one in gone:
            for other in come:
                near = one.partition(".")[0] == other.partition(".")[0]
                if (near or not is_much) and _same_kind(self.old.steps[one], self.new.steps[other]):
                    yield one, other

    def _score(self, one: str, other: str) -> float:
        was, now = self.old.steps[one], self.new.steps[other]
        score = VALUES * _values_in_common(was, now)
        score += OUTCOMES * _share(_ports(was), _ports(now))
        if was.section.name == now.section.name:
            score += SAME_PLACE
        if was.step.name and was.step.name == now.step.name:
            score += SAME_NAME
        for before, after in zip(
            self._neighbours_of_old.get(one, ()), self._neighbours_of_new.get(other, ()),
            strict=False,
        ):  # fmt: skip
            if before and after and self.pairs.get(before) == after:
                score += SAME_NEIGHBOUR
        return score

    @cached_property
    def _neighbours_of_old(self) -> Mapping[str, tuple[str, str]]:
        return _neighbours(self.old)

    @cached_property
    def _neighbours_of_new(self) -> Mapping[str, tuple[str, str]]:
        return _neighbours(self.new)


def _groups(marks: Mapping[str, int], names: Iterable[str]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for name in names:
        groups.setdefault(marks[name], []).append(name)
    return groups


def _in(step: str, section: str) -> bool:
    return step.partition(".")[0] == section


def _same_kind(one: WiredStep, other: WiredStep) -> bool:
    return one.step.kind == other.step.kind


def _ports(step: WiredStep) -> frozenset[str]:
    return frozenset(wire.port for wire in step.wires)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    both = one | other
    return len(one & other) / len(both) if both else 1.0


def _values_in_common(one: WiredStep, other: WiredStep) -> float:
    """From 0 to 1; of texts that differ, how much of them is the same."""
    before = {key: spelling.value(item) for key, item in one.bound.values.items()}
    now = {key: spelling.value(item) for key, item in other.bound.values.items()}
    keys = before.keys() | now.keys()
    if not keys:
        return 1.0
    return sum(_alike(before.get(key, ""), now.get(key, "")) for key in keys) / len(keys)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).quick_ratio() / 2


def _neighbours(wiring: Wiring) -> dict[str, tuple[str, str]]:
    """Before and behind each step, in its section."""
    found = {}
    for section in wiring.document.sections.values():
        names = ["", *section.step_ids, ""]
        for index, name in enumerate(section.step_ids, 1):
            found[name] = (names[index - 1], names[index + 1])
    return found

"""How one text of a flow differs from another, block by block and wire by wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from designer.drawing import note_of
from designer.faces import face_of, plain
from designer.versions.alignment import align
from designer.words import Language, said
from flowlang.names import outside_name
from flowlang.parameters import specs
from flowlang.syntax import spelling
from flowlang.wiring import Wire, WiredStep, Wiring

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that a block says, before and now; empty: it did not say it."""

    label: str
    before: str
    now: str
    is_outcome: bool = False

    @property
    def differs(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    kind: Kind
    old: WiredStep | None
    new: WiredStep | None
    title: str
    label: str
    """What kind of block it is, in words."""
    rows: tuple[Row, ...]

    @property
    def step(self) -> WiredStep:
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    old: Wiring
    new: Wiring
    pairs: Mapping[str, str]
    """Ids now, by those of before."""
    changes: tuple[BlockChange, ...]
    """In the order of the text, what is gone where it stood."""

    def count(self, kind: Kind) -> int:
        return sum(change.kind == kind for change in self.changes)

    def target(self, wire: Wire) -> str | None:
        """Where a wire of before would lead now."""
        return self.pairs.get(wire.target, wire.target) if wire.target else None


def difference(old: Wiring, new: Wiring, language: Language) -> Difference:
    pairs = align(old, new)
    found = _Comparing(old, new, pairs, language)
    return Difference(old=old, new=new, pairs=pairs, changes=tuple(found.changes()))


@dataclass(slots=True)
class _Comparing:
    old: Wiring
    new: Wiring
    pairs: Mapping[str, str]
    language: Language

    def changes(self) -> Iterator[BlockChange]:
        was = {new: old for old, new in self.pairs.items()}
        gone = self._gone()
        yield from gone.get("", ())
        for step in self.new.steps.values():
            if step.id not in was:
                yield self._change("added", None, step)
            else:
                change = self._change("changed", self.old.steps[was[step.id]], step)
                if any(row.differs for row in change.rows):
                    yield change
            yield from gone.get(step.id, ())

    def _gone(self) -> dict[str, list[BlockChange]]:
        """By the step that they followed."""
        found: dict[str, list[BlockChange]] = {}
        last = ""
        for step in self.old.steps.values():
            if step.id in self.pairs:
                last = self.pairs[step.id]
            else:
                found.setdefault(last, []).append(self._change("removed", step, None))
        return found

    def _change(self, kind: Kind, old: WiredStep | None, new: WiredStep | None) -> BlockChange:
        step = new or old
        assert step is not None
        return BlockChange(
            kind=kind, old=old, new=new,
            title=face_of(step, self.language).title,
            label=said(step.block.card.title, self.language) if step.block else step.step.kind,
            rows=tuple(self._rows(old, new)),
        )  # fmt: skip

    def _rows(self, old: WiredStep | None, new: WiredStep | None) -> Iterator[Row]:
        before, now = self._said(old), self._said(new)
        for label in {**now, **before}:
            yield Row(label=label, before=before.get(label, ""), now=now.get(label, ""))
        ways, ways_now = self._ways(old, self.old), self._ways(new, self.new)
        for port in {**ways_now, **ways}:
            was, is_now = ways.get(port), ways_now.get(port)
            if was and is_now and self._same_way(was[0], is_now[0]):
                was = is_now
            yield Row(
                label=(is_now or was or (None, port, ""))[1],
                before=was[2] if was else "", now=is_now[2] if is_now else "",
                is_outcome=True,
            )  # fmt: skip

    def _same_way(self, was: Wire, is_now: Wire) -> bool:
        if "error" == was.role == is_now.role:
            return True  # the flow's own line for errors changed, and not this block
        before, now = was.target or "", is_now.target or ""
        if self.pairs.get(before, before) == now:
            return True
        come = now in self.new.steps and now not in self.pairs.values()
        gone = before in self.old.steps and before not in self.pairs
        if not (come or gone):
            return False
        # Something was put or taken out in between, and that is told of it.
        is_one_section = before.partition(".")[0] == now.partition(".")[0]
        return is_one_section or "next" == was.role == is_now.role

    def _said(self, step: WiredStep | None) -> dict[str, str]:
        """Name, parameters, what is declared of resources, and the note."""
        if step is None:
            return {}
        found = {}
        if step.step.name:
            found[WORDS["name"][self.language]] = step.step.name
        for spec in specs(step.block.Params) if step.block else ():
            if spec.key in step.bound.given:
                title = said(spec.title, self.language) or spec.key
                value = step.bound.values.get(spec.key)
                found[title] = plain(value) if value is not None else ""
        for item in step.call.declarations.values():
            if item.value or item.entries:
                entries = [f"{each.key}: {spelling.value(each.value)}" for each in item.entries]
                found[f"{item.word} {item.name}"] = ", ".join([outside_name(item), *entries])
        if note := note_of(step):
            found[WORDS["note"][self.language]] = note
        return found

    def _ways(self, step: WiredStep | None, wiring: Wiring) -> dict[str, tuple[Wire, str, str]]:
        """Each outcome with its name, and where it leads in words."""
        found = {}
        for wire in step.wires if step else ():
            outcome = step.ports.word(wire.port) if step else None
            name = said(outcome.title, self.language) if outcome and not wire.spoken else wire.port
            found[wire.port] = (wire, name, self._place(wire.target, wiring))
        return found

    def _place(self, target: str | None, wiring: Wiring) -> str:
        if target is not None and target in wiring.steps:
            step = wiring.steps[target]
            return f"{step.section.name}: {face_of(step, self.language).title}"
        if target is not None and target in wiring.endings:
            return said(wiring.endings[target].card.title, self.language)
        return "–"


WORDS: Mapping[str, Mapping[Language, str]] = {
    "name": {"en": "Name", "ko": "이름"},
    "note": {"en": "Note", "ko": "메모"},
}

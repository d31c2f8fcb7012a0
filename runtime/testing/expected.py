"""`expect …`: what a test wants to see, and how it is found in what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowlang import expressions as ex
from flowlang.binding import bind
from flowlang.block import Block
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Argument, Declaration, Step
from flowlang.names import SYSTEM
from flowlang.parameters import Parameters, specs
from flowlang.syntax import spelling
from flowlang.values import COMPARISONS, Closure, compile_expression, equal, render
from runtime import happenings as seen
from runtime.happenings import Happening
from runtime.telling import shown
from runtime.testing.phrases import NotUnderstood, Phrases, spelled
from runtime.testing.subject import Subject

# --- what can be expected ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A visit to a step: to which, with what parameters, saying what."""

    spelling: str
    steps: frozenset[str]
    kind: str = ""
    """The kind of block, if it is one: steps of the modules that the flow runs count too."""
    wanted: Mapping[str, Closure] = field(default_factory=dict)
    texts: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class Visited:
    pattern: Pattern
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Never:
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Before:
    first: Pattern
    second: Pattern


@dataclass(frozen=True, slots=True)
class Walked:
    """Sections and steps, one right after the other."""

    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    name: str
    left: Closure
    compare: Callable[[Any, Any], bool]
    right: Closure


@dataclass(frozen=True, slots=True)
class Ended:
    pass


Expectation = Visited | Never | Before | Walked | Compared | Ended


# --- reading ----------------------------------------------------------------------------------


def read_expectation(line: Phrases, subject: Subject) -> Expectation:
    """Read what stands behind the word `expect`."""
    times = line.times()
    if line.takes("end"):
        line.end()
        return Ended()
    if line.takes("never"):
        return Never(_pattern(line, subject))
    if line.takes("path"):
        return Walked(tuple(_place(line, subject) for _ in line.items[line.position :]))
    if compared := _comparison(line, subject):
        return compared
    first = _pattern(line, subject)
    if line.takes("before"):
        return Before(first, _pattern(line, subject))
    line.end()
    return Visited(first, times)


def _place(line: Phrases, subject: Subject) -> str:
    name = line.word() or ""
    if name not in subject.sections and name not in subject.program.steps:
        raise line.unknown("FL609", _known_heads(subject))
    line.take()
    return name


def _comparison(line: Phrases, subject: Subject) -> Compared | None:
    """`tier == "gold"`: a value, not a block, stands before the sign."""
    if len(line.items) < line.position + 3:
        return None
    name, sign = line.next, spelled(line.items[line.position + 1])
    if not isinstance(name, ex.Name) or sign not in COMPARISONS:
        return None
    names_steps = _steps_of(spelled(name), subject) is not None
    if names_steps and sign in ("contains", "starts_with", "ends_with"):
        return None
    if not (subject.wiring.names.knows(name.root) or name.root in SYSTEM or name.root == "voice"):
        raise line.unknown("FL611", [*subject.wiring.names.declarations, *SYSTEM])
    line.take()
    line.take()
    operand = line.take()
    assert operand is not None
    line.end()
    return Compared(
        spelled(name), compile_expression(name), COMPARISONS[sign], compile_expression(operand)
    )


def _pattern(line: Phrases, subject: Subject) -> Pattern:
    start, place = line.position, line.here
    head = line.word() or ""
    steps = _steps_of(head, subject)
    if steps is None:
        raise line.unknown("FL609", _known_heads(subject))
    line.take()
    arguments: list[Argument] = []
    texts: list[Closure] = []
    while not line.is_at_end and line.word() != "before":
        if line.takes("contains"):
            texts.append(_text_operand(line))
            continue
        item = line.take()
        match item:
            case ex.Field(key=key, value=value):
                arguments.append(Argument(key=key, value=value, at=item.at))
            case _:
                assert item is not None
                arguments.append(Argument(value=item, at=item.at))
    wanted = _wanted(head, tuple(arguments), subject, place) if arguments else {}
    said = _spelling(line.items[start : line.position])
    kind = head if subject.declaration(head) or subject.catalogue.block(head) else ""
    return Pattern(spelling=said, steps=steps, kind=kind, wanted=wanted, texts=tuple(texts))


def _text_operand(line: Phrases) -> Closure:
    item = line.take()
    if item is None:
        raise NotUnderstood("FL604", line.place, found="")
    return compile_expression(item)


def _spelling(items: Sequence[ex.Expression]) -> str:
    """The pattern as it was written; commas stand between arguments."""
    head, *rest = [
        spelled(item) if isinstance(item, ex.Name) else spelling.clause((item,)) for item in items
    ]
    text = head
    for index, part in enumerate(rest):
        joins = index == 0 or part == "contains" or rest[index - 1] == "contains"
        text += f" {part}" if joins else f", {part}"
    return text


def _steps_of(head: str, subject: Subject) -> frozenset[str] | None:
    """The steps that a word names: of a kind, of what they call, of a section, or one alone.
    None: it names nothing."""
    program = subject.program
    if head in program.steps:
        return frozenset({head})
    if head in subject.wiring.names.steps:
        return frozenset({subject.wiring.names.steps[head]})
    callee = subject.declaration(head)
    block = subject.catalogue.block(head)
    if block is not None or (callee is not None and _called_block(callee, subject)):
        return frozenset(
            step.id for step in program.steps.values() if head in (step.kind, step.block.kind)
        )
    if head in subject.sections:
        return frozenset(subject.sections[head].step_ids)
    return None


def _called_block(callee: Declaration, subject: Subject) -> type[Block[Parameters]] | None:
    resource = subject.catalogue.resources.get(callee.word)
    return subject.catalogue.block(resource.call) if resource and resource.call else None


def _known_heads(subject: Subject) -> list[str]:
    """What a pattern can begin with, the words of this flow first."""
    kinds = dict.fromkeys(step.kind for step in subject.program.steps.values())
    more = [*subject.sections, *subject.wiring.names.steps, *subject.catalogue.kinds()]
    return list(dict.fromkeys([*kinds, *more]))


def _wanted(
    head: str, arguments: tuple[Argument, ...], subject: Subject, place: Any
) -> Mapping[str, Closure]:
    """The arguments of a pattern by parameter, bound like those of a step."""
    block = _block_of(head, subject)
    if block is None:
        raise NotUnderstood("FL615", arguments[0].at or place, found=_key(arguments[0]))
    bound = bind(Step(kind=block.kind, arguments=arguments), block, subject.wiring.names)
    if bound.surplus:
        extra = bound.surplus[0]
        known = [spec.key for spec in specs(block.Params) if not (spec.free or spec.callee)]
        raise NotUnderstood(
            "FL610",
            extra.at or place,
            kind=head,
            found=_key(extra),
            known=known,
            suggestion=did_you_mean(extra.key or "", known),
        )
    return {
        key: compile_expression(value) for key, value in bound.values.items() if key in bound.given
    }


def _block_of(head: str, subject: Subject) -> type[Block[Parameters]] | None:
    """The block whose parameters a pattern names; a section has none."""
    if wired := subject.step(subject.wiring.names.steps.get(head, head)):
        return wired.block
    declared = subject.declaration(head)
    called = _called_block(declared, subject) if declared else None
    return called or subject.catalogue.block(head)


def _key(argument: Argument) -> str:
    return argument.key or spelling.value(argument.value)


# --- what happened ----------------------------------------------------------------------------


@dataclass(slots=True)
class Visit:
    """One stay at one step."""

    step: str
    kind: str
    params: Parameters | None
    flow: str = ""
    """The file of another flow than the tested one."""
    said: list[str] = field(default_factory=list)
    outcome: str = ""

    def value(self, key: str) -> Any:
        return _plain(getattr(self.params, key, None))

    @property
    def texts(self) -> list[str]:
        """What was said; of a step that says nothing, the texts among its parameters."""
        if self.said or self.params is None:
            return self.said
        return [text for key in type(self.params).model_fields for text in _texts(self.value(key))]


def visits_of(happened: Iterable[Happening]) -> list[Visit]:
    visits: list[Visit] = []
    for item in happened:
        match item:
            case seen.Entered():
                visits.append(Visit(item.step, item.kind, item.params, item.flow))
            case seen.Said() if visits:
                visits[-1].said.append(item.text)
            case seen.Left() if visits:
                visits[-1].outcome = item.outcome
            case _:
                pass
    return visits


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for item in value for text in _texts(item)]
        case dict():
            return [text for item in value.values() for text in _texts(item)]
        case _:
            return []


def is_match(pattern: Pattern, visit: Visit, scope: Mapping[str, Any]) -> bool:
    is_meant = visit.kind == pattern.kind if visit.flow else visit.step in pattern.steps
    return is_meant and not differences(pattern, visit, scope)


def differences(pattern: Pattern, visit: Visit, scope: Mapping[str, Any]) -> list[str]:
    """What of a visit is not as the pattern wants it, as `key: value` was."""
    found = []
    for key, closure in pattern.wanted.items():
        wanted, was = _plain(closure(scope)), visit.value(key)
        if isinstance(wanted, Mapping) and isinstance(was, Mapping):
            found += [
                f"{name}: {shown(was.get(name))}"
                for name, value in wanted.items()
                if not _same(was.get(name), value)
            ]
        elif not _same(was, wanted):
            found.append(f"{key}: {shown(was)}")
    for closure in pattern.texts:
        part = render(closure(scope))
        if not any(part in text for text in visit.texts):
            found.append(" ".join(shown(text) for text in visit.texts) or shown(None))
    return found


def _same(was: Any, wanted: Any) -> bool:
    if isinstance(was, list) and isinstance(wanted, list):
        return len(was) == len(wanted) and all(map(_same, was, wanted))
    return equal(was, wanted)


# --- the way through the flow -----------------------------------------------------------------


def runs_of(visits: Sequence[Visit], subject: Subject) -> list[tuple[str, list[str]]]:
    """The way as sections, each with its steps. Coming back to a section's beginning is a new
    run through it."""
    runs: list[tuple[str, list[str]]] = []
    before = -1
    for visit in visits:
        if visit.flow:
            continue
        wired = subject.step(visit.step)
        section = wired.section.name if wired else visit.step
        place = wired.section.step_ids.index(visit.step) if wired else 0
        if runs and runs[-1][0] == section and place > before:
            runs[-1][1].append(visit.step)
        else:
            runs.append((section, [visit.step]))
        before = place
    return runs


def walked(places: Sequence[str], runs: Sequence[tuple[str, list[str]]]) -> bool:
    """Whether the places come one right after the other, anywhere on the way."""
    way = [
        (section if first else "", step)
        for section, steps in runs
        for first, step in zip([True, *[False] * (len(steps) - 1)], steps, strict=True)
    ]
    return any(_walked_from(places, way, start) for start in range(len(way)))


def _walked_from(places: Sequence[str], way: Sequence[tuple[str, str]], position: int) -> bool:
    for place in places:
        if position >= len(way):
            return False
        section, step = way[position]
        position += 1
        if place == step:
            continue
        if place != section:
            return False
        while position < len(way) and not way[position][0]:
            position += 1
    return True

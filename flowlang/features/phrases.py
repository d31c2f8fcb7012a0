"""The words of tests and policies: what may follow those in front of the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flowlang.channels import CHANNELS, MESSENGERS
from flowlang.edits import Flow
from flowlang.features.scope import spelled_literals
from flowlang.features.steps import step_of
from flowlang.features.tokens import Token
from flowlang.inference import value_type
from flowlang.names import SYSTEM, VALUE_WORDS

Sort = Literal["word", "literal", "block", "section", "step", "value", "resource", "key"]

OPENINGS = ("given", "caller", "expect", "time passes", "agent")
_GIVEN = ("caller", "time", "channel", "language", "voice score")
_DEEDS: Mapping[str, tuple[str, ...]] = {
    "caller": ("presses", "says", "says nothing", "chooses", "hangs up"),
    "agent": ("accepts", "says", "leaves"),
    "time": ("passes",),
}
_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "function": ("returns", "fails", "times out", "takes"),
    "bot": ("understands", "understands nothing", "asks", "fails", "times out", "takes"),
    "queue": ("full", "free"),
    "hours": ("open", "closed"),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    word: str
    sort: Sort = "word"
    detail: str = ""


def test_words(flow: Flow, line: Sequence[Token]) -> Iterable[Spoken]:
    """What a line of a test may go on with."""
    match [token.text for token in line]:
        case []:
            return _words(OPENINGS)
        case ["given"]:
            return _givens(flow)
        case ["given", *said]:
            return _given(flow, said)
        case ["expect", *said]:
            return _expected(flow, said)
        case ["caller", "hangs"]:
            return _words(("up",))
        case ["caller", "says"]:
            return _words(("nothing",))
        case [("caller" | "agent" | "time") as who]:
            return _words(_DEEDS[who])
        case [*_, number] if number.isdigit():
            return _words(("times",))
        case _:
            return ()


test_words.__test__ = False  # type: ignore[attr-defined]


def policy_words(flow: Flow, said: Sequence[str]) -> Iterable[Spoken]:
    match said:
        case []:
            return [Spoken("from every"), *_heads(flow)]
        case ["from"]:
            return _words(("every",))
        case ["from", "every"] | [*_, "or" | "before" | "reach"]:
            return _heads(flow)
        case ["from", "every", *rest] if "reach" not in rest:
            return _words(("reach", "or"))
        case [*rest] if "before" not in rest and "reach" not in rest:
            return _words(("before", "or"))
        case _:
            return _words(("or",))


def _words(words: Iterable[str]) -> list[Spoken]:
    return [Spoken(word) for word in words]


def _givens(flow: Flow) -> Iterator[Spoken]:
    yield from _words(_GIVEN)
    for name, declared in flow.document.declarations.items():
        if declared.word in VALUE_WORDS:
            yield Spoken(name, "value", declared.word)
        elif declared.word in _ANSWERS:
            yield Spoken(name, "resource", declared.word)
    yield from _words(MESSENGERS)


def _given(flow: Flow, said: Sequence[str]) -> Iterable[Spoken]:
    head, *rest = said
    declared = flow.document.declarations.get(head)
    if rest and rest[-1] in ("times", "voice"):
        return _words(("out",) if rest[-1] == "times" else ("score",))
    match head:
        case "channel" if not rest:
            return _words(CHANNELS)
        case "voice" if not rest:
            return _words(("score",))
        case _ if declared is None:
            return _words(("fails", "delivers")) if head in MESSENGERS and not rest else ()
        case _ if declared.word in VALUE_WORDS:
            found = spelled_literals(value_type(declared))
            return [Spoken(item, "literal") for item in found if not rest]
        case _ if rest and rest[-1] == "understands":
            return [Spoken("nothing"), *(Spoken(it.name) for it in declared.takes or ())]
        case _ if not rest or rest[-1] == "then" or _is_duration(rest):
            return _words(_ANSWERS.get(declared.word, ()))
        case _:
            return _words(("then",)) if declared.word in ("function", "bot", "queue") else ()


def _is_duration(said: Sequence[str]) -> bool:
    return len(said) > 1 and said[-2] == "takes"


def _expected(flow: Flow, said: Sequence[str]) -> Iterable[Spoken]:
    match said:
        case []:
            return [*_words(("never", "path", "end")), *_heads(flow), *_values(flow)]
        case ["never"] | [*_, "before"]:
            return _heads(flow)
        case ["path"] | ["path", *_, ","]:
            return [*_sections(flow), *_steps(flow)]
        case ["end"] | ["path", *_]:
            return ()
        case [head]:
            return [*_words(("contains", "before")), *_arguments(flow, head, said)]
        case [head, *_, ","]:
            return _arguments(flow, head, said)
        case [*_, number] if number.isdigit():
            return _words(("times",))
        case [name, "==" | "!="] if declared := flow.document.declarations.get(name):
            return [Spoken(item, "literal") for item in spelled_literals(value_type(declared))]
        case _:
            return ()


def _arguments(flow: Flow, head: str, said: Sequence[str]) -> Iterator[Spoken]:
    """The parameters of the step that is expected, and the names that they take."""
    wired = flow.wiring.steps.get(flow.wiring.names.steps.get(head, head))
    step = step_of(flow, wired.step.kind if wired else head)
    if step is None:
        return
    for spec in step.specs.values():
        if spec.resource and spec.position is not None and len(said) == 1:
            for name, declared in flow.document.declarations.items():
                if declared.word == spec.resource:
                    yield Spoken(name, "resource", declared.word)
    for spec in step.specs.values():
        if spec.key not in said:
            yield Spoken(spec.key, "key")


def _heads(flow: Flow) -> Iterator[Spoken]:
    """What a step can be named by: what the flow has first, then all kinds."""
    kinds = dict.fromkeys(wired.step.kind for wired in flow.wiring.steps.values())
    for kind in (*kinds, *flow.catalogue.kinds()):
        yield Spoken(kind, "block")
    yield from _sections(flow)
    yield from (Spoken(name, "step") for name in flow.wiring.names.steps)


def _sections(flow: Flow) -> Iterator[Spoken]:
    for name, section in flow.document.sections.items():
        yield Spoken(name, "section", section.title or "")


def _steps(flow: Flow) -> Iterator[Spoken]:
    yield from (Spoken(step_id, "step") for step_id in flow.wiring.steps)


def _values(flow: Flow) -> Iterator[Spoken]:
    for name, declared in flow.document.declarations.items():
        if declared.word in VALUE_WORDS:
            yield Spoken(name, "value", declared.word)
    yield from (Spoken(name, "value") for name in SYSTEM)

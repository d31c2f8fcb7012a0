"""What stands under the pointer, explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import Language
from flowlang.edits import Flow
from flowlang.features import pages
from flowlang.features.around import Around
from flowlang.features.mentions import Mention, mention_at, mentions
from flowlang.features.texts import offset_of
from flowlang.features.words import say
from flowlang.inference import Environment
from flowlang.model import Declaration
from flowlang.parameters import specs
from flowlang.places import Position
from flowlang.syntax import spelling
from flowlang.types import RecordType, Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Hover:
    markdown: str
    start: int
    end: int


def hover(
    flow: Flow,
    position: Position,
    language: Language = "en",
    *,
    problems: Sequence[Problem] = (),
    around: Around | None = None,
) -> Hover | None:
    """The page of what stands at the position, and the problems there."""
    offset = offset_of(flow.tree.source, position)
    found = mention_at(mentions(flow, around, near=offset), offset)
    parts = [pages.problem(item, language) for item in _touching(problems, offset)]
    if found is not None:
        parts.append(_page(found, language))
    markdown = "\n\n---\n\n".join(part for part in parts if part)
    if not markdown:
        return None
    start, end = (found.start, found.end) if found else (offset, offset)
    return Hover(markdown=markdown, start=start, end=end)


def _touching(problems: Iterable[Problem], offset: int) -> Iterator[Problem]:
    for problem in problems:
        if problem.place is not None:
            start, end = problem.place.offsets
            if start <= offset <= end:
                yield problem


def _page(found: Mention, language: Language) -> str:
    document = found.owner.document
    match found.sort:
        case "block":
            block = found.owner.catalogue.block(found.name)
            return pages.block(block, language) if block else ""
        case "section" if section := document.sections.get(found.name):
            return pages.section(section, found.owner, language)
        case "value" if declared := document.declarations.get(found.name):
            return pages.join(
                (pages.declaration(declared, language), *_origin(found, declared, language))
            )
        case "step":
            return _step(found, language)
        case "parameter" | "word":
            return _parameter(found, language)
        case "outcome":
            return _outcome(found, language)
        case "intent":
            bot = found.name.partition(" ")[0]
            return pages.join((_routed(found, language), say("intent", language, bot=bot)))
        case "field":
            return _field(found, language)
        case "input":
            return pages.join((_typed(found.name, found.type), say("input", language)))
        case "slot":
            return pages.join((f"`{found.name}`", _given_by(found, found.name, language)))
        case "system":
            return pages.join((_typed(found.name, found.type), say("system", language)))
        case "keyword":
            told = say(f"word.{found.name}", language)
            return pages.join((f"`{found.name}`", told)) if told else ""
        case _:
            return ""


def _typed(name: str, type_: Type | None) -> str:
    return pages.code(f"{name}: {spelling.type_(type_)}") if type_ else f"`{name}`"


def _origin(found: Mention, declared: Declaration, language: Language) -> Iterator[str]:
    """Who sets a value, or whose results are read under the name."""
    setters = [
        f"`{step.id}`"
        for step in found.owner.wiring.steps.values()
        if step.block and declared.name in step.block.assigns(step.call)
    ]
    if setters:
        yield say("set_by", language, items=", ".join(setters))
    if given := _given_by(found, declared.name, language):
        yield given


def _given_by(found: Mention, name: str, language: Language) -> str:
    steps = Environment(found.owner.wiring).providers.get(name, ())
    items = ", ".join(f"`{step}`" for step in steps)
    return say("result_of", language, items=items) if items else ""


def _step(found: Mention, language: Language) -> str:
    wired = found.owner.wiring.steps.get(found.name)
    if wired is None or wired.block is None:
        return ""
    results = RecordType(tuple(wired.block.results(wired.call).items()))
    given = say("gives", language, items=f"`{spelling.type_(results)}`") if results.fields else ""
    title = f"**{wired.id}** `{wired.step.kind}`"
    return pages.join((title, pages.said(wired.block.card.summary, language), given))


def _parameter(found: Mention, language: Language) -> str:
    wired = found.step
    if wired is None or wired.block is None:
        return ""
    for spec in specs(wired.block.Params):
        if spec.key == found.name or (found.sort == "word" and found.name in spec.words):
            return pages.parameter(spec, language)
    return ""


def _outcome(found: Mention, language: Language) -> str:
    wired = found.step
    if wired is None:
        return pages.join((f"`{found.name}`", say(f"word.{found.name}", language)))
    outcome = wired.ports.word(found.name)
    page = pages.outcome(outcome, language) if outcome else ""
    return pages.join((page, _routed(found, language)))


def _routed(found: Mention, language: Language) -> str:
    """Where this outcome leads now."""
    port = found.name.rpartition(".")[2]
    wire = found.step.wire(port) if found.step else None
    return pages.leads(wire, language) if wire else ""


def _field(found: Mention, language: Language) -> str:
    if found.type is not None:
        return _typed(found.name.replace(" takes", ""), found.type)
    owner, _, key = found.name.partition(" takes.")
    declared = found.owner.document.declarations.get(owner)
    for item in (declared.takes or ()) if declared else ():
        if item.name == key:
            return _typed(f"{owner}.{key}", item.type)
    return ""

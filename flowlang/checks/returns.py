"""What a module returns, beside what it says that it returns.

Whoever runs a module routes the outcomes that its first lines name. One that is returned and not
named takes them to their error; one that is named and never returned is routed for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Header, word_of
from flowlang.parameters import first_key
from flowlang.places import Place
from flowlang.wiring import WiredStep

OWN = ("next", "error")
"""What every caller routes anyway."""


def of_graph(context: Context) -> Iterator[Problem]:
    header = context.document.header
    if header is None or header.word != "module":
        return
    returning = [step for step in context.steps.values() if step.block and step.block.returns]
    said = {step.id: _outcome(step) for step in returning}
    unknown = [step for step in returning
               if said[step.id] not in (None, *OWN, *header.outcomes)]  # fmt: skip
    for step in unknown:
        yield _unknown(step, said[step.id] or "", header)
    yield from _gives_nothing(context, header)
    if unknown or not context.is_certain:
        return
    reached = {said[step.id] for step in returning if step.id in context.reachable}
    reached |= {"next" for kind in _endings(context)}
    if not reached:
        yield Problem(code="FL227", severity="warning", place=header.name_at or header.at,
                      arguments={"name": header.name})  # fmt: skip
    elif None not in reached:
        for name, place in _named(header):
            if name not in reached:
                arguments = {"name": header.name, "outcome": name}
                yield Problem(code="FL226", severity="warning", place=place, arguments=arguments)


def _outcome(step: WiredStep) -> str | None:
    """None: it depends on the contact."""
    key = first_key(step.block.Params) if step.block else None
    match step.bound.values.get(key or ""):
        case None:
            return "next"
        case ex.Literal(value=str(word)):
            return word
        case _:
            return None


def _unknown(step: WiredStep, word: str, header: Header) -> Problem:
    argument = next((item for item in step.step.arguments if item.key is None), None)
    place = argument.value.at if argument else step.step.at
    suggestion = did_you_mean(word, header.outcomes)
    return Problem(
        code="FL225",
        severity="error",
        place=place,
        arguments={
            "outcome": word,
            "name": header.name,
            "outcomes": header.outcomes,
            "suggestion": suggestion,
            "reason": "" if header.outcomes else "none",
        },
        block=step.id,
        fix=write_instead(place, suggestion),
    )


def _endings(context: Context) -> list[str]:
    """Kinds that return without a step of their own: `-> return`."""
    return [kind for kind, block in context.wiring.endings.items() if block.returns]


def _gives_nothing(context: Context, header: Header) -> Iterator[Problem]:
    needed = [it.name for it in header.gives or () if not (it.type and it.type.optional)]
    for kind in _endings(context) if needed else ():
        wire = next(
            wire for step in context.steps.values() for wire in step.wires if wire.target == kind
        )
        step = context.steps[wire.source]
        yield Problem(
            code="FL229",
            severity="error",
            place=(wire.route.target.at if wire.route else None) or step.step.at,
            arguments={"kind": kind, "results": tuple(needed), "first": needed[0]},
            block=wire.source,
        )


def _named(header: Header) -> Iterator[tuple[str, Place | None]]:
    """The outcomes that the first lines name, with their places."""
    for phrase in header.settings:
        (first, *rest), *clauses = phrase.words.clauses
        if word_of(first) == "outcomes":
            for item in (*rest, *(item for clause in clauses for item in clause)):
                if name := word_of(item):
                    yield name, item.at

"""A block's page in the manual, as Markdown, from what its class says of itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator

from flowlang.block import Block, Outcome
from flowlang.diagnostics.words import Language
from flowlang.features.pages import default, limits, said, takes, way, where
from flowlang.features.words import say
from flowlang.parameters import Parameters, ParameterSpec, specs


def page(block: type[Block[Parameters]], language: Language = "en") -> str:
    """The page of one block. (The text above its example is English in every language.)"""
    parts = [
        f"# {said(block.card.title, language)}: `{block.kind}`",
        said(block.card.summary, language),
        inspect.getdoc(block) or "",
    ]
    if rows := [_parameter(spec, language) for spec in specs(block.Params)]:
        parts.append(_headed("parameters", _table(say("parameter_row", language), rows), language))
    if rows := [_outcome(outcome, language) for outcome in block.outcomes]:
        parts.append(_headed("outcomes", _table(say("outcome_row", language), rows), language))
    parts.append(_headed("where", "\n".join(_where(block, language)), language))
    return "\n\n".join(parts) + "\n"


def _headed(heading: str, body: str, language: Language) -> str:
    return f"## {say(heading, language)}\n\n{body}"


def _table(header: str, rows: Iterable[str]) -> str:
    return "\n".join((header, "| --- " * (header.count("|") - 1) + "|", *rows))


def _parameter(spec: ParameterSpec, language: Language) -> str:
    meaning = f"{said(spec.title, language)}. {said(spec.help, language)}".rstrip()
    bounds = limits(spec, language)
    taken = takes(spec, language) + (f", {bounds}" if bounds else "")
    left_out = default(spec, language) or say("nothing", language)
    return f"| `{spec.key}` | {_cell(taken)} | {_cell(left_out)} | {meaning} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _outcome(outcome: Outcome, language: Language) -> str:
    title = said(outcome.title, language)
    return f"| `{outcome.name}` | {title} | {way(outcome, language)} |"


def _where(block: type[Block[Parameters]], language: Language) -> Iterator[str]:
    yield from where(block, language) or (say("everywhere", language),)
    if block.flow_types:
        yield say("flow_types", language, flow_types=", ".join(block.flow_types))
    else:
        yield say("all_flow_types", language)
    if block.card.search:
        yield say("also", language, names=", ".join(block.card.search))

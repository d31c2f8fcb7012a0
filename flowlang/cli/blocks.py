"""`flowlang blocks`: the library, or all of one block."""

from __future__ import annotations

import sys
from inspect import getdoc
from typing import Any

from blocks.catalogue import catalogue
from flowlang.block import Block
from flowlang.cli.options import EXIT_FINE, EXIT_MISUSED, Help, Parser, print_json
from flowlang.diagnostics import words
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.diagnostics.words import Language
from flowlang.features.manual import page
from flowlang.inference import spell
from flowlang.parameters import Parameters, ParameterSpec, specs

AnyBlock = type[Block[Parameters]]
ABOUT: Help = {
    "en": "List the blocks of the library, or tell all of one.",
    "ko": "라이브러리의 블록을 나열하거나 블록 하나를 자세히 보여 줍니다.",
}


def run(arguments: list[str]) -> int:
    parser = Parser("blocks", ABOUT, arguments)
    parser.add_argument("kind", nargs="?", metavar="KIND")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    options = parser.parse_args(arguments)
    if options.kind is None:
        found = [block for kind in catalogue().kinds() if (block := catalogue().block(kind))]
        _print_all(found, options)
        tell_guests(options.lang)
        return EXIT_FINE
    block = catalogue().block(options.kind)
    if block is None:
        tell_guests(options.lang)
        print(f"flowlang: {_unknown(options.kind, options.lang)}", file=sys.stderr)
        return EXIT_MISUSED
    if options.format == "json":
        print_json(described(block))
    else:
        print(page(block, options.lang), end="")
    return EXIT_FINE


def tell_guests(language: Language) -> None:
    """What is wrong with blocks of other packages, to standard error."""
    for problem in catalogue().problems():
        said = f"{words.message(problem, language)} {words.help_(problem, language)}"
        print(f"{problem.severity}[{problem.code}]: {said.strip()}", file=sys.stderr)


def _unknown(kind: str, language: Language) -> str:
    said = words.say("unknown_block", {"kind": kind}, language)
    suggestion = did_you_mean(kind, catalogue().kinds())
    if suggestion:
        arguments = {"suggestion": suggestion, "where": ""}
        said += f" {words.say('suggestion', arguments, language)}"
    return said


def _print_all(blocks: list[AnyBlock], options: Any) -> None:
    if options.format == "json":
        print_json([described(block) for block in blocks])
        return
    width = max(len(block.kind) for block in blocks) + 2
    category = ""
    for block in blocks:
        if block.card.category != category:
            category = block.card.category
            print(words.say(category, {}, options.lang))
        print(f"  {block.kind:<{width}}{block.card.summary[options.lang]}")


def described(block: AnyBlock) -> dict[str, Any]:
    """All that the library says of a block, as data."""
    return {
        "kind": block.kind,
        "version": block.version,
        "category": block.card.category,
        "icon": block.card.icon,
        "title": dict(block.card.title),
        "summary": dict(block.card.summary),
        "parameters": [_parameter(spec) for spec in specs(block.Params)],
        "outcomes": [
            {"name": item.name, "title": dict(item.title), "unrouted": item.unrouted}
            for item in block.outcomes
        ],
        "channels": list(block.channels),
        "flow_types": list(block.flow_types),
        "manual": getdoc(block) or "",
    }


def _parameter(spec: ParameterSpec) -> dict[str, Any]:
    return {
        "key": spec.key,
        "type": spec.resource or spell(spec.type),
        "words": list(spec.words),
        "many": spec.many,
        "required": spec.required,
        "default": None if spec.required else spec.default,
        "position": spec.position,
        "minimum": spec.minimum,
        "maximum": spec.maximum,
        "title": dict(spec.title),
        "help": dict(spec.help),
    }

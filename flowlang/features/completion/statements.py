"""What could begin a line of a section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang.features import pages
from flowlang.features.completion import arguments, targets, values
from flowlang.features.completion.asked import Asked, Completion
from flowlang.features.steps import arguments_of, step_at
from flowlang.features.tokens import Token


def statement(asked: Asked, line: tuple[Token, ...]) -> Iterable[Completion]:
    words = [token.text for token in line]
    match words:
        case []:
            return [*_kinds(asked), asked.keyword("->", "-> "),
                    asked.keyword("on error", "on error -> ")]  # fmt: skip
        case [_, "="]:
            return _kinds(asked)
        case ["->", *_]:
            return targets.behind_arrow(asked)
        case ["on", *_]:
            return (
                targets.behind_arrow(asked)
                if "->" in words
                else [asked.keyword("error", "error -> ")]
            )
        case _:
            step = step_at(asked.flow, line)
            return (
                arguments.behind_kind(asked, step, arguments_of(line))
                if step
                else _unknown_call(asked)
            )


def _unknown_call(asked: Asked) -> Iterable[Completion]:
    return values.expression(asked) if asked.cursor.path else ()


def _kinds(asked: Asked) -> Iterator[Completion]:
    """What is declared and can be called comes first, then the blocks."""
    names = asked.flow.wiring.names
    for name, declared in names.declarations.items():
        resource = asked.catalogue.resources.get(declared.word)
        if resource and resource.call:
            yield Completion(
                label=name,
                kind="function",
                detail=resource.title[asked.language],
                info=pages.declaration(declared, asked.language),
            )
    for kind in asked.catalogue.kinds():
        block = asked.catalogue.block(kind)
        if block and not block.declares and kind not in names.declarations:
            yield Completion(
                label=kind,
                kind="block",
                detail=block.card.title[asked.language],
                info=pages.block(block, asked.language, is_short=True),
            )

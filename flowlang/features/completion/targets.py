"""What an arrow could lead to, and what the layout could place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from flowlang.features import pages
from flowlang.features.completion.asked import Asked, Completion
from flowlang.features.tokens import Token
from flowlang.features.words import say
from flowlang.parameters import specs


def behind_arrow(asked: Asked) -> Iterable[Completion]:
    path = asked.cursor.path
    if path:
        return _steps_in(asked, path[0])
    if asked.cursor.tokens[-1].text != "->":
        return ()
    return _all_targets(asked)


def _all_targets(asked: Asked) -> Iterator[Completion]:
    for name, section in asked.flow.document.sections.items():
        yield Completion(
            label=name,
            kind="section",
            detail=section.title or say("section", asked.language),
            info=pages.section(section, asked.flow, asked.language),
        )
    yield asked.keyword("next")
    for kind in asked.catalogue.kinds():
        block = asked.catalogue.block(kind)
        if block and block.ends_flow and not any(s.required for s in specs(block.Params)):
            yield Completion(
                label=kind,
                kind="block",
                detail=block.card.title[asked.language],
                info=block.card.summary[asked.language],
            )
    yield asked.keyword("nowhere")
    for step_id, _, step in asked.flow.document.steps():
        if step.name:
            yield Completion(label=step_id, kind="step", detail=step.kind)


def _steps_in(asked: Asked, name: str) -> Iterator[Completion]:
    section = asked.flow.document.sections.get(unicodedata.normalize("NFC", name))
    for step_id, step in zip(section.step_ids, section.steps, strict=True) if section else ():
        _, _, short = step_id.partition(".")
        if "." not in short:
            yield Completion(label=short, kind="step", detail=step.kind)


def placements(asked: Asked, line: tuple[Token, ...]) -> Iterator[Completion]:
    layout = asked.flow.document.layout
    placed = {item.id for item in layout.places} if layout else set()
    for step_id in asked.flow.wiring.steps if not line else ():
        if step_id not in placed:
            yield Completion(label=step_id, kind="step", insert=f"{step_id} ")

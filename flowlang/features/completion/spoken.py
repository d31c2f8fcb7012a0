"""What could be said in tests and policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang.edits import Flow
from flowlang.features.around import subject_flow
from flowlang.features.completion.asked import Asked, Completion
from flowlang.features.phrases import Spoken


def subject(asked: Asked) -> Flow:
    """The flow that a test is about."""
    head = asked.cursor.above[0].words if asked.cursor.above else ()
    return subject_flow(asked.flow, head[3] if len(head) > 3 else None, asked.around)


def offers(asked: Asked, words: Iterable[Spoken]) -> Iterator[Completion]:
    for word in words:
        match word.sort:
            case "word":
                yield asked.keyword(word.word, word.word)
            case "literal":
                yield Completion(label=word.word, kind="literal")
            case "block":
                block = asked.catalogue.block(word.word)
                title = block.card.title[asked.language] if block else ""
                yield Completion(label=word.word, kind="block", detail=title)
            case "key":
                yield Completion(label=word.word, kind="parameter", insert=f"{word.word}: ")
            case "section" | "step" | "value" | "resource" as kind:
                yield Completion(label=word.word, kind=kind, detail=word.detail)

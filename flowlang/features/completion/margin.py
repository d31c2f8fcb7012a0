"""What could stand at the margin, and in declarations and prompts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang.features.completion import spoken, values
from flowlang.features.completion.asked import LANGUAGES, Asked, Completion
from flowlang.features.phrases import policy_words
from flowlang.features.tokens import Token
from flowlang.features.words import say
from flowlang.names import VALUE_WORDS
from flowlang.types import SIMPLE


def top(asked: Asked, line: tuple[Token, ...]) -> Iterable[Completion]:
    words = [token.text for token in line]
    match words:
        case []:
            return _declaration_words(asked)
        case ["test", _]:
            return [asked.keyword("for")]
        case ["test", _, "for"]:
            return _flow_names(asked)
        case ["policy", _, ":", *said]:
            return spoken.offers(asked, policy_words(spoken.subject(asked), said))
        case [word, name, *_] if name not in (":", "="):
            return _declaration(asked, word, line[2:])
        case _:
            return ()


def _declaration_words(asked: Asked) -> Iterator[Completion]:
    for word in ("flow", "module", "test", "policy", "layout"):
        yield asked.keyword(word)
    for word, resource in asked.catalogue.resources.items():
        yield Completion(label=word, kind="keyword", detail=resource.title[asked.language])


def _flow_names(asked: Asked) -> Iterator[Completion]:
    header = asked.flow.document.header
    for name in dict.fromkeys((*((header.name,) if header else ()), *asked.around)):
        yield Completion(label=name, kind="section", detail=say("flow", asked.language))


def _declaration(asked: Asked, word: str, rest: tuple[Token, ...]) -> Iterable[Completion]:
    if len(asked.cursor.frames) > 1:
        inner = asked.cursor.frames[-1].since_comma
        return _types(asked) if inner and inner[-1].text in (":", "of", "sensitive") else ()
    if asked.cursor.path:
        return values.expression(asked)
    match [token.text for token in rest]:
        case [*_, ":" | "sensitive" | "of"]:
            return _types(asked)
        case [*before, "="] if word in VALUE_WORDS:
            return [*_literals_in(asked, before), *values.expression(asked)]
        case _:
            return ()


def _literals_in(asked: Asked, words: Iterable[str]) -> Iterator[Completion]:
    """The texts of a union that was just written."""
    for word in words:
        if word.startswith('"') and word.endswith('"'):
            yield Completion(label=word, kind="literal")


def _types(asked: Asked) -> Iterator[Completion]:
    for name in sorted(SIMPLE - {"any", "zone", "language", "percent"}):
        yield Completion(label=name, kind="type")
    for word in ("list of", "sensitive"):
        yield asked.keyword(word, insert=f"{word} ")
    for word, resource in asked.catalogue.resources.items():
        if word not in VALUE_WORDS:
            yield Completion(label=word, kind="type", detail=resource.title[asked.language])


def prompt(asked: Asked, line: tuple[Token, ...]) -> Iterator[Completion]:
    """The languages that a prompt has no words in yet."""
    if line:
        return
    header = asked.flow.document.header
    for name in (header.languages if header else ()) or LANGUAGES:
        yield Completion(label=name, kind="word", insert=f'{name}: "')

"""What is asked for, and what is offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flowlang.catalogue import Catalogue
from flowlang.diagnostics.words import Language
from flowlang.edits import Flow
from flowlang.features.around import Around
from flowlang.features.cursor import Cursor
from flowlang.features.scope import spelled_literals
from flowlang.features.words import say
from flowlang.inference import Environment
from flowlang.types import Type

Kind = Literal[
    "block", "function", "section", "step", "value", "field", "resource", "word", "keyword",
    "outcome", "literal", "type", "parameter",
]  # fmt: skip
LANGUAGES = ("ko-KR", "en-US", "en-GB", "ja-JP", "zh-CN", "es-ES", "fr-FR", "de-DE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    label: str
    kind: Kind
    detail: str = ""
    """A few words that stand beside it."""
    info: str = ""
    """Markdown that tells more."""
    insert: str = ""
    start: int = 0
    """What it replaces, in the whole text."""
    end: int = 0


@dataclass(frozen=True)
class Asked:
    """A place in a flow where somebody types, and in which language that is told."""

    flow: Flow
    cursor: Cursor
    language: Language
    around: Around

    @property
    def catalogue(self) -> Catalogue:
        return self.flow.catalogue

    @cached_property
    def environment(self) -> Environment:
        return Environment(self.flow.wiring)

    def keyword(self, word: str, insert: str = "") -> Completion:
        detail = say(f"word.{word}", self.language)
        return Completion(label=word, kind="keyword", detail=detail, insert=insert)

    def words(self, words: Iterable[str]) -> list[Completion]:
        return [Completion(label=word, kind="word") for word in words]

    def literals(self, type_: Type | None) -> list[Completion]:
        return [Completion(label=item, kind="literal") for item in spelled_literals(type_)]

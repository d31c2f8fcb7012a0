"""What could stand in the header."""

from __future__ import annotations

from collections.abc import Iterable

from flowlang.channels import CHANNELS
from flowlang.checks.header import FLOW_TYPES, SETTINGS
from flowlang.features.completion import targets
from flowlang.features.completion.asked import LANGUAGES, Asked, Completion
from flowlang.features.tokens import Token


def setting(asked: Asked, line: tuple[Token, ...]) -> Iterable[Completion]:
    words = [token.text for token in line]
    match words:
        case []:
            return [*map(asked.keyword, SETTINGS), asked.keyword("on error", "on error -> ")]
        case ["on", *_]:
            return (
                targets.behind_arrow(asked)
                if "->" in words
                else [asked.keyword("error", "error -> ")]
            )
        case ["channels" | "channel", *given]:
            return asked.words(name for name in CHANNELS if name not in given)
        case ["type"]:
            return asked.words(FLOW_TYPES)
        case ["language" | "languages", *given]:
            return asked.words(name for name in LANGUAGES if name not in given)
        case _:
            return ()

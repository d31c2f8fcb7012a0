"""The words of completions and hovers, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from flowlang.diagnostics.words import Language


def say(key: str, language: Language, **arguments: object) -> str:
    """A phrase; nothing for a key without words."""
    table: Mapping[str, str] = import_module(f"{__name__}.{language}").WORDS
    return table.get(key, "").format_map(arguments)

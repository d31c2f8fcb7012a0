"""The words of the pages, one file a language. A missing word is a bug, not an English word."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Literal

from flowlang.parameters import Wording

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")


def words(language: Language) -> Mapping[str, str]:
    table: Mapping[str, str] = import_module(f"designer.words.{language}").WORDS
    return table


def canvas_words(language: Language) -> dict[str, str]:
    """Those that the canvas says."""
    return {
        key.removeprefix("canvas_"): value
        for key, value in words(language).items()
        if key.startswith("canvas_")
    }


def said(wording: Wording, language: Language) -> str:
    """A block's own words in the language of the page."""
    return wording.get(language) or wording.get("en") or ""

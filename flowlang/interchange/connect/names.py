"""Names of resources and what Amazon calls them: the map that stands beside a flow.

```json
{"queue": {"Billing": "arn:aws:connect:…:queue/…"}, "function": {"crm-lookup": "arn:aws:lambda:…"}}
```
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

from flowlang import limits
from flowlang.diagnostics import Problem

NameMap = Mapping[str, Mapping[str, str]]
"""By the word of the resource and its outside name, Amazon's identifier."""

KEYWORDS = frozenset(
    [
        "on",
        "when",
        "otherwise",
        "sensitive",
        "list",
        "of",
        "or",
        "and",
        "not",
        "in",
        "else",
        "true",
        "false",
        "contains",
        "starts_with",
        "ends_with",
        "next",
        "nowhere",
    ]
)
_LAMBDA = re.compile(r"arn:[^:]*:lambda:[^:]*:[^:]*:function:(?P<name>.+)")
_LEX_V1 = re.compile(r"lex:[^:]+:(?P<name>[^:]+):(?P<alias>[^:]+)")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAME = re.compile("[^\\W\\d][\\w\u0300-\u036f]*")
_WORD = re.compile(r"[^\W_]+")
SLUG_CHARACTERS_MAX = 32
SLUG_WORDS_MAX = 5


def read_name_map(text: str) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """A name map from its JSON; what is no map is a problem."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and all(
        isinstance(entries, dict) and all(isinstance(item, str) for item in entries.values())
        for entries in data.values()
    ):
        return data, []
    return {}, [Problem(code="FL443", severity="error", pointer="")]


def joined(first: NameMap, second: NameMap) -> dict[str, dict[str, str]]:
    """Both maps; where they differ the second counts."""
    words = dict.fromkeys((*first, *second))
    return {word: {**first.get(word, {}), **second.get(word, {})} for word in words}


def outside(word: str, identifier: str, hint: str = "") -> str:
    """What a person calls the resource: the console's name of it, else a name in its ARN."""
    if hint.strip():
        return hint.strip()
    if found := _LAMBDA.fullmatch(identifier):
        return found["name"]
    if found := _LEX_V1.fullmatch(identifier):
        return f"{found['name']}/{found['alias']}"
    if identifier.startswith("arn:"):
        *_, last = re.split(r"[/:]", identifier)
        return last or identifier
    return identifier


def is_friendly(identifier: str) -> bool:
    """Whether a person has named it: no uuid."""
    return not _UUID.search(identifier) and bool(_WORD.search(identifier))


def is_name(text: str) -> bool:
    fits = len(text) <= limits.NAME_CHARACTERS_MAX
    return fits and bool(_NAME.fullmatch(text)) and text not in KEYWORDS


def slug(text: str, words_max: int = SLUG_WORDS_MAX) -> str:
    """A name in the language from any text; empty if nothing of it can be one."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    text = re.sub(r"[’'](?=\w)", "", text).lower()
    kept: list[str] = []
    for word in _WORD.findall(text)[:words_max]:
        if kept and len("_".join((*kept, word))) > SLUG_CHARACTERS_MAX:
            break
        kept.append(word[:SLUG_CHARACTERS_MAX])
    name = unicodedata.normalize("NFC", "_".join(kept))
    if name and not _NAME.fullmatch(name):
        name = f"n_{name}"
    return name if _NAME.fullmatch(name) else ""


def unused(name: str, taken: Iterable[str]) -> str:
    """The name, or with the next number that makes it unlike the `taken` ones."""
    known = taken if isinstance(taken, (set, frozenset, dict)) else set(taken)
    if name in KEYWORDS:
        name = f"{name}_"
    candidate, count = name, 2
    while candidate in known:
        candidate = f"{name}_{count}"
        count += 1
    return candidate

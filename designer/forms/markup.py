"""Speech markup, looked at where it is written: whether a voice could read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

ROOT = "speak"
TAGS = frozenset(
    (
        ROOT, "break", "emphasis", "lang", "mark", "p", "phoneme", "prosody", "s", "say-as",
        "sub", "w", "voice", "audio", "amazon:domain", "amazon:effect", "amazon:emotion",
        "amazon:auto-breaths", "amazon:breath",
    )
)  # fmt: skip
"""What voices understand."""
_VALUE = r"""(?:"[^"<]*"|'[^'<]*')"""
_TAG = re.compile(rf"<(/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*{_VALUE})*)\s*(/?)>")
_SIGN = re.compile(r"<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
_IN_BRACES = re.compile(r"(?<!\\)\{[^{}]*\}")


def is_markup(text: str) -> bool:
    return text.lstrip().startswith("<")


def what_is_wrong(markup: str, words: Mapping[str, str]) -> str:
    """The first thing that keeps a voice from reading it; empty if there is none."""
    # What stands in braces is filled in later, and is text.
    text = _IN_BRACES.sub(lambda found: "x" * len(found[0]), markup).strip()
    open_tags: list[str] = []
    at = 0
    while found := _SIGN.search(text, at):
        if outside := _outside(text[at : found.start()], open_tags, at > 0):
            return words[outside].format(tag=ROOT)
        tag = _TAG.match(text, found.start())
        if tag is None:
            near = text[found.start() : found.start() + 12]
            return words["markup_sign" if found[0] == "&" else "markup_tag"].format(near=near)
        if told := _step(tag, open_tags, at > 0, words):
            return told
        at = tag.end()
    if open_tags:
        return words["markup_open"].format(tag=open_tags[-1])
    rest = _outside(text[at:], open_tags, at > 0)
    return words[rest].format(tag=ROOT) if rest else ""


def _outside(text: str, open_tags: list[str], has_begun: bool) -> str:
    """All words stand within the root."""
    if open_tags or not text.strip():
        return ""
    return "markup_behind" if has_begun else "markup_root"


def _step(
    tag: re.Match[str], open_tags: list[str], has_begun: bool, words: Mapping[str, str]
) -> str:
    closes, name, _, is_empty = tag.groups()
    if closes:
        if not open_tags or open_tags[-1] != name:
            expected = open_tags[-1] if open_tags else ROOT
            return words["markup_close"].format(tag=name, expected=expected)
        open_tags.pop()
        return ""
    if name not in TAGS:
        return words["markup_unknown"].format(tag=name)
    if not open_tags and (has_begun or name != ROOT):
        return words["markup_behind" if has_begun else "markup_root"].format(tag=ROOT)
    if not is_empty:
        open_tags.append(name)
    return ""

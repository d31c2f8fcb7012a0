"""Lines of the header that say nothing known: settings, channels, languages, types of flow."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from flowlang import expressions as ex
from flowlang.channels import CHANNELS
from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Phrase, word_of
from flowlang.syntax import spelling

SETTINGS = ("channels", "language", "languages", "type", "outcomes")
FLOW_TYPES = (
    "inbound",
    "customer_queue",
    "customer_hold",
    "agent_hold",
    "customer_whisper",
    "agent_whisper",
    "outbound_whisper",
    "agent_transfer",
    "queue_transfer",
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2,3}|\d{3}))?")


def run(context: Context) -> Iterator[Problem]:
    header = context.document.header
    for phrase in header.settings if header else ():
        yield from _setting(phrase)


def _setting(phrase: Phrase) -> Iterator[Problem]:
    (first, *rest), *clauses = phrase.words.clauses
    values = [*rest, *(item for clause in clauses for item in clause)]
    match word_of(first):
        case "channels" | "channel":
            yield from _unknown(values, "channel", CHANNELS)
        case "type":
            yield from _unknown(values, "type", FLOW_TYPES)
        case "language" | "languages":
            yield from (
                _problem(item, "language", ())
                for item in values
                if not _LANGUAGE.fullmatch(word_of(item) or "")
            )
        case "outcomes":
            pass
        case _:
            yield _problem(first, "setting", SETTINGS)


def _unknown(
    values: Iterable[ex.Expression], reason: str, known: Collection[str]
) -> Iterator[Problem]:
    for item in values:
        if (word_of(item) or "") not in known:
            yield _problem(item, reason, known)


def _problem(item: ex.Expression, reason: str, known: Collection[str]) -> Problem:
    word = word_of(item) or spelling.value(item)
    suggestion = did_you_mean(word, known)
    return Problem(
        code="FL117",
        severity="error",
        place=item.at,
        arguments={"word": word, "reason": reason, "words": tuple(known), "suggestion": suggestion},
        fix=write_instead(item.at, suggestion),
    )

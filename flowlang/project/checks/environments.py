"""Names of an environment that do not fit the flows: misspelled ones, and missing ones.

What an environment does not name goes out under the name that flows use, which Amazon Connect does
not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.names import VALUE_WORDS, outside_name
from flowlang.project.files import FILE_NAME
from flowlang.project.home import TABLES
from flowlang.project.places import Path
from flowlang.project.whole import Whole


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    words = sorted(whole.catalogue.resources.keys() - VALUE_WORDS)
    used = _used(whole)
    for name, environment in whole.project.environments.items():
        for word, names in environment.names.items():
            keys: Path = ("environments", name, "names", word)
            if word not in words:
                yield _problem(whole, "FL528", keys, name=word, reason="word", known=words,
                               suggestion=did_you_mean(word, words))  # fmt: skip
                continue
            known = {*used.get(word, ()), *getattr(whole.project, TABLES.get(word, ""), ())}
            yield from _misspelled(whole, keys, names, known)
            there = whole.home.names(word)
            missing = [
                item
                for item in used.get(word, ())
                if item not in names and (there is None or item in there)
            ]
            if missing:
                yield _problem(whole, "FL529", keys, environment=name, word=word, names=missing)


def _misspelled(
    whole: Whole, keys: Path, names: Collection[str], known: Collection[str]
) -> Iterator[tuple[str, Problem]]:
    """A name that no flow uses may be for what an export adds; a nearly right one is a slip."""
    free = [item for item in known if item not in names]
    for item in names:
        if item not in known and (suggestion := did_you_mean(item, free)):
            yield _problem(whole, "FL528", (*keys, item), name=item, word=keys[-1],
                           suggestion=suggestion)  # fmt: skip


def _used(whole: Whole) -> dict[str, dict[str, None]]:
    """By word, what flows call the resources that they declare."""
    found: dict[str, dict[str, None]] = {}
    for member in whole.members.values():
        for declared in member.context.document.declarations.values():
            spoken_here = declared.word == "prompt" and declared.entries
            if declared.word not in VALUE_WORDS and not spoken_here:
                found.setdefault(declared.word, {})[outside_name(declared)] = None
    return found


def _problem(whole: Whole, code: str, keys: Path, **arguments: object) -> tuple[str, Problem]:
    place = whole.places.nearest(keys)
    return FILE_NAME, Problem(code=code, severity="warning", place=place, arguments=arguments)

"""`{slot}` in what a bot hears and says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.project.model import Intent, Project
from flowlang.project.places import KeyPlaces, Path

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def strange_placeholders(project: Project, places: KeyPlaces) -> Iterator[Problem]:
    """Braces around a name that no slot of the intent has: they stand for nothing."""
    for bot, described in project.bots.items():
        for name, intent in described.intents.items():
            keys: Path = ("bots", bot, "intents", name)
            for key, found in sorted(_placeholders(intent)):
                if found not in intent.slots:
                    known = list(intent.slots)
                    yield Problem(
                        code="FL581",
                        severity="warning",
                        place=places.nearest((*keys, key)),
                        arguments={"intent": name, "name": found, "known": known,
                                   "suggestion": did_you_mean(found, known)},
                    )  # fmt: skip


def _placeholders(intent: Intent) -> set[tuple[str, str]]:
    said = {
        "utterances": [text for texts in intent.utterances.values() for text in texts],
        "confirm": list(intent.confirm.values()),
        "reply": list(intent.reply.values()),
    }
    return {
        (key, name)
        for key, texts in said.items()
        for text in texts
        for name in _PLACEHOLDER.findall(text)
    }

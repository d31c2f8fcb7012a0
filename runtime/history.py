"""What people read of a contact, turn by turn: derived from its journal, with what is sensitive
masked, and what is not kept or taken out hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.attachments import described
from runtime.masks import Masks
from runtime.program import Program
from runtime.recording import Recording, hidden_words


def history(
    journal: Iterable[Mapping[str, Any]], program: Program | None = None
) -> list[dict[str, Any]]:
    """One line a turn: when, what happened, the way it took, what was done."""
    entries = list(journal)
    masks, recording, lines = Masks(program), Recording(entries), []
    for entry in entries:
        masks.learn(entry)
        for words in hidden_words(entry, recording):
            masks.hide(words)
        event = {key: item for key, item in entry["event"].items() if key not in ("id", "at")}
        if "file" in event:
            event["file"] = described(event["file"])
        told = {
            "happened": masks(event),
            "done": [masks(effect) for _, effect in entry["effects"]],
            "notes": masks(entry.get("notes", [])),
        }
        lines.append(
            {
                "turn": entry["turn"],
                "at": entry["event"]["at"],
                "way": entry["trail"],
                "status": entry["status"],
                **recording.last.redacted_in(told),
            }
        )
    return lines

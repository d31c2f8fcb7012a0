"""Journals that every later version must replay.

`python -m tests.runtime.journals` records those that are missing in `tests/golden/journals`, with
the flow that they ran. What is there already stays as it was recorded: a journal that does not
replay any more is a contact that would go on otherwise than it began. Whoever changes a decision on
purpose before it was ever released removes the files and records them again; after a release new
ones are added beside the old.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from runtime.contacts import ContactEntity
from runtime.stores.sqlite import SqliteStore
from tests.crash import rig
from tests.crash.test_contacts import CONVERSATIONS

FOLDER = Path(__file__).parents[1] / "golden" / "journals"


def recorded(conversation: rig.Conversation) -> list[dict[str, Any]]:
    """What a conversation leaves when nothing disturbs it."""

    async def read(path: Path) -> list[dict[str, Any]]:
        store = SqliteStore(path)
        try:
            return [json.loads(entry) for entry in await store.journal(rig.CONTACT)]
        finally:
            await store.close()

    with tempfile.TemporaryDirectory() as name:
        rig.undisturbed(conversation, Path(name))
        return asyncio.run(read(Path(name) / "store.db"))


def entity_of(source: str, beside: Iterable[Sequence[str]] = ()) -> ContactEntity:
    program = rig.program_of(source, tuple((path, text) for path, text in beside))
    return ContactEntity({program.id: program}.get, rig.OpenWorld())


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, conversation in CONVERSATIONS.items():
        path = FOLDER / f"{name.replace(',', '').replace(' ', '_')}.json"
        if not path.exists():
            kept = {"source": conversation.source, "beside": conversation.beside,
                    "journal": recorded(conversation)}  # fmt: skip
            path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Published flows: contacts finish on the version they started with."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from flowlang.catalogue import Catalogue
from runtime.program import Program, compile_text, program_id
from runtime.stores import Store


class Versions:
    """The programs of all versions that were ever published here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._sources: dict[str, str] = {}
        self._newest: dict[str, str] = {}
        self._programs: dict[str, Program] = {}

    def __call__(self, name: str) -> Program | None:
        """A program by its id, or the newest of an entry by `entry:<name>`."""
        if name.startswith("entry:"):
            name = self._newest.get(name.removeprefix("entry:"), "")
        if name not in self._programs and name in self._sources:
            self._programs[name] = compile_text(self._sources[name], self.catalogue)
        return self._programs.get(name)

    async def load(self, store: Store) -> None:
        """Know again what was published before."""
        for identity in orjson.loads(await store.note("versions", "all") or b"[]"):
            if source := await store.note("version", identity):
                self._sources[identity] = source.decode()

    async def publish(self, store: Store, flows: Mapping[str, str]) -> None:
        """From now on new contacts of an entry get its source as it is here."""
        for entry, source in flows.items():
            identity = program_id(source)
            if identity not in self._sources:
                await store.put_note("version", identity, source.encode())
                self._sources[identity] = source
            self._newest[entry] = identity
        await store.put_note("versions", "all", orjson.dumps(sorted(self._sources)))

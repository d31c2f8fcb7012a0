"""The flows of a project as programs that find each other."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.catalogue import Catalogue
from flowlang.model import Document
from flowlang.names import LEADS, outside_name
from flowlang.neighbours import Neighbours
from flowlang.project.files import Files
from flowlang.project.flows import Flows
from runtime.program import Program, compile_flow


class Bundle:
    """Each flow is compiled when a contact first comes to it."""

    def __init__(self, files: Files, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._flows = Flows(files)
        self._programs: dict[str, Program] = {}

    def path(self, name: str, near: str) -> str:
        return self._flows.path(name, near)

    def program(self, path: str) -> Program | None:
        if path not in self._programs:
            document = self._flows.document(path)
            if document is None:
                return None
            self._programs[path] = self.compile(document, path)
        return self._programs[path]

    def compile(self, document: Document, path: str, identity: str = "") -> Program:
        """A flow among these, as it is here or as somebody is writing it."""
        return compile_flow(document, self.catalogue, identity, path=path,
                            neighbours=self.seen_from(path), version=self)  # fmt: skip

    def document(self, path: str) -> Document | None:
        """What a flow says; None if there is none."""
        return self._flows.document(path)

    def documents_behind(self, document: Document, path: str) -> Iterator[Document]:
        """The flows and modules that contacts can come to from a flow."""
        paths: dict[str, None] = {}
        for declared in document.declarations.values():
            if declared.word in LEADS and (other := self.path(outside_name(declared), path)):
                paths |= dict.fromkeys(self._flows.led_to(other))
        for other in paths:
            if other != path and (found := self._flows.document(other)):
                yield found

    def seen_from(self, path: str) -> Neighbours:
        return self._flows.seen_from(path)

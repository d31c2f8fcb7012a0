"""The flow that is tried, as it is at the moment, with those that it leads to."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from designer.session import Session
from flowlang.model import Declaration
from flowlang.wiring import WiredStep, Wiring, wire
from runtime.program import Program
from runtime.testing.subject import Subject


class Played:
    def __init__(self, subject: Subject, wiring: Wiring) -> None:
        self.subject = subject
        self._wirings: dict[str, Wiring | None] = {"": wiring}

    @cached_property
    def program(self) -> Program:
        return self.subject.program

    @property
    def declarations(self) -> Collection[Declaration]:
        """Of this flow and of all that it leads to."""
        return self.subject.declarations.values()

    def step(self, flow: str, step: str) -> WiredStep | None:
        """A step of the flow at this path; the empty path is its own."""
        wiring = self._wiring(flow)
        return wiring.steps.get(step) if wiring else None

    def title(self, flow: str) -> str:
        wiring = self._wiring(flow)
        header = wiring.document.header if wiring else None
        return (header.title or header.name) if header else flow

    def _wiring(self, flow: str) -> Wiring | None:
        if flow not in self._wirings:
            bundle = self.subject.bundle
            document = bundle.document(flow)
            self._wirings[flow] = (
                wire(document, self.subject.catalogue, neighbours=bundle.seen_from(flow))
                if document
                else None
            )
        return self._wirings[flow]


def played(session: Session) -> Played:
    """What a session says now."""
    assert session.path is not None, "a try-out is of a file"
    return Played(Subject(session.path, session.tree, session.catalogue), session.wiring)

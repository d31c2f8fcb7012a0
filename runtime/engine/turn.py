"""A turn: what one event changed, and the draft of it while it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowlang.block import MISSING
from flowlang.channels import CHANNELS
from flowlang.effects import Effect
from flowlang.events import Event
from flowlang.frozen import dataclass
from runtime.contact import Contact
from runtime.engine.reading import Known
from runtime.engine.watcher import Watcher
from runtime.engine.world import World
from runtime.program import LOST, CompiledStep, Program

LOST_FLOW = Program(id="", name="", steps={}, start=LOST, defaults={})
"""In place of a flow that is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Everything that one event changed, to be committed together."""

    contact: Contact
    effects: tuple[tuple[str, Effect], ...] = ()
    """With their keys, which stay the same however often the turn is looked at."""
    trail: tuple[tuple[str, str], ...] = ()
    """The steps that were left, each with its outcome."""
    notes: tuple[str, ...] = ()
    """What went wrong inside, for the journal."""


class Draft:
    """A turn in the making: it owns its copy of the contact and changes it."""

    __slots__ = (
        "channel", "contact", "effects", "event", "flow", "manner", "notes", "program", "rescued",
        "trail", "unwaited", "watcher", "world",
    )  # fmt: skip

    def __init__(
        self,
        program: Program,
        contact: Contact,
        event: Event,
        world: World,
        watcher: Watcher | None = None,
    ) -> None:
        self.program = program
        self.contact = contact
        self.event = event
        self.world = world
        self.watcher = watcher
        self.channel = CHANNELS[contact.channel]
        self.manner = (contact.channel, contact.language)
        """What a step may look at and still do the same for all."""
        self.flow = program.flow(contact.flow) or LOST_FLOW if contact.flow else program
        """The flow at work: the program itself, or another of the same version."""
        self.effects: list[tuple[str, Effect]] = []
        self.trail: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.unwaited = 0
        """Steps since the last wait."""
        self.rescued = False
        contact.turn += 1

    def done(self) -> Turn:
        return Turn(
            contact=self.contact,
            effects=tuple(self.effects),
            trail=tuple(self.trail),
            notes=tuple(self.notes),
        )

    @property
    def on_call(self) -> bool:
        return self.channel.medium == "voice"

    def scope(self) -> Mapping[str, Any]:
        """What expressions read."""
        return Known(self.flow, self.contact, self.event.at, self.world.zone)

    def note_left(self, step: CompiledStep, port: str, value: Any = MISSING) -> None:
        self.trail.append((step.name if self.contact.flow else step.id, port))
        if self.watcher is not None:
            self.watcher.left(step, port, self.contact, value)

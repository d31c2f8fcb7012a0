"""A turn: what one event changed, and the draft of it while it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowlang.block import MISSING
from flowlang.channels import CHANNELS, Channel
from flowlang.effects import Effect
from flowlang.events import Event
from runtime.contact import Contact
from runtime.engine.reading import readable, system_values
from runtime.engine.watcher import NOBODY, Watcher
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


@dataclass(slots=True)
class Draft:
    """A turn in the making: it owns its copy of the contact and changes it."""

    program: Program
    contact: Contact
    event: Event
    world: World
    watcher: Watcher = NOBODY
    channel: Channel = field(init=False)
    flow: Program = field(init=False)
    """The flow at work: the program itself, or another of the same version."""
    effects: list[tuple[str, Effect]] = field(default_factory=list)
    trail: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unwaited: int = 0
    """Steps since the last wait."""
    rescued: bool = False
    system: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        self.channel = CHANNELS[self.contact.channel]
        self.contact.turn += 1
        self.flow = self.program.flow(self.contact.flow) or LOST_FLOW

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
        if self.system is None:
            now = self.event.at.astimezone(self.world.zone)
            self.system = system_values(self.flow, self.contact, now)
        return readable(self.flow, self.contact, self.system)

    def note_left(self, step: CompiledStep, port: str, value: Any = MISSING) -> None:
        flow = self.contact.flow
        self.trail.append((f"{flow}:{step.id}" if flow else step.id, port))
        self.watcher.left(step, port, self.contact, value)

"""Asking a block what it does, and what it may look at for that."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flowlang.block import HoursTable, Leave, Move, Prompt
from flowlang.channels import Channel
from flowlang.events import Event
from runtime import limits
from runtime.engine.turn import Draft
from runtime.logs import where
from runtime.program import BadParameters, CompiledStep

log = logging.getLogger(__name__)


@dataclass(slots=True)
class StepView:
    """The `View` of a step in a turn."""

    draft: Draft
    step: CompiledStep
    looked: bool = False
    """Something was read that another contact on this channel may not have."""

    @property
    def channel(self) -> Channel:
        return self.draft.channel

    @property
    def language(self) -> str:
        return self.draft.contact.language

    @property
    def choices(self) -> tuple[str, ...]:
        return self.step.choices

    @property
    def outcomes(self) -> Collection[str]:
        return self.step.targets.keys()

    @property
    def now(self) -> datetime:
        return self._look().event.at

    @property
    def seed(self) -> int:
        return self._look().event.seed

    @property
    def address(self) -> str:
        return self._look().contact.address

    @property
    def target_queue(self) -> str:
        return self._look().contact.queue

    @property
    def waiting_since(self) -> str:
        return self._look().contact.waiting_since

    @property
    def settings(self) -> Mapping[str, Any]:
        return self._look().contact.settings

    @property
    def has_typed_ahead(self) -> bool:
        return bool(self._look().contact.typed_ahead)

    @property
    def kept(self) -> Any:
        return self._look().contact.kept.get(self.step.id)

    def hours(self, name: str) -> HoursTable | None:
        draft = self._look()
        return draft.world.hours(name) if name else draft.world.queue_hours(draft.contact.queue)

    def flow(self, name: str) -> str:
        return self._look().flow.named(name)

    def prompt(self, name: str) -> Prompt | None:
        return self._look().world.prompt(name, self.language)

    def _look(self) -> Draft:
        self.looked = True
        return self.draft


def start(draft: Draft, step: CompiledStep) -> Move:
    """What a step does first. Behaviours are pure: one that looked at nothing of its contact
    does the same for all on that channel and in that language, and is not asked again."""
    manner = (draft.contact.channel, draft.contact.language)
    if step.constant is not None and (known := step.moves.get(manner)) is not None:
        draft.watcher.read(step, step.constant)
        return known
    move, is_general = _guarded(draft, step, step.block.start)
    if is_general and step.constant is not None and len(step.moves) < limits.MOVES_KEPT_MAX:
        step.moves[manner] = move
    return move


def resume(draft: Draft, step: CompiledStep, memory: Mapping[str, Any], event: Event) -> Move:
    """What a step that waits makes of an event."""
    move, _ = _guarded(draft, step, step.block.resume, memory, event)
    return move


def _guarded(
    draft: Draft, step: CompiledStep, behaviour: Callable[..., Move], *given: Any
) -> tuple[Move, bool]:
    """Run a behaviour; also, whether it looked at nothing of its contact. A block of a third
    party may fail; a contact may not."""
    view = StepView(draft, step)
    try:
        params = step.constant or step.prepare(draft.scope())
        draft.watcher.read(step, params)
        return behaviour(params, *given, view), not view.looked
    except BadParameters as error:
        draft.notes.append(f"{step.id}: {error}")
    except Exception as error:  # noqa: BLE001 - it may be anybody's block
        log.error("block %s failed at %s: %s", step.kind, step.id, where(error))
        draft.notes.append(f"{step.id}: {type(error).__name__}")
    return Leave(outcome="error"), False

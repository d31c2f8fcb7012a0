"""Asking a block what it does, and what it may look at for that."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from flowlang.block import HoursTable, Leave, Move, Prompt
from flowlang.channels import Channel
from flowlang.events import Event
from runtime.engine.turn import Draft
from runtime.logs import where
from runtime.preparing import BadParameters
from runtime.program import CompiledStep

log = logging.getLogger(__name__)


class StepView:
    """The `View` of a step in a turn."""

    __slots__ = ("draft", "looked", "step")

    def __init__(self, draft: Draft, step: CompiledStep) -> None:
        self.draft = draft
        self.step = step
        self.looked = False
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


def start(draft: Draft, step: CompiledStep) -> tuple[Move, bool]:
    """What a step does first; also, whether it looked at nothing of its contact, so that it does
    the same for all on that channel and in that language: behaviours are pure."""
    view = StepView(draft, step)
    move = _guarded(draft, step, view, step.block.start, view)
    return move, step.constant is not None and not view.looked


def resume(draft: Draft, step: CompiledStep, memory: Mapping[str, Any], event: Event) -> Move:
    """What a step that waits makes of an event."""
    view = StepView(draft, step)
    return _guarded(draft, step, view, step.block.resume, memory, event, view)


def _guarded(
    draft: Draft, step: CompiledStep, view: StepView, behaviour: Callable[..., Move], *given: Any
) -> Move:
    """A block of a third party may fail; a contact may not."""
    try:
        params = step.constant or step.prepare(draft.scope())
        if draft.watcher is not None:
            draft.watcher.read(step, params)
        return behaviour(params, *given)
    except BadParameters as error:
        draft.notes.append(f"{step.id}: {error}")
    except Exception as error:  # noqa: BLE001 - it may be anybody's block
        log.error("block %s failed at %s: %s", step.kind, step.id, where(error))
        draft.notes.append(f"{step.id}: {type(error).__name__}")
    view.looked = True
    return Leave(outcome="error")

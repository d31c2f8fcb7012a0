"""Who looks on while a turn is decided."""

from __future__ import annotations

from typing import Any

from flowlang.block import MISSING
from flowlang.effects import Effect
from flowlang.parameters import Parameters
from runtime.contact import Contact
from runtime.program import CompiledStep


class Watcher:
    """The simulator and tests see more than the outside does. A watcher must neither change what
    it is shown nor fail."""

    def entered(self, step: CompiledStep) -> None:
        """A step begins."""

    def read(self, step: CompiledStep, params: Parameters) -> None:
        """The parameters of a step, evaluated, as it begins and whenever it goes on."""

    def did(self, key: str, effect: Effect) -> None:
        """An effect will go out."""

    def left(
        self, step: CompiledStep, outcome: str, contact: Contact, value: Any = MISSING
    ) -> None:
        """A step is over; the contact has its results. `value` is what chose the outcome."""

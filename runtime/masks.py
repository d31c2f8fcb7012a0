"""Hides what is sensitive wherever people read.

Sensitive is what a customer gave to a question that says so, what a service returned under a name
whose type says so, and what an attribute or variable of such a type holds. It is masked wherever it
turns up afterwards: in arguments, answers, words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from runtime import happenings as seen
from runtime.happenings import Happening
from runtime.program import Program

MASK = "••••"
SHORT = 3
"""Shorter texts are masked only where they stand alone: `1` is in every other number."""


class Masks:
    """Finds what is sensitive, entry by entry, and hides it."""

    def __init__(self, program: Program | None = None) -> None:
        self._program = program
        self._hidden: set[str] = set()
        self._listens_for_secrets = False
        self._step = ""
        self._flow = ""
        if program is not None:
            self._learn_values({**program.defaults, **program.variables})

    @classmethod
    def of(cls, hidden: Collection[str]) -> Masks:
        """Those that hide what others have found."""
        masks = cls()
        masks._hidden.update(hidden)
        return masks

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(self._hidden)

    @property
    def _secrets(self) -> frozenset[str]:
        return self._program.secrets if self._program else frozenset()

    def learn(self, entry: Mapping[str, Any]) -> None:
        """Look at the next entry of the journal, before anything of it is shown."""
        event = entry["event"]
        if event["event"] == "Heard" and self._listens_for_secrets:
            self._learn_words(event["text"])
        if event["event"] in ("FunctionReturned", "ServiceAnswered"):
            self._learn_result(event.get("value", {}))
        self._learn_values(event.get("values", {}))
        for _, effect in entry["effects"]:
            if effect["effect"] == "Listen":
                self._listens_for_secrets = effect.get("sensitive", False)
        self._step, self._flow = entry["step"], entry.get("flow", "")

    def watch(self, item: Happening) -> None:
        """Look at what happened next in a simulated conversation, before it is shown."""
        match item:
            case seen.Listened(sensitive=sensitive):
                self._listens_for_secrets = sensitive
            case seen.Heard(text=text) if self._listens_for_secrets:
                self._learn_words(text)
            case seen.Answered(body=body, step=step, flow=flow):
                self._step, self._flow = step, flow
                self._learn_result(body.get("value", {}))
            case seen.Left(changes=changes):
                self._learn_values({name: after for name, (_, after) in changes.items()})
            case _:
                pass

    def _learn_words(self, text: str) -> None:
        self.hide(text)
        # The keys that end an entry are not part of it.
        self.hide(text.strip("*#"))

    def _learn_values(self, values: Mapping[str, Any]) -> None:
        for name in self._secrets & values.keys():
            self.hide(values[name])

    def values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Attributes and variables: of those with a sensitive type nothing is shown."""
        return {
            name: MASK if name in self._secrets and value not in (None, "") else self(value)
            for name, value in values.items()
        }

    def _learn_result(self, value: Mapping[str, Any]) -> None:
        flow = self._program.flow(self._flow) if self._program else None
        step = flow.steps.get(self._step) if flow else None
        for types in step.result_types.values() if step else ():
            for name, type_ in types.items():
                if type_.sensitive and name in value:
                    self.hide(value[name])

    def hide(self, value: Any) -> None:
        match value:
            case str() | int() | float() if not isinstance(value, bool) and value != "":
                self._hidden.add(str(value))
            case dict():
                for item in value.values():
                    self.hide(item)
            case list() | tuple():
                for item in value:
                    self.hide(item)
            case _:
                pass

    def __call__(self, value: Any) -> Any:
        """The value as people may see it."""
        match value:
            case str():
                return self._text(value)
            case bool():
                return value
            case int() | float():
                return MASK if str(value) in self._hidden else value
            case dict():
                return {key: self(item) for key, item in value.items()}
            case list() | tuple():
                return [self(item) for item in value]
            case _:
                return value

    def _text(self, text: str) -> str:
        if text in self._hidden:
            return MASK
        for hidden in self._hidden:
            if len(hidden) >= SHORT and hidden in text:
                text = text.replace(hidden, MASK)
        return text

"""Words for an answer that nobody gave yet, made from what was declared."""

from __future__ import annotations

from flowlang.effects import AskBot, CallFunction, Effect
from flowlang.model import Declaration
from flowlang.types import Named, OneOf, Type


def suggest_answer(effect: Effect, declared: Declaration | None) -> str:
    """Words for an answer, from what was declared."""
    match effect:
        case CallFunction():
            gives = (declared.gives if declared else None) or ()
            fields = ", ".join(f"{item.name}: {_example(item.type)}" for item in gives)
            return f"returns ({fields})" if fields else "fails"
        case AskBot():
            intents = (declared.takes if declared else None) or ()
            return f"understands {intents[0].name}" if intents else "understands nothing"
        case _:
            return "fails"


def _example(wanted: Type | None) -> str:
    match wanted:
        case OneOf(values=(first, *_)):
            return f'"{first}"'
        case Named(name="integer" | "number" | "duration" | "percent"):
            return "1"
        case Named(name="boolean"):
            return "true"
        case _:
            return '"…"'

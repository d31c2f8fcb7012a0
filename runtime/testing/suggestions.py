"""Words for an answer that nobody gave yet, made from what was declared."""

from __future__ import annotations

from flowlang.effects import AskBot, AskService, CallFunction, Effect
from flowlang.model import Declaration, Parameter
from flowlang.types import Named, OneOf, Type


def suggest_answer(effect: Effect, declared: Declaration | None) -> str:
    """Words for an answer, from what was declared."""
    match effect:
        case CallFunction():
            gives = _record(declared.results if declared else None)
            return f"returns {gives}" if gives else "returns ()"
        case AskService():
            return "returns ()"
        case AskBot():
            intents = (declared.takes if declared else None) or ()
            if not intents:
                return "understands nothing"
            return f"understands {intents[0].name}{_record(intents[0].fields)}"
        case _:
            return "fails"


def _record(items: tuple[Parameter, ...] | None) -> str:
    fields = ", ".join(f"{item.name}: {_example(item.type)}" for item in items or ())
    return f"({fields})" if fields else ""


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

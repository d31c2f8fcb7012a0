"""Intents and slots that the project's bot does not have.

An intent that no bot ever finds is a way that no customer ever goes; a slot that it never fills
reads as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flowlang import types
from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.inference import accepts, spell
from flowlang.model import Parameter
from flowlang.names import outside_name
from flowlang.types import Type

if TYPE_CHECKING:
    from flowlang.project.model import Bot, Intent, Slot


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    for declared in context.document.declarations.values() if home else ():
        bot = home.project.bot(outside_name(declared)) if home and declared.word == "bot" else None
        if bot is not None:
            for item in declared.takes or ():
                yield from _intent(item, outside_name(declared), bot)


def _intent(item: Parameter, name: str, bot: Bot) -> Iterator[Problem]:
    intent = bot.intents.get(item.name)
    if intent is None:
        arguments = {"bot": name, "name": item.name, "known": list(bot.intents)}
        yield _unknown("FL521", item, arguments, did_you_mean(item.name, bot.intents))
        return
    for field in item.fields or ():
        yield from _slot(field, item.name, intent)


def _slot(field: Parameter, name: str, intent: Intent) -> Iterator[Problem]:
    slot = intent.slots.get(field.name)
    if slot is None:
        arguments = {"intent": name, "name": field.name, "known": list(intent.slots)}
        yield _unknown("FL522", field, arguments, did_you_mean(field.name, intent.slots))
    elif field.type is not None and not accepts(field.type, _type_of(slot)):
        arguments = {"intent": name, "name": field.name, "reason": "type",
                     "given": spell(_type_of(slot)), "wanted": spell(field.type)}  # fmt: skip
        yield Problem(code="FL522", severity="error", place=field.at, arguments=arguments)


def _type_of(slot: Slot) -> Type:
    return types.OneOf(tuple(slot.values)) if slot.values else types.Named(slot.type)


def _unknown(
    code: str, item: Parameter, arguments: Mapping[str, object], suggestion: str | None
) -> Problem:
    place = item.at.beginning(len(item.name)) if item.at else None
    return Problem(
        code=code,
        severity="error",
        place=place,
        arguments={**arguments, "suggestion": suggestion},
        fix=write_instead(place, suggestion),
    )

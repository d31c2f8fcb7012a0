"""Outcomes that one click adds: what a bot can understand or a module returns, and no line leads
on yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowlang import edits as do
from flowlang import types
from flowlang.model import Declaration, Parameter
from flowlang.names import outside_name
from flowlang.parameters import specs
from flowlang.project import Project
from flowlang.project.model import Slot
from flowlang.syntax import spelling
from flowlang.syntax.build import construct
from flowlang.wiring import WiredStep

NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoptable:
    names: tuple[str, ...]
    operation: do.Operation


def adoptable(wired: WiredStep, project: Project | None) -> Adoptable | None:
    """None: every outcome has its line."""
    declared = _bot_of(wired)
    learnt = _more_intents(declared, project) if declared else []
    names = (*_unrouted(wired), *(item.name for item in learnt))
    operations: list[do.Operation] = []
    if declared and learnt:
        takes = (*(declared.takes or ()), *learnt)
        signature = spelling.signature(takes, declared.gives, declared.gives_type)
        fields = do.Fields(signature=signature)
        operations.append(do.ChangeDeclaration(name=declared.name, fields=fields))
    operations += [do.Connect(source=wired.id, port=name, target=NOWHERE) for name in names]
    if not names:
        return None
    return Adoptable(names=names, operation=do.Several(operations=tuple(operations)))


def _unrouted(wired: WiredStep) -> Iterator[str]:
    """The outcomes that are this step's own, and not those of every step of its kind."""
    usual = {outcome.name for outcome in wired.block.outcomes} if wired.block else set()
    own = {outcome.name for outcome in wired.ports.words} - usual
    return (wire.port for wire in wired.wires if wire.port in own and wire.role != "routed")


def _bot_of(wired: WiredStep) -> Declaration | None:
    known = specs(wired.block.Params) if wired.block else ()
    found = (wired.call.declared(spec.key) for spec in known if spec.resource == "bot")
    return next(filter(None, found), None)


def _more_intents(declared: Declaration, project: Project | None) -> Sequence[Parameter]:
    """Those of the project's bot that the flow does not know of yet."""
    bot = project.bot(outside_name(declared)) if project else None
    known = {item.name for item in declared.takes or ()}
    return [
        construct(Parameter, {"name": name, "fields": _slots(intent.slots) or None})
        for name, intent in (bot.intents.items() if bot else ())
        if name not in known
    ]


def _slots(slots: Mapping[str, Slot]) -> tuple[Parameter, ...]:
    return tuple(
        construct(
            Parameter,
            {
                "name": name,
                "type": types.OneOf(tuple(slot.values)) if slot.values else types.Named(slot.type),
            },
        )
        for name, slot in slots.items()
    )

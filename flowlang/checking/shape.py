"""What counts of a flow for checks over its graph: steps, wires, calls, what is read and set, but
neither the words that are said nor where anything stands."""

from __future__ import annotations

from flowlang import expressions as ex
from flowlang.model import Declaration, Document
from flowlang.parameters import specs
from flowlang.wiring import Wire, WiredSection, WiredStep, Wiring


def same_shape(old: Wiring, new: Wiring) -> bool:
    return (
        (old.start, old.handler) == (new.start, new.handler)
        and list(old.sections) == list(new.sections)
        and _same_declarations(old.document, new.document)
        and all(_is_like(old.sections[name], section) for name, section in new.sections.items())
    )


def _same_declarations(old: Document, new: Document) -> bool:
    before, now = old.declarations.values(), new.declarations.values()
    return len(before) == len(now) and all(
        one is other or _declared(one) == _declared(other)
        for one, other in zip(before, now, strict=True)
    )


def _declared(item: Declaration) -> tuple[object, ...]:
    entries = [(entry.key, *ex.names_in(entry.value)) for entry in item.entries]
    signature = (item.takes, item.gives, item.gives_type)
    return item.word, item.name, item.wire_name, item.type, item.value, signature, entries


def _is_like(old: WiredSection, new: WiredSection) -> bool:
    return old is new or _section(old) == _section(new)


def _section(item: WiredSection) -> tuple[object, ...]:
    return item.section.goto, [_step(step) for step in item.steps.values()]


def _step(step: WiredStep) -> tuple[object, ...]:
    prose = {spec.key for spec in specs(step.block.Params) if spec.multiline} if step.block else ()
    values = {
        key: _without_words(value) if key in prose else (value, step.call.arguments.get(key))
        for key, value in step.bound.values.items()
    }
    callee = _declared(step.call.callee) if step.call.callee else None
    wires = [[_wire(item) for item in each] for each in (step.wires, step.stray)]
    return step.id, step.step.kind, step.block, callee, step.ports, values, wires


def _without_words(value: ex.Expression) -> object:
    match value:
        case ex.Literal(type="text"):
            return ""
        case ex.Template(parts=parts):
            return [part for part in parts if not isinstance(part, str)]
        case ex.ListOf(items=items):
            return [_without_words(item.value) for item in items]
        case _:
            return value


def _wire(wire: Wire) -> tuple[object, ...]:
    return wire.port, wire.target, wire.role, wire.fault, wire.spoken

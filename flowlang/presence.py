"""Which values are certainly there at each step, and which calls they can come from.

A forward data flow over the wires, with a bit for each path that some step reads: a path is
present where every way leads over something that sets it; a call reaches where some way does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flowlang import expressions as ex
from flowlang import types
from flowlang.block import Block
from flowlang.inference import OPAQUE, Environment, is_opaque, walk
from flowlang.model import ComparePort, Port, ValuePort, WhenPort
from flowlang.names import VALUE_WORDS
from flowlang.parameters import Parameters, first_key
from flowlang.syntax import spelling
from flowlang.types import Type
from flowlang.wiring import Wire, WiredStep, result_names, runs_module

Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    bits: Mapping[str, int]
    """By path."""
    before: Mapping[str, int]
    """By step, what is present when it begins. Steps that are never reached are left out."""
    calls: Mapping[str, int]
    """By step, which calls' results can be there when it begins."""
    call_bits: Mapping[str, int]
    """By step that calls something."""

    def has(self, step_id: str, path: str) -> bool:
        bit = self.bits.get(path)
        return bit is None or step_id not in self.before or bool(self.before[step_id] & bit)

    def is_tracked(self, path: str) -> bool:
        return path in self.bits

    def calls_at(self, step_id: str, among: Iterable[str]) -> tuple[str, ...]:
        """Those of the calls whose results can be there."""
        there = self.calls.get(step_id, 0)
        return tuple(item for item in among if there & self.call_bits.get(item, 0))


def operand_of(port: Port | None) -> ex.Expression | None:
    """The expression that an outcome line brings."""
    match port:
        case ValuePort(value=value):
            return value
        case ComparePort(operand=operand):
            return operand
        case WhenPort(condition=condition):
            return condition
        case _:
            return None


def reads_of(step: WiredStep) -> tuple[ex.Name, ...]:
    found = [name for value in step.bound.values.values() for name in ex.names_in(value)]
    for wire in (*step.wires, *step.stray):
        if operand := operand_of(wire.spoken):
            found.extend(ex.names_in(operand))
    return tuple(found)


def subject_of(step: WiredStep) -> ex.Expression | None:
    """What its outcome lines with values and comparisons look at."""
    block: type[Block[Parameters]] | None = step.block
    if block is None:
        return None
    first = first_key(block.Params)
    chooses = step.ports.conditions and step.ports.exhaustive and not step.ports.measured
    return step.bound.values.get(first) if first and chooses else None


def presence(environment: Environment, order: Iterable[str]) -> Presence:
    """`order`: the steps that can be reached, the start first."""
    return _Flow(environment, tuple(order)).solve()


class _Flow:
    def __init__(self, environment: Environment, order: tuple[str, ...]) -> None:
        self.environment = environment
        self.steps = environment.wiring.steps
        self.order = order
        self.bits: dict[str, int] = {}
        self.by_root: dict[str, list[tuple[Segments, int]]] = {}
        self._track()
        self.all = (1 << len(self.bits)) - 1
        self.doubtful = self._may_be_taken_away()
        self.call_bits = {
            step_id: 1 << number
            for number, step_id in enumerate(
                step_id for step_id in order if self.steps[step_id].call.callee
            )
        }
        self.calls_under: dict[str, int] = {}
        for step_id, bit in self.call_bits.items():
            callee = self.steps[step_id].call.callee
            if callee:
                self.calls_under[callee.name] = self.calls_under.get(callee.name, 0) | bit

    def _track(self) -> None:
        for step_id in self.order:
            for name in reads_of(self.steps[step_id]):
                path = spelling.name(name)
                if path not in self.bits and self._needs_tracking(name):
                    bit = self.bits[path] = 1 << len(self.bits)
                    self.by_root.setdefault(name.root, []).append((name.segments, bit))

    def _needs_tracking(self, name: ex.Name) -> bool:
        declared = self.environment.names.declarations.get(name.root)
        if declared is not None and declared.word in VALUE_WORDS:
            reading = walk(self.environment.value_type(declared), name.segments)
            return not reading.fault and (declared.value is None or reading.type.optional)
        if name.segments and self._has_results(name.root):
            return True
        reading = self.environment.read(name)
        return not reading.fault and reading.type.optional

    def _has_results(self, root: str) -> bool:
        environment = self.environment
        declared = environment.names.declarations.get(root)
        return (
            root in environment.results
            or root in environment.names.slots
            or (declared is not None and declared.word in ("function", "bot", "module"))
        )

    def _may_be_taken_away(self) -> int:
        """Attributes that may be absent: a module can leave them so, whatever was there before."""
        found = 0
        for name, paths in self.by_root.items():
            declared = self.environment.names.declarations.get(name)
            if declared is not None and declared.word == "attribute":
                for segments, bit in paths:
                    type_ = walk(self.environment.value_type(declared), segments).type
                    found |= bit if type_.optional else 0
        return found

    # --- the fixed point ----------------------------------------------------------------------

    def solve(self) -> Presence:
        before: dict[str, int] = dict.fromkeys(self.order[:1], 0)
        calls: dict[str, int] = dict.fromkeys(self.order[:1], 0)
        waiting = dict.fromkeys(self.order[:1])
        while waiting:
            step_id = next(iter(waiting))
            del waiting[step_id]
            step = self.steps[step_id]
            for wire in step.wires:
                target = wire.target
                if target is None or target not in self.steps:
                    continue
                there = self._after(step, wire, before[step_id])
                calling = self._calls_after(step, wire, calls[step_id])
                old, old_calls = before.get(target, self.all), calls.get(target, 0)
                new, new_calls = old & there, old_calls | calling
                if target not in before or new != old or new_calls != old_calls:
                    before[target], calls[target] = new, new_calls
                    waiting[target] = None
        return Presence(self.bits, before, calls, self.call_bits)

    def _after(self, step: WiredStep, wire: Wire, there: int) -> int:
        """What is present when the step was left by a wire."""
        if not self.bits:
            return 0
        after = there | self._narrowed(step, wire)
        after = self._assigned(step, wire, after)
        if runs_module(step):
            after &= ~self.doubtful
        for name in result_names(step):
            if name in self.by_root:
                after = self._with_results(step, wire, name, after)
        return after

    def _with_results(self, step: WiredStep, wire: Wire, name: str, there: int) -> int:
        given = self._given(step, wire)
        for segments, bit in self.by_root[name]:
            if _is_given(given, segments):
                there |= bit
            else:
                there &= ~bit
        return there

    def _given(self, step: WiredStep, wire: Wire) -> Type:
        if step.block is None or is_opaque(step):
            failed = step.block is not None and wire.port == "error"
            return types.RecordType(()) if failed else OPAQUE
        return types.RecordType(tuple(step.block.results_at(step.call, wire.port).items()))

    def _assigned(self, step: WiredStep, wire: Wire, there: int) -> int:
        # Where an error just goes on, the author counts on it that values can be set.
        failed = wire.port == "error" and wire.role != "next"
        if step.block is None or failed:
            return there
        after = there
        for name in step.block.assigns(step.call):
            value = _assigned_value(step, name)
            certain = value is None or self._is_certain(value, there)
            declared = self.environment.names.value(name)
            for segments, bit in self.by_root.get(name, ()):
                inside = (
                    walk(self.environment.value_type(declared), segments)
                    if declared and segments
                    else None
                )
                if certain and (inside is None or not inside.type.optional):
                    after |= bit
                else:
                    after &= ~bit
        return after

    def _is_certain(self, value: ex.Expression, there: int) -> bool:
        """Whether the value of an expression is there, whoever calls."""
        match value:
            case ex.Name():
                bit = self.bits.get(spelling.name(value))
                return bit is None or bool(there & bit)
            case ex.Binary(operator="else", right=right):
                return self._is_certain(right, there)
            case ex.Binary(operator="+" | "-" | "*" | "/", left=left, right=right):
                return self._is_certain(left, there) and self._is_certain(right, there)
            case ex.Negative(operand=operand):
                return self._is_certain(operand, there)
            case _:
                return True

    def _narrowed(self, step: WiredStep, wire: Wire) -> int:
        """A value that was compared with something, and fitted, is there."""
        match wire.spoken:
            case ValuePort():
                return self._bit(subject_of(step))
            case ComparePort(operator=operator, operand=operand) if operator != "!=":
                return self._bit(subject_of(step)) if self._is_certain(operand, 0) else 0
            case WhenPort(condition=condition):
                return self._seen(condition)
            case _:
                return 0

    def _seen(self, condition: ex.Expression) -> int:
        match condition:
            case ex.Binary(operator="and", left=left, right=right):
                return self._seen(left) | self._seen(right)
            case ex.Binary(operator="==" | "<" | "<=" | ">" | ">=", left=left, right=right):
                if isinstance(right, ex.Name) and not self._is_certain(right, 0):
                    return 0
                return self._bit(left)
            case ex.Binary(operator="contains" | "starts_with" | "ends_with" | "in", left=left):
                return self._bit(left)
            case _:
                return 0

    def _bit(self, value: ex.Expression | None) -> int:
        return self.bits.get(spelling.name(value), 0) if isinstance(value, ex.Name) else 0

    def _calls_after(self, step: WiredStep, wire: Wire, there: int) -> int:
        """A call that went well is the only one whose results are read under its name."""
        own = self.call_bits.get(step.id)
        callee = step.call.callee
        if own is None or callee is None or wire.port == "error":
            return there
        return (there & ~self.calls_under[callee.name]) | own


def _assigned_value(step: WiredStep, name: str) -> ex.Expression | None:
    for value in step.bound.values.values():
        if isinstance(value, ex.Record):
            for field in value.fields:
                if field.key == name:
                    return field.value
    return None


def _is_given(given: Type, segments: Segments) -> bool:
    reading = walk(given, segments)
    return not reading.fault and not reading.type.optional

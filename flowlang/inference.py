"""What type an expression has, and whether a value of one type may stand where another is wanted.

Inference never fails: what is wrong is told to a `Sink`, and the type goes on as `any`, so that
one mistake makes one problem.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import Literal, Protocol

from flowlang import expressions as ex
from flowlang import types
from flowlang.model import Declaration, Parameter
from flowlang.names import SYSTEM, VALUE_WORDS
from flowlang.syntax import spelling
from flowlang.types import ANY, BOOLEAN, NUMBER, TEXT, Named, OneOf, RecordType, Type
from flowlang.wiring import WiredStep, Wiring

# --- one type where another is wanted ---------------------------------------------------------

_TEXTS = frozenset({"text", "phone", "email", "zone", "language"})
_NUMBERS = frozenset({"integer", "number", "percent"})
_ORDERED = _NUMBERS | {"duration", "date", "time"}
_WIDER: Mapping[str, frozenset[str]] = {
    # Customers key in and write texts, and there is no way to convert them: what is no phone
    # number is refused where it is used.
    **dict.fromkeys(_TEXTS, _TEXTS),
    "number": _NUMBERS,
    "percent": _NUMBERS,
}


def accepts(wanted: Type, given: Type) -> bool:
    """Whether every value of `given` is good for `wanted`. Whether one is there at all
    (`optional`) is another question; `any` is good for everything."""
    if _is_open(wanted) or _is_any(given):
        return True
    match wanted, given:
        case OneOf(values=allowed), OneOf(values=values):
            return set(values) <= set(allowed)
        case Named(name=name), OneOf():
            return name in _TEXTS
        case Named(name="text"), Named(name="prompt"):
            return True
        case Named(name=name), Named(name=other):
            return other == name or other in _WIDER.get(name, ())
        case types.ListType(item=item), types.ListType(item=other_item):
            return accepts(item, other_item)
        case RecordType(fields=fields), RecordType():
            return all(_accepts_field(type_, given.field_type(key)) for key, type_ in fields)
        case RecordType() | types.ListType(), Named(name="json"):
            return True
        case _:
            return False


def _accepts_field(wanted: Type, given: Type | None) -> bool:
    if given is None:
        return wanted.optional
    return accepts(wanted, given) and (wanted.optional or not given.optional)


def _is_any(type_: Type) -> bool:
    return isinstance(type_, Named) and type_.name == "any"


def _is_open(type_: Type) -> bool:
    return isinstance(type_, Named) and type_.name in ("any", "json")


def comparable(left: Type, right: Type) -> bool:
    """Whether two values can ever be equal."""
    if isinstance(left, OneOf) and isinstance(right, OneOf):
        fewer, more = sorted((left.values, right.values), key=len)
        return not set(fewer).isdisjoint(more)
    return _kind(left) == _kind(right) or "any" in (_kind(left), _kind(right))


def _kind(type_: Type) -> str:
    match type_:
        case OneOf():
            return "text"
        case Named(name=name) if name in _TEXTS:
            return "text"
        case Named(name=name) if name in _NUMBERS:
            return "number"
        case Named(name="json"):
            return "any"
        case Named(name=name):
            return name
        case types.ListType():
            return "list"
        case _:
            return "record"


def is_number(type_: Type) -> bool:
    return _kind(type_) in ("number", "any")


def union(one: Type, other: Type) -> Type:
    """The type of a value that is either of two."""
    optional = one.optional or other.optional
    sensitive = one.sensitive or other.sensitive
    match one, other:
        case OneOf(values=values), OneOf(values=more):
            merged: Type = OneOf(tuple(dict.fromkeys((*values, *more))))
        case _ if accepts(one, other) and not _is_any(other):
            merged = one
        case _ if accepts(other, one) and not _is_any(one):
            merged = other
        case _:
            merged = ANY
    return replace(merged, optional=optional, sensitive=sensitive)


def holds_sensitive(type_: Type) -> bool:
    """Whether it, or something in it, must not be seen."""
    match type_:
        case _ if type_.sensitive:
            return True
        case types.ListType(item=item):
            return holds_sensitive(item)
        case RecordType(fields=fields):
            return any(holds_sensitive(inner) for _, inner in fields)
        case _:
            return False


def spell(type_: Type) -> str:
    return spelling.type_(replace(type_, sensitive=False))


# --- what names mean --------------------------------------------------------------------------

Fault = Literal["", "unknown", "no_field"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a name turned out to be."""

    type: Type
    fault: Fault = ""
    segment: str = ""
    """The field that is not there."""
    fields: tuple[str, ...] = ()
    """Fields that are."""


class Environment:
    """The types of all names of a flow."""

    def __init__(
        self,
        wiring: Wiring,
        resources: Collection[str] | None = None,
        alike: Environment | None = None,
    ) -> None:
        """`resources`: the words that declare something, each also the name of a type; None:
        whatever stands for a type is one. `alike`: that of a wiring with the same results."""
        self.wiring = wiring
        self.names = wiring.names
        self.resources = resources
        if alike is not None:
            self.providers, self.results = alike.providers, alike.results

    @cached_property
    def providers(self) -> Mapping[str, tuple[str, ...]]:
        """By name, the steps whose results are read under it."""
        found: dict[str, list[str]] = {}
        for section in self.wiring.sections.values():
            for name, step_id in section.results:
                found.setdefault(name, []).append(step_id)
        return {name: tuple(ids) for name, ids in found.items()}

    @cached_property
    def results(self) -> Mapping[str, RecordType]:
        """By name, the fields that any step gives there."""
        return {name: self._merged(ids) for name, ids in self.providers.items()}

    @cached_property
    def inputs(self) -> Mapping[str, Type]:
        """What a module takes."""
        header = self.wiring.document.header
        return {item.name: item.type or ANY for item in (header.takes if header else None) or ()}

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Every name that can be read."""
        names = self.names
        return (*names.declarations, *names.steps, *names.slots, *self.inputs, *SYSTEM)

    def read(self, name: ex.Name) -> Reading:
        declared = self.names.declarations.get(name.root)
        if declared is not None and declared.word in VALUE_WORDS:
            return walk(self.value_type(declared), name.segments)
        if name.segments and name.root in self.results:
            return walk(self.results[name.root], name.segments)
        if declared is not None:
            return self._resource(declared, name.segments)
        if name.root in self.inputs:
            return walk(self.inputs[name.root], name.segments)
        if name.root in self.results:
            return Reading(type=self.results[name.root])
        if name.root in SYSTEM:
            return walk(SYSTEM[name.root], name.segments)
        if name.root in self.names.slots or name.root in self.names.steps:
            return walk(RecordType(()), name.segments)
        return Reading(type=ANY, fault="unknown")

    def value_type(self, declared: Declaration) -> Type:
        """The type of an attribute or variable; `any` where nobody knows the type."""
        type_ = value_type(declared)
        return type_ if self.knows_type(type_) else ANY

    def knows_type(self, type_: Type) -> bool:
        return (
            not isinstance(type_, Named)
            or type_.name in types.SIMPLE
            or self.resources is None
            or type_.name in self.resources
        )

    def _resource(self, declared: Declaration, segments: tuple[str, ...]) -> Reading:
        if not segments:
            return Reading(type=Named(declared.word))
        if declared.results is not None or declared.word in ("function", "bot", "module"):
            return walk(signature_type(declared), segments)
        return walk(Named(declared.word), segments)

    def _merged(self, ids: Iterable[str]) -> RecordType:
        fields: dict[str, Type] = {}
        for step_id in ids:
            step = self.wiring.steps[step_id]
            if is_opaque(step):
                return OPAQUE
            assert step.block is not None
            for key, type_ in step.block.results(step.call).items():
                fields[key] = union(fields[key], type_) if key in fields else type_
        return RecordType(tuple(fields.items()))


OPAQUE = RecordType((("*", ANY),))
"""Results of which nothing is declared: every field may be there."""


def is_opaque(step: WiredStep) -> bool:
    """Whether nobody says what it gives: its block, or what it calls, is not known."""
    if step.block is None:
        return True
    callee = step.call.callee
    if callee is not None:
        return callee.results is None
    return "*" in step.block.results(step.call)


def signature_type(declared: Declaration) -> Type:
    """What it gives, as the fields that are read behind its name."""
    results = declared.results
    return OPAQUE if results is None else record_of(results)


def record_of(items: Iterable[Parameter]) -> RecordType:
    return RecordType(tuple((item.name, item.type or ANY) for item in items))


def value_type(declared: Declaration) -> Type:
    """The type of an attribute or variable: as declared, else that of its default."""
    if declared.type is not None:
        return declared.type
    match declared.value:
        case ex.Literal(type="text"):
            return TEXT
        case ex.Literal(type=name):
            return Named(name)
        case _:
            return ANY


def walk(type_: Type, segments: tuple[str, ...]) -> Reading:
    optional = type_.optional
    for segment in segments:
        inside = _field(type_, segment)
        if inside is None:
            fields = tuple(key for key, _ in type_.fields) if isinstance(type_, RecordType) else ()
            return Reading(type=ANY, fault="no_field", segment=segment, fields=fields)
        optional = optional or inside.optional
        type_ = replace(inside, sensitive=type_.sensitive or inside.sensitive)
    return Reading(type=replace(type_, optional=optional))


def _field(type_: Type, segment: str) -> Type | None:
    match type_:
        case RecordType():
            return ANY if type_ == OPAQUE else type_.field_type(segment)
        case types.ListType(item=item):
            return replace(item, optional=True) if ex.is_index(segment) else None
        case Named(name="any" | "json"):
            return ANY
        case _:
            return None


# --- expressions ------------------------------------------------------------------------------


Sides = tuple[tuple[ex.Expression, Type], tuple[ex.Expression, Type]]
"""Two operands with their types."""


class Reader(Protocol):
    """Knows what names mean."""

    def read(self, name: ex.Name) -> Reading: ...


class Sink(Protocol):
    """Is told what is wrong with an expression."""

    def __call__(self, code: str, node: ex.Expression, **arguments: object) -> None: ...


def _nobody(code: str, node: ex.Expression, **arguments: object) -> None:
    pass


def _always(path: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Typist:
    """Infers types at one place of a flow."""

    environment: Reader
    report: Sink = _nobody
    present: Callable[[str], bool] = _always
    """Whether the value of a path is certainly there, at this place."""
    unset: Callable[[str], bool] = field(default=lambda path: False)
    """Whether a path is only there after something sets it."""

    def type_of(self, node: ex.Expression, *, guarded: bool = False) -> Type:
        """`guarded`: it does not matter here whether the value is there."""
        match node:
            case ex.Literal(value=value, type="text"):
                return OneOf((str(value),))
            case ex.Literal(type=name):
                return Named(name)
            case ex.Template(parts=parts):
                return self._template(parts)
            case ex.Name():
                return self._name(node, guarded)
            case ex.Not(operand=operand):
                self.condition(operand)
                return BOOLEAN
            case ex.Negative(operand=operand):
                return self._negative(operand)
            case ex.Binary():
                return self._binary(node, guarded)
            case ex.ListOf(items=items):
                inner = [self.value_type_of(item.value) for item in items]
                return types.ListType(reduce(union, inner) if inner else ANY)
            case ex.Record(fields=fields):
                return RecordType(tuple((item.key, self.type_of(item.value)) for item in fields))
            case ex.Item(value=value) | ex.Field(value=value):
                return self.type_of(value, guarded=guarded)
            case _:
                return ANY

    def value_type_of(self, node: ex.Expression) -> Type:
        """The type of an expression whose value must be there."""
        type_ = self.type_of(node)
        if type_.optional:
            self.report("FL118", node, value=spelling.value(node))
        return replace(type_, optional=False)

    def condition(self, node: ex.Expression) -> None:
        type_ = self.type_of(node, guarded=True)
        if _kind(type_) not in ("boolean", "any"):
            self.report("FL119", node, type=spell(type_))

    def _template(self, parts: tuple[str | ex.Expression, ...]) -> Type:
        sensitive = False
        for part in parts:
            if isinstance(part, str):
                continue
            type_ = self.type_of(part)
            sensitive = sensitive or holds_sensitive(type_)
            if type_.optional:
                self.report("FL118", part, value=spelling.value(part), reason="text")
        return replace(TEXT, sensitive=sensitive)

    def _name(self, node: ex.Name, guarded: bool) -> Type:
        reading = self.environment.read(node)
        if reading.fault:
            self._report_fault(node, reading)
            return ANY
        path = spelling.name(node)
        if self.present(path):
            return replace(reading.type, optional=False)
        if reading.type.optional or guarded:
            return replace(reading.type, optional=reading.type.optional or guarded)
        if self.unset(path):
            known = not _is_any(reading.type)
            self.report("FL220", node, name=path, reason="" if known else "any")
        return reading.type

    def _report_fault(self, node: ex.Name, reading: Reading) -> None:
        if reading.fault == "unknown":
            self.report("FL101", node, name=node.root)
        else:
            owner = spelling.name(
                ex.Name(node.root, node.segments[: node.segments.index(reading.segment)])
            )
            self.report("FL106", node, name=owner, field=reading.segment, candidates=reading.fields)

    # --- operators ----------------------------------------------------------------------------

    def _negative(self, operand: ex.Expression) -> Type:
        type_ = self.value_type_of(operand)
        if _kind(type_) not in ("number", "duration", "any"):
            self._unfit("-", operand, type_)
            return ANY
        return type_

    def _unfit(self, operator: str, node: ex.Expression, type_: Type) -> None:
        self.report("FL112", node, operator=operator, type=spell(type_))

    def _binary(self, node: ex.Binary, guarded: bool) -> Type:
        match node.operator:
            case "else":
                return self._else(node, guarded)
            case "and" | "or":
                self.condition(node.left)
                self.condition(node.right)
                return BOOLEAN
            case "+" | "-" | "*" | "/":
                return self._arithmetic(node)
            case operator:
                needed = operator in ("<", "<=", ">", ">=")
                infer = self.value_type_of if needed else self.type_of
                sides = ((node.left, infer(node.left)), (node.right, infer(node.right)))
                self.comparison(node, operator, sides)
                return BOOLEAN

    def _else(self, node: ex.Binary, guarded: bool) -> Type:
        left = self.type_of(node.left, guarded=True)
        right = self.type_of(node.right, guarded=guarded)
        return replace(union(replace(left, optional=False), right), optional=right.optional)

    def comparison(self, node: ex.Expression, operator: ex.Operator, sides: Sides) -> None:
        """Tell what is wrong with comparing these two."""
        match operator:
            case "<" | "<=" | ">" | ">=":
                self._order(node, operator, sides)
            case "contains" | "starts_with" | "ends_with":
                self._search(node, operator, sides)
            case "in":
                (left, left_type), (right, right_type) = sides
                self._search(node, operator, ((right, right_type), (left, left_type)))
            case _:
                (_, left_type), (_, right_type) = sides
                if not comparable(left_type, right_type):
                    self._never(node, left_type, right_type)

    def _never(self, node: ex.Expression, left: Type, right: Type) -> None:
        self.report("FL115", node, left=spell(left), right=spell(right))

    def _order(self, node: ex.Expression, operator: ex.Operator, sides: Sides) -> None:
        for side, type_ in sides:
            if _kind(type_) not in ("number", "any", "text", *_ORDERED):
                self._unfit(operator, side, type_)
                return
        (_, left), (_, right) = sides
        if not comparable(left, right) and not _may_spell_number(left, right):
            self._never(node, left, right)

    def _search(self, node: ex.Expression, operator: ex.Operator, sides: Sides) -> None:
        (holder, outer), (_, inner) = sides
        allowed = {"contains": ("list", "text", "any"), "in": ("list", "any")}
        if _kind(outer) not in allowed.get(operator, ("text", "any")):
            self._unfit(operator, holder, outer)
        elif isinstance(outer, types.ListType) and not comparable(outer.item, inner):
            self._never(node, inner, outer.item)

    def _arithmetic(self, node: ex.Binary) -> Type:
        left, right = self.value_type_of(node.left), self.value_type_of(node.right)
        result = self._calculated(node, left, right)
        return replace(result, sensitive=left.sensitive or right.sensitive)

    def _calculated(self, node: ex.Binary, left: Type, right: Type) -> Type:
        kinds = {_kind(left), _kind(right)}
        if node.operator == "+" and kinds == {"text"}:
            return TEXT
        for side, type_ in ((node.left, left), (node.right, right)):
            if _kind(type_) not in ("number", "duration", "any") and not _is_plain_text(type_):
                self._unfit(node.operator, side, type_)
                return ANY
        if "any" in kinds:
            return ANY
        if "duration" in kinds:
            return types.DURATION
        whole = all(isinstance(item, Named) and item.name == "integer" for item in (left, right))
        return types.INTEGER if whole and node.operator != "/" else NUMBER


def _is_plain_text(type_: Type) -> bool:
    """A text of no known wording: what a customer keyed in may well be a number."""
    return isinstance(type_, Named) and type_.name == "text"


def _may_spell_number(left: Type, right: Type) -> bool:
    return {_kind(left), _kind(right)} <= {"number", "text", "any"} and not (
        isinstance(left, OneOf) or isinstance(right, OneOf)
    )

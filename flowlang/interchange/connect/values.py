"""Values of the language as Connect spells them: everything a string, references in texts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from flowlang import expressions as ex
from flowlang import limits, types
from flowlang.interchange.connect import paths
from flowlang.interchange.connect.names import is_name
from flowlang.interchange.connect.scalars import canonical, scalar
from flowlang.model import ComparePort, Port, ValuePort
from flowlang.parameters import ParameterSpec

if TYPE_CHECKING:
    from flowlang.interchange.connect.contract import ReadScope, WriteScope

Json = Any

REFERENCE = "$"
"""Root of a name that stands for a reference until the importer knows what it is."""
NULL = ex.Name("connect", ("null",))
"""JSON's null, which the language does not have."""


def set_key(root: str, wire_name: str) -> str:
    """The key of an argument that sets a value of Connect, until it has its name."""
    return f"{REFERENCE}.{root}.{wire_name}"


def unsayable(code: str, at: ex.Expression | None, key: str | None, **about: object) -> Exception:
    from flowlang.interchange.connect.contract import Unsayable

    return Unsayable(code, at, key or None, **about)


def equal_json(one: Json, two: Json) -> bool:
    return bool(canonical(one) == canonical(two))


# --- texts ------------------------------------------------------------------------------------


def read_text(text: str) -> ex.Expression:
    """A text of Connect: a literal, a template, or the one reference that it is."""
    if (whole := paths.whole(text)) is not None:
        return ex.Name(REFERENCE, whole)
    parts: list[str | ex.Expression] = [
        part if isinstance(part, str) else ex.Name(REFERENCE, part) for part in paths.split(text)
    ]
    if all(isinstance(part, str) for part in parts):
        return ex.Literal(text, "text")
    return ex.Template(tuple(parts))


def plain_text(value: ex.Literal) -> str:
    """A constant as Connect spells it."""
    match value.value:
        case bool() as flag:
            return "true" if flag else "false"
        case str() as text:
            return text
        case number:
            return number_text(number)


def number_text(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def number_literal(text: str) -> ex.Expression | None:
    """The number that a text spells, if it would be spelled just so again."""
    digits = text.removeprefix("-")
    try:
        number = int(digits) if digits.isdecimal() else float(digits)
    except ValueError:
        return None
    if number < 0 or not math.isfinite(number) or number_text(number) != digits:
        return None
    if len(digits) > 15 or "e" in digits:
        return None
    literal = ex.Literal(number, "integer" if isinstance(number, int) else "number", digits)
    return ex.Negative(literal) if text.startswith("-") else literal


# --- conversions ------------------------------------------------------------------------------


class Conversion(Protocol):
    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None: ...
    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json: ...


def conversion_of(spec: ParameterSpec) -> Conversion:
    """What the type of a parameter asks for."""
    if spec.free:
        return Pairs()
    if spec.resource:
        return Resource(spec.resource)
    if spec.is_outcome:
        return BareWord()
    if spec.type == types.DURATION:
        return Seconds()
    if spec.type in (types.INTEGER, types.NUMBER, types.PERCENT):
        return Number()
    if spec.type == types.BOOLEAN:
        return Flag()
    if spec.type == types.ANY:
        return Data()
    return Text()


@dataclass(frozen=True, slots=True)
class Text:
    """A text, with references anywhere in it."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        text = scalar(value)
        return None if text is None or _is_too_long(text) else read_text(text)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        return scope.text(value, key)


@dataclass(frozen=True, slots=True)
class Whole:
    """A text, or one reference and nothing else."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        text = scalar(value)
        found = None if text is None else read_text(text)
        return None if isinstance(found, ex.Template) else found

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        return scope.whole(value, key)


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference, never a constant."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        whole = paths.whole(value) if isinstance(value, str) else None
        return None if whole is None else ex.Name(REFERENCE, whole)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if not isinstance(value, ex.Name):
            raise unsayable("FL435", value, key)
        return scope.whole(value, key)


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration, in seconds, parts of them, or more of them at once."""

    per_second: float = 1
    signed: bool = False
    """It may be less than none."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        text = scalar(value)
        number = number_literal(text) if text is not None else None
        if self.signed and isinstance(number, ex.Negative):
            positive = self.read((text or "").removeprefix("-"), scope, path)
            return ex.Negative(positive) if positive else None
        if isinstance(number, ex.Literal) and not isinstance(number.value, (str, bool)):
            return duration(round(number.value / self.per_second, 3))
        return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if self.signed and isinstance(value, ex.Negative):
            return f"-{self.write(value.operand, scope, key)}"
        if isinstance(value, ex.Literal) and not isinstance(value.value, (str, bool)):
            return number_text(round(value.value * self.per_second, 3))
        raise unsayable("FL436", value, key)


def duration(seconds: float) -> ex.Expression | None:
    """A duration as a person writes it: `90s`, `10min`, `1h30min`."""
    if seconds != int(seconds):
        milliseconds = seconds * 1000
        if milliseconds != int(milliseconds):
            return None
        return ex.Literal(seconds, "duration", f"{int(milliseconds)}ms")
    whole = int(seconds)
    if whole < 120 or whole % 60:
        return ex.Literal(whole, "duration", f"{whole}s")
    hours, minutes = divmod(whole // 60, 60)
    spelling = (f"{hours}h" if hours else "") + (f"{minutes}min" if minutes else "")
    return ex.Literal(whole, "duration", spelling)


@dataclass(frozen=True, slots=True)
class Number:
    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        text = scalar(value)
        if text is None:
            return None
        if (whole := paths.whole(text)) is not None:
            return ex.Name(REFERENCE, whole)
        return number_literal(text)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if isinstance(value, ex.Negative) and isinstance(value.operand, ex.Literal):
            return "-" + plain_text(value.operand)
        return scope.whole(value, key)


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean, as this parameter spells it."""

    yes: str = "True"
    no: str = "False"

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        text = scalar(value)
        for spelling, flag in ((self.yes, True), (self.no, False)):
            if text is not None and text.lower() == spelling.lower():
                return ex.Literal(flag, "boolean")
        return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if isinstance(value, ex.Literal) and isinstance(value.value, bool):
            return self.yes if value.value else self.no
        raise unsayable("FL436", value, key)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of ours for words of Connect's."""

    spellings: Mapping[str, str]
    """Connect's by ours."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        found = [ours for ours, theirs in self.spellings.items() if theirs == value]
        return ex.Name(found[0]) if found else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        word = value.value if isinstance(value, ex.Literal) else getattr(value, "root", None)
        if word in self.spellings:
            return self.spellings[str(word)]
        raise unsayable("FL436", value, key)


@dataclass(frozen=True, slots=True)
class BareWord:
    """A word of the author's own, which Connect has as a text."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        return ex.Name(value) if isinstance(value, str) and is_name(value) else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        return scope.whole(value, key)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of whatever `each` spells."""

    each: Conversion

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, list):
            return None
        items = [self.each.read(item, scope, path) for item in value]
        found = [item for item in items if item is not None]
        return ex.ListOf(tuple(map(ex.Item, found))) if len(found) == len(items) else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if isinstance(value, ex.ListOf):
            return [self.each.write(item.value, scope, key) for item in value.items]
        return [self.each.write(value, scope, key)]


@dataclass(frozen=True, slots=True)
class Resource:
    """A reference to a declared resource, or an attribute that holds one."""

    word: str

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, str) or not value.strip():
            return None
        found = read_text(value)
        if isinstance(found, ex.Literal):
            return scope.resource(self.word, value, path)
        return found if isinstance(found, ex.Name) else None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        return scope.resource(self.word, value, key)


@dataclass(frozen=True, slots=True)
class Pairs:
    """A flat map: a key and a text each."""

    each: Conversion = field(default_factory=Text)
    named: bool = False
    """Only keys that can be names of the language."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        if not isinstance(value, dict) or (self.named and not all(map(is_name, value))):
            return None
        fields = []
        for key, item in value.items():
            found = self.each.read(item, scope, path)
            if found is None:
                return None
            fields.append(ex.Field(key, found))
        return ex.Record(tuple(fields))

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if not isinstance(value, ex.Record):
            raise unsayable("FL436", value, key)
        return {item.key: self.each.write(item.value, scope, item.key) for item in value.fields}


@dataclass(frozen=True, slots=True)
class Data:
    """JSON of any shape, references in its texts."""

    references: bool = True

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        return read_data(value, references=self.references)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        return write_data(value, scope, key)


def read_data(value: Json, *, references: bool) -> ex.Expression | None:
    match value:
        case None:
            return NULL
        case bool():
            return ex.Literal(value, "boolean")
        case int() | float():
            return _number(value)
        case str() if _is_too_long(value):
            return None
        case str():
            return read_text(value) if references else ex.Literal(value, "text")
        case list():
            items = [read_data(item, references=references) for item in value]
            found = [ex.Item(item) for item in items if item is not None]
            return ex.ListOf(tuple(found)) if len(found) == len(items) else None
        case dict():
            pairs = [(key, read_data(item, references=references)) for key, item in value.items()]
            fields = [ex.Field(key, item) for key, item in pairs if item is not None]
            return ex.Record(tuple(fields)) if len(fields) == len(pairs) else None
        case _:
            return None


def _number(value: float) -> ex.Expression:
    """A number of JSON; what is too large for the language is the text that Connect takes too."""
    spelling = repr(abs(value))
    if abs(value) > limits.NUMBER_MAX or "e" in spelling:
        return ex.Literal(repr(value), "text")
    kind: ex.LiteralType = "integer" if isinstance(value, int) else "number"
    literal = ex.Literal(abs(value), kind, spelling)
    return ex.Negative(literal) if repr(value).startswith("-") else literal


def _is_too_long(text: str) -> bool:
    return len(text.encode("utf-8", "replace")) > limits.STRING_BYTES_MAX


def write_data(value: ex.Expression, scope: WriteScope, key: str) -> Json:
    match value:
        case ex.Name() if value == NULL:
            return None
        case ex.Literal(value=bool() | str() as constant):
            return constant
        case ex.Literal(value=number):
            return number
        case ex.Negative(operand=ex.Literal(value=int() | float() as number)):
            return -number
        case ex.ListOf(items=items):
            return [write_data(item.value, scope, key) for item in items]
        case ex.Record(fields=fields):
            return {item.key: write_data(item.value, scope, key) for item in fields}
        case _:
            return scope.text(value, key)


# --- ports ------------------------------------------------------------------------------------

_COMPARISONS: Mapping[str, str] = {
    "NumberGreaterThan": ">",
    "NumberGreaterOrEqualTo": ">=",
    "NumberLessThan": "<",
    "NumberLessOrEqualTo": "<=",
    "TextContains": "contains",
    "TextStartsWith": "starts_with",
    "TextEndsWith": "ends_with",
}
OPERATORS: Mapping[str, str] = {ours: theirs for theirs, ours in _COMPARISONS.items()}


def literal_port(operator: str, operand: str) -> Port | None:
    """A condition as an outcome line says it."""
    value = read_text(operand)
    if isinstance(value, ex.Template):
        value = ex.Literal(operand, "text")
    if operator == "Equals":
        if isinstance(value, ex.Name):
            return ComparePort(operator="==", operand=value)
        return ValuePort(value=value)
    ours = _COMPARISONS.get(operator)
    if ours is None:
        return None
    if operator.startswith("Number") and isinstance(value, ex.Literal):
        value = number_literal(operand) or value
    return ComparePort.model_validate({"operator": ours, "operand": value})


def operand_of(port: Port | None, scope: WriteScope) -> tuple[str, str]:
    """Operator and operand of a condition, as Connect spells them."""
    match port:
        case ValuePort(value=value):
            return "Equals", constant_text(value, scope)
        case ComparePort(operator="==", operand=value):
            return "Equals", constant_text(value, scope)
        case ComparePort(operator=operator, operand=value) if operator in OPERATORS:
            return OPERATORS[operator], constant_text(value, scope)
        case _:
            raise unsayable("FL437", None, None)


def constant_text(value: ex.Expression, scope: WriteScope) -> str:
    match value:
        case ex.Literal(type="text", value=str(text)) if not text:
            raise unsayable("FL438", value, None)
        case ex.Literal():
            return plain_text(value)
        case ex.Negative(operand=ex.Literal() as literal):
            return "-" + plain_text(literal)
        case _:
            return scope.whole(value)


@dataclass(frozen=True, slots=True)
class NumberOr:
    """A number; 0 is our way to say what Connect calls `zero`."""

    zero: str

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        return Number().read("0" if scalar(value) == self.zero else value, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        text = Number().write(value, scope, key)
        return self.zero if text == "0" else text


@dataclass(frozen=True, slots=True)
class LongSeconds:
    """A time limit that Connect takes only from some length on; shorter ones are its own affair."""

    at_least: int

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        return Seconds().read(value, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        if isinstance(value, ex.Literal) and not isinstance(value.value, (str, bool)):
            if value.value >= self.at_least:
                return Seconds().write(value, scope, key)
            scope.warn("FL444", name=key)
            return None
        raise unsayable("FL436", value, key)

"""Types every value of a flow once, and tells what is wrong; checks share it out by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flowlang import expressions as ex
from flowlang import types
from flowlang.binding import is_constant
from flowlang.checking.bounds import surely_fit
from flowlang.checking.outside import Outside
from flowlang.diagnostics import Fix, Problem, Severity
from flowlang.diagnostics.fixes import add_below, write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.expressions import names_in
from flowlang.inference import Typist, accepts, holds_sensitive, spell
from flowlang.model import ComparePort, Declaration, Document, OtherwisePort, Step, WhenPort
from flowlang.names import SYSTEM, VALUE_WORDS
from flowlang.parameters import Parameters, ParameterSpec, specs
from flowlang.places import Place
from flowlang.presence import subject_of
from flowlang.syntax import spelling
from flowlang.types import Named, Type
from flowlang.wiring import WiredSection, WiredStep

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def values_of_section(section: WiredSection, outside: Outside) -> list[Problem]:
    return _told_once(
        problem
        for step in section.steps.values()
        if step.block is not None
        for problem in _StepValues(outside, step).problems()
    )


def values_of_declarations(document: Document, outside: Outside) -> list[Problem]:
    return _told_once(
        problem
        for declared in document.declarations.values()
        for problem in _DeclarationValues(outside).problems(declared)
    )


def _told_once(problems: Iterable[Problem]) -> list[Problem]:
    """Of two with one code at one place the first counts."""
    found: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        place = problem.place
        key = (problem.code, id(place.anchor), place.start) if place else (id(problem),)
        found.setdefault(key, problem)
    return [*found.values()]


class _Values:
    """Collects the problems of some expressions that stand together."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.found: list[Problem] = []
        self.block: str | None = None
        self.field: str | None = None
        self.fallback: Place | None = None

    def add(
        self,
        code: str,
        place: Place | None,
        arguments: Mapping[str, object],
        *,
        severity: Severity = "error",
        fix: Fix | None = None,
    ) -> None:
        self.found.append(
            Problem(
                code=code,
                severity=severity,
                place=place or self.fallback,
                arguments=arguments,
                block=self.block,
                field=self.field,
                fix=fix,
            )
        )

    def report(self, code: str, node: ex.Expression, **arguments: object) -> None:
        """The sink of inference: severities and suggestions are added here."""
        match code:
            case "FL101":
                self.unknown_name(node, str(arguments["name"]))
            case "FL106":
                self._unknown_field(node, arguments)
            case "FL118" if arguments.get("reason") == "text":
                self.add(code, node.at, arguments, severity="warning")
            case "FL220" if arguments.get("reason") == "any":
                self.add(code, node.at, arguments, severity="warning")
            case _:
                self.add(code, node.at, arguments)

    def unknown_name(self, node: ex.Expression, name: str) -> None:
        suggestion = did_you_mean(name, self.outside.known())
        fix = _replace(node.at, name, suggestion)
        self.add("FL101", node.at, {"name": name, "suggestion": suggestion}, fix=fix)

    def _unknown_field(self, node: ex.Expression, arguments: dict[str, object]) -> None:
        field = str(arguments["field"])
        candidates: Any = arguments.pop("candidates")
        suggestion = did_you_mean(field, candidates)
        fix = _replace(node.at, field, suggestion, last=True)
        self.add("FL106", node.at, {**arguments, "suggestion": suggestion}, fix=fix)

    def wants(self, typist: Typist, node: ex.Expression, wanted: Type) -> Type | None:
        """The type of a value, if it does not fit; None if it does."""
        given = typist.type_of(node)
        self._keeps_secret(node, given, wanted)
        if _takes_anything(wanted):
            return None
        if given.optional and not wanted.optional:
            self.report("FL118", node, value=spelling.value(node))
        return None if accepts(wanted, given) else given

    def _keeps_secret(self, node: ex.Expression, given: Type, wanted: Type) -> None:
        """Tell of a value that must not be seen, where it is; resources and words hide nothing."""
        if not holds_sensitive(given) or holds_sensitive(wanted):
            return
        names = [
            spelling.name(name)
            for name in names_in(node)
            if holds_sensitive(self.outside.read(name).type)
        ]
        if self.field and names:
            arguments = {"name": names[0], "place": self.field}
            self.add("FL140", node.at, arguments, severity="warning")


def _takes_anything(wanted: Type) -> bool:
    return isinstance(wanted, Named) and wanted.name in ("any", "json")


def _replace(
    at: Place | None, word: str, suggestion: str | None, *, last: bool = False
) -> Fix | None:
    """Write the candidate in place of a misspelled word of a name."""
    if at is None:
        return None
    text = at.anchor.text[at.start : at.end]
    index = text.rfind(word) if last else (0 if text.startswith(word) else -1)
    if index < 0:
        return None
    start = at.start + index
    return write_instead(Place(at.anchor, start, start + len(word)), suggestion)


class _DeclarationValues(_Values):
    """Defaults and prompts."""

    def problems(self, declared: Declaration) -> Iterator[Problem]:
        self.fallback = declared.name_at
        typist = Typist(environment=self.outside, report=self.report)
        if declared.value is not None and declared.word in VALUE_WORDS:
            wanted = self.outside.value_type(declared)
            if given := self.wants(typist, declared.value, wanted):
                self.add(
                    "FL111",
                    declared.value.at,
                    {"name": declared.name, "wanted": spell(wanted), "given": spell(given)},
                )
        for entry in declared.entries:
            if isinstance(entry.value, ex.Template):
                typist.type_of(entry.value)
        yield from self.found


# --- steps ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slot:
    """One value of a step and what is wanted there."""

    value: ex.Expression
    raw: ex.Expression
    """As written: names of resources and words are literals in `value`."""
    spec: ParameterSpec


class _StepValues(_Values):
    def __init__(self, outside: Outside, step: WiredStep) -> None:
        super().__init__(outside)
        self.step = step
        self.block = step.id
        self.fallback = step.step.name_at or step.step.at
        self.typist = Typist(
            environment=outside,
            report=self.report,
            present=lambda path: outside.is_present(step.id, path),
            unset=outside.is_tracked,
        )
        assert step.block is not None
        self.subject = subject_of(step)
        self.model: type[Parameters] = step.block.Params
        self.specs = {spec.key: spec for spec in specs(self.model)}

    def problems(self) -> Iterator[Problem]:
        bound = self.step.bound
        for key, value in bound.values.items():
            spec = self.specs[key]
            if spec.callee and self.step.call.callee:
                continue
            self.field = key
            if spec.free:
                self._free(value)
            else:
                self._parameter(value, spec)
        self._bounds(bound.values)
        self.field = None
        self._ports()
        yield from self.found

    def report(self, code: str, node: ex.Expression, **arguments: object) -> None:
        """Of what an import cannot know, `otherwise` takes the value that nobody set."""
        guarded = code == "FL220" and arguments.get("reason") == "any" and node is self.subject
        if not (guarded and any(isinstance(w.spoken, OtherwisePort) for w in self.step.wires)):
            super().report(code, node, **arguments)

    # --- parameters ---------------------------------------------------------------------------

    def _parameter(self, value: ex.Expression, spec: ParameterSpec) -> None:
        raw = self._raw(value, spec)
        if not spec.many:
            self._one(_Slot(value, raw, spec))
        elif isinstance(value, ex.ListOf):
            raws = raw.items if isinstance(raw, ex.ListOf) else value.items
            for item, raw_item in zip(value.items, raws, strict=True):
                self._one(_Slot(item.value, raw_item.value, spec))
        else:
            given = Typist(environment=self.outside).type_of(value)
            if not isinstance(given, types.ListType) and not _takes_anything(given):
                self._misfit(value, f"list of {_wanted(spec)}", given)

    def _raw(self, value: ex.Expression, spec: ParameterSpec) -> ex.Expression:
        """The value as the author wrote it."""
        argument = self.step.bound.given.get(spec.key)
        if argument is None:
            return value
        if argument.key is not None or not spec.rest or not isinstance(value, ex.ListOf):
            return argument.value
        bare = [ex.Item(item.value) for item in self.step.step.arguments if item.key is None]
        return ex.ListOf(tuple(bare[-len(value.items) :]))

    def _one(self, slot: _Slot) -> None:
        if slot.spec.resource:
            self._resource(slot, slot.spec.resource)
        elif slot.spec.words:
            self._word(slot)
        else:
            self._value(slot.value, slot.spec.type)

    def _value(self, value: ex.Expression, wanted: Type) -> None:
        if value is self.subject and _takes_anything(wanted):
            # Choosing by a value shows it to nobody.
            self.typist.type_of(value)
        elif given := self.wants(self.typist, value, wanted):
            self._misfit(value, spell(wanted), given)

    def _misfit(self, value: ex.Expression, wanted: str, given: Type) -> None:
        """`given` is told as its value where that is known."""
        number = isinstance(value, ex.Literal) and isinstance(value.value, int | float)
        reason = "unit" if wanted == "duration" and number else ""
        self.add(
            "FL306",
            value.at,
            {
                "parameter": self.field,
                "wanted": wanted,
                "given": spell(given),
                "value": spelling.value(value),
                "reason": reason,
            },
        )

    def _resource(self, slot: _Slot, word: str) -> None:
        value = slot.value
        if isinstance(slot.raw, ex.Name) and isinstance(value, ex.Literal):
            return
        if isinstance(value, ex.Name) and not self._is_known(value):
            suggestion = did_you_mean(value.root, self.outside.resources(word))
            fix = _replace(value.at, value.root, suggestion) or self._declare(word, value.root)
            self.add(
                "FL102",
                value.at,
                {"word": word, "name": value.root, "suggestion": suggestion},
                fix=fix,
            )
            return
        given = self.wants(self.typist, value, Named(word))
        if given is None or not self.outside.knows_type(given):
            return
        if isinstance(value, ex.Name) and self.outside.resource(value.root):
            self.add("FL120", value.at, {"name": value.root, "given": spell(given), "wanted": word})
        else:
            self._misfit(value, word, given)

    def _is_known(self, name: ex.Name) -> bool:
        return self.outside.read(name).fault != "unknown"

    def _declare(self, word: str, name: str) -> Fix | None:
        """Add the missing declaration behind the last one, or behind the header."""
        above, is_declaration = self.outside.last_declaration()
        line = f'{word} {name} = "{name}"'
        arguments = {"word": word, "name": name}
        return add_below(above, line if is_declaration else f"\n{line}", "declare", arguments)

    def _word(self, slot: _Slot) -> None:
        value, words = slot.value, slot.spec.words
        match value:
            case ex.Literal(type="text", value=word) if word in words:
                raw = slot.raw
                if isinstance(raw, ex.Name) and self.outside.declared(raw.root):
                    self.add("FL108", raw.at, {"name": raw.root, "parameter": self.field})
            case ex.Literal(value=word):
                self._unknown_word(value, str(word), words)
            case ex.Name(root=word, segments=()) if not self._is_known(value):
                self._unknown_word(value, word, words)
            case _:
                self._value(value, types.OneOf(words) if self._is_union(value) else types.TEXT)

    def _is_union(self, value: ex.Expression) -> bool:
        """Whether all the values that it can have are known."""
        return isinstance(Typist(environment=self.outside).type_of(value), types.OneOf)

    def _unknown_word(self, value: ex.Expression, word: str, words: tuple[str, ...]) -> None:
        suggestion = did_you_mean(word, words)
        self.add(
            "FL307",
            value.at,
            {"word": word, "parameter": self.field, "words": words, "suggestion": suggestion},
            fix=_replace(value.at, word, suggestion),
        )

    # --- parameters with keys of the author's own ---------------------------------------------

    def _free(self, value: ex.Expression) -> None:
        assert self.step.block is not None
        fields = value.fields if isinstance(value, ex.Record) else ()
        assigned = set(self.step.block.assigns(self.step.call))
        takes = self.step.block.takes(self.step.call)
        for field in fields:
            self.field = field.key
            if field.key in assigned:
                self._assignment(field)
            elif takes is not None:
                wanted = next((item.type for item in takes if item.name == field.key), None)
                self._value(field.value, wanted or types.ANY)
            else:
                self._value(field.value, types.ANY)

    def _assignment(self, field: ex.Field) -> None:
        declared = self.outside.value(field.key)
        if declared is None:
            self._not_assignable(field, self.typist.type_of(field.value))
            return
        wanted = self.outside.value_type(declared)
        if given := self.wants(self.typist, field.value, wanted):
            values = wanted.values if isinstance(wanted, types.OneOf) else ()
            literal = field.value.value if isinstance(field.value, ex.Literal) else None
            suggestion = did_you_mean(str(literal), values) if literal else None
            self.add(
                "FL113",
                field.value.at,
                {
                    "name": field.key,
                    "wanted": spell(wanted),
                    "given": spell(given),
                    "suggestion": f'"{suggestion}"' if suggestion else None,
                },
            )

    def _not_assignable(self, field: ex.Field, given: Type) -> None:
        place = _key_place(self.step.step, field.key) or field.at
        if self._is_known(ex.Name(field.key)):
            reason = "system" if field.key in SYSTEM else ""
            self.add("FL116", place, {"name": field.key, "reason": reason})
            return
        suggestion = did_you_mean(field.key, self.outside.values())
        fix = _replace(place, field.key, suggestion)
        if fix is None and field.key not in (name.root for name in names_in(field.value)):
            fix = self._declare_attribute(field.key, given)
        self.add(
            "FL101", place, {"name": field.key, "suggestion": suggestion, "reason": "set"}, fix=fix
        )

    def _declare_attribute(self, name: str, given: Type) -> Fix | None:
        fix = self._declare("attribute", name)
        if fix is None:
            return None
        is_simple = isinstance(given, Named) and given.name in types.SIMPLE - {"any"}
        wanted = spell(replace(given, optional=True)) if is_simple else "text?"
        rewrites = tuple(
            replace(item, text=item.text.replace(f' = "{name}"', f": {wanted}"))
            for item in fix.rewrites
        )
        return replace(fix, rewrites=rewrites)

    # --- bounds -------------------------------------------------------------------------------

    def _bounds(self, values: Mapping[str, ex.Expression]) -> None:
        """What the block's own model says of constants that have the right type."""
        faulty = {problem.field for problem in self.found}
        constants = {
            key: constant(value)
            for key, value in values.items()
            if is_constant(value) and key not in faulty
        }
        if surely_fit(self.model, constants):
            return
        from pydantic import ValidationError

        try:
            self.model.model_validate(constants)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=True)
        else:
            return
        for detail in details:
            self._bound(detail, values, complete=len(constants) == len(values))

    def _bound(
        self, detail: ErrorDetails, values: Mapping[str, ex.Expression], *, complete: bool
    ) -> None:
        key = str(detail["loc"][0]) if detail["loc"] else ""
        if detail["type"] == "missing" or (key and key not in values):
            return
        if not key and not complete:
            return
        self.field = key or None
        value = values.get(key)
        place = value.at if value is not None else None
        if value is not None and (limit := _limit(detail)):
            reason, bound = limit
            self.add(
                "FL305",
                place,
                {
                    "parameter": key,
                    "value": spelling.value(value),
                    "reason": reason,
                    "limit": _spell_limit(bound, self.specs[key].type),
                },
            )
        else:
            text = str(detail.get("ctx", {}).get("error", "")) or detail["msg"]
            self.add("FL308", place, {"parameter": key, "detail": text})

    # --- outcome lines ------------------------------------------------------------------------

    def _ports(self) -> None:
        for wire in self.step.wires:
            match wire.spoken:
                case WhenPort(condition=condition):
                    self.typist.condition(condition)
                case ComparePort(operator=operator, operand=operand):
                    self._comparison(operator, operand)
                case _:
                    pass

    def _comparison(self, operator: ex.Operator, operand: ex.Expression) -> None:
        wanted = self.typist.type_of(operand)
        subject = subject_of(self.step)
        if self.step.ports.measured and (found := self.step.ports.values):
            self.typist.comparison(operand, operator, ((operand, found), (operand, wanted)))
        if subject is not None:
            given = Typist(environment=self.outside).type_of(subject, guarded=True)
            self.typist.comparison(operand, operator, ((subject, given), (operand, wanted)))


def _key_place(step: Step, key: str) -> Place | None:
    """Where the key of an argument stands."""
    for argument in step.arguments:
        if argument.key == key and argument.at is not None:
            at = argument.at
            return Place(at.anchor, at.start, at.start + len(key))
    return None


def _wanted(spec: ParameterSpec) -> str:
    return spec.resource or spell(spec.type)


def constant(value: ex.Expression) -> Any:
    """The value of a constant."""
    match value:
        case ex.Literal(value=inner):
            return inner
        case ex.ListOf(items=items):
            return [constant(item.value) for item in items]
        case ex.Record(fields=fields):
            return {field.key: constant(field.value) for field in fields}
        case ex.Negative(operand=operand):
            inner = constant(operand)
            return -inner if isinstance(inner, int | float) else None
        case _:
            raise AssertionError(f"no constant: {value!r}")


_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than_equal": ("most", "le"),
    "less_than": ("below", "lt"),
    "string_too_long": ("longer", "max_length"),
    "string_too_short": ("shorter", "min_length"),
    "too_long": ("more", "max_length"),
    "too_short": ("fewer", "min_length"),
    "string_pattern_mismatch": ("pattern", "pattern"),
}


def _limit(detail: ErrorDetails) -> tuple[str, object] | None:
    """Which limit a value breaks: the variant of the message, and the limit."""
    found = _LIMITS.get(detail["type"])
    return (found[0], detail.get("ctx", {}).get(found[1], "")) if found else None


def _spell_limit(limit: object, type_: Type) -> str:
    if isinstance(limit, int | float) and isinstance(type_, Named):
        if type_.name == "duration":
            return spelling.spell_number(limit, "duration")
        if type_.name == "percent":
            return spelling.spell_number(limit, "percent")
    return f"{limit:g}" if isinstance(limit, float) else str(limit)

"""The parameters of a step, compiled: what is the same for every contact is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from flowlang import durations, types
from flowlang import expressions as ex
from flowlang.binding import is_constant
from flowlang.block import PROMPT
from flowlang.inference import Environment
from flowlang.model import Declaration
from flowlang.names import outside_name
from flowlang.parameters import Anything, Multiline, Ours, Parameters, Speaks, specs
from flowlang.values import Closure, Scope, compile_expression, compile_template

Prepare = Callable[[Scope], Parameters]
Test = Callable[[Any], bool]
P = TypeVar("P", bound=Parameters)


class BadParameters(Exception):
    """The values of this contact do not fit the parameters of a step."""


class Prepared(NamedTuple):
    prepare: Prepare
    constant: Parameters | None = None
    """They are the same for every contact."""


def prepared(
    model: type[Parameters],
    values: Mapping[str, ex.Expression],
    declarations: Mapping[str, Declaration],
    say: Speech,
) -> Prepared:
    """How a step gets its parameters."""
    spoken = {spec.key for spec in specs(model) if spec.multiline and not spec.markup}
    closures = {
        key: _prompt(value, declarations, say)
        or (say.compiled(value) if key in spoken else compile_expression(value))
        for key, value in values.items()
    }
    varying = {key: closures[key] for key, value in values.items() if not is_constant(value)}
    if not varying:
        return _constant(model, {key: read({}) for key, read in closures.items()})
    tests = {key: test for key, test in _tests(model).items() if key in varying}
    if len(tests) < len(varying):
        return Prepared(
            lambda scope: _validated(model, {key: read(scope) for key, read in closures.items()})
        )
    fixed = {key: read({}) for key, read in closures.items() if key not in varying}
    return Prepared(_varied(model, fixed, [(key, varying[key], tests[key]) for key in varying]))


def _constant(model: type[Parameters], constants: Mapping[str, Any]) -> Prepared:
    try:
        params = _validated(model, constants)
    except BadParameters as error:
        reason = str(error)

        def refuse(_scope: Scope) -> Parameters:
            raise BadParameters(reason)

        return Prepared(refuse)
    return Prepared(lambda scope: params, params)


def _varied(
    model: type[Parameters], fixed: Mapping[str, Any], varying: list[tuple[str, Closure, Test]]
) -> Prepare:
    """What pydantic has taken once, with values in it that it would take as they are."""
    pattern: Parameters | None = None

    def prepare(scope: Scope) -> Parameters:
        nonlocal pattern
        values, plain = {}, pattern is not None
        for key, read, test in varying:
            value = values[key] = read(scope)
            plain = plain and test(value)
        if plain and pattern is not None:
            return _like(pattern, values)
        pattern = _validated(model, {**fixed, **values})
        return pattern

    return prepare


def _like(pattern: P, values: Mapping[str, Any]) -> P:
    """As `model_copy` makes it, without its detours."""
    made = object.__new__(type(pattern))
    put = object.__setattr__
    put(made, "__dict__", {**pattern.__dict__, **values})
    put(made, "__pydantic_fields_set__", pattern.__pydantic_fields_set__)
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made


def _validated(model: type[Parameters], values: Mapping[str, Any]) -> Parameters:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise BadParameters(_what_is_wrong(error)) from error


def _what_is_wrong(error: ValidationError) -> str:
    """Without the values: they may be what a customer said."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)


# --- values that need no validation -----------------------------------------------------------


@cache
def _tests(model: type[Parameters]) -> Mapping[str, Test]:
    """By field, a test that only passes what pydantic would take as it is; fields that are more
    than a text, a truth or JSON have none."""
    about = model.__pydantic_decorators__
    if about.field_validators or about.model_validators or about.validators:
        return {}
    tests = {name: _test(info) for name, info in model.model_fields.items()}
    return {name: test for name, test in tests.items() if test}


def _test(info: FieldInfo) -> Test | None:
    least, most = 0, 2**31
    for item in info.metadata:
        match item:
            case MinLen(min_length=bound):
                least = bound
            case MaxLen(max_length=bound):
                most = bound
            case Speaks() | Multiline() | Ours():
                pass
            case _:
                return None
    if info.annotation is str:
        return lambda value: type(value) is str and least <= len(value) <= most
    if _is_json_object(info.annotation):
        return lambda value: type(value) is dict and least <= len(value) <= most
    if info.annotation is bool:
        return lambda value: type(value) is bool
    return (lambda value: True) if info.annotation is Any else None


def _is_json_object(annotation: Any) -> bool:
    key, value = get_args(annotation) if get_origin(annotation) is dict else (None, None)
    return key is str and value in (Any, Anything)


# --- what customers hear or read ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speech:
    """Texts that customers hear or read: durations in them are said as people say them."""

    environment: Environment

    def compiled(self, value: ex.Expression) -> Closure:
        match value:
            case ex.Template(parts=parts):
                return compile_template(parts, self._part)
            case ex.ListOf(items=items):
                closures = [self.compiled(item.value) for item in items]
                return lambda scope: [closure(scope) for closure in closures]
            case _:
                return compile_expression(value)

    def _part(self, part: ex.Expression) -> Closure:
        """What is calculated stays the number that its author asked for."""
        closure = compile_expression(part)
        name = part.left if isinstance(part, ex.Binary) and part.operator == "else" else part
        if not isinstance(name, ex.Name) or not self._is_duration(name):
            return closure

        def said(scope: Scope) -> Any:
            value = closure(scope)
            return durations.spoken(value, scope["contact"]["language"]) or value

        return said

    def _is_duration(self, name: ex.Name) -> bool:
        type_ = self.environment.read(name).type
        return isinstance(type_, types.Named) and type_.name == types.DURATION.name


def _prompt(
    value: ex.Expression, declarations: Mapping[str, Declaration], say: Speech
) -> Closure | None:
    """A declared prompt speaks the language of the contact, else one of its kind, else its
    first; of one that has no words here only the project knows what it says."""
    if isinstance(value, ex.ListOf):
        prompts = [_prompt(item.value, declarations, say) for item in value.items]
        if not any(prompts):
            return None
        each = [
            prompt or say.compiled(item.value)
            for prompt, item in zip(prompts, value.items, strict=True)
        ]
        return lambda scope: [read(scope) for read in each]
    declared = declarations.get(value.root) if isinstance(value, ex.Name) else None
    if declared is None or declared.word != "prompt":
        return None
    if not declared.entries:
        name = PROMPT + outside_name(declared)
        return lambda scope: name
    texts = {entry.key or "": say.compiled(entry.value) for entry in declared.entries}

    def speak(scope: Scope) -> Any:
        language = scope["contact"]["language"]
        related = (key for key in texts if key.partition("-")[0] == language.partition("-")[0])
        key = language if language in texts else next(related, next(iter(texts)))
        return texts[key](scope)

    return speak

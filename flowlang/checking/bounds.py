"""Whether constants surely fit the parameters of a block.

The block's own model has the last word, and says what is wrong. But pydantic builds what it
validates with when a model is first used, which takes longer than all else in the check of a
small flow, and nearly all constants of nearly all flows are plainly good.
"""

from __future__ import annotations

import types as python_types
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen

from flowlang.parameters import Parameters

_TYPES: Mapping[Any, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int,),
    float: (int, float),
}


def surely_fit(model: type[Parameters], constants: Mapping[str, Any]) -> bool:
    """False: only the model can tell."""
    return not _has_validators(model) and all(
        (info := model.model_fields.get(key)) is not None
        and _fits(info.annotation, value)
        and _keeps(info.metadata, value)
        for key, value in constants.items()
    )


@cache
def _has_validators(model: type[Parameters]) -> bool:
    own = model.__pydantic_decorators__
    return bool(
        own.validators or own.field_validators or own.root_validators or own.model_validators
    )


def _fits(annotation: Any, value: Any) -> bool:
    if annotation is Any:
        return True
    if annotation in _TYPES:
        return isinstance(value, _TYPES[annotation]) and (
            annotation is bool or not isinstance(value, bool)
        )
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _fits(inner[0], value) and _keeps(inner[1:], value)
    if origin is Literal:
        return isinstance(value, str) and value in inner
    if origin in (Union, python_types.UnionType):
        return any(_fits(item, value) for item in inner)
    if origin is tuple and inner[1:] == (...,):
        return isinstance(value, list) and all(_fits(inner[0], item) for item in value)
    return False


def _keeps(bounds: Iterable[Any], value: Any) -> bool:
    return all(_keeps_one(bound, value) for bound in bounds)


def _keeps_one(bound: Any, value: Any) -> bool:
    is_number = isinstance(value, int | float)
    has_length = isinstance(value, str | list)
    match bound:
        case Ge(ge=limit):
            return is_number and value >= limit
        case Gt(gt=limit):
            return is_number and value > limit
        case Le(le=limit):
            return is_number and value <= limit
        case Lt(lt=limit):
            return is_number and value < limit
        case MinLen(min_length=limit):
            return has_length and len(value) >= limit
        case MaxLen(max_length=limit):
            return has_length and len(value) <= limit
        case _:
            # Our own marks say nothing to pydantic.
            return type(bound).__module__ == Parameters.__module__

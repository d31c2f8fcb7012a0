"""How a block describes its parameters: frozen pydantic models whose fields speak our types.

The designer's form, the hover, the checker, the documentation and the run-time conversion all
read the same `ParameterSpec`s.
"""

from __future__ import annotations

import types as python_types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from flowlang import types
from flowlang.types import Type

Wording = Mapping[str, str]
"""One text a language: `{"en": "…", "ko": "…"}`."""


@dataclass(frozen=True, slots=True)
class Speaks:
    """Marks a Python annotation with the type of the language that its values have."""

    type: Type


@dataclass(frozen=True, slots=True)
class Multiline:
    """Marks a text that people write sentences in (a form gives it room, `{}` is offered)."""


@dataclass(frozen=True, slots=True)
class ModuleOutcome:
    """Marks a bare word out of the `outcomes` in the first lines of the module: `return locked`."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Marks a phone number that must be one of the project's own: customers see it."""


Text = Annotated[str, Speaks(types.TEXT)]
Prose = Annotated[str, Speaks(types.TEXT), Multiline()]
Phone = Annotated[str, Speaks(types.PHONE)]
OurPhone = Annotated[str, Speaks(types.PHONE), Ours()]
Seconds = Annotated[float, Speaks(types.DURATION)]
Percent = Annotated[float, Speaks(types.PERCENT)]
Anything = Annotated[Any, Speaks(types.ANY)]


def resource(word: str) -> Speaks:
    """The marker of a reference to a declared resource: `Annotated[str, resource("queue")]`."""
    return Speaks(types.Named(word))


def parameter(
    *,
    title: Wording,
    help: Wording | None = None,
    default: Any = PydanticUndefined,
    position: int | None = None,
    rest: bool = False,
    free: bool = False,
    callee: bool = False,
    markup: bool = False,
    **bounds: Any,
) -> Any:
    """A field of a `Parameters` model.

    `position`: may be given without its key, as the n-th bare argument; `rest`: takes all bare
    arguments; `free`: takes every key that no other field has (the values of `set`); `callee`:
    is the outside name of what was declared and stands in the kind's place (`crm phone: …`);
    `markup`: the text is speech markup (SSML).
    `bounds` are pydantic's (`ge`, `le`, `max_length`, …).
    """
    extra: dict[str, Any] = {
        "title": dict(title),
        "help": dict(help or {}),
        "position": position,
        "rest": rest,
        "free": free,
        "callee": callee,
        "markup": markup,
    }
    return Field(default, json_schema_extra={"flowlang": extra}, **bounds)


class Parameters(BaseModel):
    """Base of every block's parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSpec:
    """What everybody but the block itself knows of one parameter."""

    key: str
    type: Type
    """Type of a value; of one item where `many`."""
    words: tuple[str, ...] = ()
    """The words it takes, where it takes words: `analytics: realtime`."""
    is_outcome: bool = False
    """It takes one of the outcomes of the module, as a bare word."""
    resource: str | None = None
    """The kind of resource it names: `queue`, `bot`, …"""
    many: bool = False
    keyed: bool = False
    """It takes values by keys of the author's own: a record."""
    multiline: bool = False
    markup: bool = False
    """It is speech markup (SSML)."""
    ours: bool = False
    """It is a phone number of the project itself."""
    required: bool
    default: Any = None
    position: int | None = None
    rest: bool = False
    free: bool = False
    callee: bool = False
    title: Wording
    help: Wording
    minimum: float | None = None
    maximum: float | None = None


@cache
def specs(model: type[Parameters]) -> tuple[ParameterSpec, ...]:
    """The parameters of a block, in the order of its fields."""
    return tuple(_spec(name, info) for name, info in model.model_fields.items())


@cache
def first_key(model: type[Parameters]) -> str | None:
    """The parameter that the first argument without a key is for."""
    return next((spec.key for spec in specs(model) if spec.position == 0), None)


def _spec(name: str, info: FieldInfo) -> ParameterSpec:
    extra: Any = info.json_schema_extra
    about = extra["flowlang"]
    annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    shape = _shape(annotation)
    bounds = {type(item).__name__: item for item in info.metadata}
    return ParameterSpec(
        key=name,
        required=info.is_required(),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        position=about["position"],
        rest=about["rest"],
        free=about["free"],
        callee=about["callee"],
        markup=about["markup"],
        title=about["title"],
        help=about["help"],
        minimum=getattr(bounds.get("Ge"), "ge", None),
        maximum=getattr(bounds.get("Le"), "le", None),
        **shape,
    )


def _shape(annotation: Any) -> dict[str, Any]:
    """Type, words, resource and manyness of an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *markers = get_args(annotation)
        shape = _shape(base)
        for marker in markers:
            if isinstance(marker, Speaks):
                shape["type"] = marker.type
                name = marker.type.name if isinstance(marker.type, types.Named) else ""
                shape["resource"] = name if name and name not in types.SIMPLE else None
            elif isinstance(marker, Multiline):
                shape["multiline"] = True
            elif isinstance(marker, Ours):
                shape["ours"] = True
            elif isinstance(marker, ModuleOutcome):
                shape["is_outcome"] = True
        return shape
    if origin is Literal:
        return {"type": types.TEXT, "words": tuple(str(word) for word in get_args(annotation))}
    if origin in (Union, python_types.UnionType):
        members = [item for item in get_args(annotation) if item is not type(None)]
        return _shape(members[0]) if len(members) == 1 else {"type": types.ANY}
    if origin in (tuple, list):
        return {**_shape(get_args(annotation)[0]), "many": True}
    if origin in (dict, Mapping):
        return {"type": types.ANY, "keyed": True}
    simple = {bool: types.BOOLEAN, int: types.INTEGER, float: types.NUMBER, str: types.TEXT}
    return {"type": simple.get(annotation, types.ANY)}

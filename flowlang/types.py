"""The types of the language, as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flowlang.places import Place

SIMPLE = frozenset(
    (
        "text",
        "integer",
        "number",
        "boolean",
        "duration",
        "percent",
        "date",
        "time",
        "phone",
        "email",
        "json",
        "any",
        "zone",
        "language",
    )
)


@dataclass(frozen=True, slots=True)
class Type:
    """What every type can be besides itself: sensitive (masked everywhere) and optional."""

    sensitive: bool = field(default=False, kw_only=True)
    optional: bool = field(default=False, kw_only=True)
    at: Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Named(Type):
    """A simple type (`text`, `phone`, …) or the type of a resource (`queue`, `hours`, …)."""

    name: str


@dataclass(frozen=True, slots=True)
class OneOf(Type):
    """A union of literal texts: `"gold" | "silver"`."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListType(Type):
    item: Type


@dataclass(frozen=True, slots=True)
class RecordType(Type):
    fields: tuple[tuple[str, Type], ...]

    @property
    def marked_fields(self) -> tuple[tuple[str, Type], ...]:
        """Its fields with the marks that it has as a whole."""
        return tuple(
            (
                key,
                replace(
                    type_,
                    sensitive=self.sensitive or type_.sensitive,
                    optional=self.optional or type_.optional,
                ),
            )
            for key, type_ in self.fields
        )

    def field_type(self, name: str) -> Type | None:
        return next((type_ for key, type_ in self.fields if key == name), None)


ANY = Named("any")
TEXT = Named("text")
INTEGER = Named("integer")
NUMBER = Named("number")
BOOLEAN = Named("boolean")
DURATION = Named("duration")
PERCENT = Named("percent")
DATE = Named("date")
TIME = Named("time")
PHONE = Named("phone")
JSON = Named("json")

"""The model of a flow file: what the text says, in the order it says it.

Text is parsed into these nodes and printed from them; native JSON is their dump. Nodes are
frozen. A node knows where it stood in the text (`at`), but that is not part of what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from flowlang import expressions, types
from flowlang.places import Place
from flowlang.types import Type

SCHEMA = "flowlang/1"
BLANK = "\n"
"""Stands among comment lines for a blank line."""


def _read(reader: str) -> PlainValidator:
    """Validate through `interchange.values`, which is imported when JSON is at hand: parsing a
    text never needs it."""

    def validate(value: Any) -> Any:
        from flowlang.interchange import values

        return getattr(values, f"read_{reader}")(value)

    return PlainValidator(validate)


def _write(writer: str) -> PlainSerializer:
    def serialize(value: Any) -> Any:
        from flowlang.interchange import values

        return getattr(values, f"write_{writer}")(value)

    return PlainSerializer(serialize)


_VALUE_SCHEMA = {
    "description": "Plain JSON is itself. {'is': source} is an expression of the language, "
    "{'text': template} is text with {expressions} in it, {'lines': data} a list or an object "
    "that gets a line for each element; with comments it is {'items': [{'value', 'comments', "
    "'remark'}]} or {'fields': [{'key', 'value', 'comments', 'remark'}]}.",
}
_PUNCTUATION = r"\s\"'.,:;=()\[\]{}#<>|?*/+\-"
Identifier = Annotated[str, Field(pattern=rf"^[^{_PUNCTUATION}\d][^{_PUNCTUATION}]*$")]
Comment = Annotated[str, Field(pattern=r"^(\n|[^\n\r]*)$")]
_SPELLED = {"type": "string", "description": "Spelled as in the text of a flow."}

Value = Annotated[
    expressions.Expression, _read("value"), _write("value"), WithJsonSchema(_VALUE_SCHEMA)
]
TypeExpression = Annotated[Type, _read("type"), _write("type"), WithJsonSchema(_SPELLED)]


PlaceInText = Annotated[SkipJsonSchema[Place | None], Field(exclude=True, repr=False)]
PLACES = frozenset({"at", "name_at", "extent"})
"""Fields that say where a node stood: not part of what it is."""


class Node(BaseModel):
    """Anything that stands in a flow file."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    at: PlaceInText = None

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        names = type(self).model_fields.keys() - PLACES
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = None  # type: ignore[assignment]


class Line(Node):
    """A node with a line of its own, and what stands around it."""

    name_at: PlaceInText = None
    """Its name; of a step its kind."""
    extent: PlaceInText = None
    """All its lines, whole: its comments above, and what is indented below it."""
    gap: bool = False
    """A blank line stands above (above its comments, if there are any)."""
    comments: tuple[Comment, ...] = ()
    """Comment lines above it, without `#` and the blank behind it, and `BLANK`s."""
    remark: Comment = ""
    """The comment at the end of its line."""
    remark_gap: int = Field(2, ge=1, le=200)
    """Blanks in front of that comment."""


# --- steps ----------------------------------------------------------------------------------


class Target(Node):
    """Where an outcome leads: a section, `section.step`, or one word (`next`, `hang_up`)."""

    name: str
    step: str | None = None

    @property
    def spelling(self) -> str:
        return f"{self.name}.{self.step}" if self.step else self.name


class WordPort(Node):
    """A word that the block declares: `timeout`, `no_match`, an intent."""

    word: str


class ValuePort(Node):
    """A literal: `"1"`, `"gold"`, `3`."""

    value: Value


class ComparePort(Node):
    """A comparison with one operand: `> 100`, `contains "환불"`."""

    operator: Literal["==", "!=", "<", "<=", ">", ">=", "contains", "starts_with", "ends_with"]
    operand: Value


class WhenPort(Node):
    """A free condition: `when a > b`."""

    condition: Value


class OtherwisePort(Node):
    pass


Port = WordPort | ValuePort | ComparePort | WhenPort | OtherwisePort
PortSpelling = Annotated[Port, _read("port"), _write("port"), WithJsonSchema(_SPELLED)]
TargetSpelling = Annotated[Target, _read("target"), _write("target"), WithJsonSchema(_SPELLED)]


class Route(Line):
    """An outcome line: `on timeout, no_match -> retry`."""

    ports: tuple[PortSpelling, ...]
    target: TargetSpelling


class Argument(Line):
    """One argument of a step, on the step's line (no comments then) or on a line of its own."""

    key: str | None = None
    value: Value
    own_line: bool = False
    """Below the step's line, where the author put it; `fmt` moves it there when it must."""


class Step(Line):
    """One block."""

    is_: Literal["step"] = Field("step", alias="is")
    kind: Identifier
    name: Identifier | None = None
    arguments: tuple[Argument, ...] = ()
    routes: tuple[Route, ...] = ()


class Goto(Line):
    """`-> target`, at the end of a section."""

    is_: Literal["goto"] = Field("goto", alias="is")
    target: TargetSpelling


class SectionRoute(Route):
    """`on error -> x` for every step of a section."""

    is_: Literal["route"] = Field("route", alias="is")


Statement = Annotated[Step | Goto | SectionRoute, Field(discriminator="is_")]


# --- top level ------------------------------------------------------------------------------


class Item(Line):
    """What stands at the left margin, with all that is indented below it."""

    closing: tuple[Comment, ...] = ()
    """Comment lines at its end."""


class Words(Node):
    """A phrase: clauses of words, literals and `key: value` pairs, separated by commas.

    Tests, policies and header lines are phrases; what their words mean is decided where they are
    read, not in the grammar. A word is a bare `Name`, a pair an `expressions.Field`.
    """

    clauses: tuple[tuple[Value, ...], ...]


WordsSpelling = Annotated[Words, _read("words"), _write("words"), WithJsonSchema(_SPELLED)]


class Phrase(Line):
    """A phrase with a line of its own, and phrases indented below it."""

    words: WordsSpelling
    children: tuple[Phrase, ...] = ()


class Header(Item):
    """`flow support "…"` or `module verify "…" (pin: text) -> (…)`, and its lines."""

    is_: Literal["header"] = Field("header", alias="is")
    word: Literal["flow", "module"]
    name: Identifier
    title: str | None = None
    takes: tuple[Parameter, ...] | None = None
    gives: tuple[Parameter, ...] | None = None
    settings: tuple[Phrase, ...] = ()
    routes: tuple[Route, ...] = ()
    """`on error -> x` for the whole flow."""

    def setting(self, *words: str) -> tuple[str, ...]:
        """The words of the first settings line that starts with one of `words`."""
        for phrase in self.settings:
            first = [word_of(item) for item in phrase.words.clauses[0]]
            if first and first[0] in words:
                more = [word_of(item) for clause in phrase.words.clauses[1:] for item in clause]
                return tuple(word for word in (*first[1:], *more) if word)
        return ()

    @property
    def channels(self) -> tuple[str, ...]:
        return self.setting("channels", "channel")

    @property
    def languages(self) -> tuple[str, ...]:
        return self.setting("language", "languages")

    @property
    def flow_type(self) -> str:
        """`module`, or the type that a flow says it has."""
        return "module" if self.word == "module" else (self.setting("type") or ("inbound",))[0]

    @property
    def outcomes(self) -> tuple[str, ...]:
        return self.setting("outcomes")


class Parameter(Node):
    """An item of a signature: `phone: phone`, `SpeakToAgent`, `CheckBalance(account: text)`."""

    name: Identifier
    type: TypeExpression | None = None
    fields: tuple[Parameter, ...] | None = None


class Declaration(Item):
    """`word name …`: an attribute, a resource, a reference to another flow."""

    is_: Literal["declaration"] = Field("declaration", alias="is")
    word: Identifier
    name: Identifier
    wire_name: str | None = None
    """The quoted name behind the name: what it is called outside of this flow."""
    type: TypeExpression | None = None
    value: Value | None = None
    takes: tuple[Parameter, ...] | None = None
    gives: tuple[Parameter, ...] | None = None
    gives_type: TypeExpression | None = None
    """What it gives where that is no record: `-> json`."""
    entries: tuple[Argument, ...] = ()
    """Indented `key: value` lines."""

    @property
    def results(self) -> tuple[Parameter, ...] | None:
        """The fields that it gives: one value that is no record is read as `value`. None: nobody
        says which fields there are."""
        match self.gives_type:
            case None:
                return self.gives
            case types.Named(name="json" | "any"):
                return None
            case types.RecordType() as record:
                return tuple(
                    Parameter.model_construct(name=key, type=type_)
                    for key, type_ in record.marked_fields
                )
            case single:
                return (Parameter.model_construct(name="value", type=single),)


class Section(Item):
    is_: Literal["section"] = Field("section", alias="is")
    name: Identifier
    title: str | None = None
    body: tuple[Statement, ...] = ()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(item for item in self.body if isinstance(item, Step))

    @property
    def goto(self) -> Goto | None:
        return next((item for item in self.body if isinstance(item, Goto)), None)

    @property
    def routes(self) -> tuple[SectionRoute, ...]:
        return tuple(item for item in self.body if isinstance(item, SectionRoute))

    @cached_property
    def step_ids(self) -> tuple[str, ...]:
        """The ids of its steps: `section.name`, or `section.kind`, `section.kind.2`, …"""
        seen: dict[str, int] = {}
        ids = []
        for step in self.steps:
            if step.name:
                ids.append(f"{self.name}.{step.name}")
                continue
            seen[step.kind] = count = seen.get(step.kind, 0) + 1
            ids.append(f"{self.name}.{step.kind}" + (f".{count}" if count > 1 else ""))
        return tuple(ids)


class Test(Item):
    """`test "…" for flow` and its lines."""

    __test__ = False
    is_: Literal["test"] = Field("test", alias="is")
    title: str
    flow: Identifier | None = None
    lines: tuple[Phrase, ...] = ()


class Policy(Item):
    """`policy "…": record before transfer`."""

    is_: Literal["policy"] = Field("policy", alias="is")
    title: str
    words: WordsSpelling


class Placement(Line):
    """Where a person put a block: `start.play 420, 180`."""

    id: str
    x: int
    y: int


class Layout(Item):
    is_: Literal["layout"] = Field("layout", alias="is")
    places: tuple[Placement, ...] = ()


Top = Annotated[Header | Declaration | Section | Test | Policy | Layout, Field(discriminator="is_")]


class Document(Node):
    """A whole file: at most one flow or module, its tests and policies, or any of them alone."""

    schema_: Literal["flowlang/1"] = Field("flowlang/1", alias="schema")
    items: tuple[Top, ...] = ()
    closing: tuple[Comment, ...] = ()
    """Comment lines behind the last item."""

    @cached_property
    def header(self) -> Header | None:
        return next((item for item in self.items if isinstance(item, Header)), None)

    @cached_property
    def declarations(self) -> dict[str, Declaration]:
        """By name; of two with one name the first counts (the second is a problem)."""
        found: dict[str, Declaration] = {}
        for item in self.items:
            if isinstance(item, Declaration):
                found.setdefault(item.name, item)
        return found

    @cached_property
    def sections(self) -> dict[str, Section]:
        """By name, in order; of two with one name the first counts."""
        found: dict[str, Section] = {}
        for item in self.items:
            if isinstance(item, Section):
                found.setdefault(item.name, item)
        return found

    @property
    def tests(self) -> tuple[Test, ...]:
        return tuple(item for item in self.items if isinstance(item, Test))

    @property
    def policies(self) -> tuple[Policy, ...]:
        return tuple(item for item in self.items if isinstance(item, Policy))

    @property
    def layout(self) -> Layout | None:
        return next((item for item in self.items if isinstance(item, Layout)), None)

    def steps(self) -> Iterator[tuple[str, Section, Step]]:
        """Every step with its id and its section."""
        for section in self.sections.values():
            for step_id, step in zip(section.step_ids, section.steps, strict=True):
                yield step_id, section, step


def word_of(item: expressions.Expression) -> str | None:
    """The word that a phrase's item is, if it is one: a bare name, or a literal like `ko-KR`."""
    match item:
        case expressions.Name(root=root, segments=()):
            return root
        case expressions.Literal(spelling=spelling) if spelling:
            return spelling
        case expressions.Literal(value=str(text)):
            return text
        case _:
            return None

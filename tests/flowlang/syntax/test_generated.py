"""Documents that nobody wrote: printed, parsed and compared, in text and in native JSON."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowlang import expressions as ex
from flowlang import model
from flowlang import types as ty
from flowlang.interchange import native
from flowlang.syntax import parse, to_text, units

NAMES = st.sampled_from(["a", "menu", "환영", "order", "list", "next", "x_1", "Größe", "island"])
TEXTS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r"),
    max_size=20,
)
QUIET_TEXTS = st.text(alphabet="ab 환{}#\\", max_size=8)
COMMENTS = st.text(alphabet='ab #"(환', max_size=8).map(str.rstrip)
PORT_WORDS = st.sampled_from(["timeout", "no_match", "error", "full", "CheckBalance", "or"])


def literal(value: Any, type_: ex.LiteralType, spelling: str) -> ex.Literal:
    return ex.Literal(value, type_, spelling)


NUMBERS = st.one_of(
    st.integers(-999, 10**9).map(lambda n: literal(n, "integer", str(n))),
    st.decimals(0, 999, places=2).map(
        lambda n: literal(float(n), "number", units.spell_number(float(n)))
    ),
    st.integers(0, 10**6).map(lambda n: literal(n, "duration", units.spell_duration(n))),
    st.integers(0, 100).map(lambda n: literal(n, "percent", f"{n}%")),
)
TEXT_LITERALS = TEXTS.map(lambda text: ex.Literal(text, "text"))
PLAIN = st.one_of(
    NUMBERS,
    st.booleans().map(lambda value: ex.Literal(value, "boolean")),
    st.builds(ex.Name, NAMES, st.lists(NAMES | QUIET_TEXTS.filter(bool), max_size=2).map(tuple)),
    st.dates()
    .filter(lambda day: day.year > 999)
    .map(lambda day: literal(day.isoformat(), "date", day.isoformat())),
    st.just(literal("ko-KR", "language", "ko-KR")),
    st.just(literal("Asia/Seoul", "zone", "Asia/Seoul")),
)
LEAVES = PLAIN | TEXT_LITERALS
OPERATORS = st.sampled_from(
    ["or", "and", "==", "!=", "<", "<=", "contains", "starts_with", "+", "-", "*", "/", "else"]
)


def is_foldable(operand: ex.Expression) -> bool:
    """`-` before a number is a negative number, not an operator."""
    return isinstance(operand, ex.Literal) and not isinstance(operand.value, (str, bool))


def compound(inner: st.SearchStrategy[ex.Expression]) -> st.SearchStrategy[ex.Expression]:
    fields = st.builds(ex.Field, NAMES, inner)
    return st.one_of(
        st.builds(ex.Binary, OPERATORS, inner, inner),
        st.builds(ex.Not, inner),
        st.builds(ex.Negative, inner.filter(lambda operand: not is_foldable(operand))),
        st.builds(ex.ListOf, st.lists(st.builds(ex.Item, inner), max_size=3).map(tuple)),
        st.builds(
            ex.Record,
            st.lists(fields, max_size=3, unique_by=lambda field: field.key).map(tuple),
        ),
    )


EXPRESSIONS = st.recursive(LEAVES, compound, max_leaves=6)
IN_BRACES = st.recursive(PLAIN, compound, max_leaves=3)


@st.composite
def templates(draw: st.DrawFn) -> ex.Expression:
    parts: list[str | ex.Expression] = [draw(TEXTS.filter(bool)), draw(IN_BRACES)]
    if draw(st.booleans()):
        parts.append(draw(TEXTS.filter(bool)))
    return ex.Template(tuple(parts))


VALUES = EXPRESSIONS | templates()
TYPES = st.recursive(
    st.builds(ty.Named, st.sampled_from(["text", "number", "queue"]))
    | st.builds(ty.OneOf, st.lists(QUIET_TEXTS, min_size=1, max_size=3).map(tuple)),
    lambda inner: (
        st.builds(ty.ListType, inner)
        | st.builds(
            ty.RecordType, st.lists(st.tuples(NAMES, inner), min_size=1, max_size=2).map(tuple)
        )
    ),
    max_leaves=3,
)


def around() -> dict[str, st.SearchStrategy[Any]]:
    return {
        "gap": st.booleans(),
        "comments": st.lists(COMMENTS, max_size=2).map(tuple),
        "remark": COMMENTS,
    }


PORTS = st.one_of(
    st.builds(model.WordPort, word=PORT_WORDS),
    st.builds(model.ValuePort, value=NUMBERS | TEXT_LITERALS),
    st.builds(
        model.ComparePort,
        operator=st.sampled_from(["<", ">=", "contains", "ends_with"]),
        operand=NUMBERS | TEXT_LITERALS,
    ),
)
LONE_PORTS = st.builds(model.WhenPort, condition=EXPRESSIONS) | st.just(model.OtherwisePort())
TARGETS = st.builds(model.Target, name=NAMES, step=st.none() | NAMES)
ROUTES = st.builds(
    model.Route,
    ports=st.lists(PORTS, min_size=1, max_size=2).map(tuple) | LONE_PORTS.map(lambda port: (port,)),
    target=TARGETS,
    **around(),
)


@st.composite
def steps(draw: st.DrawFn) -> model.Step:
    fields = {name: draw(strategy) for name, strategy in around().items()}
    arguments = [model.Argument(value=value) for value in draw(st.lists(VALUES, max_size=2))]
    for key in draw(st.lists(NAMES, max_size=2, unique=True)):
        own = draw(st.booleans())
        arguments.append(model.Argument(key=key, value=draw(VALUES), own_line=own))
    return model.Step(
        kind=draw(NAMES),
        arguments=tuple(arguments),
        routes=tuple(draw(st.lists(ROUTES, max_size=2))),
        **fields,
    )


GOTOS = st.builds(model.Goto, target=TARGETS, **around())
SECTIONS = st.builds(
    model.Section,
    name=NAMES,
    title=st.none() | QUIET_TEXTS,
    body=st.lists(steps() | st.builds(model.Goto, target=TARGETS, **around()), max_size=3).map(
        tuple
    ),
    closing=st.lists(COMMENTS, max_size=1).map(tuple),
    **around(),
)
DECLARATIONS = st.builds(
    model.Declaration,
    word=st.sampled_from(["attribute", "queue", "bot"]),
    name=NAMES,
    wire_name=st.none() | QUIET_TEXTS,
    type=st.none() | TYPES,
    value=st.none() | EXPRESSIONS,
    **around(),
)
DOCUMENTS = st.builds(
    model.Document, items=st.lists(DECLARATIONS | SECTIONS, max_size=3).map(tuple)
)
RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@RELAXED
@given(DOCUMENTS)
def test_what_is_printed_is_parsed_to_the_same(document: model.Document) -> None:
    text = to_text(document)
    tree = parse(text)
    assert tree.problems == ()
    assert to_text(tree.document) == text
    again = parse(to_text(tree.document))
    assert again.document == tree.document
    assert [step.kind for _, _, step in again.document.steps()] == [
        step.kind for _, _, step in document.steps()
    ]


@RELAXED
@given(VALUES)
def test_a_value_comes_back_as_it_was(value: ex.Expression) -> None:
    step = model.Step(kind="b", arguments=(model.Argument(key="x", value=value, own_line=True),))
    text = to_text(model.Document(items=(model.Section(name="a", body=(step,)),)))
    (section,) = parse(text).document.sections.values()
    parsed = section.steps[0].arguments[0].value
    if "\n        - " not in text and "\n      " not in text:
        assert parsed == value


@RELAXED
@given(DOCUMENTS)
def test_native_json_comes_back_as_the_same_text(document: model.Document) -> None:
    canonical = parse(to_text(document)).document
    read, problems = native.read(native.write(canonical))
    assert problems == []
    assert read == canonical
    assert to_text(read) == to_text(document)


@RELAXED
@given(st.text(alphabet="ab:\n  \"'#-()[]{}on=>.,1s\t\\환", max_size=60))
def test_any_text_gives_a_tree(text: str) -> None:
    tree = parse(text)
    assert "".join(chunk.text for chunk in tree.chunks) == text
    if not tree.problems:
        formatted = to_text(tree.document)
        assert parse(formatted).problems == ()
        assert to_text(parse(formatted).document) == formatted

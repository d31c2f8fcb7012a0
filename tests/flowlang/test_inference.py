import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang import expressions as ex
from flowlang import types as ty
from flowlang.inference import Environment, Typist, accepts, comparable, spell, union
from flowlang.syntax import parse
from flowlang.wiring import wire

DECLARED = """\
flow x

attribute tier: "gold" | "silver" = "silver"
attribute nick: text?
attribute desk: queue?
attribute pin: sensitive text = ""
variable count: integer = 0
variable wait: duration = 5s
variable day: date = 2026-01-02
variable tags: list of text = []
queue billing = "B"
function crm = "c" (a: text) -> (name: text, address: (city: text, zip: text?))
function raw = "r" () -> json
function listed = "l" () -> list of text
function word = "w" () -> "a" | "b"
function pairs = "p" () -> sensitive (a: text)?

start:
  crm a: "x"
  again = raw
  listed
  word
  pairs
  set count: EXPRESSION
  -> hang_up
"""


def inferred(expression: str) -> tuple[str, list[str]]:
    """The type as spelled, and the codes of what is wrong."""
    tree = parse(DECLARED.replace("EXPRESSION", expression))
    assert not tree.problems
    found: list[str] = []

    def report(code: str, node: ex.Expression, **arguments: object) -> None:
        found.append(code)

    environment = Environment(wire(tree.document, catalogue()), catalogue().resources)
    value = tree.document.sections["start"].steps[5].arguments[0].value
    type_ = Typist(environment=environment, report=report, present=lambda path: False).type_of(
        value
    )
    return ("sensitive " if type_.sensitive else "") + spell(type_), found


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ('"a"', '"a"'),
        ("1", "integer"),
        ("1.5", "number"),
        ("5s", "duration"),
        ("10%", "percent"),
        ("true", "boolean"),
        ("2026-01-02", "date"),
        ('"a {count}"', "text"),
        ('"a {pin}"', "sensitive text"),
        ("tier", '"gold" | "silver"'),
        ("nick", "text?"),
        ('nick else "x"', "text"),
        ("desk else billing", "queue"),
        ("billing", "queue"),
        ("count + 1", "integer"),
        ("count / 2", "number"),
        ("count * 1.5", "number"),
        ("wait + 5s", "duration"),
        ("-count", "integer"),
        ("-wait", "duration"),
        ('tier + "x"', "text"),
        ("count > 1 and not true", "boolean"),
        ('tier in ["gold"]', "boolean"),
        ('tags contains "a"', "boolean"),
        ("[1, 2]", "list of integer"),
        ("[1, 1.5]", "list of number"),
        ('[1, "a"]', "list of any"),
        ("[]", "list of any"),
        ("(a: 1, b: true)", "(a: integer, b: boolean)"),
        ("crm.name", "text"),
        ("crm.address.city", "text"),
        ("crm.address.zip", "text?"),
        ("function.name", "any"),
        ("again.anything.at_all", "any"),
        ("caller.number", "phone"),
        ("contact.today", "date"),
        ("connect.Anything.else", "any"),
        ('tags."0"', "text?"),
        ("tags.0", "text?"),
        ("listed.value.0", "text?"),
        ("listed.value", "list of text"),
        ("word.value", '"a" | "b"'),
        ("pairs.a", "sensitive text?"),
    ],
)
def test_types(expression: str, type_: str) -> None:
    assert inferred(expression) == (type_, [])


@pytest.mark.parametrize(
    ("expression", "codes"),
    [
        ("unknown", ["FL101"]),
        ("unknown.x + 1", ["FL101"]),
        ("crm.nothing", ["FL106"]),
        ("crm.address.street", ["FL106"]),
        ("count.x", ["FL106"]),
        ("tags.first", ["FL106"]),
        ("listed.first", ["FL106"]),
        ("true + 1", ["FL112"]),
        ("-true", ["FL112"]),
        ("tags + 1", ["FL112"]),
        ("tags < 1", ["FL112"]),
        ("count contains 1", ["FL112"]),
        ('tags starts_with "a"', ["FL112"]),
        ("1 == true", ["FL115"]),
        ('tier == "bronze"', ["FL115"]),
        ("count < 5s", ["FL115"]),
        ("tags contains 1", ["FL115"]),
        ("count and true", ["FL119"]),
        ("not tier", ["FL119"]),
        ("nick < 'a'", ["FL118"]),
        ('"{nick}"', ["FL118"]),
        ("[nick]", ["FL118"]),
        ('nick == "a"', []),
    ],
)
def test_problems(expression: str, codes: list[str]) -> None:
    assert inferred(expression)[1] == codes


NAMED = st.sampled_from(sorted(ty.SIMPLE)).map(ty.Named)
UNIONS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True).map(
    lambda values: ty.OneOf(tuple(values))
)
TYPES = st.recursive(
    NAMED | UNIONS,
    lambda inner: (
        st.builds(ty.ListType, inner)
        | st.builds(lambda a, b: ty.RecordType((("a", a), ("b", b))), inner, inner)
    ),
    max_leaves=4,
)


@given(TYPES)
def test_a_type_accepts_itself_and_any(type_: ty.Type) -> None:
    assert accepts(type_, type_)
    assert accepts(type_, ty.ANY)
    assert accepts(ty.ANY, type_)


@given(TYPES, TYPES)
def test_a_union_accepts_both_of_its_sides(one: ty.Type, other: ty.Type) -> None:
    both = union(one, other)
    assert accepts(both, one)
    assert accepts(both, other)


@given(TYPES, TYPES)
def test_whether_two_can_be_equal_goes_both_ways(one: ty.Type, other: ty.Type) -> None:
    assert comparable(one, other) == comparable(other, one)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (ty.OneOf(("a",)), ty.TEXT),
        (ty.INTEGER, ty.NUMBER),
        (ty.TEXT, ty.NUMBER),
        (ty.DURATION, ty.INTEGER),
        (ty.Named("queue"), ty.Named("hours")),
        (ty.Named("queue"), ty.TEXT),
        (ty.BOOLEAN, ty.TEXT),
        (ty.DATE, ty.OneOf(("2026-01-01",))),
        (ty.RecordType((("a", ty.TEXT),)), ty.RecordType(())),
    ],
)
def test_what_does_not_fit(wanted: ty.Type, given: ty.Type) -> None:
    assert not accepts(wanted, given)

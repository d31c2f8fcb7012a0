"""Native JSON: the same text comes back, and what is wrong is named with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flowlang import limits
from flowlang.interchange import native
from flowlang.syntax import parse, to_text

FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.flow"))


def value_of(json_value: Any) -> str:
    """How a value in JSON is spelled in a text."""
    data = {
        "schema": "flowlang/1",
        "items": [
            {
                "is": "section",
                "name": "a",
                "body": [{"is": "step", "kind": "b", "arguments": [{"value": json_value}]}],
            }
        ],
    }
    document, problems = native.read(json.dumps(data))
    assert problems == []
    assert document is not None
    written = json.loads(native.write(document))
    assert written["items"][0]["body"][0]["arguments"][0]["value"] == json_value
    return to_text(document).removeprefix("a:\n  b ").removesuffix("\n")


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_text_to_json_to_text(path: Path) -> None:
    text = to_text(parse(path.read_text(encoding="utf-8")).document)
    written = native.write(parse(text).document)
    Draft202012Validator(native.schema()).validate(json.loads(written))
    document, problems = native.read(written)
    assert problems == []
    assert document == parse(text).document
    assert to_text(document) == text
    assert native.write(document) == written


def test_comments_in_data_survive() -> None:
    text = (
        "# head\n\n# more\na:\n  b x            # remark\n    # above\n    data:\n"
        "      # first\n      k: 1  # one\n      l:\n        - 1\n        # two\n        - 2\n"
        "  # end\n\n# tail\n"
    )
    assert to_text(parse(text).document) == text
    document, problems = native.read(native.write(parse(text).document))
    assert problems == []
    assert document is not None
    assert to_text(document) == text


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ("plain {not} a template", "'plain {not} a template'"),
        (5, "5"),
        (-1.5, "-1.5"),
        (0.0000001, "0.0000001"),
        (True, "true"),
        ([1, "a"], '[1, "a"]'),
        ({"k": 1, "l m": [2]}, '(k: 1, "l m": [2])'),
        ({"is": "1h30min"}, "1h30min"),
        ({"is": "a.b else 2"}, "a.b else 2"),
        ({"is": "1.50"}, "1.50"),
        ({"is": "(is: 5)"}, "(is: 5)"),
        ({"is": '(text: "x")'}, '(text: "x")'),
        ({"is": "(a: 1, a: 2)"}, "(a: 1, a: 2)"),
        ({"text": "Hello {crm.name}, \\{you\\}"}, '"Hello {crm.name}, \\{you\\}"'),
        ({}, "()"),
        ([], "[]"),
    ],
)
def test_values(value: Any, spelled: str) -> None:
    assert value_of(value) == spelled


def section(**fields: Any) -> str:
    return json.dumps({"schema": "flowlang/1", "items": [{"is": "section", "name": "a", **fields}]})


def step(**fields: Any) -> str:
    return section(body=[{"is": "step", "kind": "b", **fields}])


AT = "/items/0/body/0"


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ("{", "FL401", None),
        ('{"schema": "flowlang/1", "schema": "flowlang/1"}', "FL402", ""),
        ("[" * 70 + "]" * 70, "FL403", ""),
        ("[" * 100_000, "FL403", ""),
        ('{"schema": "flowlang/0"}', "FL404", "/schema"),
        ('{"schema": "flowlang/01"}', "FL404", "/schema"),
        ('{"schema": "somebody/1"}', "FL404", "/schema"),
        ('{"schema": 1}', "FL404", "/schema"),
        ("{}", "FL407", ""),
        ("[]", "FL407", ""),
        ("[NaN]", "FL406", ""),
        ("[Infinity]", "FL406", ""),
        (f"[{'9' * 5_000}]", "FL023", ""),
        (section(body=[{"is": "step"}]), "FL407", AT),
        (section(body=[{"is": "leap"}]), "FL407", f"{AT}/is"),
        (section(extra=1), "FL407", "/items/0"),
        (section(at={}), "FL407", "/items/0"),
        (step(kind="a b"), "FL407", f"{AT}/kind"),
        (step(comments=["a\nb"]), "FL407", f"{AT}/comments/0"),
        (step(arguments=[{"value": {"is": "1 +"}}]), "FL002", f"{AT}/arguments/0/value"),
        (step(arguments=[{"value": {"is": 1}}]), "FL405", f"{AT}/arguments/0/value"),
        (step(arguments=[{"value": None}]), "FL405", f"{AT}/arguments/0/value"),
        (step(arguments=[{"value": 1e300}]), "FL023", f"{AT}/arguments/0/value"),
        (step(arguments=[{"value": "x" * 20_000}]), "FL042", f"{AT}/arguments/0/value"),
        (step(routes=[{"ports": ["when ("], "target": "b"}]), "FL002", f"{AT}/routes/0/ports/0"),
        (step(routes=[{"ports": ["x"], "target": "a b"}]), "FL001", f"{AT}/routes/0/target"),
        (step(kind="on"), "FL012", "/items/0"),
    ],
)
def test_problems_have_a_pointer(text: str, code: str, pointer: str | None) -> None:
    document, problems = native.read(text)
    assert document is None
    assert [problem.code for problem in problems] == [code]
    assert problems[0].pointer == pointer


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "9" * 5_000])
def test_what_is_no_number_has_its_place(number: str) -> None:
    text = f'{{"a": "NaN \\" Infinity",\n "b": [1, {number}]}}'
    (problem,) = native.read(text)[1]
    assert problem.place is not None
    assert problem.place.first == (2, 11)
    assert text[slice(*problem.place.offsets)] == number


def test_data_as_deep_as_text_allows_fits_into_json() -> None:
    deepest = limits.DATA_NESTING_MAX - 1
    lines = [f"{' ' * (4 + 2 * level)}k:" for level in range(deepest)]
    text = "\n".join(["a:", "  b", *lines[:-1], f"{lines[-1]} 1", ""])
    tree = parse(text)
    assert tree.problems == ()
    document, problems = native.read(native.write(tree.document))
    assert problems == []
    assert document is not None
    assert to_text(document) == text


def test_outcomes_that_look_like_others() -> None:
    text = "a:\n  b\n    on otherwise, on, when -> c\n    on 3, > 5 -> c.d\n    otherwise -> next\n"
    document, problems = native.read(native.write(parse(text).document))
    assert problems == []
    assert document is not None
    assert to_text(document) == text


def test_the_schema_is_valid_and_says_what_it_is() -> None:
    schema = native.schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert "at" not in schema["$defs"]["Step"]["properties"]

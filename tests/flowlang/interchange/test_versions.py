"""Native JSON of other versions: older files are upgraded, newer ones opened as far as known.

No second version was published yet, so these register one of their own.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowlang import cli, model
from flowlang.interchange import native
from flowlang.interchange.versions import CURRENT, UPGRADES, number_of
from flowlang.syntax import to_text

Json = Any


def flow(version: int, *body: Json, **more: Json) -> str:
    section = {"is": "section", "name": "start", "body": [*body, {"is": "goto", "target": "end"}]}
    return json.dumps({"schema": f"flowlang/{version}", "items": [section], **more})


def say(text: str, **more: Json) -> Json:
    return {"is": "step", "kind": "play", "arguments": [{"value": text}], **more}


def text_of(document: model.Document | None) -> str:
    assert document is not None
    return to_text(document)


def test_every_version_before_this_one_has_its_way() -> None:
    """The first change of the format fails here until it says how older files become new ones."""
    assert list(UPGRADES) == list(range(1, CURRENT))
    assert number_of(model.SCHEMA) == CURRENT


def with_play(data: Json) -> Json:
    """As if `play` had been called `say` in version 1."""
    for item in data["items"]:
        for step in item["body"]:
            if step.get("kind") == "say":
                step["kind"] = "play"
    return data


def without_a_key(data: Json) -> Json:
    data.pop("author", None)
    return data


def test_an_older_file_comes_all_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    old = flow(1, say("Hello.", kind="say"), author="somebody")
    monkeypatch.setattr(model, "SCHEMA", "flowlang/3")
    upgrades = {1: with_play, 2: without_a_key}
    data = native.upgraded(json.loads(old), upgrades, 3)
    assert data == json.loads(flow(3, say("Hello.")))


def test_a_version_without_a_way_is_refused() -> None:
    document, problems = native.read(flow(1, say("Hello.")), {}, 2)
    assert document is None
    assert [(problem.code, problem.pointer) for problem in problems] == [("FL404", "/schema")]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        (flow(2, say("Hello.")), []),
        (flow(2, say("Hello."), mood="calm"), ["/mood"]),
        (flow(2, say("Hello.", mood="calm")), ["/items/0/body/0/mood"]),
        (flow(2, {"is": "parallel"}, say("Hello.")), ["/items/0/body/0"]),
        (flow(2, say("Hello."), {"is": "step", "kind": {"a": 1}}), ["/items/0/body/1"]),
        (flow(2, say("Hello."), say({"is": "a ?? b"})), ["/items/0/body/1/arguments/0"]),
        (
            flow(2, {"is": "x"}, {"is": "y"}, say("Hello.", mood="calm"), {"is": "z"}),
            [f"/items/0/body/{part}" for part in ("0", "1", "2/mood", "3")],
        ),
    ],
)
def test_a_newer_file_is_opened_as_far_as_known(text: str, left_out: list[str]) -> None:
    document, (newer, *others) = native.read(text)
    assert '  play "Hello."\n' in text_of(document)
    assert (newer.code, newer.severity, newer.pointer) == ("FL050", "warning", "/schema")
    assert newer.arguments == {"found": 2, "known": CURRENT}
    assert {problem.code for problem in others} <= {"FL051"}
    assert sorted(str(problem.pointer) for problem in others) == left_out


def test_a_newer_file_of_another_shape_is_refused() -> None:
    document, problems = native.read('{"schema": "flowlang/9", "items": {"a": 1}}')
    assert document is None
    assert [problem.code for problem in problems] == ["FL050", "FL407"]


def test_the_command_line_says_what_is_left_out(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "newer.json"
    file.write_text(flow(2, say("Hello."), {"is": "parallel"}))
    assert cli.main(["convert", str(file), "--to", "flow"]) == 0
    told = capsys.readouterr()
    assert 'play "Hello."' in told.out
    assert "FL050" in told.err
    assert "/items/0/body/1" in told.err
    cli.main(["check", str(file), "--format", "json"])
    (checked,) = json.loads(capsys.readouterr().out)["files"]
    assert {"FL050", "FL051"} <= {problem["code"] for problem in checked["problems"]}

"""The language server as a process, asked over its standard input and output."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Editor

ROOT = Path(__file__).parents[3]
SUPPORT = (ROOT / "examples/support/support.flow").read_text(encoding="utf-8")
BROKEN = 'flow x\n\nstart:\n  play "🙂🙂 a" # 🙂\n  -> meno\n\nmenu:\n  -> hang_up\n'


def place_of(text: str, marked: str) -> tuple[int, int]:
    """Line and UTF-16 column of the `¦` in a piece of the text."""
    offset = text.index(marked.replace("¦", "")) + marked.index("¦")
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset), len(text[line_start:offset].encode("utf-16-le")) // 2


def edited(text: str, edits: list[Any]) -> str:
    """The text after edits of the protocol."""
    data = text.encode("utf-16-le")
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")) + 2)

    def offset(place: Any) -> int:
        return starts[place["line"]] + 2 * int(place["character"])

    for edit in sorted(edits, key=lambda it: offset(it["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        data = data[:start] + edit["newText"].encode("utf-16-le") + data[end:]
    return data.decode("utf-16-le")


# --- coming and going -------------------------------------------------------------------------


def test_it_says_what_it_can(launch: Callable[..., Editor]) -> None:
    editor = launch()
    result = editor.start(capabilities={"textDocument": {"rename": {"prepareSupport": True}}})
    able = result["capabilities"]
    assert result["serverInfo"]["name"] == "flowlang"
    assert able["textDocumentSync"]["change"] == 2
    for name in (
        "completion", "hover", "definition", "references", "documentHighlight", "documentSymbol",
        "foldingRange", "documentFormatting", "codeAction", "semanticTokens", "rename",
        "signatureHelp", "workspaceSymbol",
    ):  # fmt: skip
        assert able[f"{name}Provider"], name
    assert able["renameProvider"]["prepareProvider"]


def test_it_ends_as_it_is_told(launch: Callable[..., Editor]) -> None:
    editor = launch("--stdio")
    editor.start()
    assert editor.stop() == 0


def test_leaving_without_a_word_is_a_failure(launch: Callable[..., Editor]) -> None:
    editor = launch()
    editor.start()
    editor.notify("exit", None)
    assert editor.process.wait(60) == 1


# --- problems ---------------------------------------------------------------------------------


def test_problems_while_typing(editor: Editor) -> None:
    (problem,) = editor.open(editor.uri, BROKEN)
    assert problem["code"] == "FL203"
    assert problem["severity"] == 1
    assert problem["source"] == "flowlang"
    assert "menu" not in problem["message"]
    assert problem["range"]["start"] == {"line": 4, "character": 5}
    there = {"start": {"line": 4, "character": 7}, "end": {"line": 4, "character": 9}}
    version = editor.change(editor.uri, {"range": there, "text": "nu"})
    assert editor.diagnostics(editor.uri, version) == []


def test_one_check_for_many_keys(editor: Editor) -> None:
    editor.open(editor.uri, BROKEN)
    before = len(editor.notifications)
    version = 0
    for number, letter in enumerate("abcdef"):
        place = {"line": 4, "character": 9 + number}
        version = editor.change(
            editor.uri, {"range": {"start": place, "end": place}, "text": letter}
        )
    (problem,) = editor.diagnostics(editor.uri, version)
    assert "menoabcdef" in problem["message"]
    assert len(editor.notifications) - before < 6


def test_problems_in_korean(launch: Callable[..., Editor]) -> None:
    for more in ({"initializationOptions": {"language": "ko"}}, {"locale": "ko-KR"}):
        editor = launch("--lang", "en")
        editor.start(**more)
        (problem,) = editor.open(editor.uri, BROKEN)
        assert "없습니다" in problem["message"]


def test_closing_takes_problems_away(editor: Editor) -> None:
    editor.open(editor.uri, BROKEN)
    editor.notify("textDocument/didClose", {"textDocument": {"uri": editor.uri}})
    assert editor.diagnostics(editor.uri, None) == []


# --- positions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "column"), [(None, 13), ("utf-16", 13), ("utf-8", 17), ("utf-32", 11)]
)
def test_columns_are_counted_as_agreed(
    encoding: str | None, column: int, launch: Callable[..., Editor]
) -> None:
    editor = launch()
    general = {"positionEncodings": [encoding]} if encoding else {}
    editor.start(capabilities={"general": general})
    text = 'flow x\n\nstart:\n  play "🙂🙂{x}"\n  -> hang_up\n'
    problem = editor.open(editor.uri, text)[0]
    assert problem["code"] == "FL101"
    assert problem["range"]["start"] == {"line": 3, "character": column}


def test_changes_in_any_place(editor: Editor) -> None:
    """Behind characters of two units, over line ends of all sorts, and beyond the end."""
    text = 'flow x\r\n\r\nstart:\r\n  play "🙂a\u2028b"\r\n  -> hang_up'
    assert editor.open(editor.uri, text) == []

    def place(line: int, character: int) -> dict[str, int]:
        return {"line": line, "character": character}

    version = editor.change(
        editor.uri,
        {"range": {"start": place(3, 10), "end": place(3, 11)}, "text": "🙂🙂"},
        {"range": {"start": place(4, 5), "end": place(4, 999)}, "text": "start"},
        {"range": {"start": place(99, 0), "end": place(99, 9)}, "text": "\r\n"},
    )
    codes = [problem["code"] for problem in editor.diagnostics(editor.uri, version)]
    assert "FL210" in codes
    assert not [code for code in codes if code.startswith("FL0")]
    colours = editor.request(
        "textDocument/semanticTokens/full", {"textDocument": {"uri": editor.uri}}
    )
    assert colours["data"]


# --- questions --------------------------------------------------------------------------------


@pytest.fixture
def support(editor: Editor) -> Editor:
    assert not [it for it in editor.open(editor.uri, SUPPORT) if it["severity"] == 1]
    return editor


def test_completion(support: Editor) -> None:
    line, _ = place_of(SUPPORT, "¦  check_hours office")
    start = {"line": line, "character": 0}
    support.change(
        support.uri, {"range": {"start": start, "end": start}, "text": "  transfer bil\n"}
    )
    answer = support.request("textDocument/completion", support.at(support.uri, line, 14))
    items = {item["label"]: item for item in answer["items"]}
    assert items["billing"]["textEdit"] == {
        "newText": "billing",
        "range": {
            "start": {"line": line, "character": 11},
            "end": {"line": line, "character": 14},
        },
    }
    assert "queue billing" in items["billing"]["documentation"]["value"]


def test_a_blank_does_not_shower_operators(support: Editor) -> None:
    line, character = place_of(SUPPORT, "set tier: crm.tier¦")
    start = {"line": line, "character": character}
    support.change(support.uri, {"range": {"start": start, "end": start}, "text": " "})
    at = support.at(support.uri, line, character + 1)
    asked = at | {"context": {"triggerKind": 2, "triggerCharacter": " "}}
    assert support.request("textDocument/completion", asked)["items"] == []
    assert support.request("textDocument/completion", at)["items"]


def test_hover(support: Editor) -> None:
    at = support.at(support.uri, *place_of(SUPPORT, "  tran¦sfer billing, "))
    answer = support.request("textDocument/hover", at)
    assert answer["contents"]["kind"] == "markdown"
    assert "To a queue" in answer["contents"]["value"]
    assert answer["range"]["start"]["character"] == 2


def test_definition_and_references(support: Editor) -> None:
    at = support.at(support.uri, *place_of(SUPPORT, "on error -> me¦nu"))
    found = support.request("textDocument/definition", at)
    line, _ = place_of(SUPPORT, "¦menu:")
    assert found["range"]["start"] == {"line": line, "character": 0}
    params = at | {"context": {"includeDeclaration": True}}
    assert len(support.request("textDocument/references", params)) == 4
    assert len(support.request("textDocument/documentHighlight", at)) == 4


def test_rename(support: Editor) -> None:
    at = support.at(support.uri, *place_of(SUPPORT, "found.bal¦ance"))
    assert support.request("textDocument/prepareRename", at) is None
    at = support.at(support.uri, *place_of(SUPPORT, "{fou¦nd.balance}"))
    assert support.request("textDocument/prepareRename", at)["placeholder"] == "found"
    answer = support.request("textDocument/rename", at | {"newName": "조회"})
    after = edited(SUPPORT, answer["changes"][support.uri])
    assert "  조회 = crm phone" in after
    assert "{조회.balance}" in after


def test_a_refused_rename_says_why(support: Editor) -> None:
    at = support.at(support.uri, *place_of(SUPPORT, "me¦nu:"))
    error = support.ask("textDocument/rename", at | {"newName": "sorry"})["error"]
    assert error["message"] == "The name `sorry` is taken."


def test_symbols_folds_and_colours(support: Editor) -> None:
    named = {"textDocument": {"uri": support.uri}}
    symbols = support.request("textDocument/documentSymbol", named)
    assert "menu" in [item["name"] for item in symbols]
    assert {"startLine": 14, "endLine": 25, "kind": "region"} in support.request(
        "textDocument/foldingRange", named
    )
    data = support.request("textDocument/semanticTokens/full", named)["data"]
    assert len(data) % 5 == 0
    line = sum(data[0::5])
    assert line == SUPPORT.rstrip().count("\n")


def test_formatting(editor: Editor) -> None:
    text = 'flow x\n\nstart:\n  play   "🙂"   \n  -> hang_up\n'
    editor.open(editor.uri, text)
    params = {"textDocument": {"uri": editor.uri}, "options": {"tabSize": 2, "insertSpaces": True}}
    edits = editor.request("textDocument/formatting", params)
    assert edited(text, edits) == 'flow x\n\nstart:\n  play "🙂"\n  -> hang_up\n'


def test_repairs(editor: Editor) -> None:
    text = BROKEN.replace("  play", "\tplay")
    problems = editor.open(editor.uri, text)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    params = {
        "textDocument": {"uri": editor.uri},
        "range": whole,
        "context": {"diagnostics": problems},
    }
    found = {item["title"]: item for item in editor.request("textDocument/codeAction", params)}
    action = found["Write `menu`"]
    assert action["kind"] == "quickfix"
    assert action["diagnostics"][0]["code"] == "FL203"
    assert "-> menu\n" in edited(text, action["edit"]["changes"][editor.uri])
    params["context"]["only"] = ["source.fixAll"]
    (everything,) = editor.request("textDocument/codeAction", params)
    after = edited(text, everything["edit"]["changes"][editor.uri])
    assert "\t" not in after
    assert "meno" in after


def test_what_a_step_takes(editor: Editor) -> None:
    text = 'flow x\n\nstart:\n  ask "Which?", timeout: 5s\n'
    editor.open(editor.uri, text)
    at = editor.at(editor.uri, *place_of(text, "timeout: ¦5s"))
    found = editor.request("textDocument/signatureHelp", at)
    (told,) = found["signatures"]
    active = told["parameters"][found["activeParameter"]]
    assert active["label"] == "timeout: duration"
    assert active["label"] in told["label"]
    assert "at most 3min" in active["documentation"]["value"]
    nowhere = editor.at(editor.uri, 0, 0)
    assert editor.request("textDocument/signatureHelp", nowhere) is None


# --- projects ---------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, launch: Callable[..., Editor]) -> tuple[Editor, Path]:
    folder = tmp_path / "고객 센터"
    shutil.copytree(ROOT / "examples/support", folder)
    editor = launch("--lang", "en")
    editor.start(folder)
    return editor, folder


def opened(editor: Editor, path: Path) -> tuple[str, str, list[Any]]:
    text = path.read_text(encoding="utf-8")
    return path.as_uri(), text, editor.open(path.as_uri(), text)


def test_from_a_test_to_its_flow(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    uri, text, problems = opened(editor, folder / "support.test.flow")
    assert problems == []
    at = editor.at(uri, *place_of(text, "given cr¦m returns"))
    found = editor.request("textDocument/definition", at)
    assert found["uri"] == (folder / "support.flow").as_uri()
    assert "function crm" in editor.request("textDocument/hover", at)["contents"]["value"]


def test_a_rename_reaches_the_tests(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    uri, text, _ = opened(editor, folder / "support.flow")
    at = editor.at(uri, *place_of(text, "function cr¦m")) | {"newName": "lookup"}
    changes = editor.request("textDocument/rename", at)["changes"]
    tests = folder / "support.test.flow"
    assert set(changes) == {uri, tests.as_uri()}
    after = edited(tests.read_text(encoding="utf-8"), changes[tests.as_uri()])
    assert after.count("given lookup") == 3


def test_symbols_of_all_files(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    found = editor.request("workspace/symbol", {"query": "billing"})
    named = {(item["name"], Path(item["location"]["uri"]).name) for item in found}
    assert ("billing_desk", "support.flow") in named
    uri = (folder / "new.flow").as_uri()
    editor.open(uri, "flow new\n\nunheard_of:\n  -> hang_up\n")
    (one,) = editor.request("workspace/symbol", {"query": "unhrd"})
    assert (one["name"], one["location"]["uri"]) == ("unheard_of", uri)


def test_unsaved_changes_count(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    uri, text, _ = opened(editor, folder / "support.flow")
    line, character = place_of(text, "function cr¦m")
    start, end = (line, character - 2), (line, character + 1)
    where = {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }
    editor.change(uri, {"range": where, "text": "directory"})
    tests, test_text, _ = opened(editor, folder / "support.test.flow")
    at = editor.at(tests, *place_of(test_text, "given ¦crm returns"))
    answer = editor.request("textDocument/completion", at)
    labels = [item["label"] for item in answer["items"]]
    assert "directory" in labels
    assert "crm" not in labels


def test_policies_of_the_house(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    uri, text, problems = opened(editor, folder / "support.flow")
    assert "FL701" not in [problem["code"] for problem in problems]
    line, _ = place_of(text, "¦  record agent")
    where = {"start": {"line": line, "character": 0}, "end": {"line": line + 3, "character": 0}}
    version = editor.change(uri, {"range": where, "text": ""})
    assert "FL701" in [problem["code"] for problem in editor.diagnostics(uri, version)]


def test_what_the_project_has_not_is_told(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    file = folder / "flowlang.toml"
    file.write_text('name = "Shop"\n[queues.Sales]\n', "utf-8")
    path = folder / "sales.flow"
    text = (
        'flow sales\n  on error -> hang_up\n\nqueue sales = "Salse"\n\n'
        "start:\n  record agent\n  transfer sales\n    on full -> hang_up\n"
    )
    path.write_text(text, "utf-8")
    uri = path.as_uri()
    assert [problem["code"] for problem in editor.open(uri, text)] == ["FL520"]
    file.write_text('name = "Shop"\n[queues.Salse]\n[queues.Other]\n', "utf-8")
    where = {"start": {"line": 9, "character": 0}, "end": {"line": 9, "character": 0}}
    version = editor.change(uri, {"range": where, "text": "# as it is now\n"})
    assert not editor.diagnostics(uri, version)


def test_lines_of_tests_are_read(project: tuple[Editor, Path]) -> None:
    editor, folder = project
    path = folder / "more.test.flow"
    text = 'test "x" for support\n  given nobody fails\n  expect end\n'
    path.write_text(text, encoding="utf-8")
    assert [problem["code"] for problem in editor.open(path.as_uri(), text)] == ["FL602"]


# --- whatever comes ---------------------------------------------------------------------------


def test_whatever_comes_it_goes_on(launch: Callable[..., Editor]) -> None:
    # Not the server of the other tests, which look at what theirs logs.
    editor = launch()
    editor.start()
    editor.open(editor.uri, SUPPORT)
    for body in (b"no json", b"[]", b"5", b'{"jsonrpc": "1.0"}', b'{"jsonrpc": "2.0", "id": 77}'):
        editor.write(body)
    editor.notify("textDocument/didChange", {"nothing": "known"})
    editor.notify("no/such", {})
    assert "error" in editor.ask("textDocument/hover", {"position": "none"})
    assert "error" in editor.ask("no/such", {})
    for line, character in ((0, 10**9), (10**9, 0), (3, 4_000)):
        at = editor.at(editor.uri, line, character)
        editor.request("textDocument/hover", at)
        editor.request("textDocument/completion", at)
    assert editor.request("textDocument/hover", editor.at("untitled:other", 0, 0)) is None
    assert editor.request("textDocument/completion", editor.at("http://[x", 0, 0)) is None
    at = editor.at(editor.uri, *place_of(SUPPORT, "me¦nu:"))
    assert editor.request("textDocument/hover", at)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "\0", "\ud800", "\ufeff", "(" * 3000, 'start:\n  play "{' * 50, "\t\r\r\n  :"],
)
def test_strange_texts(text: str, editor: Editor) -> None:
    said_before = len(editor.log)
    editor.open(editor.uri, text)
    named = {"textDocument": {"uri": editor.uri}}
    for line in range(3):
        for character in (0, 3):
            at = editor.at(editor.uri, line, character)
            assert editor.request("textDocument/completion", at) is not None
            editor.request("textDocument/hover", at)
    for question in ("documentSymbol", "foldingRange", "semanticTokens/full"):
        assert editor.request(f"textDocument/{question}", named) is not None
    assert editor.log[said_before:] == []

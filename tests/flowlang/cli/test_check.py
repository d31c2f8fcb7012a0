"""`flowlang check`: what it looks at, what it says, how it ends."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang import cli, limits
from flowlang.interchange import native
from flowlang.syntax import parse

from .conftest import BAD, BROKEN, GOOD, Call

Write = Callable[[str, str], Path]
Said = pytest.CaptureFixture[str]
WARNED = GOOD.replace("start:", "start:\n  -> other\n\nother:").replace(
    "  -> hang_up\n", "  -> hang_up\n\nlost:\n  hang_up\n"
)
POLICY = 'policy "recorded first": record before play\n'
TEST = 'test "greets" for good\n  expect play "Hello."\n'


def checked(*arguments: str, said: Said) -> tuple[int, dict[str, list[str]]]:
    """The exit code, and the codes of the problems by file."""
    code = cli.main(["check", *arguments, "--format", "json"])
    told = json.loads(said.readouterr().out)
    return code, {
        file["path"]: [problem["code"] for problem in file["problems"]] for file in told["files"]
    }


# --- as a process -----------------------------------------------------------------------------


def test_exit_codes(call: Call, write: Write, capsys: Said) -> None:
    write("good.flow", GOOD)
    write("bad.flow", BAD)
    write("warned.flow", WARNED)
    done = call("check", "good.flow")
    assert (done.returncode, done.stdout) == (0, "1 file checked: 0 errors, 0 warnings.\n")
    assert call("check", "bad.flow", "nothing.flow").returncode == 2
    assert checked("bad.flow", said=capsys)[0] == 1
    assert checked("warned.flow", said=capsys) == (0, {"warned.flow": ["FL201"]})


def test_a_problem_as_people_see_it(call: Call, write: Write) -> None:
    write("bad.flow", BAD)
    done = call("check", "bad.flow")
    assert done.stdout == (
        "error[FL203]: There is no section or step named `hang_upp`.\n"
        " --> bad.flow:3:15\n"
        "  |\n"
        "3 |   on error -> hang_upp\n"
        "  |               ^^^^^^^^ this leads nowhere\n"
        "help: did you mean `hang_up`?\n"
        "\n"
        "1 file checked: 1 error, 0 warnings.\n"
    )
    assert done.stderr == ""
    assert "오류[FL203]" in call("check", "bad.flow", LANG="ko_KR.UTF-8").stdout


def test_standard_input(call: Call) -> None:
    done = call("check", "-", text=BAD)
    assert done.returncode == 1
    assert " --> -:3:15\n" in done.stdout


def test_sarif_and_github(call: Call, write: Write) -> None:
    write("bad.flow", BAD)
    log = json.loads(call("check", "bad.flow", "--format", "sarif").stdout)
    assert log["runs"][0]["results"][0]["ruleId"] == "FL203"
    done = call("check", "bad.flow", "--format", "github")
    assert done.stdout.startswith("::error file=bad.flow,title=FL203,line=3,")
    write("good.flow", GOOD)
    assert call("check", "good.flow", "--format", "github").stdout == ""


# --- what is looked at ------------------------------------------------------------------------


def test_folders_are_searched_through(write: Write, capsys: Said) -> None:
    for name in ("a.flow", "sub/b.flow", "sub/deep/c.flow"):
        write(name, GOOD)
    for name in (".hidden/d.flow", "node_modules/e.flow", ".f.flow", "notes.txt"):
        write(name, BAD)
    code, found = checked(".", said=capsys)
    assert code == 0
    assert sorted(found) == ["a.flow", "sub/b.flow", "sub/deep/c.flow"]


def test_what_git_ignores_is_left_out(write: Write, capsys: Said) -> None:
    Path(".git").mkdir()
    write(".gitignore", "build/\n*.draft.flow\n")
    write("flows/.gitignore", "/old.flow\n!kept.draft.flow\n")
    for name in ("build/a.flow", "x.draft.flow", "flows/old.flow"):
        write(name, BAD)
    for name in ("flows/kept.draft.flow", "flows/new/old.flow"):
        write(name, GOOD)
    assert sorted(checked(".", said=capsys)[1]) == ["flows/kept.draft.flow", "flows/new/old.flow"]
    assert sorted(checked("flows", said=capsys)[1]) == [
        "flows/kept.draft.flow", "flows/new/old.flow",
    ]  # fmt: skip
    assert checked("x.draft.flow", said=capsys)[1] == {"x.draft.flow": ["FL203"]}


def test_a_file_is_checked_once(write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    assert list(checked(".", "a.flow", "./a.flow", said=capsys)[1]) == ["a.flow"]


def test_a_folder_without_flows(write: Write, capsys: Said) -> None:
    Path("empty").mkdir()
    assert checked("empty", said=capsys) == (2, {"empty": ["FL413"]})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x7fELF\x00\x01\x02", "FL411"),
        ("flow ä\n".encode("latin-1"), "FL411"),
        (b"# " + b"x" * limits.TEXT_BYTES_MAX, "FL412"),
    ],
)
def test_what_cannot_be_read_stops_nothing(
    data: bytes, code: str, write: Write, capsys: Said
) -> None:
    Path("a.flow").write_bytes(data)
    write("b.flow", BAD)
    assert checked(".", said=capsys) == (2, {"a.flow": [code], "b.flow": ["FL203"]})


def test_a_zero_is_no_bad_encoding(write: Write, capsys: Said) -> None:
    Path("a.flow").write_bytes(b"flow a\0\n")
    assert cli.main(["check", "a.flow"]) == 2
    assert "(NUL)" in capsys.readouterr().out


def test_a_file_without_permission(
    write: Write, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, mode: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    write("a.flow", GOOD)
    monkeypatch.setattr(Path, "open", refuse)
    assert checked("a.flow", said=capsys) == (2, {"a.flow": ["FL410"]})


def test_a_mark_of_byte_order_and_other_line_ends(write: Write, capsys: Said) -> None:
    write("a.flow", "\ufeff" + GOOD.replace("\n", "\r\n"))
    assert checked("a.flow", said=capsys) == (0, {"a.flow": []})


def test_policies_of_the_house_hold_in_their_folder(write: Write, capsys: Said) -> None:
    write("house.policy.flow", POLICY)
    write("a.flow", GOOD)
    write("sub/b.flow", GOOD)
    write("sub/flowlang.toml", 'name = "other"\n')
    code, found = checked(".", said=capsys)
    assert code == 1
    assert found["a.flow"] == ["FL701"]
    assert found["house.policy.flow"] == []
    assert found["sub/b.flow"] == []
    assert checked("a.flow", said=capsys)[1] == {"a.flow": ["FL701"]}


def test_tests_are_read_with_their_flow(write: Write, capsys: Said) -> None:
    write("good.flow", GOOD)
    write("good.test.flow", TEST)
    assert checked(".", said=capsys)[0] == 0
    write("good.test.flow", TEST.replace("expect", "expects"))
    assert checked(".", said=capsys)[1]["good.test.flow"] == ["FL601"]
    write("good.test.flow", TEST.replace("good", "goood"))
    assert checked(".", said=capsys)[1]["good.test.flow"] == ["FL612"]


def test_the_project_file_is_checked(write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    write("flowlang.toml", 'name = "x"\ncolour = "red"\n')
    assert checked(".", said=capsys)[1]["flowlang.toml"] == ["FL354"]
    assert cli.main(["check", "flowlang.toml"]) == 1
    assert "2 | colour" in capsys.readouterr().out


def test_targets(write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    assert checked("a.flow", "--target", "connect", said=capsys)[0] == 0
    with pytest.raises(SystemExit):
        cli.main(["check", "a.flow", "--target", "moon"])


def test_facts(write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    cli.main(["check", "a.flow", "--facts"])
    assert "proved: every way can reach an end" in capsys.readouterr().out


# --- JSON -------------------------------------------------------------------------------------


def test_native_json_by_pointers(write: Write, capsys: Said) -> None:
    flow = BAD.replace('play "Hello."', 'play "Hello.", loud: true')
    path = write("a.json", native.write(parse(flow).document))
    assert cli.main(["check", "a.json", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["files"][0]["problems"]
    lines = path.read_text().split("\n")
    assert [(problem["code"], problem["pointer"]) for problem in found] == [
        ("FL203", "/items/0/routes/0"),
        ("FL302", "/items/1/body/0/arguments/1"),
    ]
    for problem in found:
        assert problem["fix"] is None
        start, end = problem["start"], problem["end"]
        assert lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1] == "{"


def test_json_that_is_none(write: Write, capsys: Said) -> None:
    write("a.json", '{"schema": "flowlang/1", "items": [}\n')
    assert cli.main(["check", "a.json"]) == 1
    assert "a.json:1:36" in capsys.readouterr().out
    write("b.json", '{"schema": "flowlang/1", "items": [{"is": "sectoin"}]}\n')
    assert cli.main(["check", "b.json"]) == 1
    assert "b.json:1:43 /items/0/is" in capsys.readouterr().out
    write("c.json", '{"name": "package"}\n')
    assert checked("c.json", said=capsys)[0] == 1


CONNECT = json.dumps(
    {
        "Version": "2019-10-30",
        "StartAction": "say",
        "Actions": [
            {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {},
             "Transitions": {}},
            {"Identifier": "say", "Type": "MessageParticipant", "Parameters": {"Text": "Hi"},
             "Transitions": {"NextAction": "bye", "Errors": [
                 {"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
        ],
    },
    indent=2,
)  # fmt: skip


def test_connect_json(write: Write, capsys: Said) -> None:
    write("a.json", CONNECT)
    assert checked("a.json", said=capsys)[0] == 0
    write("b.json", CONNECT.replace('"NextAction": "bye"', '"NextAction": "nobody"', 1))
    cli.main(["check", "b.json", "--format", "json"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    pointers = {problem["code"]: problem["pointer"] for problem in file["problems"]}
    assert pointers["FL431"] == "/Actions/1/Transitions"
    assert pointers["FL208"] == "/Actions/1"
    write("c.json", CONNECT.replace('"Actions": [', '"Actions": [3, '))
    assert checked("c.json", said=capsys)[0] in (0, 1)


OLDER = json.dumps(
    {
        "modules": [
            {"id": "say", "type": "PlayPrompt", "metadata": {},
             "parameters": [{"name": "Text", "value": "Hi"}],
             "branches": [{"condition": "Success", "transition": "nobody"}]},
            {"id": "bye", "type": "Disconnect", "metadata": {}, "parameters": [], "branches": []},
        ],
        "version": "1", "type": "contactFlow", "start": "say", "metadata": {"name": "Old"},
    }
)  # fmt: skip


def test_the_older_export_of_connect(write: Write, capsys: Said) -> None:
    write("a.json", OLDER.replace("nobody", "bye"))
    assert checked("a.json", said=capsys)[0] == 0
    write("b.json", OLDER)
    cli.main(["check", "b.json", "--format", "json"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    pointers = {problem["code"]: problem["pointer"] for problem in file["problems"]}
    assert pointers["FL208"] == "/modules/0"


def test_folders_have_other_json_too(write: Write, capsys: Said) -> None:
    write("a.json", native.write(parse(GOOD).document))
    write("b.json", CONNECT)
    write("package.json", '{"name": "package"}\n')
    write("broken.json", "{")
    assert sorted(checked(".", said=capsys)[1]) == ["a.json", "b.json"]


# --- fixes ------------------------------------------------------------------------------------


def test_safe_fixes_are_carried_out(write: Write, capsys: Said) -> None:
    path = write("a.flow", 'flow a\n  on error -> hang_up\n\nstart\n\tplay "x", text = "y"\n')
    path.chmod(0o640)
    cli.main(["check", "a.flow", "--fix"])
    told = capsys.readouterr()
    assert "a.flow: 3 fixed" in told.err
    assert path.read_text() == 'flow a\n  on error -> hang_up\n\nstart:\n  play "x", text: "y"\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "FL009" not in told.out
    assert list(Path().iterdir()) == [Path("a.flow")]


def test_unsafe_fixes_and_clean_files_are_left(write: Write, capsys: Said) -> None:
    bad, good = write("bad.flow", BAD), write("good.flow", GOOD)
    before = good.stat().st_mtime_ns
    assert cli.main(["check", ".", "--fix"]) == 1
    assert bad.read_text() == BAD
    assert good.stat().st_mtime_ns == before
    assert capsys.readouterr().err == ""


def test_broken_files_are_reported_whole(write: Write, capsys: Said) -> None:
    write("a.flow", BROKEN)
    code, found = checked("a.flow", said=capsys)
    assert code == 1
    assert "FL009" in found["a.flow"]


# --- whatever comes ---------------------------------------------------------------------------

SOURCES = [GOOD, BAD, TEST, POLICY, native.write(parse(GOOD).document), CONNECT]


@given(
    source=st.sampled_from(SOURCES),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.text(max_size=3)), min_size=1, max_size=4
    ),
    form=st.sampled_from(["text", "json", "sarif", "github"]),
)
def test_no_damage_is_a_bug(source: str, cuts: list[tuple[float, int, str]], form: str) -> None:
    for where, length, text in cuts:
        start = int(where * len(source))
        source = source[:start] + text + source[start + length :]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWLANG_DEBUG", "1")
        path = Path(folder, "a.flow")
        path.write_bytes(source.encode("utf-8", "surrogatepass"))
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()):
            assert cli.main(["check", str(path), "--fix", "--format", form]) in (0, 1, 2)
        if form in ("json", "sarif"):
            assert json.loads(said.getvalue())


def test_what_stands_beside_connect_json_counts(write: Write, capsys: Said) -> None:
    flow = 'flow x\n  on error -> hang_up\n\nqueue sales = "Sales"\n\nstart:\n  transfer sales\n'
    write("a.flow", flow + "    on full -> hang_up\n")
    assert cli.main(["convert", "a.flow", "a.json", "--to", "connect"]) == 0
    capsys.readouterr()
    assert checked("a.json", said=capsys)[0] == 0
    write("a.json.flow.json", "{")
    assert checked("a.json", said=capsys)[1]["a.json"] == ["FL401"]

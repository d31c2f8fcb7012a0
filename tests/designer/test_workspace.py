"""The folder that the designer works on."""

import shutil
from pathlib import Path

from blocks.catalogue import catalogue
from designer.workspace import Workspace
from flowlang.checks import check
from flowlang.edits import ExtractModule
from flowlang.syntax.parser import parse


def test_flows_and_nothing_else_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.flow").write_text('flow a "한글"\n\nstart:\n  play "x"\n  -> hang_up\n', "utf-8")
    (tmp_path / "a.test.flow").write_text('test "x"\n', "utf-8")
    (tmp_path / "house.policy.flow").write_text("policy x\n", "utf-8")
    (tmp_path / "connect.json").write_text("{", "utf-8")
    hidden = tmp_path / ".flowlang" / "old.flow"
    hidden.parent.mkdir()
    hidden.write_text("flow old\n", "utf-8")
    [listed] = Workspace(tmp_path, catalogue()).flows()
    assert (listed.title, listed.blocks, listed.sections, listed.is_whole) == ("한글", 1, 1, True)


def test_a_flow_that_cannot_be_read_is_listed_as_such(tmp_path: Path) -> None:
    (tmp_path / "bad.flow").write_bytes(b"\xff\xfe ???")
    [listed] = Workspace(tmp_path, catalogue()).flows()
    assert (listed.name, listed.is_whole) == ("bad", False)


def test_a_change_of_a_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.flow"
    path.write_text("flow a\n", "utf-8")
    workspace = Workspace(tmp_path, catalogue())
    assert workspace.flows()[0].title == "a"
    path.write_text('flow a "Another"\n', "utf-8")
    assert workspace.flows()[0].title == "Another"


def test_nothing_outside_of_the_folder_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.flow").write_text("flow secret\n", "utf-8")
    inside = tmp_path / "flows"
    inside.mkdir()
    workspace = Workspace(inside, catalogue())
    assert workspace.session("../secret.flow") is None
    assert workspace.flows() == []


def test_a_new_flow_has_no_problems_and_takes_no_others_place(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, catalogue())
    made = workspace.create("fresh")
    assert made is not None
    text = made.path.read_text("utf-8")
    assert check(parse(text), catalogue()).problems == ()
    assert workspace.create("fresh") is None
    assert made.path.read_text("utf-8") == text


def test_a_flow_is_checked_with_its_project(tmp_path: Path) -> None:
    (tmp_path / "flowlang.toml").write_text('name = "Shop"\n[queues.Sales]\n', "utf-8")
    (tmp_path / "a.flow").write_text(
        'flow a\n  on error -> hang_up\n\nqueue sales = "Salse"\n\n'
        "start:\n  transfer sales\n    on full -> hang_up\n",
        "utf-8",
    )
    session = Workspace(tmp_path, catalogue()).session("a.flow")
    assert session is not None
    assert [problem.code for problem in session.problems] == ["FL520"]


def test_a_new_module_is_known_to_the_flow_that_runs_it(tmp_path: Path) -> None:
    folder = tmp_path / "support"
    shutil.copytree(Path(__file__).parents[2] / "examples" / "support", folder)
    session = Workspace(folder, catalogue()).session("support.flow")
    assert session is not None
    assert session.apply(ExtractModule(blocks=("menu.ask", "retry.repeat"), name="part")) is None
    assert session.problems == ()
    called = session.wiring.steps["menu.part"].call.called
    assert called is not None
    assert called.outcomes == ("technical_desk", "chatbot", "sorry")
    session.undo()
    assert session.problems == ()

"""The files of a project: those of its folder, and nothing else."""

from __future__ import annotations

from pathlib import Path

from flowlang.limits import TEXT_BYTES_MAX
from flowlang.project import Folder
from flowlang.project.surroundings import project_folder, surroundings_of


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_flows_below_the_folder_and_not_of_another_project(tmp_path: Path) -> None:
    for name in ("b.flow", "a.test.flow", "sub/c.flow", "sub/notes.txt"):
        write(tmp_path / name)
    for name in (".git/d.flow", "node_modules/e.flow", ".f.flow", "sub/other/g.flow"):
        write(tmp_path / name)
    write(tmp_path / "sub" / "other" / "flowlang.toml", 'name = "Other"')
    assert Folder(tmp_path).flows == ("a.test.flow", "b.flow", "sub/c.flow")
    assert Folder(tmp_path, ["b.flow"]).flows == ("b.flow",)


def test_nothing_outside_of_the_folder_is_there(tmp_path: Path) -> None:
    write(tmp_path / "secret.txt", "x")
    folder = Folder(write(tmp_path / "shop" / "in.txt", "y").parent)
    assert folder.text("in.txt") == "y"
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "gone.txt", ".", "a\0b", ""):
        assert not folder.exists(name)
        assert folder.text(name) is None
    (folder.root / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert folder.text("link.txt") is None


def test_what_cannot_be_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe")
    (tmp_path / "b.txt").write_bytes(b"x" * (TEXT_BYTES_MAX + 1))
    folder = Folder(tmp_path)
    assert folder.exists("a.bin")
    assert folder.text("a.bin") is None
    assert folder.text("b.txt") is None


def test_the_project_of_a_flow(tmp_path: Path) -> None:
    path = write(tmp_path / "shop" / "deep" / "a.flow")
    write(tmp_path / "house.policy.flow", 'policy "x": record before transfer\n')
    around = surroundings_of(path, tmp_path)
    assert around.home is None
    assert [policy.title for policy in around.policies] == ["x"]
    write(tmp_path / "shop" / "flowlang.toml", 'name = "Shop"\n')
    around = surroundings_of(path, tmp_path)
    assert around.home is not None
    assert (around.home.project.name, around.path) == ("Shop", "deep/a.flow")
    assert project_folder(path, path.parent) is None
    write(tmp_path / "shop" / "deep" / ".git" / "config")
    assert project_folder(path, tmp_path) is None

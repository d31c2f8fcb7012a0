"""`flowlang new`."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from runtime.commands import new
from runtime.commands import test as test_command


def test_a_new_project_passes_its_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert new.main([str(folder)]) == 0
    assert (folder / "support.flow").read_text().startswith("# The number on the back")
    assert not list(folder.rglob("__pycache__"))
    assert test_command.main([str(folder)]) == 0
    assert "3 passed" in capsys.readouterr().out


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert new.main([str(tmp_path), "--example", "support"]) == 0
    assert (tmp_path / "flowlang.toml").is_file()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "support.flow").write_text("mine")
    assert new.main([str(tmp_path)]) == 2
    assert (tmp_path / "support.flow").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["support.flow"]
    assert "not empty" in capsys.readouterr().err


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    assert new.main([str(path)]) == 2
    assert new.main([str(path / "below")]) == 2
    assert path.read_text() == "mine"


def test_an_example_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new.main([str(tmp_path / "x"), "--example", "../support"]) == 2
    assert "support" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_full_disk_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfileobj", full)
    monkeypatch.setattr(shutil, "_USE_CP_SENDFILE", False, raising=False)
    monkeypatch.setattr(shutil, "_fastcopy_sendfile", full, raising=False)
    folder = tmp_path / "mine"
    assert new.main([str(folder), "--lang", "ko"]) == 2
    assert capsys.readouterr().err == f"{folder}에 쓸 수 없습니다: 디스크에 자리가 없습니다\n"
    assert not folder.exists()

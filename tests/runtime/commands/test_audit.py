"""`flowlang audit`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowlang.cli import main
from runtime.place import FOLDER
from runtime.security.audit import FILE, AuditLog
from runtime.security.tokens import installation_secret


@pytest.fixture
def project(tmp_path: Path) -> Path:
    own = tmp_path / FOLDER
    secret = installation_secret(own / "secret.key")
    log = AuditLog(own, secret, lambda: datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    log.note("ann", "flows.published", "Shop")
    log.note("", "sign-in.refused", "bob", address="10.0.0.1")
    return tmp_path


def test_acts_are_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(project)]) == 0
    shown = capsys.readouterr()
    assert "ann" in shown.out
    assert "sign-in.refused" in shown.out
    assert "2 acts" in shown.err
    assert main(["audit", str(project), "--format", "json", "--last", "1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["to"] == "bob"


def test_a_log_that_was_changed_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / FOLDER / FILE
    path.write_text(path.read_text().replace("bob", "eve"))
    assert main(["audit", str(project), "--lang", "ko"]) == 1
    assert "2번째 기록부터" in capsys.readouterr().err


def test_a_project_that_nobody_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(tmp_path)]) == 2
    assert "no audit log" in capsys.readouterr().err

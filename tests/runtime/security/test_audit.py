"""The audit log: what anybody does to it afterwards is found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.security.audit import FILE, HEAD, AuditLog, Fault, hash_of

SECRET = b"s" * 32
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def log_in(folder: Path, secret: bytes = SECRET) -> AuditLog:
    return AuditLog(folder, secret, lambda: NOW)


def written(folder: Path, count: int = 5) -> AuditLog:
    log = log_in(folder)
    for number in range(count):
        log.note("ann", "flow.saved", f"flow {number}", before=hash_of("a"), after=hash_of("b"))
    return log


def test_acts_are_written_down_and_prove_themselves(tmp_path: Path) -> None:
    log = written(tmp_path)
    acts = list(log.acts())
    assert [act.number for act in acts] == [1, 2, 3, 4, 5]
    assert acts[0].who == "ann"
    assert acts[0].after == hash_of("b")
    assert log.verify() is None
    assert log_in(tmp_path).verify() is None
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    written(tmp_path, 2)
    log_in(tmp_path).note("bob", "sign-in", "bob")
    assert [act.number for act in log_in(tmp_path).acts()] == [1, 2, 3]
    assert log_in(tmp_path).verify() is None


def test_a_line_that_was_changed_is_found(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / FILE
    path.write_text(path.read_text().replace("flow 2", "flow 9"))
    assert log_in(tmp_path).verify() == Fault(3, "changed")


def test_lines_that_were_swapped_or_taken_out_are_found(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    assert log_in(tmp_path).verify() == Fault(2, "not the next one")
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    assert log_in(tmp_path).verify() == Fault(3, "not the next one")


@pytest.mark.parametrize("kept", range(5))
def test_an_end_that_was_cut_off_is_found(tmp_path: Path, kept: int) -> None:
    written(tmp_path)
    path = tmp_path / FILE
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    assert log_in(tmp_path).verify() == Fault(kept + 1, "cut off or added to")


def test_a_head_that_was_moved_back_is_found(tmp_path: Path) -> None:
    written(tmp_path, 3)
    head = (tmp_path / HEAD).read_text()
    log = log_in(tmp_path)
    log.note("ann", "sign-in", "ann")
    log.note("ann", "sign-in", "ann")
    (tmp_path / HEAD).write_text(head)
    assert log_in(tmp_path).verify() == Fault(4, "cut off or added to")
    (tmp_path / HEAD).unlink()
    assert log_in(tmp_path).verify() is not None


def test_a_line_without_the_key_is_found(tmp_path: Path) -> None:
    """A crash may leave one line more than its head says, but only one of ours."""
    written(tmp_path, 2)
    head = (tmp_path / HEAD).read_text()
    log_in(tmp_path).note("ann", "sign-in", "ann")
    (tmp_path / HEAD).write_text(head)
    assert log_in(tmp_path).verify() is None
    path = tmp_path / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    forged = {**orjson.loads(lines[-1]), "who": "eve"}
    path.write_bytes(b"".join(lines[:-1]) + orjson.dumps(forged) + b"\n")
    assert log_in(tmp_path).verify() == Fault(3, "changed")
    assert log_in(tmp_path, b"x" * 32).verify() == Fault(1, "changed")


@given(position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flip_of_any_bit_is_found(
    tmp_path_factory: pytest.TempPathFactory, position: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("audit")
    written(folder, 3)
    path = folder / FILE
    data = bytearray(path.read_bytes())
    data[int(position * len(data))] ^= 1 << bit
    path.write_bytes(bytes(data))
    assert log_in(folder).verify() is not None


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    """What the command line does stands in the log of a server that runs."""
    server, command = log_in(tmp_path), log_in(tmp_path)
    for number in range(3):
        server.note("ann", "sign-in", f"{number}")
        command.note("bob", "flows.published", f"{number}")
    assert [act.number for act in server.acts()] == [1, 2, 3, 4, 5, 6]
    assert server.verify() is None

"""New files that an edit of a flow puts beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flowlang.diagnostics import Problem


def put_beside(flow: Path | None, files: Mapping[str, str]) -> Problem | None:
    """Write them, unless there are such files: then nothing is written."""
    if not files:
        return None
    if flow is None:
        return Problem(code="FL329", severity="error")
    for name in files:
        if (flow.parent / name).exists():
            return Problem(code="FL328", severity="error", arguments={"file": name})
    for name, text in files.items():
        (flow.parent / name).write_bytes(text.encode())
    return None


def take_back(flow: Path | None, files: Mapping[str, str]) -> None:
    """Delete those that still are as they were written: what somebody changed since is theirs."""
    for name, text in files.items():
        path = flow.parent / name if flow else None
        if path and path.is_file() and path.read_bytes() == text.encode():
            path.unlink()

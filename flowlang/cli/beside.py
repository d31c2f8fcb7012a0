"""What a conversion keeps beside a file, where the file alone does not say everything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flowlang.cli import files
from flowlang.diagnostics import Problem

Json = Any
CONNECT_SUFFIX = ".connect.json"
"""Beside a text, what only Connect's console cares about."""
TEXT_SUFFIX = ".flow.json"
"""Beside Connect's JSON, what only the text says."""


def read_beside(path: str, suffix: str) -> tuple[Mapping[str, Json], Problem | None]:
    """What stands beside the file, if anything does, or why it cannot be read."""
    beside = Path(path + suffix)
    if path == files.STANDARD or not beside.exists():
        return {}, None
    source = files.read(str(beside))
    if source.problem:
        return {}, source.problem
    try:
        found = json.loads(source.text)
    except (ValueError, RecursionError):
        return {}, Problem(code="FL401", severity="error", arguments={"path": str(beside)})
    return (found if isinstance(found, dict) else {}), None

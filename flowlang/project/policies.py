"""Policies of the house: files of a folder that hold policies for every flow in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flowlang.limits import TEXT_BYTES_MAX
from flowlang.model import Policy
from flowlang.syntax.parser import parse

POLICY_SUFFIX = ".policy.flow"


def policies_in(folder: Path) -> tuple[Policy, ...]:
    """Those of one folder. A file that cannot be read has problems of its own elsewhere."""
    found: list[Policy] = []
    for path in sorted(folder.glob(f"*{POLICY_SUFFIX}")):
        if path.stat().st_size <= TEXT_BYTES_MAX:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            found += parse(text).document.policies
    return tuple(found)


def policies_for(flow: Path, top: Path) -> tuple[Policy, ...]:
    """Those of the flow's folder, and of the folders above it up to `top`."""
    return tuple(policy for folder in _upwards(flow.parent, top) for policy in policies_in(folder))


def _upwards(folder: Path, top: Path) -> Iterable[Path]:
    yield folder
    if folder != top:
        yield from (above for above in folder.parents if above.is_relative_to(top))

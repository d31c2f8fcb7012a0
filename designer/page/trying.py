"""A try-out of a session's flow: how it begins, what it lights up, how it becomes a test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from designer import canvas
from designer.session import Session
from designer.trying.played import played
from designer.trying.tryout import Caller, TryOut, save_as_test
from designer.words import Language
from designer.workspace import Listed
from runtime.testing.projects import surroundings

OFFICE_TIME = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Seoul"))
"""A weekday at ten in the morning, so that most flows are open when they are tried."""


def new_tryout(session: Session, path: Path) -> TryOut:
    """In the project around the flow: its hours, its bots."""
    around = surroundings(path)
    at = OFFICE_TIME
    if around.project:
        at = at.replace(tzinfo=ZoneInfo(around.project.timezone))
    return TryOut(lambda: played(session), around, Caller(at=at))


def path_of(tryout: TryOut, path: Path, language: Language) -> canvas.Path:
    """What the canvas of the flow at a path lights up."""
    flow = tryout.flow_at(path)
    blocks, wires = tryout.path(flow)
    return {"blocks": blocks, "wires": wires, "now": tryout.now(flow),
            "pills": tryout.pills(flow, language)}  # fmt: skip


def address_of(flow: Path, listed: Listed) -> str | None:
    """Where the page of another flow is; None if it is of another folder."""
    depth = len(PurePosixPath(listed.address).parts)
    folder = listed.path.resolve().parents[depth - 1]
    return flow.relative_to(folder).as_posix() if flow.is_relative_to(folder) else None


def keep_as_test(tryout: TryOut) -> str:
    """Write the conversation as a test beside the flow; the name of the file."""
    return save_as_test(tryout.simulator.happened, tryout.played.subject).name

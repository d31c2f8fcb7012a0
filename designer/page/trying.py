"""A try-out of a session's flow: how it begins, what it lights up, how it becomes a test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from designer import canvas
from designer.session import Session
from designer.tryout import Caller, TryOut, save_as_test
from runtime.program import Program
from runtime.services.simulated import NobodyThere
from runtime.testing.projects import surroundings
from runtime.testing.subject import Subject

OFFICE_TIME = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Seoul"))
"""A weekday at ten in the morning, so that most flows are open when they are tried."""


def program_of(session: Session, path: Path) -> Program:
    subject = Subject(path, session.tree, session.catalogue)
    return subject.program


def new_tryout(session: Session, path: Path) -> TryOut:
    """In the project around the flow: its hours, its bots."""
    around = surroundings(path)
    caller = Caller(at=OFFICE_TIME)
    return TryOut(
        program_of(session, path),
        session.flow.document,
        caller,
        world=around.world,
        services=(around.services(caller.at), NobodyThere()),
    )


def path_of(tryout: TryOut) -> canvas.Path:
    """What the canvas lights up."""
    blocks, wires = tryout.path()
    return {"blocks": blocks, "wires": wires, "now": tryout.now(), "pills": tryout.pills()}


def keep_as_test(tryout: TryOut, session: Session, path: Path) -> str:
    """Write the conversation as a test beside the flow; the name of the file."""
    subject = Subject(path, session.tree, session.catalogue)
    return save_as_test(tryout.simulator.happened, subject).name

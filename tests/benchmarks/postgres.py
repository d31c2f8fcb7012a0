"""A PostgreSQL of our own, on the loopback and in a folder that goes with it, for those that are
compared with us on it. It keeps its usual settings: what is committed is on the disk."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = "/usr/lib/postgresql/*/bin"
OTHERS = ("postgres", "nobody")
"""Whom the server runs as where we are root, whom it refuses."""


def programs() -> Path | None:
    """The folder of its programs; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(Path("/").glob(DEBIAN.lstrip("/")))
    return folders[-1] if folders else None


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Its address, while it runs."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as made:
        folder, who = Path(made), _other()
        if who is not None:
            os.chown(folder, who.pw_uid, who.pw_gid)
        data, port = folder / "data", _free_port()
        _run(
            who, programs / "initdb", "-D", data, "-U", "bench", "-A", "trust", "--no-instructions"
        )
        settings = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
        control = programs / "pg_ctl"
        _run(who, control, "start", "-w", "-D", data, "-l", folder / "log", "-o", settings)
        try:
            yield f"postgresql://bench@127.0.0.1:{port}/postgres"
        finally:
            _run(who, control, "stop", "-D", data, "-m", "immediate")


def _other() -> pwd.struct_passwd | None:
    if os.getuid() != 0:
        return None
    return next(entry for name in OTHERS for entry in pwd.getpwall() if entry.pw_name == name)


def _run(who: pwd.struct_passwd | None, *command: Path | str) -> None:
    subprocess.run(
        list(map(str, command)), check=True, timeout=60, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        user=who.pw_uid if who else None, group=who.pw_gid if who else None,
        extra_groups=[] if who else None,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

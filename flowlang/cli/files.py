"""Finding and reading what the command line is pointed at."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flowlang.diagnostics import Problem
from flowlang.limits import JSON_BYTES_MAX, TEXT_BYTES_MAX

if TYPE_CHECKING:
    import pathspec

PROJECT_FILE = "flowlang.toml"
STANDARD = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or what is wrong with it."""

    path: str
    text: str = ""
    problem: Problem | None = None


def read(path: str) -> Source:
    try:
        if path == STANDARD:
            data = sys.stdin.buffer.read(JSON_BYTES_MAX + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(_limit(path) + 1)
            if len(data) > _limit(path):
                return _refused(path, "FL412", limit=_limit(path))
    except (OSError, ValueError) as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else ""
        return _refused(path, "FL410", detail=_detail(error), reason=reason)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(path, "FL411")
    return _refused(path, "FL411", reason="zero") if "\0" in text else Source(path=path, text=text)


def _detail(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _limit(path: str) -> int:
    return JSON_BYTES_MAX if path.endswith(".json") else TEXT_BYTES_MAX


def _refused(path: str, code: str, **arguments: object) -> Source:
    return Source(path=path, problem=_problem(path, code, **arguments))


def _problem(path: str, code: str, **arguments: object) -> Problem:
    return Problem(code=code, severity="error", arguments={"path": path, **arguments})


def no_flow(path: str) -> Problem:
    """Nothing in the folder is to be read."""
    return _problem(path, "FL413")


# --- writing ----------------------------------------------------------------------------------


def write(path: str, text: str) -> Problem | None:
    """Write a file whole or not at all: a crash in the middle leaves the old one."""
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            # A pipe or a device takes the text, and stays what it is.
            target.write_bytes(text.encode())
            return None
        with beside.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return _problem(path, "FL414", detail=error.strerror or str(error))
    return None


def make_folder(path: str) -> Problem | None:
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _problem(path, "FL414", detail=error.strerror or str(error))
    return None


# --- finding ----------------------------------------------------------------------------------


def find(
    paths: Iterable[str], suffixes: tuple[str, ...], seen: set[str] | None = None
) -> Iterator[str]:
    """The files themselves, and of folders what ends so and is not ignored. Each once."""
    seen = set() if seen is None else seen
    for path in paths:
        for found in _in_folder(path, suffixes) if Path(path).is_dir() else (path,):
            key = os.path.realpath(found)
            if key not in seen or found == STANDARD:
                seen.add(key)
                yield found


def _in_folder(top: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    closed: list[OSError] = []
    for folder, folders, names in os.walk(top, onerror=closed.append):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in ("node_modules", "__pycache__")
            and not _is_ignored(Path(folder, name), is_folder=True)
        )
        for name in sorted(names):
            path = Path(folder, name)
            is_wanted = name.endswith(suffixes) and not name.startswith(".")
            if is_wanted and not _is_ignored(path, is_folder=False) and _is_file(path):
                yield str(path)
    # Reading them tells why they cannot be read.
    yield from (str(error.filename) for error in closed)


def _is_file(path: Path) -> bool:
    """Not a pipe or a device, which would be waited for; a link to nothing is told."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def _is_ignored(path: Path, *, is_folder: bool) -> bool:
    """Whether a `.gitignore` of a folder above names it; the nearest decides."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (links are not followed)
    for folder in absolute.parents:
        spec = _ignored_in(folder)
        if spec is not None:
            relative = absolute.relative_to(folder).as_posix() + ("/" if is_folder else "")
            decision = spec.check_file(relative).include
            if decision is not None:
                return decision
        if (folder / ".git").exists():
            return False
    return False


@cache
def _ignored_in(folder: Path) -> pathspec.GitIgnoreSpec | None:
    try:
        text = (folder / ".gitignore").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(text.splitlines())


def folders_above(path: str, top: str) -> Iterator[Path]:
    """The folder of a file and those above it, up to its project or to `top`."""
    last = Path(os.path.abspath(top))  # noqa: PTH100
    for folder in Path(os.path.abspath(path)).parents:  # noqa: PTH100
        yield folder
        if folder == last or (folder / PROJECT_FILE).exists():
            return


def project_top(path: str) -> str:
    """The folder of the project that a file belongs to, else its own folder."""
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100
    for candidate in (folder, *folder.parents):
        if (candidate / PROJECT_FILE).exists():
            return str(candidate)
        if (candidate / ".git").exists():
            break
    return str(folder)

"""A file that somebody brings along: Amazon Connect's JSON, old or new, native JSON, or a text."""

from __future__ import annotations

import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowlang.catalogue import Catalogue
from flowlang.checks import check
from flowlang.cli.beside import CONNECT_SUFFIX
from flowlang.cli.sources import is_connect, is_json
from flowlang.diagnostics import Problem
from flowlang.interchange import native
from flowlang.interchange.connect.importing import Report, import_flow
from flowlang.limits import JSON_BYTES_MAX
from flowlang.model import Document
from flowlang.syntax import parse, to_text

WAITING_MAX = 8
"""Files that were sent and not asked for yet; the oldest goes first."""
UNREACHED = "FL201"


class HandedIn:
    """Files that browsers have sent, until their page asks for them by a ticket."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def put(self, name: str, data: bytes) -> str:
        ticket = secrets.token_urlsafe(16)
        self._waiting[ticket] = (name, data)
        while len(self._waiting) > WAITING_MAX:
            self._waiting.popitem(last=False)
        return ticket

    def take(self, ticket: str) -> tuple[str, bytes] | None:
        return self._waiting.pop(ticket, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What came of a file: a flow's text, or only why there is none."""

    file: str
    text: str = ""
    problems: tuple[Problem, ...] = ()
    """Of the reading, and of the text that was made."""
    report: Report | None = None
    """What became of each action of Amazon Connect."""
    dead: tuple[str, ...] = ()
    """Steps that nothing leads to."""
    sidecar: Mapping[str, Any] = field(default_factory=dict)

    @property
    def approximated(self) -> int:
        return sum(problem.severity == "warning" for problem in self.problems)


def read(file: str, data: bytes, catalogue: Catalogue) -> Brought:
    """As much of a flow as can be made of a file; the problems tell of the rest."""
    if len(data) > JSON_BYTES_MAX:
        return _refused(file, "FL412", limit=JSON_BYTES_MAX)
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(file, "FL411")
    if is_connect(source) or (is_json(source) and '"modules"' in source):
        return _from_connect(file, source, catalogue)
    if is_json(source):
        document, problems = native.read(source)
        if document is None or not document.sections:
            return Brought(file=file, problems=tuple(problems))
        return _made(file, to_text(document), tuple(problems), catalogue)
    tree = parse(source)
    if tree.document.header is None:
        return _refused(file, "FL413")
    return _made(file, source, (), catalogue)


def _refused(file: str, code: str, **arguments: object) -> Brought:
    problem = Problem(code=code, severity="error", arguments={"path": file, **arguments})
    return Brought(file=file, problems=(problem,))


def _from_connect(file: str, source: str, catalogue: Catalogue) -> Brought:
    imported = import_flow(source, catalogue)
    if not imported.document.sections:
        return Brought(file=file, problems=imported.problems)
    made = _made(file, to_text(imported.document), imported.problems, catalogue)
    return Brought(
        file=file, text=made.text, problems=made.problems, dead=made.dead,
        report=imported.report, sidecar=imported.sidecar,
    )  # fmt: skip


def _made(
    file: str, text: str, problems: tuple[Problem, ...], catalogue: Catalogue
) -> Brought:  # fmt: skip
    found = check(parse(text), catalogue).problems
    dead = tuple(str(problem.block) for problem in found if problem.code == UNREACHED)
    errors = tuple(problem for problem in found if problem.severity == "error")
    return Brought(file=file, text=text, problems=(*problems, *errors), dead=dead)


# --- putting it into a folder -----------------------------------------------------------------


def put(brought: Brought, folder: Path) -> Path:
    """Write it as a flow of its own; no file that is there is overwritten."""
    path = free(folder, _name_of(brought))
    path.write_text(brought.text, encoding="utf-8")
    if brought.sidecar:
        kept = json.dumps(brought.sidecar, ensure_ascii=False, indent=2) + "\n"
        path.with_name(path.name + CONNECT_SUFFIX).write_text(kept, encoding="utf-8")
    return path


def free(folder: Path, name: str) -> Path:
    """A file for a flow of that name; with a number, if there is one."""
    path = folder / f"{name}.flow"
    number = 2
    while path.exists():
        path = folder / f"{name}_{number}.flow"
        number += 1
    return path


def _name_of(brought: Brought) -> str:
    header = _document(brought).header
    name = header.name if header else brought.file.rpartition("/")[2].partition(".")[0]
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:60] or "flow"


def _document(brought: Brought) -> Document:
    return parse(brought.text).document

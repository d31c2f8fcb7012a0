"""The flows and modules of a project, and what other flows call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Literal, cast

from flowlang.model import Document
from flowlang.names import LEADS, outside_name
from flowlang.neighbours import Neighbours
from flowlang.project.files import FLOW_SUFFIX, Files
from flowlang.syntax.parser import Tree, parse

Kind = Literal["flow", "module"]
_HEADER = re.compile(
    r'^(flow|module)[ ]+([^\W\d][\w\u0300-\u036f]*)(?:[ ]+"([^"\n]*)")?', re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFile:
    path: str
    """From the project's folder."""
    kind: Kind
    name: str
    title: str = ""


def flow_files(files: Files) -> Iterator[FlowFile]:
    """Every flow and module; files with only tests or policies are none."""
    for path in files.flows:
        found = _HEADER.search(files.text(path) or "")
        if found:
            kind, name, title = found.groups()
            yield FlowFile(path=path, kind=cast(Kind, kind), name=name, title=title or "")


def called(name: str, flows: Iterable[FlowFile], near: str = "") -> tuple[FlowFile, ...]:
    """The flows that `flow x = "name"` in the file `near` can mean: the file of that name beside
    it, else in the project's folder, else the flow of that name, else of that title."""
    known = tuple(flows)
    file = name if name.endswith(FLOW_SUFFIX) else f"{name}{FLOW_SUFFIX}"
    beside = normpath(PurePosixPath(near).parent / file)
    ways: tuple[Callable[[FlowFile], bool], ...] = (
        lambda flow: flow.path == beside,
        lambda flow: flow.path == normpath(file),
        lambda flow: flow.name == name,
        lambda flow: flow.title == name,
    )
    for fits in ways:
        if found := tuple(flow for flow in known if fits(flow)):
            return found
    return ()


class Flows:
    """The flows of a folder, as they find each other."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._trees: dict[str, Tree] = {}

    @cached_property
    def all(self) -> tuple[FlowFile, ...]:
        return tuple(flow_files(self.files))

    def path(self, name: str, near: str) -> str:
        """The file that the file `near` means by a name; empty if that is none, or not sure."""
        found = called(name, self.all, near)
        return found[0].path if len(found) == 1 else ""

    def document(self, path: str) -> Document | None:
        """As the file is now; it is parsed again only if it changed."""
        text = self.files.text(path) if path else None
        if text is None:
            return None
        known = self._trees.get(path)
        if known is None or known.source != text:
            known = self._trees[path] = parse(text)
        return known.document

    def seen_from(self, path: str) -> Neighbours:
        return lambda name: self.document(self.path(name, path))

    def led_to(self, path: str) -> tuple[str, ...]:
        """A file and every other that contacts can come to from there."""
        found = {path: None}
        waiting = [path]
        while waiting:
            near = waiting.pop()
            document = self.document(near)
            for declared in document.declarations.values() if document else ():
                other = self.path(outside_name(declared), near) if declared.word in LEADS else ""
                if other and other not in found:
                    found[other] = None
                    waiting.append(other)
        return tuple(found)

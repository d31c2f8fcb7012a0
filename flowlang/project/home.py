"""A project as its flows see it: what there is under which name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

from flowlang.names import LEADS
from flowlang.project.files import Files, Folder
from flowlang.project.flows import FlowFile, Flows, called
from flowlang.project.loading import load, read
from flowlang.project.model import Project
from flowlang.project.signatures import Signature, signatures_in

TABLES: Mapping[str, str] = {
    "queue": "queues",
    "hours": "hours",
    "bot": "bots",
    "function": "functions",
    "prompt": "prompts",
    "table": "tables",
}
"""By the word that declares it, where the project file says what there is."""

_DECLARED = re.compile(
    r'^(?:flow|module)[ ]+([^\W\d][\w\u0300-\u036f]*)(?:[ ]*=[ ]*"([^"\n]*)")?', re.MULTILINE
)


def declared_in(text: str) -> Iterator[str]:
    """What a file calls the flows and modules that it declares; its first such line is its own."""
    for found in islice(_DECLARED.finditer(text), 1, None):
        yield found[2] or found[1]


class Home:
    """Worked out when it is asked for: most flows ask for little."""

    def __init__(self, project: Project, files: Files) -> None:
        self.project = project
        self.files = files

    @cached_property
    def documents(self) -> Flows:
        return Flows(self.files)

    @property
    def flows(self) -> tuple[FlowFile, ...]:
        return self.documents.all

    def called(self, name: str, near: str) -> tuple[FlowFile, ...]:
        """The flows or modules that the file `near` can mean by a name."""
        return called(name, self.flows, near)

    @cached_property
    def led_to(self) -> Collection[str]:
        """The files that other files declare, read from the beginnings of lines alone."""
        return {
            found[0].path
            for flow in self.flows
            for name in declared_in(self.files.text(flow.path) or "")
            if len(found := self.called(name, flow.path)) == 1
        }

    def names(self, word: str) -> Collection[str] | None:
        """What a declaration with this word can name; None: the project does not say."""
        if word in LEADS:
            return [flow.name for flow in self.flows if flow.kind == word]
        if word not in TABLES:
            return None
        there = (
            name
            for environment in self.project.environments.values()
            for name in environment.names.get(word, {})
        )
        return dict.fromkeys((*getattr(self.project, TABLES[word]), *there))

    def signature(self, function: str) -> Signature | None:
        """What a Python function of the project takes, if that is known."""
        found = self.project.functions.get(function)
        if found is None or not found.python:
            return None
        known = self._signatures.get(found.file, {})
        return known.get(found.python.partition(":")[2])

    @cached_property
    def _signatures(self) -> Mapping[str, Mapping[str, Signature | None]]:
        found: dict[str, Mapping[str, Signature | None]] = {}
        for function in self.project.functions.values():
            if function.python and function.file not in found:
                found[function.file] = self._read(function.file)
        return found

    def _read(self, path: str) -> Mapping[str, Signature | None]:
        try:
            return signatures_in(self.files.text(path) or "")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}


def home_in(folder: Path) -> Home | None:
    """The home of the flows in a folder with a project file; None if that file cannot be used."""
    project, _ = load(folder)
    return Home(project, Folder(folder)) if project else None


def home_of(text: str, files: Files) -> Home | None:
    project, _ = read(text, files=files)
    return Home(project, files) if project else None

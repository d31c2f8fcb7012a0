"""Everything that is wrong with one file, whatever it holds, and with a project as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from blocks.catalogue import catalogue
from flowlang.checking import Report, Surroundings
from flowlang.checking.context import Target
from flowlang.checks import check
from flowlang.cli import files
from flowlang.cli.beside import TEXT_SUFFIX, read_beside
from flowlang.cli.sources import is_connect, is_json
from flowlang.diagnostics import Problem
from flowlang.diagnostics.render import CheckedFile
from flowlang.model import Policy
from flowlang.places import Anchor, Place
from flowlang.project.policies import POLICY_SUFFIX, policies_in
from flowlang.syntax import Tree, parse, to_text

if TYPE_CHECKING:
    from flowlang.project.home import Home

FIXING_ROUNDS_MAX = 10
TestReader = Callable[[Tree, Path], Iterator[Problem]]


@dataclass(slots=True)
class Analyst:
    """Checks file after file; what they share is read once."""

    target: Target = "runtime"
    _read_tests: TestReader | None = field(default=None, init=False)

    def checked(self, path: str, top: str) -> CheckedFile:
        """`top` is the folder up to which policies of the house are looked for."""
        source = files.read(path)
        if source.problem:
            return CheckedFile(path=path, problems=(source.problem,))
        if Path(path).name == files.PROJECT_FILE:
            return _project(source)
        if is_json(source.text):
            return self._json(source)
        return self._text(source, top)

    def fixed(self, path: str, top: str) -> tuple[CheckedFile, int]:
        """What is still wrong after the safe fixes, and how many those were."""
        checked = self.checked(path, top)
        before, done = checked.source, 0
        if not path.endswith(".flow"):
            return checked, 0
        for _ in range(FIXING_ROUNDS_MAX):
            text, count = _with_fixes(checked)
            if not count:
                break
            checked = self._text(files.Source(path=path, text=text), top)
            done += count
        if checked.source != before and (failed := files.write(path, checked.source)):
            return replace(checked, problems=(failed, *checked.problems)), 0
        return checked, done

    # --- text ---------------------------------------------------------------------------------

    def _text(self, source: files.Source, top: str) -> CheckedFile:
        tree = parse(source.text)
        report = check(tree, catalogue(), target=self.target,
                       surroundings=_surroundings(source.path, top))  # fmt: skip
        problems = [*report.problems, *self._tests(tree, source.path)]
        return CheckedFile(
            path=source.path, source=source.text, problems=_in_order(problems), facts=report.facts
        )

    def _tests(self, tree: Tree, path: str) -> Iterator[Problem]:
        if not tree.document.tests:
            return
        if self._read_tests is None:
            self._read_tests = _test_reader()
        yield from self._read_tests(tree, Path(path))

    # --- JSON ---------------------------------------------------------------------------------

    def _json(self, source: files.Source) -> CheckedFile:
        if is_connect(source.text):
            problems, report = self._connect(source)
        else:
            problems, report = self._native(source.text)
        return CheckedFile(
            path=source.path,
            source=source.text,
            problems=tuple(_placed(source.text, (*problems, *report.problems))),
            facts=report.facts,
        )

    def _native(self, text: str) -> tuple[Iterable[Problem], Report]:
        from flowlang.cli.pointers import pointer_of
        from flowlang.interchange import native

        document, problems = native.read(text)
        if document is None:
            return problems, Report()
        tree = parse(to_text(document))
        report = check(tree, catalogue(), target=self.target)
        found = (*report.problems, *self._tests(tree, files.STANDARD))
        pointed = [
            _pointed(it, pointer_of(tree.document, it.place) if it.place else None) for it in found
        ]
        return problems, replace(report, problems=tuple(pointed))

    def _connect(self, source: files.Source) -> tuple[Iterable[Problem], Report]:
        from flowlang.interchange.connect.importing import import_flow

        beside, unreadable = read_beside(source.path, TEXT_SUFFIX)
        if unreadable:
            return (unreadable,), Report()
        imported = import_flow(source.text, catalogue(), beside=beside)
        if any(problem.severity == "error" for problem in imported.problems):
            return imported.problems, Report()
        report = check(imported.document, catalogue(), target=self.target)
        pointers = _action_pointers(source.text, imported.sidecar)
        pointed = [_pointed(it, pointers.get(it.block or "")) for it in report.problems]
        return imported.problems, replace(report, problems=tuple(pointed))


def _with_fixes(checked: CheckedFile) -> tuple[str, int]:
    from flowlang.cli.fixing import apply

    fixes = [item.fix for item in checked.problems if item.fix and item.fix.safe]
    return apply(checked.source, fixes)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda it: it.place.offsets[0] if it.place else -1))


def _project(source: files.Source) -> CheckedFile:
    from flowlang.project import load

    _, problems = load(Path(source.path).parent)
    return CheckedFile(path=source.path, source=source.text, problems=tuple(problems))


# --- what stands around a flow ----------------------------------------------------------------

_policies_in = cache(policies_in)


def _surroundings(path: str, top: str) -> Surroundings:
    home, place = _home(path) if path != files.STANDARD else (None, "")
    return Surroundings(policies=tuple(_policies(path, top)), home=home, path=place)


def _home(path: str) -> tuple[Home | None, str]:
    """The project that a file belongs to, and what the file is called there."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (links are not followed)
    folder = Path(files.project_top(path))
    if not (folder / files.PROJECT_FILE).is_file():
        return None, ""
    return _home_in(folder), absolute.relative_to(folder).as_posix()


@cache
def _home_in(folder: Path) -> Home | None:
    from flowlang.project.home import home_in

    return home_in(folder)


def _policies(path: str, top: str) -> Iterator[Policy]:
    """They stand in the flow's folder, or above it in its project."""
    if path != files.STANDARD and not path.endswith(POLICY_SUFFIX):
        for folder in files.folders_above(path, top):
            yield from _policies_in(folder)


# --- tests ------------------------------------------------------------------------------------


def _test_reader() -> TestReader:
    """Finds what is wrong with tests beyond their syntax; reads each flow once."""
    from runtime.testing.script import read_script
    from runtime.testing.suite import Flows

    flows = Flows()

    def problems(tree: Tree, path: Path) -> Iterator[Problem]:
        for test in tree.document.tests:
            subject = flows.find(test, tree, path)
            if isinstance(subject, Problem):
                yield subject
            elif not subject.errors:
                yield from read_script(test, subject).problems

    return problems


# --- places in JSON ---------------------------------------------------------------------------


def _pointed(problem: Problem, pointer: str | None) -> Problem:
    """Its places are those of a text that nobody has seen, and so are its edits."""
    return replace(problem, place=None, related=(), fix=None, pointer=pointer)


def _action_pointers(text: str, sidecar: Mapping[str, object]) -> dict[str, str]:
    """By step, the first of its actions."""
    import json

    from flowlang.interchange.connect.sidecar import load

    flow = json.loads(text.removeprefix("\ufeff"))
    # The older export has other names for them.
    listed, key = ("Actions", "Identifier") if "Actions" in flow else ("modules", "id")
    ids = [item.get(key) if isinstance(item, dict) else None for item in flow[listed]]
    return {
        step_id: f"/{listed}/{ids.index(kept[0].id)}"
        for step_id, kept in load(sidecar).steps.items()
        if kept and kept[0].id in ids
    }


def _placed(text: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems of JSON with the place that their pointer means."""
    from flowlang.cli.pointers import spans

    listed = list(problems)
    found = spans(text, {item.pointer for item in listed if item.pointer is not None})
    whole = Anchor(text)
    for item in listed:
        span = found.get(item.pointer) if item.pointer is not None else None
        yield replace(item, place=Place(whole, *span)) if span and item.place is None else item

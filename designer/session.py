"""An open flow: its text, what the text says, what is wrong with it, and how it came about.

Whoever draws, fills in a form or types changes the same text through here, so there is one undo
for all. Pages listen: each change comes with its edits, a patch for the canvas, and the problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from designer.beside import put_beside, take_back
from designer.drawing import Drawing, changes, draw
from designer.outline import Outline, outline
from designer.shown import Shown, shifted_ids
from designer.source_file import SourceFile, State
from flowlang.catalogue import Catalogue
from flowlang.checking import Report, Surroundings
from flowlang.checks import check
from flowlang.diagnostics import Edit, Problem
from flowlang.diagnostics.words import Language
from flowlang.edits import (
    Change,
    Edits,
    Flow,
    Operation,
    apply,
    composed,
    difference,
    inverse,
    perform,
)
from flowlang.layout import Arrangement
from flowlang.neighbours import Neighbours
from flowlang.project import Project
from flowlang.syntax.parser import Tree, parse
from flowlang.wiring import Wiring

if TYPE_CHECKING:
    from designer import canvas

Origin = Literal["canvas", "text", "undo", "redo", "file", "check"]
"""Where a change comes from; `file`: somebody changed the file elsewhere; `check`: nothing changed
but what is known to be wrong."""
Work = Callable[[], Report | None]
Later = Callable[[Work, Callable[[Report | None], None]], object]
"""Does work where nobody waits for it, and hands its result in where pages are changed."""
Arrangements = Mapping[Language, Arrangement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a page learns of a change."""

    origin: Origin
    edits: Edits
    """Of the text before, for an editor to apply."""
    patches: Mapping[Language, canvas.Changes]
    """For the canvas; empty where nothing is to be seen. A language that nobody asked for yet has
    none."""
    problems: tuple[Problem, ...]
    select: tuple[str, ...] = ()
    """The steps that the operation put into the centre."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """New ids of steps, so that a selection follows."""
    file: State = "saved"


@dataclass(slots=True)
class _Done:
    """One step of the undo stack."""

    forth: list[Edits]
    back: list[Edits]
    origin: Origin
    before: Arrangements
    after: Arrangements
    ids: list[Mapping[str, str]]
    files: Mapping[str, str] = field(default_factory=dict)
    """What it put beside the flow."""


class Session:
    def __init__(
        self,
        source: Path | str,
        catalogue: Catalogue,
        *,
        surroundings: Surroundings | None = None,
        look_around: Callable[[], Surroundings] | None = None,
        later: Later | None = None,
        at_once: int = 0,
        autosave: bool = True,
    ) -> None:
        """`source` is a file, or a text that is kept nowhere. `look_around` finds the surroundings
        anew, when an edit has changed what files there are.

        Checking a large flow takes longer than a person should wait to see an edit: `later` puts
        it off, and pages hear of its problems in an update of their own. A flow of up to `at_once`
        blocks is checked with every edit all the same.
        """
        self.catalogue = catalogue
        self.autosave = autosave
        self._surroundings = surroundings or Surroundings()
        self._look_around = look_around
        self._later = later
        self._at_once = at_once
        self._checks_due = self._checked = 0
        """Numbers of texts: of the newest, and of the last one that was checked."""
        self._report: Report | None = None
        self._file = SourceFile(source) if isinstance(source, Path) else None
        self._listeners: list[Callable[[Update], object]] = []
        self._undone: list[_Done] = []
        self._done: list[_Done] = []
        self._folded: frozenset[str] = frozenset()
        self._drawings: dict[Language, Drawing] = {}
        self.text = self._file.text if self._file else str(source)
        self._read(parse(self.text), None, None)
        self._report = self._check()
        self.problems = self._report.problems

    # --- what it is ---------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        return self._file.path if self._file else None

    @property
    def file(self) -> State:
        return self._file.state if self._file else "saved"

    @property
    def wiring(self) -> Wiring:
        return self.flow.wiring

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def reading(self, text: str, before: Flow | None = None) -> Flow:
        """What another text says here, such as one that somebody is typing."""
        known = before or self.flow
        neighbours = self._surroundings.neighbours
        return Flow.of(parse(text, known.tree), self.catalogue, known, neighbours=neighbours)

    @property
    def text_before(self) -> str:
        """The text without the last edit."""
        text = self.text
        for edits in self._done[-1].back[::-1] if self._done else ():
            text = apply(text, edits)
        return text

    @property
    def project(self) -> Project | None:
        """That it belongs to."""
        home = self._surroundings.home
        return home.project if home else None

    @property
    def neighbours(self) -> Neighbours:
        """The other flows of its project, as it calls them."""
        return self._surroundings.neighbours

    def drawing(self, language: Language) -> Drawing:
        """The flow as the canvas shows it, in one language."""
        if language not in self._drawings:
            self._drawings[language] = self._draw(language)
        return self._drawings[language]

    def document(self, language: Language) -> canvas.Document:
        return self.drawing(language).document

    def outline(self, language: Language) -> Outline:
        """The flow as a list, for screen readers and for finding one's way."""
        return outline(self.shown.wiring, language)

    def _read(self, tree: Tree, before: Flow | None, shown: Shown | None) -> None:
        self.tree = tree
        neighbours = self._surroundings.neighbours
        self.flow = Flow.of(tree, self.catalogue, before, neighbours=neighbours)
        self.shown = Shown.of(self.flow, shown, neighbours)

    def _draw(
        self, language: Language, before: Arrangement | None = None, *, exactly: bool = False
    ) -> Drawing:
        return draw(
            self.shown.wiring,
            language,
            problems=(*self.problems, *self.shown.marks),
            before=before,
            exactly=exactly,
            folded=self._folded,
            known=self._drawings.get(language),
        )

    # --- changing it --------------------------------------------------------------------------

    def apply(self, operation: Operation) -> Problem | None:
        """Do what somebody means on the canvas or in a form; the problem says why not."""
        if refused := self._refusal():
            return refused
        change = perform(operation, self.flow)
        if not isinstance(change, Change):
            return change
        if refused := put_beside(self.path, change.files):
            return refused
        self._look_beside(change.files)
        if change.edits:
            self._change(change.edits, "canvas", ids=change.ids, select=change.select)
            self._done[-1].files = change.files
        return None

    def apply_edits(self, edits: Iterable[Edit]) -> Problem | None:
        """Apply a fix."""
        if refused := self._refusal():
            return refused
        ordered = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
        if apply(self.text, ordered) != self.text:
            self._change(ordered, "canvas")
        return None

    def replace_text(self, text: str) -> Problem | None:
        """Take over what somebody typed."""
        if refused := self._refusal():
            return refused
        if edits := difference(self.text, text):
            self._change(edits, "text")
        return None

    def undo(self) -> bool:
        if not self._done:
            return False
        done = self._done.pop()
        self._undone.append(done)
        take_back(self.path, done.files)
        self._look_beside(done.files)
        ids = {new: old for old, new in composed(done.ids).items()}
        self._step(done.back[::-1], "undo", ids, done.before)
        return True

    def redo(self) -> bool:
        if not self._undone:
            return False
        done = self._undone.pop()
        self._done.append(done)
        put_beside(self.path, done.files)
        self._look_beside(done.files)
        self._step(done.forth, "redo", composed(done.ids), done.after)
        return True

    def fold(self, section: str, *, folded: bool) -> None:
        """Show a section as one row, or whole. That is no part of the text."""
        self._folded = self._folded | {section} if folded else self._folded - {section}
        self._tell("canvas", (), self._redraw({}))

    def _look_beside(self, files: Mapping[str, str]) -> None:
        if files and self._look_around:
            self._surroundings = self._look_around()

    def _refusal(self) -> Problem | None:
        if self._file and self._file.state == "unreadable":
            return Problem(code="FL135", severity="error")
        return None

    def _change(
        self,
        edits: Edits,
        origin: Origin,
        *,
        ids: Mapping[str, str] | None = None,
        select: tuple[str, ...] = (),
    ) -> None:
        """A new step, which ends what could be redone."""
        before = self._arrangements()
        source = self.text
        old = self.tree.document
        self._settle(apply(source, edits))
        moved = shifted_ids(old, self.tree.document) if ids is None else ids
        self._check_unless_later()
        patches = self._redraw(moved)
        self._note(edits, inverse(edits, source), origin, before, moved)
        self._tell(origin, edits, patches, select, moved)
        self._check_later()

    def _step(
        self, steps: Iterable[Edits], origin: Origin, ids: Mapping[str, str], places: Arrangements
    ) -> None:
        source = self.text
        text = source
        for edits in steps:
            text = apply(text, edits)
        self._settle(text)
        self._check_unless_later()
        self._tell(origin, difference(source, text), self._redraw(ids, places), (), ids)
        self._check_later()

    def _settle(self, text: str) -> None:
        self.text = text
        self._read(parse(text, self.tree), self.flow, self.shown)
        self._checks_due += 1
        self.problems = tuple(self._still_there())
        if self._file:
            self._file.text = text
            if self.autosave:
                self._file.save()

    def _still_there(self) -> Iterator[Problem]:
        """Until the new text is checked: what was told of lines that are as they were. It may not
        hold any more, so nothing is mended by it."""
        anchors = {id(chunk.anchor) for chunk in self.tree.chunks}
        for problem in self.problems:
            if problem.place is None or id(problem.place.anchor) in anchors:
                yield replace(problem, fix=None)

    def _note(
        self, edits: Edits, back: Edits, origin: Origin, before: Arrangements,
        ids: Mapping[str, str],
    ) -> None:  # fmt: skip
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last and origin == last.origin == "text" and _continues(last.forth[-1], edits):
            last.forth.append(edits)
            last.back.append(back)
            last.ids.append(ids)
            last.after = self._arrangements()
            return
        after = self._arrangements()
        self._done.append(_Done([edits], [back], origin, before, after, [ids]))

    # --- checking -----------------------------------------------------------------------------

    def _check(self) -> Report:
        """What is wrong with the text; what was said of the one before and holds is kept."""
        flow = self.flow  # once: another thread may be here while the next text is read
        return check(
            flow.tree,
            self.catalogue,
            surroundings=self._surroundings,
            wiring=flow.wiring,
            previous=self._report,
        )

    def be_checked(self) -> tuple[Problem, ...]:
        """The problems of the text as it is now, for whoever cannot wait."""
        if self._checked != self._checks_due:
            self._take(self._checks_due, self._check())
        return self.problems

    @property
    def _puts_off(self) -> bool:
        return self._later is not None and len(self.wiring.steps) > self._at_once

    def _check_unless_later(self) -> None:
        if not self._puts_off:
            self._checked = self._checks_due
            self._report = self._check()
            self.problems = self._report.problems

    def _check_later(self) -> None:
        if self._later is not None and self._puts_off:
            due = self._checks_due
            self._later(partial(self._check_if_newest, due), partial(self._take, due))

    def _check_if_newest(self, due: int) -> Report | None:
        return self._check() if due == self._checks_due != self._checked else None

    def _take(self, due: int, report: Report | None) -> None:
        """Tell what was found, unless there is a later text by now."""
        if report is not None and due == self._checks_due != self._checked:
            self._checked = due
            self._report = report
            self.problems = report.problems
            self._tell("check", (), self._redraw({}))

    # --- telling ------------------------------------------------------------------------------

    def listen(self, listener: Callable[[Update], object]) -> Callable[[], None]:
        """Hear of every change; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(
        self,
        origin: Origin,
        edits: Edits,
        patches: Mapping[Language, canvas.Changes],
        select: tuple[str, ...] = (),
        ids: Mapping[str, str] | None = None,
    ) -> None:
        update = Update(
            origin=origin, edits=edits, patches=patches, problems=self.problems, select=select,
            ids=ids or {}, file=self.file,
        )  # fmt: skip
        for listener in tuple(self._listeners):
            listener(update)

    def _redraw(
        self, ids: Mapping[str, str], exactly: Arrangements | None = None
    ) -> dict[Language, canvas.Changes]:
        """Draw anew in every language that somebody looks at."""
        patches = {}
        for language, old in self._drawings.items():
            if exactly and language in exactly:
                new = self._draw(language, exactly[language], exactly=True)
            else:
                new = self._draw(language, old.arrangement.renamed(ids))
            self._drawings[language] = new
            patches[language] = changes(old.document, new.document)
        return patches

    def _arrangements(self) -> Arrangements:
        return {language: drawing.arrangement for language, drawing in self._drawings.items()}

    # --- the file -----------------------------------------------------------------------------

    def save(self) -> State:
        """Write the text, unless somebody else changed the file meanwhile."""
        return self._file.save() if self._file else "saved"

    def look(self) -> State:
        """Notice a change of the file by somebody else, and tell."""
        if self._file is None:
            return "saved"
        before = self._file.state
        state = self._file.look()
        if state != before:
            self._tell("file", (), {})
        return state

    def reload(self) -> None:
        """Take over what stands in the file; ours can be had back by undo."""
        if self._file is None:
            return
        text = self._file.read()
        if edits := difference(self.text, text):
            self._change(edits, "file")
        else:
            self._tell("file", (), {})

    def keep_both(self) -> Path | None:
        """Write ours, and what somebody else wrote into a file beside it."""
        other = self._file.keep_both() if self._file else None
        self._tell("file", (), {})
        return other


def _continues(last: Edits, edits: Edits) -> bool:
    """Whether somebody typed on, or deleted on, where they were, on the same line."""
    if len(last) != 1 or len(edits) != 1:
        return False
    before, now = last[0], edits[0]
    if "\n" in now.text:
        return False
    end = before.start + len(before.text)
    typed_on = now.start == end and now.end == end
    deleted_on = not now.text and now.end == end and bool(now.start <= before.start or before.text)
    return typed_on or deleted_on

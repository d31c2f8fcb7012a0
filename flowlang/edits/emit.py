"""From a draft to edits of the text: only what changed is written, all else stays as it stands.

The lines of a section are *pieces*: its head and its statements. Pieces that keep their order
stay in place; one that moved is taken out and written elsewhere, comments and all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flowlang import model
from flowlang.diagnostics import Edit
from flowlang.edits.declaring import belongs_behind, text_of
from flowlang.edits.draft import (
    Draft,
    Goal,
    GotoDraft,
    PlacementDraft,
    RouteDraft,
    SectionDraft,
    Statement,
    StepDraft,
)
from flowlang.edits.operation import Change
from flowlang.edits.text import Script, apply, column, line_end, margin_below, span
from flowlang.layout import Point
from flowlang.names import VALUE_WORDS
from flowlang.syntax import spelling
from flowlang.syntax.build import construct
from flowlang.syntax.parser import Chunk
from flowlang.syntax.printer import INDENT, to_text

AnyRoute = TypeVar("AnyRoute", model.Route, model.SectionRoute)


def change(draft: Draft, chosen: Iterable[StepDraft] = (), more: Iterable[Edit] = ()) -> Change:
    """The edits that a draft asks for, and `more` that touch other places."""
    ids = _settle_ids(draft)
    emitter = _Emitter(draft, ids)
    emitter.declarations()
    emitter.sections()
    emitter.layout()
    for edit in more:
        emitter.script.replace(edit.start, edit.end, edit.text)
    emitter.header()
    renamed = {
        step.old_id: step_id
        for step, step_id in ids.items()
        if step.old_id is not None and step.old_id != step_id
    }
    return Change(
        edits=emitter.script.edits(),
        select=tuple(ids[step] for step in chosen if step in ids),
        ids=renamed,
    )


def _settle_ids(draft: Draft) -> dict[StepDraft, str]:
    """The ids after the edit. A step that is led to and has no id to spell gets a name."""
    goals = {route.goal for route in draft.routes() if isinstance(route.goal, StepDraft)}
    ids = _ids(draft)
    nameless = [step for step in goals if step in ids and ids[step].count(".") > 1]
    for step in sorted(nameless, key=lambda step: ids[step]):
        step.step = _with(step.step, name=draft.step_name(step.step.kind))
    return _ids(draft) if nameless else ids


def _ids(draft: Draft) -> dict[StepDraft, str]:
    return {step: step_id for section in draft.sections for step, step_id in section.ids()}


def _with(step: model.Step, **fields: object) -> model.Step:
    return construct(model.Step, {**step.__dict__, **fields})


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Piece:
    """A part of the text that moves as one."""

    section: SectionDraft | None
    """None: no section, and so never touched."""
    statement: Statement | None = None
    """None: the section's head."""
    start: int = -1
    end: int = -1
    gap: bool = False


class _Emitter:
    def __init__(self, draft: Draft, ids: Mapping[StepDraft, str]) -> None:
        self.draft = draft
        self.ids = ids
        self.tree = draft.flow.tree
        self.source = self.tree.source
        self.script = Script(self.source)
        self.old_bodies = {id(section.old): section for section in draft.sections if section.old}

    # --- declarations -------------------------------------------------------------------------

    def declarations(self) -> None:
        """Write the new ones, each behind what is most like it."""
        known = list(self.draft.flow.document.declarations.values())
        ends = {id(chunk.item): chunk.anchor.offset + len(chunk.text) for chunk in self.tree.chunks}
        top = ends.get(id(self.draft.flow.document.header), 0)
        for new in self.draft.declared:
            behind = belongs_behind(new, known)
            at = ends[id(behind)] if behind else top
            is_alike = behind and (behind.word in VALUE_WORDS) == (new.word in VALUE_WORDS)
            text = ("" if is_alike or not at else "\n") + text_of(new)
            self.script.insert_line(at, text if at or not self.source else f"{text}\n")
            known.insert(known.index(behind) + 1 if behind else 0, new)
            ends[id(new)] = at

    # --- sections -----------------------------------------------------------------------------

    def sections(self) -> None:
        before = self._old_pieces()
        after = self._new_pieces()
        keys = {self._key(piece): index for index, piece in enumerate(before)}
        places = [keys.get(self._key(piece), -1) for piece in after]
        kept = _longest_ascent(places)
        staying = {places[index] for index in kept}
        for index, piece in enumerate(before):
            if index not in staying:
                self.script.delete(self._lead(piece), piece.end)
        anchor: _Piece | None = None
        run: list[_Piece] = []
        for index, piece in enumerate(after):
            if index in kept:
                self._insert(run, anchor, piece)
                anchor, run = before[places[index]], []
                self._mend(piece)
            else:
                run.append(piece)
        self._insert(run, anchor, None)

    def header(self) -> None:
        header = self.draft.flow.document.header
        if header is None:
            return
        kept = {id(route.old) for route in self.draft.header_routes}
        for old in header.routes:
            if id(old) not in kept:
                self.script.delete(*span(old.extent))
        for route in self.draft.header_routes:
            if route.old is None:
                at = span(header.extent)[1]
                margin = margin_below(self.source, (*header.settings, *header.routes))
                self.script.insert_line(at, f"{margin}{self._spelled(route)}\n")
            self._retarget(route)

    def _key(self, piece: _Piece) -> int:
        """What is the same piece before and after."""
        if piece.section is None:
            return piece.start
        if piece.statement is None:
            return id(piece.section.old or piece.section)
        return id(piece.statement.old or piece.statement)

    def _old_pieces(self) -> list[_Piece]:
        pieces = []
        drafted = self.draft.flow.document.sections
        for chunk in self.tree.chunks:
            item = chunk.item
            if isinstance(item, model.Section) and drafted.get(item.name) is item:
                pieces.extend(self._old_section(item))
            elif not _is_loose(chunk):
                start = chunk.anchor.offset
                pieces.append(_Piece(section=None, start=start, end=start + len(chunk.text)))
        return pieces

    def _old_section(self, section: model.Section) -> list[_Piece]:
        """Its pieces, with the draft that it was read to (or a bare one, if that is gone)."""
        owner = self.old_bodies.get(id(section)) or SectionDraft(name=section.name, old=section)
        start, _ = span(section.extent)
        head_end = line_end(self.source, span(section.at)[1])
        pieces = [_Piece(section=owner, start=start, end=head_end, gap=True)]
        for item in section.body:
            start, end = span(item.extent)
            end = min(end, len(self.source))  # a last line may lack its end
            statement = _bare(item)
            pieces.append(
                _Piece(section=owner, statement=statement, start=start, end=end, gap=item.gap)
            )
        return pieces

    def _new_pieces(self) -> list[_Piece]:
        behind = self._new_sections_behind()
        pieces = []
        drafted = self.draft.flow.document.sections
        last_setting = self._last_before_sections()
        if last_setting is None:
            pieces += behind.pop(None, [])
        for chunk in self.tree.chunks:
            item = chunk.item
            if isinstance(item, model.Section) and drafted.get(item.name) is item:
                owner = self.old_bodies.get(id(item))
                if owner:
                    pieces += [*_section_pieces(owner), *behind.pop(owner, [])]
            elif not _is_loose(chunk):
                start = chunk.anchor.offset
                pieces.append(_Piece(section=None, start=start, end=start + len(chunk.text)))
                if chunk is last_setting:
                    pieces += behind.pop(None, [])
        return pieces

    def _new_sections_behind(self) -> dict[SectionDraft | None, list[_Piece]]:
        """The pieces of new sections, by the old section that they stand behind."""
        behind: dict[SectionDraft | None, list[_Piece]] = {}
        last: SectionDraft | None = None
        for section in self.draft.sections:
            if section.old:
                last = section
            else:
                behind.setdefault(last, []).extend(_section_pieces(section))
        return behind

    def _last_before_sections(self) -> Chunk | None:
        """The last header or declaration."""
        settings = (model.Header, model.Declaration)
        found = [chunk for chunk in self.tree.chunks if isinstance(chunk.item, settings)]
        return found[-1] if found else None

    def _lead(self, piece: _Piece) -> int:
        """Where a piece begins that is taken out: with the blank lines above it, if it has any."""
        if not piece.gap:
            return piece.start
        return _blank_start(self.source, piece.start)

    def _insert(
        self, run: Sequence[_Piece], anchor: _Piece | None, following: _Piece | None
    ) -> None:
        """Write a run of pieces behind the anchor, and in front of what follows."""
        if not run:
            return
        heads = [index for index, piece in enumerate(run) if piece.statement is None]
        first_head = heads[0] if heads else len(run)
        ends_item = following is None or following.statement is None
        at = anchor.end if anchor else 0
        if first_head:
            self.script.insert_line(at, "".join(map(self._text, run[:first_head])))
        if first_head < len(run):
            behind = self._item_end(anchor) if anchor and ends_item else at
            text = "".join(map(self._text, run[first_head:]))
            self.script.insert_line(behind, text if behind else text.lstrip("\n"))
        if not ends_item and following and heads and heads[-1] == len(run) - 1:
            self._close_gap(following)

    def _close_gap(self, following: _Piece) -> None:
        """A statement that is first in its section now needs no blank line above."""
        old = following.statement.old if following.statement else None
        if old and old.gap:
            start, _ = span(old.extent)
            self.script.delete(_blank_start(self.source, start), start)

    def _item_end(self, anchor: _Piece) -> int:
        """Where the item of a piece ends, with the comments that close it."""
        return next(
            chunk.anchor.offset + len(chunk.text)
            for chunk in self.tree.chunks
            if chunk.anchor.offset + len(chunk.text) >= anchor.end
        )

    # --- text ---------------------------------------------------------------------------------

    def _text(self, piece: _Piece) -> str:
        section = piece.section
        assert section is not None
        if piece.statement is None:
            return _head_text(section)
        indent = self._indent(section)
        old = piece.statement.old
        if old is None:
            return self._new_text(section, piece.statement, indent)
        start, end = span(old.extent)
        inner = Script(self.source)
        self._mend_into(inner, piece.statement)
        edits = [
            Edit(start=edit.start - start, end=edit.end - start, text=edit.text)
            for edit in inner.edits()
        ]
        text = apply(self.source[start:end], edits)
        text = _reindented(text, indent - column(self.source, span(old.at)[0]))
        gap = "\n" if old.gap and section.body[0] is not piece.statement else ""
        return gap + (text if text.endswith("\n") else text + "\n")

    def _new_text(self, section: SectionDraft, statement: Statement, indent: int) -> str:
        origin = statement.step if isinstance(statement, StepDraft) else statement.like
        gap = "\n" if origin and origin.gap and section.body[0] is not statement else ""
        text = gap + _reindented(self._printed(statement), indent - len(INDENT))
        if section.like and section.body[-1] is statement:
            text += "".join(f"{INDENT}# {line}".rstrip() + "\n" for line in section.like.closing)
        return text

    def _indent(self, section: SectionDraft) -> int:
        if section.old and section.old.body:
            return column(self.source, span(section.old.body[0].at)[0])
        return len(INDENT)

    def _printed(self, statement: Statement) -> str:
        """A new statement as text."""
        match statement:
            case StepDraft():
                return _statement_text(self._whole(statement))
            case GotoDraft():
                around = statement.like.__dict__ if statement.like else {}
                told = {**around, "target": self._target(statement.goal)}
                return _statement_text(construct(model.Goto, told))
            case RouteDraft():
                return _statement_text(self._route_of(model.SectionRoute, statement))

    def _whole(self, draft: StepDraft) -> model.Step:
        routes = tuple(self._route_of(model.Route, route) for route in draft.routes)
        return _with(draft.step, routes=routes)

    def _route_of(self, cls: type[AnyRoute], draft: RouteDraft) -> AnyRoute:
        origin = draft.old or draft.like
        around = origin.__dict__ if origin else {}
        told = {"ports": draft.ports, "target": self._target(draft.goal)}
        return construct(cls, {**around, **told})

    def _target(self, goal: Goal) -> model.Target:
        name, _, step = self._goal(goal).partition(".")
        return construct(model.Target, {"name": name, "step": step or None})

    def _goal(self, goal: Goal) -> str:
        match goal:
            case SectionDraft():
                return goal.name
            case StepDraft():
                return self.ids.get(goal, "nowhere")
            case _:
                return goal

    def _spelled(self, route: RouteDraft) -> str:
        return spelling.route(route.ports, self._goal(route.goal))

    # --- changes within a piece -----------------------------------------------------------------

    def _mend(self, piece: _Piece) -> None:
        section = piece.section
        if section is None:
            return
        if piece.statement is not None:
            self._mend_into(self.script, piece.statement)
        elif section.old and section.name != section.old.name:
            start, end = span(section.old.name_at)
            self.script.replace(start, end, section.name)

    def _mend_into(self, script: Script, statement: Statement) -> None:
        match statement:
            case StepDraft(old=model.Step() as old):
                self._mend_step(script, statement, old)
            case GotoDraft(old=model.Goto() as goto):
                if goto.target.spelling != self._goal(statement.goal):
                    start, end = span(goto.at)
                    script.replace(start, end, f"-> {self._goal(statement.goal)}")
            case RouteDraft():
                self._retarget(statement, script)
            case _:
                pass

    def _retarget(self, route: RouteDraft, script: Script | None = None) -> None:
        old = route.old
        if old is None:
            return
        script = script or self.script
        wanted = self._goal(route.goal)
        start, end = span(old.at)
        if route.ports is not old.ports:
            script.replace(start, end, self._spelled(route))
        elif old.target.spelling != wanted:
            start = start + self.source[start:end].rindex("->")
            script.replace(start, end, f"-> {wanted}")

    def _mend_step(self, script: Script, draft: StepDraft, old: model.Step) -> None:
        routes_at = self._routes_start(old)
        comments = self.draft.comments.get(draft)
        if comments is not None:
            start = self._line_start(span(old.at)[0])
            indent = " " * column(self.source, span(old.at)[0])
            text = "".join(f"{indent}# {comment}".rstrip() + "\n" for comment in comments)
            script.replace(span(old.extent)[0], start, text)
        if draft.step.arguments is not old.arguments:
            start = self._line_start(span(old.at)[0])
            if not self._stands_as_printed(old, routes_at):
                script.replace(start, span(old.extent)[1], self._step_text(self._whole(draft), old))
                return
            head = self._step_text(_with(draft.step, routes=()), old)
            script.replace(start, routes_at, head)
        else:
            self._mend_head(script, draft.step, old)
        kept = {id(route.old) for route in draft.routes if route.old}
        for route in old.routes:
            if id(route) not in kept:
                script.delete(*span(route.extent))
        self._mend_routes(script, draft, old, routes_at)

    def _stands_as_printed(self, old: model.Step, routes_at: int) -> bool:
        """Whether the printer would put arguments where they stand: above the outcomes, and as
        deep as those."""
        own = column(self.source, span(old.at)[0])
        below = [item for item in old.arguments if item.own_line]
        return self._inner_indent(old) == own + len(INDENT) and all(
            span(item.at)[0] < routes_at for item in below
        )

    def _step_text(self, step: model.Step, old: model.Step) -> str:
        """A step printed anew, from its own line on."""
        text = _statement_text(_with(step, comments=(), gap=False))
        return _reindented(text, column(self.source, span(old.at)[0]) - len(INDENT))

    def _mend_head(self, script: Script, step: model.Step, old: model.Step) -> None:
        kind_start, kind_end = span(old.name_at)
        if step.kind != old.kind:
            script.replace(kind_start, kind_end, step.kind)
        if step.name != old.name:
            script.replace(span(old.at)[0], kind_start, f"{step.name} = " if step.name else "")

    def _mend_routes(
        self, script: Script, draft: StepDraft, old: model.Step, routes_at: int
    ) -> None:
        at = routes_at
        margin = " " * self._inner_indent(old)
        for route in draft.routes:
            if route.old is None:
                script.insert_line(at, f"{margin}{self._spelled(route)}\n")
            else:
                self._retarget(route, script)
                at = span(route.old.extent)[1]

    def _inner_indent(self, step: model.Step) -> int:
        for line in (*step.routes, *(item for item in step.arguments if item.own_line)):
            return column(self.source, span(line.at)[0])
        return column(self.source, span(step.at)[0]) + len(INDENT)

    def _routes_start(self, step: model.Step) -> int:
        return span((step.routes[0] if step.routes else step).extent)[1 if not step.routes else 0]

    def _line_start(self, offset: int) -> int:
        return self.source.rfind("\n", 0, offset) + 1

    # --- layout ---------------------------------------------------------------------------------

    def layout(self) -> None:
        layout = self.draft.flow.document.layout
        entries = self._entries()
        if layout is None:
            self._new_layout(entries)
        elif not entries:
            start, end = span(layout.extent)
            self.script.delete(_blank_start(self.source, start), end)
        else:
            self._mend_layout(layout, entries)

    def _entries(self) -> list[tuple[str, PlacementDraft]]:
        """What the layout says now, without blocks that are gone."""
        found = []
        for item in self.draft.placements:
            if isinstance(item.owner, str):
                found.append((item.owner, item))
            elif item.owner in self.ids:
                found.append((self.ids[item.owner], item))
        return found

    def _new_layout(self, entries: Sequence[tuple[str, PlacementDraft]]) -> None:
        if entries:
            lines = sorted(_entry_text(step_id, item.at) for step_id, item in entries)
            items = [chunk for chunk in self.tree.chunks if not _is_loose(chunk)]
            last = items[-1] if items else self.tree.chunks[-1]
            end = last.anchor.offset + len(last.text)
            self.script.insert_line(end, "\nlayout\n" + "".join(lines))

    def _mend_layout(
        self, layout: model.Layout, entries: Sequence[tuple[str, PlacementDraft]]
    ) -> None:
        kept = {id(item.old): (step_id, item) for step_id, item in entries if item.old}
        staying: list[model.Placement] = []
        moving = [(step_id, item) for step_id, item in entries if item.old is None]
        for old in layout.places:
            step_id, item = kept.get(id(old), ("", None))
            if item is None:
                self.script.delete(*span(old.extent))
            elif step_id == old.id:
                staying.append(old)
                if item.at != (old.x, old.y):
                    self.script.replace(*span(old.at), _entry_text(step_id, item.at).strip())
            else:
                self.script.delete(*span(old.extent))
                moving.append((step_id, item))
        head_end = line_end(self.source, span(layout.at)[1])
        names = [old.id for old in staying]
        first = layout.places[0] if layout.places else None
        margin = column(self.source, span(first.at)[0]) if first else 2
        for step_id, item in sorted(moving, key=lambda entry: entry[0]):
            index = bisect_left(names, step_id)
            at = span(staying[index - 1].extent)[1] if index else head_end
            self.script.insert_line(at, _reindented(_entry_text(step_id, item.at), margin - 2))


# --- helpers ------------------------------------------------------------------------------------


def _section_pieces(section: SectionDraft) -> list[_Piece]:
    statements = [_Piece(section=section, statement=item) for item in section.body]
    return [_Piece(section=section), *statements]


def _bare(item: model.Step | model.Goto | model.SectionRoute) -> Statement:
    """A stand-in for what the text has, known by its `old`."""
    match item:
        case model.Step():
            return StepDraft(step=item, old=item)
        case model.Goto():
            return GotoDraft(goal="", old=item)
        case model.SectionRoute():
            return RouteDraft(ports=item.ports, goal="", old=item)


def _is_loose(chunk: Chunk) -> bool:
    """Comments at the end of the file, or nothing."""
    return chunk.item is None and not chunk.problems


def _blank_start(source: str, offset: int) -> int:
    """Where the blank lines begin that end at `offset`."""
    while True:
        start = source.rfind("\n", 0, max(offset - 1, 0)) + 1
        if offset == 0 or source[start:offset].strip():
            return offset
        offset = start


def _reindented(text: str, by: int) -> str:
    if by == 0:
        return text
    lines = text.splitlines(keepends=True)
    if by > 0:
        return "".join(" " * by + line if line.strip() else line for line in lines)
    return "".join(line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines)


def _head_text(section: SectionDraft) -> str:
    """The first line of a new section, and the blank one above it."""
    around = section.like.__dict__ if section.like else {}
    told = {"name": section.name, "body": (), "closing": (), "gap": False}
    head = construct(model.Section, {**around, **told})
    return "\n" + to_text(construct(model.Document, {"items": (head,)}))


def _statement_text(statement: model.Statement) -> str:
    section = construct(model.Section, {"name": "x", "body": (statement,)})
    return to_text(construct(model.Document, {"items": (section,)})).partition("\n")[2]


def _entry_text(step_id: str, at: Point) -> str:
    return f"{INDENT}{step_id} {at.x}, {at.y}\n"


def _longest_ascent(places: Sequence[int]) -> set[int]:
    """Indices of a longest run of `places` that only grows; -1 stands for none."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = [-1] * len(places)
    for index, place in enumerate(places):
        if place < 0:
            continue
        length = bisect_left(tails, place)
        before[index] = ends[length - 1] if length else -1
        if length == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[length] = place
            ends[length] = index
    kept = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return kept

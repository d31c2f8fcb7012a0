"""From lines and their indentation to the structure of one top-level item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.places import Anchor, Place
from flowlang.syntax.build import Draft, construct
from flowlang.syntax.lines import ChunkLines, LogicalLine
from flowlang.syntax.transformer import Entry, ListItem, LoneWord, TitledPhrase, Told

HEADERS = ("flow", "module")


class Row:
    """A line, what it parsed to (nothing, when it did not), and the rows indented below it."""

    __slots__ = ("below", "draft", "line")

    def __init__(self, line: LogicalLine, draft: Draft | None) -> None:
        self.line = line
        self.draft = draft
        self.below: list[Row] = []

    @property
    def last_line(self) -> LogicalLine:
        row = self
        while row.below:
            row = row.below[-1]
        return row.line


class Assembler:
    """Builds one item; every problem of structure is noted, and what has one is left out."""

    def __init__(self, chunk: ChunkLines, drafts: Sequence[Draft | None]) -> None:
        self.chunk = chunk
        self.anchor: Anchor = chunk.anchor
        self.problems: list[Problem] = []
        rows = [Row(line, draft) for line, draft in zip(chunk.lines, drafts, strict=True)]
        self.head = rows[0]
        self._nest(rows)

    def item(self) -> model.Item | None:
        row = self.head
        match row.draft:
            case None:
                self._check_orphans(row.below)
                return None
            case LoneWord():
                return self._lone_word(row)
            case Told():
                return self._told(row)
            case TitledPhrase():
                return self._titled_phrase(row)
            case Draft(cls=model.Section):
                return self._section(row)
            case Draft(fields=fields) if fields["word"] in HEADERS and _is_header(fields):
                return self._header(row)
            case _:
                return self._declaration(row)

    # --- helpers ----------------------------------------------------------------------------

    def _nest(self, rows: list[Row]) -> None:
        """Put each row below the one it is indented under, and check that levels line up."""
        above: list[Row] = []
        for row in rows:
            indent = row.line.indent
            previous = None
            while above and above[-1].line.indent >= indent:
                previous = above.pop()
            if not above:
                if previous is None:
                    above.append(row)
                    continue
                # A closing bracket at the left margin: its line has its own problem already.
                above.append(previous)
            parent = above[-1]
            if parent.below and indent != parent.below[0].line.indent and not _is_item(parent):
                self._misplaced(row, _level(row, parent, parent.below[0]))
            if len(above) > limits.DATA_NESTING_MAX + 3:
                self._report("FL041", row, limit=limits.DATA_NESTING_MAX)
                row.draft = None
                continue
            parent.below.append(row)
            above.append(row)

    def _misplaced(self, row: Row, indent: int) -> None:
        line = row.line
        start = line.start - line.indent
        if "\t" in self.anchor.text[start : line.start]:
            return
        indented = Rewrite(Place(self.anchor, start, line.start), " " * indent)
        title = "FL014" if indent else "FL014.first"
        self._report("FL014", row, fix=Fix(title=title, rewrites=(indented,), safe=False))

    def _report(
        self, code: str, row: Row, fix: Fix | None = None, place: Place | None = None,
        **arguments: object,
    ) -> None:  # fmt: skip
        if row.line.problem is not None:
            return
        at = place or self._place(row)
        problem = Problem(code=code, severity="error", place=at, arguments=arguments, fix=fix)
        row.line.problem = problem
        self.problems.append(problem)

    def _place(self, row: Row) -> Place:
        return Place(self.anchor, row.line.start, row.line.end)

    def _build(self, cls: type[Any], row: Row, fields: dict[str, Any]) -> Any:
        """The node of a row, with what stands around it."""
        line = row.line
        fields["at"] = self._place(row)
        fields["extent"] = Place(self.anchor, line.comments_start, row.last_line.next_start)
        if line.gap:
            fields["gap"] = True
        if line.comments:
            fields["comments"] = tuple(line.comments)
        if line.remark:
            fields["remark"] = line.remark
            fields["remark_gap"] = line.remark_gap
        return construct(cls, fields)

    def _build_item(self, cls: type[Any], row: Row, fields: dict[str, Any]) -> Any:
        fields["closing"] = tuple(self.chunk.closing)
        return self._build(cls, row, fields)

    def _check_orphans(self, rows: list[Row]) -> None:
        """Rows below a line that did not parse: they were parsed, and have no home."""

    def _nothing_below(self, row: Row) -> None:
        for below in row.below:
            self._report("FL014", below)

    # --- sections ---------------------------------------------------------------------------

    def _section(self, row: Row) -> model.Item:
        assert row.draft is not None
        fields = dict(row.draft.fields)
        fields["body"] = tuple(self._statements(row.below))
        section: model.Item = self._build_item(model.Section, row, fields)
        return section

    def _statements(self, rows: list[Row]) -> Iterator[Any]:
        names: dict[str, model.Step] = {}
        for row in rows:
            draft = row.draft
            if draft is None:
                self._check_orphans(row.below)
            elif draft.cls is model.Step:
                step = self._step(row)
                self._check_name(row, step, names)
                yield step
            elif draft.cls is model.Goto:
                self._nothing_below(row)
                yield self._build(model.Goto, row, draft.fields)
            elif draft.cls is model.Route:
                if _is_error_route(draft):
                    self._nothing_below(row)
                    yield self._build(model.SectionRoute, row, draft.fields)
                else:
                    self._report("FL013", row)
            else:
                self._report("FL025", row)

    def _check_name(self, row: Row, step: model.Step, names: dict[str, model.Step]) -> None:
        if step.name is None:
            return
        if step.name in names:
            start = row.line.start
            place = Place(self.anchor, start, start + len(step.name))
            self._report("FL015", row, place=place, name=step.name)
        names.setdefault(step.name, step)

    def _step(self, row: Row) -> model.Step:
        assert row.draft is not None
        fields = dict(row.draft.fields)
        routes = []
        arguments = list(fields["arguments"])
        for below in row.below:
            draft = below.draft
            if draft is None:
                continue
            if isinstance(draft, Entry):
                argument = self._entry(below, 1)
                if argument is not None:
                    arguments.append(argument)
            elif draft.cls is model.Route:
                self._nothing_below(below)
                routes.append(self._build(model.Route, below, draft.fields))
            elif isinstance(draft, ListItem):
                self._report("FL026", below)
            else:
                self._misplaced(below, row.line.indent)
        fields["arguments"] = tuple(arguments)
        fields["routes"] = tuple(routes)
        step: model.Step = self._build(model.Step, row, fields)
        return step

    # --- arguments in lines of their own --------------------------------------------------------

    def _entry(self, row: Row, depth: int) -> model.Argument | None:
        draft = row.draft
        assert draft is not None
        value = self._entry_value(row, draft, row.below, depth)
        if value is None:
            return None
        fields = {"key": draft.fields["key"], "name_at": draft.fields["name_at"], "value": value}
        argument: model.Argument = self._build(model.Argument, row, {**fields, "own_line": True})
        return argument

    def _entry_value(
        self, row: Row, draft: Draft, below: list[Row], depth: int
    ) -> ex.Expression | None:
        value: ex.Expression | None = draft.fields["value"]
        if value is not None:
            self._nothing_below(row)
            return value
        if not below:
            self._report("FL024", row, key=draft.fields["key"])
            return None
        return self._data(below, depth + 1)

    def _data(self, rows: list[Row], depth: int) -> ex.Expression | None:
        """The list or record that these rows spell."""
        if depth > limits.DATA_NESTING_MAX:
            self._report("FL041", rows[0], limit=limits.DATA_NESTING_MAX)
            return None
        known = [row for row in rows if row.draft is not None]
        if not known:
            return None
        at = self._place(known[0]).to(self._place(known[-1]))
        if isinstance(known[0].draft, ListItem):
            items = self._of_kind(known, ListItem)
            return ex.ListOf(tuple(self._items(items, depth)), in_lines=True, at=at)
        fields = self._of_kind(known, Entry)
        return ex.Record(tuple(self._fields(fields, depth)), in_lines=True, at=at)

    def _of_kind(self, rows: list[Row], kind: type[Draft]) -> list[Row]:
        for row in rows:
            if not isinstance(row.draft, kind):
                self._report("FL026" if isinstance(row.draft, (ListItem, Entry)) else "FL027", row)
        return [row for row in rows if isinstance(row.draft, kind)]

    def _fields(self, rows: list[Row], depth: int) -> Iterator[ex.Field]:
        for row in rows:
            draft = row.draft
            assert draft is not None
            value = self._entry_value(row, draft, row.below, depth)
            if value is not None:
                yield self._field(row, draft, value)

    def _field(self, row: Row, draft: Draft, value: ex.Expression) -> ex.Field:
        line = row.line
        return ex.Field(
            draft.fields["key"], value, tuple(line.comments), line.remark, at=self._place(row)
        )

    def _items(self, rows: list[Row], depth: int) -> Iterator[ex.Item]:
        for row in rows:
            draft = row.draft
            assert draft is not None
            value = self._item_value(row, draft, depth)
            if value is not None:
                line = row.line
                comments = tuple(line.comments)
                # The remark of `- key: value` belongs to its first field.
                remark = "" if draft.fields["entry"] else line.remark
                yield ex.Item(value, comments, remark, at=self._place(row))

    def _item_value(self, row: Row, draft: Draft, depth: int) -> ex.Expression | None:
        entry: Draft | None = draft.fields["entry"]
        if entry is not None:
            return self._item_record(row, entry, depth + 1)
        value: ex.Expression | None = draft.fields["value"]
        if value is not None:
            self._nothing_below(row)
            return value
        if not row.below:
            self._report("FL024", row, key="-")
            return None
        return self._data(row.below, depth + 1)

    def _item_record(self, row: Row, entry: Draft, depth: int) -> ex.Expression | None:
        """`- key: value`: a record whose other keys stand below the first one."""
        if depth > limits.DATA_NESTING_MAX:
            self._report("FL041", row, limit=limits.DATA_NESTING_MAX)
            return None
        key_column = row.line.indent + entry.fields["name_at"].start - row.line.start
        deeper = [below for below in row.below if below.line.indent > key_column]
        others = [below for below in row.below if below.line.indent <= key_column]
        for below in others:
            if below.line.indent != key_column:
                self._misplaced(below, key_column)
        value: ex.Expression | None = entry.fields["value"]
        if value is not None:
            for below in deeper:
                self._report("FL014", below)
        else:
            value = self._data(deeper, depth + 1) if deeper else None
            if not deeper:
                self._report("FL024", row, key=entry.fields["key"])
        fields = []
        if value is not None:
            at = entry.fields["name_at"].to(value.at or entry.fields["name_at"])
            first = ex.Field(entry.fields["key"], value, (), row.line.remark, at=at)
            fields.append(first)
        known = [below for below in others if below.draft is not None]
        fields.extend(self._fields(self._of_kind(known, Entry), depth))
        return ex.Record(tuple(fields), in_lines=True, at=self._place(row))

    # --- other items ------------------------------------------------------------------------

    def _header(self, row: Row) -> model.Item:
        assert row.draft is not None
        fields = {
            key: row.draft.fields.get(key) for key in ("word", "name", "takes", "gives", "name_at")
        }
        fields["title"] = row.draft.fields.get("wire_name")
        settings, routes = [], []
        for below in row.below:
            draft = below.draft
            if draft is None:
                continue
            if draft.cls is model.Phrase:
                settings.append(self._phrase(below))
            elif draft.cls is model.Route:
                self._nothing_below(below)
                routes.append(self._build(model.Route, below, draft.fields))
            elif isinstance(draft, Entry):
                self._report_colon(below)
            else:
                self._report("FL027", below)
        fields["settings"] = tuple(settings)
        fields["routes"] = tuple(routes)
        header: model.Item = self._build_item(model.Header, row, fields)
        return header

    def _report_colon(self, row: Row) -> None:
        """`channels: voice`: lines of the header are words alone."""
        line = self._place(row)
        at = line.anchor.text.find(":", line.start, line.end)
        place = Place(line.anchor, at, at + 1)
        blank = "" if line.anchor.text[at + 1 : at + 2] in ("", " ", "\n") else " "
        fix = Fix(title="FL054", rewrites=(Rewrite(place, blank),))
        self._report("FL054", row, fix, place)

    def _phrase(self, row: Row) -> model.Phrase:
        assert row.draft is not None
        phrase: model.Phrase = self._build(
            model.Phrase, row, {**row.draft.fields, "children": self._phrases(row.below)}
        )
        return phrase

    def _phrases(self, rows: list[Row]) -> tuple[model.Phrase, ...]:
        phrases = []
        for row in rows:
            if row.draft is not None and row.draft.cls is model.Phrase:
                phrases.append(self._phrase(row))
            elif row.draft is not None:
                self._report("FL027", row)
        return tuple(phrases)

    def _declaration(self, row: Row) -> model.Item:
        assert row.draft is not None
        entries = []
        for below in row.below:
            if isinstance(below.draft, Entry):
                entry = self._entry(below, 1)
                if entry is not None:
                    entries.append(entry)
            elif below.draft is not None:
                self._report("FL027", below)
        fields = {**row.draft.fields, "entries": tuple(entries)}
        declaration: model.Item = self._build_item(model.Declaration, row, fields)
        return declaration

    def _lone_word(self, row: Row) -> model.Item | None:
        """`layout`, or else a section's head that lost its colon."""
        assert row.draft is not None
        word = row.draft.fields["word"]
        if word == "layout":
            places = tuple(filter(None, map(self._placement, row.below)))
            layout: model.Item = self._build_item(model.Layout, row, {"places": places})
            return layout
        if not row.below:
            self._report("FL028", row, word=word)
            return None
        self._missing_colon(row)
        fields = {"name": word, "name_at": row.draft.fields["name_at"]}
        row.draft = Draft(model.Section, **fields)
        return self._section(row)

    def _missing_colon(self, row: Row) -> None:
        end = row.line.end
        has_steps = any(it.draft and it.draft.cls in (model.Step, model.Goto) for it in row.below)
        colon = Rewrite(Place(self.anchor, end, end), ":")
        fix = Fix(title="FL009", rewrites=(colon,)) if has_steps else None
        self._report("FL009", row, fix=fix, place=Place(self.anchor, max(end - 1, 0), end))

    def _placement(self, row: Row) -> model.Placement | None:
        words = row.draft.fields.get("words") if row.draft else None
        if row.draft is None:
            return None
        match words.clauses if isinstance(words, model.Words) else ():
            case (
                (ex.Name(root=root, segments=segments), ex.Literal(type="integer", value=x)),
                (ex.Literal(type="integer", value=y),),
            ) if not row.below:
                fields = {"id": ".".join((root, *segments)), "x": x, "y": y}
                placement: model.Placement = self._build(model.Placement, row, fields)
                return placement
        self._report("FL030", row)
        return None

    def _told(self, row: Row) -> model.Item | None:
        """`test "…" for flow`; without words a section's head that lost its colon."""
        assert row.draft is not None
        fields = row.draft.fields
        word, words = fields["word"], fields["words"]
        if word != "test":
            if words or not row.below or word == "policy":
                self._report("FL039" if word == "policy" else "FL028", row, word=word)
                return None
            self._missing_colon(row)
            title = fields["title"]
            row.draft = Draft(model.Section, name=word, title=title, name_at=fields["word_at"])
            return self._section(row)
        match words:
            case []:
                flow = None
            case [ex.Name(root="for", segments=()), ex.Name(root=flow, segments=())]:
                pass
            case _:
                place = words[0].at.to(words[-1].at) if words[0].at else None
                self._report("FL029", row, place=place)
                return None
        test_fields = {"title": fields["title"], "name_at": fields["name_at"], "flow": flow}
        test_fields["lines"] = self._phrases(row.below)
        test: model.Item = self._build_item(model.Test, row, test_fields)
        return test

    def _titled_phrase(self, row: Row) -> model.Item | None:
        """`policy "…": words`; of another word it is a section with something behind its colon."""
        assert row.draft is not None
        fields = row.draft.fields
        if fields["word"] != "policy":
            self._report("FL028", row, place=fields["words"].at, word=fields["word"])
            return None
        self._nothing_below(row)
        own = {key: fields[key] for key in ("title", "name_at", "words")}
        policy: model.Item = self._build_item(model.Policy, row, own)
        return policy


def _level(row: Row, parent: Row, sibling: Row) -> int:
    """How far a line is to be indented that fits none: as those beside it, a step as the steps
    above, a label not at all."""
    if row.draft is None or parent.draft is None:
        return sibling.line.indent
    if parent.draft.cls is model.Step and row.draft.cls in (model.Step, model.Goto):
        return parent.line.indent
    is_label = isinstance(row.draft, Entry) and row.draft.fields["value"] is None
    if is_label and parent.draft.cls is model.Declaration:
        return 0
    return sibling.line.indent


def _is_header(fields: dict[str, Any]) -> bool:
    """`flow x "…"` begins a flow; `flow x = "…"` refers to another one."""
    return "value" not in fields and "type" not in fields


def _is_error_route(draft: Draft) -> bool:
    ports = draft.fields["ports"]
    return len(ports) == 1 and isinstance(ports[0], model.WordPort) and ports[0].word == "error"


def _is_item(row: Row) -> bool:
    """Below `- key:` stand the rows of that key and, less deep, the other keys of its record."""
    return row.draft is None or isinstance(row.draft, ListItem)

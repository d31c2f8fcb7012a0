"""The formatter: a document as canonical text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from flowlang import expressions as ex
from flowlang import model
from flowlang.model import BLANK
from flowlang.syntax import spelling

WIDTH = 100
INDENT = "  "


def to_text(document: model.Document) -> str:
    """The document as text; formatting a text is `to_text(parse(text).document)`."""
    printer = _Printer()
    for item in document.items:
        printer.item(item)
    if document.closing:
        printer.blank()
        printer.comments(document.closing, 0)
    return printer.text()


class _Printer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.is_first = True
        """Nothing stands above in this item, so that no blank line is wanted either."""

    def text(self) -> str:
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "".join(f"{line}\n" for line in self.lines)

    # --- lines ------------------------------------------------------------------------------

    def blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def comments(self, comments: Iterable[str], level: int) -> None:
        for comment in comments:
            if comment == BLANK:
                self.blank()
            else:
                self.lines.append(f"{INDENT * level}# {comment}".rstrip())

    def line(self, node: model.Line, level: int, code: str) -> None:
        if node.gap and not self.is_first:
            self.blank()
        self.is_first = False
        self._line(node.comments, level, code, node.remark, node.remark_gap)

    def _line(
        self, comments: Iterable[str], level: int, code: str, remark: str, remark_gap: int = 2
    ) -> None:
        self.comments(comments, level)
        first, *others = (INDENT * level + code).split("\n")
        if remark:
            last = others.pop() if others else first
            last = f"{last}{' ' * remark_gap}# {remark}"
            if others or "\n" in code:
                others.append(last)
            else:
                first = last
        self.lines.extend((first, *others))

    # --- items ------------------------------------------------------------------------------

    def item(self, item: model.Top) -> None:
        if isinstance(item, (model.Section, model.Test, model.Layout)):
            self.blank()
        self.is_first = not self.lines
        match item:
            case model.Header():
                self._header(item)
            case model.Declaration():
                self._declaration(item)
            case model.Section():
                self._section(item)
            case model.Test():
                flow = f" for {item.flow}" if item.flow else ""
                self._head(item, f"test {_text(item.title)}{flow}")
                self._phrases(item.lines, 1)
            case model.Policy():
                self._head(item, f"policy {_text(item.title)}: {spelling.words(item.words)}")
            case model.Layout():
                self._head(item, "layout")
                for place in item.places:
                    self.line(place, 1, f"{place.id} {place.x}, {place.y}")
            case _:
                assert_never(item)
        self.comments(item.closing, 1)

    def _head(self, node: model.Line, code: str) -> None:
        self.line(node, 0, code)
        self.is_first = True

    def _header(self, header: model.Header) -> None:
        title = f" {_text(header.title)}" if header.title is not None else ""
        signature = spelling.signature(header.takes, header.gives)
        self._head(header, f"{header.word} {header.name}{title}{signature and ' '}{signature}")
        self._phrases(header.settings, 1)
        for route in header.routes:
            self._route(route, 1)

    def _phrases(self, phrases: Iterable[model.Phrase], level: int) -> None:
        for phrase in phrases:
            self.line(phrase, level, spelling.words(phrase.words))
            self._phrases(phrase.children, level + 1)

    def _declaration(self, item: model.Declaration) -> None:
        parts = [item.word, item.name]
        if item.wire_name is not None:
            parts.append(_text(item.wire_name))
        if item.type is not None:
            parts[-1] += ":"
            parts.append(spelling.type_(item.type))
        if item.value is not None:
            parts.extend(("=", _value(item.value, 0)))
        signature = spelling.signature(item.takes, item.gives, item.gives_type)
        self._head(item, " ".join((*parts, *filter(None, [signature]))))
        self._arguments(item.entries, 1)

    def _section(self, section: model.Section) -> None:
        title = f" {_text(section.title)}" if section.title is not None else ""
        self._head(section, f"{section.name}{title}:")
        for statement in section.body:
            match statement:
                case model.Step():
                    self._step(statement)
                case model.Goto():
                    self.line(statement, 1, f"-> {statement.target.spelling}")
                case model.SectionRoute():
                    self._route(statement, 1)
                case _:
                    assert_never(statement)

    # --- steps ------------------------------------------------------------------------------

    def _step(self, step: model.Step) -> None:
        head = f"{step.name} = {step.kind}" if step.name else step.kind
        on_line, below = _arranged(step.arguments)
        code = _joined(head, on_line)
        if below != step.arguments and _is_too_wide(code):
            moved = tuple(argument for argument in on_line if argument.key is not None)
            on_line = tuple(argument for argument in on_line if argument.key is None)
            below = (*moved, *below)
            code = _joined(head, on_line)
        self.line(step, 1, code)
        self._arguments(below, 2)
        for route in step.routes:
            self._route(route, 2)

    def _route(self, route: model.Route, level: int) -> None:
        self.line(route, level, spelling.route(route.ports, route.target.spelling))

    def _arguments(self, arguments: Iterable[model.Argument], level: int) -> None:
        for argument in arguments:
            code = f"{spelling.line_key(argument.key or '')}:"
            self._entry(argument, code, argument.value, level)

    def _entry(self, node: model.Line, code: str, value: ex.Expression, level: int) -> None:
        if _stands_in_lines(value, len(INDENT) * level + len(code) + 1):
            self.line(node, level, code)
            self._data(value, level + 1)
        else:
            self.line(node, level, f"{code} {_value(value, level)}")

    # --- data in lines ----------------------------------------------------------------------

    def _data(self, value: ex.Expression, level: int) -> None:
        match value:
            case ex.ListOf(items=items):
                for item in items:
                    self._item(item, level)
            case ex.Record(fields=fields):
                for field in fields:
                    self._field(field, level)
            case _:
                pass

    def _field(self, field: ex.Field, level: int) -> None:
        code = f"{spelling.line_key(field.key)}:"
        if _stands_in_lines(field.value, len(INDENT) * level + len(code) + 1):
            self._line(field.comments, level, code, field.remark)
            self._data(field.value, level + 1)
        else:
            code = f"{code} {_value(field.value, level)}"
            self._line(field.comments, level, code, field.remark)

    def _item(self, item: ex.Item, level: int) -> None:
        if not _stands_in_lines(item.value, len(INDENT) * level + 2):
            self._line(item.comments, level, f"- {_value(item.value, level)}", item.remark)
            return
        first = item.value.fields[0] if isinstance(item.value, ex.Record) else None
        if first is None or first.comments or item.remark:
            self._line(item.comments, level, "-", item.remark)
            self._data(item.value, level + 1)
            return
        self.comments(item.comments, level)
        start = len(self.lines)
        self._data(item.value, level + 1)
        margin = len(INDENT) * level
        self.lines[start] = f"{self.lines[start][:margin]}- {self.lines[start][margin + 2 :]}"


# --- what goes where ------------------------------------------------------------------------


def as_printed(arguments: tuple[model.Argument, ...]) -> tuple[model.Argument, ...]:
    """The arguments of a step in the order in which they will stand in the text."""
    on_line, below = _arranged(arguments)
    return (*on_line, *below)


def _arranged(
    arguments: tuple[model.Argument, ...],
) -> tuple[tuple[model.Argument, ...], tuple[model.Argument, ...]]:
    """The arguments on the step's line, and those below it."""
    on_line = tuple(item for item in arguments if item.key is None or not _is_below(item))
    below = tuple(item for item in arguments if item.key is not None and _is_below(item))
    return on_line, below


def _is_below(argument: model.Argument) -> bool:
    has_own = bool(argument.own_line or argument.comments or argument.remark)
    return has_own or _is_in_lines(argument.value) or _is_long_text(argument.value)


def _is_in_lines(value: ex.Expression) -> bool:
    match value:
        case ex.ListOf(items=inner) | ex.Record(fields=inner):
            return bool(inner) and value.in_lines
        case _:
            pass
    return False


def _stands_in_lines(value: ex.Expression, column: int) -> bool:
    """Whether a list or a record gets lines: when its author said so, or for want of room."""
    match value:
        case ex.ListOf(items=inner) | ex.Record(fields=inner):
            if not inner:
                return False
            return value.in_lines or column + len(spelling.value(value)) > WIDTH
        case _:
            pass
    return False


def _joined(head: str, arguments: Iterable[model.Argument]) -> str:
    spelled = ", ".join(_argument(argument) for argument in arguments)
    return f"{head} {spelled}" if spelled else head


def _argument(argument: model.Argument) -> str:
    value = _value(argument.value, 1)
    return value if argument.key is None else f"{spelling.key(argument.key)}: {value}"


def _is_too_wide(code: str) -> bool:
    return "\n" in code or len(INDENT) + len(code) > WIDTH


def _text(text: str) -> str:
    return spelling.value(ex.Literal(text, "text"))


# --- text of several lines ------------------------------------------------------------------


def _is_long_text(value: ex.Expression) -> bool:
    return any("\n" in part for part in _text_parts(value))


def _text_parts(value: ex.Expression) -> Iterator[str]:
    match value:
        case ex.Literal(value=str(text), type="text"):
            yield text
        case ex.Template(parts=parts):
            yield from (part for part in parts if isinstance(part, str))
        case _:
            pass


def _value(value: ex.Expression, level: int) -> str:
    """A value behind a line's first words: text with line breaks becomes a `\"\"\"` string."""
    if not _is_long_text(value):
        return spelling.value(value)
    parts = value.parts if isinstance(value, ex.Template) else tuple(_text_parts(value))
    content = "".join(map(spelling.long_part, parts))
    margin = INDENT * (level + 1)
    lines = (margin + line if line.strip() else line for line in content.split("\n"))
    return "\n".join(('"""', *lines, f'{margin}"""'))

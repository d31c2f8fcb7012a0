"""What each rule of `grammar.lark` builds: the methods are named after the rules.

Values, ports and targets come out as they are in the model. Lines come out as drafts, to which
the assembler adds what is indented below them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any, TypeVar, cast

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang import types as ty
from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.places import Anchor, Place
from flowlang.syntax import units
from flowlang.syntax.build import Draft, construct
from flowlang.syntax.lalr import Token
from flowlang.syntax.strings import Piece, long_pieces, pieces

Children = list[Any]
AnyExpression = TypeVar("AnyExpression", bound=ex.Expression)


class Signature:
    __slots__ = ("gives", "gives_type", "takes")

    def __init__(self, takes: tuple[model.Parameter, ...], gives: Any) -> None:
        self.takes = takes
        self.gives = gives if isinstance(gives, tuple) else None
        self.gives_type = gives if isinstance(gives, ty.Type) else None


class Wire:
    """The quoted name behind a declared name."""

    __slots__ = ("at", "text")

    def __init__(self, text: str, at: Place | None) -> None:
        self.text = text
        self.at = at


class Key:
    __slots__ = ("at", "text")

    def __init__(self, text: str, at: Place) -> None:
        self.text = text
        self.at = at


class LoneWord(Draft):
    """A single word at the left margin: `layout`, or a section's head without its colon."""

    __slots__ = ()


class Told(Draft):
    """`word "…" words`: a test, or a policy without its colon."""

    __slots__ = ()


class TitledPhrase(Draft):
    """`word "…": words`: a policy, or a section with something behind its colon."""

    __slots__ = ()


class Entry(Draft):
    """`key: value`, or `key:` whose value is indented below."""

    __slots__ = ()


class ListItem(Draft):
    """`- value`, `- key: value` or `-`."""

    __slots__ = ()


class Builder:
    """Builds the nodes of one chunk at a time: `anchor` says of which."""

    def __init__(self) -> None:
        self.anchor = Anchor("")
        self.problems: list[Problem] = []
        self.parse_expression: Callable[[str, int, int], ex.Expression | None]

    # --- helpers ----------------------------------------------------------------------------

    def place(self, start: int | None, end: int | None) -> Place:
        return Place(self.anchor, start or 0, end or 0)

    def at(self, item: Any) -> Place:
        if isinstance(item, Token):
            return Place(self.anchor, item.start_pos or 0, item.end_pos or 0)
        found = item.at
        assert isinstance(found, Place)
        return found

    def name(self, token: Token) -> str:
        name = str(token)
        if not name.isascii():
            name = unicodedata.normalize("NFC", name)
        if len(name) > limits.NAME_CHARACTERS_MAX:
            self.report("FL042", self.at(token), limit=limits.NAME_CHARACTERS_MAX)
        return name

    def report(self, code: str, place: Place, fix: Fix | None = None, **arguments: object) -> None:
        problem = Problem(code=code, severity="error", place=place, arguments=arguments, fix=fix)
        self.problems.append(problem)

    # --- start symbols ----------------------------------------------------------------------

    def chunk(self, children: Children) -> Children:
        return [child for child in children if isinstance(child, Draft)]

    def only(self, children: Children) -> Any:
        return children[0]

    top_line = section_line = item_line = expression = only
    target_only = type_only = words_only = only

    def port_only(self, children: Children) -> model.Port:
        match children[0]:
            case Token(type="WHEN"):
                return construct(model.WhenPort, {"condition": children[1]})
            case Token(type="OTHERWISE"):
                return construct(model.OtherwisePort, {})
            case _:
                pass
        port: model.Port = children[-1]
        return port

    # --- top level --------------------------------------------------------------------------

    def section_head(self, children: Children) -> Draft:
        title = self.plain_text(children[1]) if len(children) > 1 else None
        return Draft(
            model.Section, name=self.name(children[0]), title=title, name_at=self.at(children[0])
        )

    def declaration(self, children: Children) -> Draft:
        word, name, *rest = children
        fields: dict[str, Any] = {
            "word": str(word), "name": self.name(name), "name_at": self.at(name)
        }  # fmt: skip
        for part in rest:
            match part:
                case Wire():
                    fields["wire_name"] = part.text
                case ty.Type():
                    fields["type"] = part
                case ex.Expression():
                    fields["value"] = part
                case Signature():
                    fields["takes"] = part.takes
                    fields["gives"] = part.gives
                    fields["gives_type"] = part.gives_type
                case _:
                    pass
        return Draft(model.Declaration, **fields)

    def wire_name(self, children: Children) -> Wire:
        return Wire(self.plain_text(children[0]), children[0].at)

    def told(self, children: Children) -> Draft:
        word, title, *words = children
        return Told(
            model.Test, word=self.name(word), title=self.plain_text(title), name_at=title.at,
            words=words, word_at=self.at(word),
        )  # fmt: skip

    def policy(self, children: Children) -> Draft:
        word, title, words = children
        return TitledPhrase(
            model.Policy, word=self.name(word), title=self.plain_text(title), name_at=title.at,
            words=words, word_at=self.at(word),
        )  # fmt: skip

    def lone_word(self, children: Children) -> Draft:
        return LoneWord(model.Layout, word=self.name(children[0]), name_at=self.at(children[0]))

    def signature(self, children: Children) -> Signature:
        return Signature(children[0], children[1] if len(children) > 1 else None)

    def parameters(self, children: Children) -> tuple[model.Parameter, ...]:
        return tuple(children)

    def parameter(self, children: Children) -> model.Parameter:
        fields: dict[str, Any] = {"name": self.name(children[0]), "at": self.at(children[0])}
        if len(children) > 1:
            is_type = isinstance(children[1], ty.Type)
            fields["type" if is_type else "fields"] = children[1]
        return construct(model.Parameter, fields)

    def marked_type(self, children: Children) -> ty.Type:
        core = next(child for child in children if isinstance(child, ty.Type))
        if len(children) == 1:
            return core
        sensitive = isinstance(children[0], Token)
        optional = isinstance(children[-1], Token)
        at = self.at(children[0]).to(self.at(children[-1]))
        return with_marks(core, sensitive=sensitive, optional=optional, at=at)

    result_type = marked_type

    def named_type(self, children: Children) -> ty.Type:
        return ty.Named(self.name(children[0]), at=self.at(children[0]))

    def literals(self, children: Children) -> ty.Type:
        at = children[0].at.to(children[-1].at)
        return ty.OneOf(tuple(self.plain_text(child) for child in children), at=at)

    def list_type(self, children: Children) -> ty.Type:
        return ty.ListType(children[2], at=self.at(children[0]).to(children[2].at))

    def record_type(self, children: Children) -> ty.Type:
        at = children[0][2].to(children[-1][1].at)
        return ty.RecordType(tuple((name, type_) for name, type_, _ in children), at=at)

    def type_field(self, children: Children) -> tuple[str, ty.Type, Place]:
        return self.name(children[0]), children[1], self.at(children[0])

    # --- sections ---------------------------------------------------------------------------

    def step(self, children: Children) -> Draft:
        kind, *arguments = children
        return Draft(
            model.Step, kind=self.name(kind), arguments=tuple(arguments), name_at=self.at(kind)
        )

    def named_step(self, children: Children) -> Draft:
        name, kind, *arguments = children
        return Draft(
            model.Step, name=self.name(name), kind=self.name(kind), arguments=tuple(arguments),
            name_at=self.at(kind),
        )  # fmt: skip

    def keyed(self, children: Children) -> model.Argument:
        key, value = children
        return construct(
            model.Argument,
            {"key": key.text, "value": value, "at": key.at.to(value.at), "name_at": key.at},
        )

    def positional(self, children: Children) -> model.Argument:
        return construct(model.Argument, {"value": children[0], "at": children[0].at})

    def goto(self, children: Children) -> Draft:
        return Draft(model.Goto, target=children[0])

    def route(self, children: Children) -> Draft:
        return Draft(model.Route, ports=tuple(children[1:-1]), target=children[-1])

    def when_route(self, children: Children) -> Draft:
        when, condition, target = children
        at = self.at(when).to(condition.at)
        port = construct(model.WhenPort, {"condition": condition, "at": at})
        return Draft(model.Route, ports=(port,), target=target)

    def otherwise_route(self, children: Children) -> Draft:
        port = construct(model.OtherwisePort, {"at": self.at(children[0])})
        return Draft(model.Route, ports=(port,), target=children[1])

    def target(self, children: Children) -> model.Target:
        fields: dict[str, Any] = {"name": self.name(children[0])}
        fields["at"] = self.at(children[0]).to(self.at(children[-1]))
        if len(children) > 1:
            fields["step"] = self.name(children[1])
        return construct(model.Target, fields)

    def word_port(self, children: Children) -> model.WordPort:
        fields = {"word": self.name(children[0]), "at": self.at(children[0])}
        return construct(model.WordPort, fields)

    def value_port(self, children: Children) -> model.ValuePort:
        return construct(model.ValuePort, {"value": children[0], "at": children[0].at})

    def compare_port(self, children: Children) -> model.ComparePort:
        operator, operand = children
        at = self.at(operator).to(operand.at)
        fields = {"operator": str(operator), "operand": operand, "at": at}
        return construct(model.ComparePort, fields)

    def entry(self, children: Children) -> Draft:
        key = children[0]
        value = children[1] if len(children) > 1 else None
        return Entry(model.Argument, key=key.text, name_at=key.at, value=value)

    def item(self, children: Children) -> Draft:
        content = children[0] if children else None
        if isinstance(content, Entry):
            return ListItem(ex.Item, entry=content, value=None)
        return ListItem(ex.Item, entry=None, value=content)

    item_entry = entry

    def key(self, children: Children) -> Key:
        item = children[0]
        if isinstance(item, Token):
            return Key(self.name(item), self.at(item))
        if isinstance(item, ex.Literal) and not isinstance(item.value, str):
            return Key("true" if item.value else "false", self.at(item))
        return Key(self.plain_text(item), self.at(item))

    # --- phrases ----------------------------------------------------------------------------

    def phrase_line(self, children: Children) -> Draft:
        clauses = [child for child in children if isinstance(child, tuple)]
        first = tuple(child for child in children if not isinstance(child, tuple))
        return Draft(model.Phrase, words=self._words([first, *clauses]))

    def phrase(self, children: Children) -> model.Words:
        return self._words(children)

    def _words(self, clauses: list[tuple[ex.Expression, ...]]) -> model.Words:
        at = self.at(clauses[0][0]).to(self.at(clauses[-1][-1]))
        return construct(model.Words, {"clauses": tuple(clauses), "at": at})

    def clause(self, children: Children) -> tuple[ex.Expression, ...]:
        return tuple(children)

    def pair(self, children: Children) -> ex.Field:
        key, value = children
        at = self.at(key)
        name = self.name(key) if isinstance(key, Token) else key.root
        return ex.Field(name, value, at=at.to(value.at))

    def word(self, children: Children) -> ex.Name:
        item = children[0]
        if isinstance(item, ex.Name):
            return item
        return ex.Name(self.name(item), at=self.at(item))

    keyword = first_word = word

    # --- expressions ------------------------------------------------------------------------

    def binary(self, children: Children) -> ex.Binary:
        left, operator, right = children
        spelled = cast("ex.Operator", str(operator))
        return ex.Binary(spelled, left, right, at=left.at.to(right.at))

    def negation(self, children: Children) -> ex.Not:
        return ex.Not(children[1], at=self.at(children[0]).to(children[1].at))

    def negative(self, children: Children) -> ex.Expression:
        operand = children[0]
        at = self.place(self._minus_before(operand.at), operand.at.end)
        if isinstance(operand, ex.Literal) and _is_positive_number(operand):
            assert not isinstance(operand.value, str)
            return ex.Literal(-operand.value, operand.type, f"-{operand.spelling}", at=at)
        return ex.Negative(operand, at=at)

    negative_number = negative

    def _minus_before(self, at: Place) -> int:
        return max(self.anchor.text.rfind("-", 0, at.start), 0)

    def path(self, children: Children) -> ex.Name:
        first = children[0]
        root = self.name(first)
        if len(children) == 1:
            return ex.Name(root, at=self.at(first))
        segments = tuple(
            self.name(child) if isinstance(child, Token) else self.plain_text(child)
            for child in children[1:]
        )
        return ex.Name(root, segments, at=self.at(first).to(self.at(children[-1])))

    def record(self, children: Children) -> ex.Record:
        at = self._in_brackets(children)
        return ex.Record(tuple(children), at=at)

    def pair_field(self, children: Children) -> ex.Field:
        key, value = children
        return ex.Field(key.text, value, at=key.at.to(value.at))

    def list_value(self, children: Children) -> ex.ListOf:
        items = tuple(ex.Item(child, at=child.at) for child in children)
        return ex.ListOf(items, at=self._in_brackets(children))

    def _in_brackets(self, children: Iterable[ex.Expression]) -> Place:
        places = [child.at for child in children if child.at]
        if not places:
            return self.place(0, 0)
        return places[0].to(places[-1])

    # --- literals ---------------------------------------------------------------------------

    def plain_text(self, literal: ex.Expression) -> str:
        if isinstance(literal, ex.Literal):
            return str(literal.value)
        self.report("FL020", self.at(literal))
        return ""

    def STRING(self, token: Token) -> ex.Expression:  # noqa: N802
        if "\\" in token or "{" in token or "}" in token:
            return self._string(token, pieces(self.anchor.text, *self._inside(token, 1)))
        return self._plain(token, str(token[1:-1]))

    def LONG_STRING(self, token: Token) -> ex.Expression:  # noqa: N802
        return self._string(token, long_pieces(self.anchor.text, *self._inside(token, 3)))

    def RAW_STRING(self, token: Token) -> ex.Expression:  # noqa: N802
        return self._plain(token, str(token[1:-1]))

    def _inside(self, token: Token, quotes: int) -> tuple[int, int]:
        return (token.start_pos or 0) + quotes, (token.end_pos or 0) - quotes

    def _plain(self, token: Token, text: str) -> ex.Literal:
        if len(text) * 4 > limits.STRING_BYTES_MAX:
            self._check_size(token, text)
        return ex.Literal(text, "text", at=self.at(token))

    def _check_size(self, token: Token, text: str) -> None:
        if len(text.encode("utf-8", "surrogatepass")) > limits.STRING_BYTES_MAX:
            self.report("FL042", self.at(token), limit=limits.STRING_BYTES_MAX)

    def _string(self, token: Token, found: Iterable[Piece]) -> ex.Expression:
        if len(token) * 4 > limits.STRING_BYTES_MAX:
            self._check_size(token, str(token))
        return self.template(found, self.at(token))

    def template(self, found: Iterable[Piece], at: Place | None) -> ex.Expression:
        """The text that these pieces make: a literal, if there is no expression among them."""
        parts: list[str | ex.Expression] = []
        for piece in found:
            part = self._part(piece)
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part:
                parts.append(part)
        if all(isinstance(part, str) for part in parts):
            return ex.Literal("".join(map(str, parts)), "text", at=at)
        return ex.Template(tuple(parts), at=at)

    def _part(self, piece: Piece) -> str | ex.Expression:
        if piece.kind == "text":
            return piece.text
        if piece.kind == "code":
            return self.parse_expression(self.anchor.text, piece.start, piece.end) or ""
        place = self.place(piece.start, piece.end)
        escaped = Rewrite(self.place(piece.start, piece.start), "\\")
        # Whoever opens a brace may well have meant an expression.
        fix = Fix(title="FL019", rewrites=(escaped,), safe=piece.text != "{")
        code = "FL021" if piece.kind == "bad escape" else "FL019"
        self.report(code, place, fix=fix, found=piece.text)
        return piece.text

    def NUMBER(self, token: Token) -> ex.Literal:  # noqa: N802
        spelling = str(token)
        type_: ex.LiteralType = "number" if "." in spelling else "integer"
        return self._number(token, type_, units.number)

    def DURATION(self, token: Token) -> ex.Literal:  # noqa: N802
        return self._number(token, "duration", units.seconds)

    def PERCENT(self, token: Token) -> ex.Literal:  # noqa: N802
        return self._number(token, "percent", lambda spelling: units.number(spelling[:-1]))

    def _number(
        self, token: Token, type_: ex.LiteralType, read: Callable[[str], int | float]
    ) -> ex.Literal:
        spelling = str(token)
        at = self.at(token)
        value = read(spelling) if len(spelling) <= limits.NUMBER_CHARACTERS_MAX else None
        if value is None or value > limits.NUMBER_MAX:
            self.report("FL023", at)
            return ex.Literal(0, "integer", "0", at=at)
        return ex.Literal(value, type_, spelling, at=at)

    def DATE(self, token: Token) -> ex.Literal:  # noqa: N802
        return self._calendar(token, "date", date.fromisoformat)

    def TIME(self, token: Token) -> ex.Literal:  # noqa: N802
        return self._calendar(token, "time", time.fromisoformat)

    def _calendar(
        self, token: Token, type_: ex.LiteralType, read: Callable[[str], object]
    ) -> ex.Literal:
        spelling = str(token)
        try:
            read(spelling)
        except ValueError:
            self.report("FL022", self.at(token), found=spelling)
        return ex.Literal(spelling, type_, spelling, at=self.at(token))

    def ZONE(self, token: Token) -> ex.Literal:  # noqa: N802
        return ex.Literal(str(token), "zone", str(token), at=self.at(token))

    def LANGUAGE(self, token: Token) -> ex.Literal:  # noqa: N802
        return ex.Literal(str(token), "language", str(token), at=self.at(token))

    def TRUE(self, token: Token) -> ex.Literal:  # noqa: N802
        return ex.Literal(True, "boolean", at=self.at(token))

    def FALSE(self, token: Token) -> ex.Literal:  # noqa: N802
        return ex.Literal(False, "boolean", at=self.at(token))


def _is_positive_number(literal: ex.Literal) -> bool:
    is_number = literal.type in ("integer", "number", "duration", "percent")
    return is_number and not literal.spelling.startswith("-")


def with_marks(core: ty.Type, *, sensitive: bool, optional: bool, at: Place | None) -> ty.Type:
    """The type with these marks. (`replace` of dataclasses is slow, and this is on the way.)"""
    match core:
        case ty.Named(name=name):
            return ty.Named(name, sensitive=sensitive, optional=optional, at=at)
        case ty.OneOf(values=values):
            return ty.OneOf(values, sensitive=sensitive, optional=optional, at=at)
        case ty.ListType(item=item):
            return ty.ListType(item, sensitive=sensitive, optional=optional, at=at)
        case ty.RecordType(fields=fields):
            return ty.RecordType(fields, sensitive=sensitive, optional=optional, at=at)
        case _:
            pass
    raise AssertionError(core)

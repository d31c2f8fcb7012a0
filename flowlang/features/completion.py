"""What could be typed here.

The words in front of the cursor and the lines above it say what is wanted; the tree, which lacks
the line being typed, says what there is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from flowlang import expressions as ex
from flowlang import types
from flowlang.catalogue import Catalogue
from flowlang.channels import CHANNELS
from flowlang.checks.header import FLOW_TYPES
from flowlang.diagnostics.words import Language
from flowlang.edits import Flow
from flowlang.features import pages
from flowlang.features.around import Around, subject_flow
from flowlang.features.cursor import CodeLine, Cursor, cursor_at, path_before
from flowlang.features.phrases import Spoken, policy_words, test_words
from flowlang.features.scope import Known, fields_of, known_names, spelled_literals
from flowlang.features.steps import StepAt, arguments_of, step_at
from flowlang.features.texts import offset_of
from flowlang.features.tokens import Token
from flowlang.features.words import say
from flowlang.inference import Environment, Typist, accepts
from flowlang.model import ComparePort, OtherwisePort, ValuePort, WordPort
from flowlang.names import VALUE_WORDS
from flowlang.parameters import ParameterSpec, specs
from flowlang.places import Position
from flowlang.presence import subject_of
from flowlang.syntax import spelling
from flowlang.types import SIMPLE, OneOf, Type
from flowlang.wiring import spell

Kind = Literal[
    "block", "function", "section", "step", "value", "field", "resource", "word", "keyword",
    "outcome", "literal", "type", "parameter",
]  # fmt: skip
LANGUAGES = ("ko-KR", "en-US", "en-GB", "ja-JP", "zh-CN", "es-ES", "fr-FR", "de-DE")
SETTINGS = ("channels", "language", "languages", "type", "outcomes")
OPERATORS = ("else", "and", "or", "contains", "starts_with", "ends_with", "in")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "contains", "starts_with", "ends_with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    label: str
    kind: Kind
    detail: str = ""
    """A few words that stand beside it."""
    info: str = ""
    """Markdown that tells more."""
    insert: str = ""
    start: int = 0
    """What it replaces, in the whole text."""
    end: int = 0


def complete(
    flow: Flow, position: Position, language: Language = "en", around: Around | None = None
) -> list[Completion]:
    """What could stand at the position, the likeliest first."""
    offset = offset_of(flow.tree.source, position)
    cursor = cursor_at(flow.tree, offset)
    found = _Completer(flow, cursor, language, around or {}).offers()
    return list(_placed(found, flow.tree.source, cursor))


def _placed(found: Iterable[Completion], source: str, cursor: Cursor) -> Iterator[Completion]:
    """Each once, and with what it replaces; in a text only other texts fit."""
    end = cursor.offset
    if cursor.inside == "text":
        end += source.startswith(cursor.word[:1], end)
    seen = set()
    for item in found:
        is_text = item.label.startswith('"')
        if item.label in seen or (cursor.inside == "text" and not is_text):
            continue
        seen.add(item.label)
        yield replace(item, insert=item.insert or item.label, start=cursor.start, end=end)


class _Completer:
    def __init__(self, flow: Flow, cursor: Cursor, language: Language, around: Around) -> None:
        self.flow = flow
        self.cursor = cursor
        self.language = language
        self.around = around
        self.environment = Environment(flow.wiring)

    @property
    def catalogue(self) -> Catalogue:
        return self.flow.catalogue

    def offers(self) -> Iterable[Completion]:
        cursor = self.cursor
        if cursor.inside == "comment" or (cursor.word[:1].isdigit()):
            return ()
        if cursor.inside == "braces":
            return self._expression()
        if not cursor.above:
            return self._top(cursor.tokens)
        match sort_of(cursor.above[0]):
            case "section" if len(cursor.above) == 1:
                return self._statement(cursor.tokens)
            case "section":
                return self._below_step(cursor.above)
            case "header":
                return self._setting(cursor.tokens)
            case "test":
                return self._spoken(test_words(self._subject(), cursor.tokens))
            case "layout":
                return self._placements(cursor.tokens)
            case "prompt":
                return self._prompt(cursor.tokens)
            case _:
                return ()

    # --- the margin ---------------------------------------------------------------------------

    def _top(self, line: tuple[Token, ...]) -> Iterable[Completion]:
        words = [token.text for token in line]
        match words:
            case []:
                return self._declaration_words()
            case ["test", _]:
                return [self._keyword("for")]
            case ["test", _, "for"]:
                return self._flow_names()
            case ["policy", _, ":", *said]:
                return self._spoken(policy_words(self._subject(), said))
            case [word, name, *_] if name not in (":", "="):
                return self._declaration(word, line[2:])
            case _:
                return ()

    def _declaration_words(self) -> Iterator[Completion]:
        for word in ("flow", "module", "test", "policy", "layout"):
            yield self._keyword(word)
        for word, resource in self.catalogue.resources.items():
            yield Completion(label=word, kind="keyword", detail=resource.title[self.language])

    def _flow_names(self) -> Iterator[Completion]:
        header = self.flow.document.header
        for name in dict.fromkeys((*((header.name,) if header else ()), *self.around)):
            yield Completion(label=name, kind="section", detail=say("flow", self.language))

    def _declaration(self, word: str, rest: tuple[Token, ...]) -> Iterable[Completion]:
        if len(self.cursor.frames) > 1:
            inner = self.cursor.frames[-1].since_comma
            return self._types() if inner and inner[-1].text in (":", "of", "sensitive") else ()
        if self.cursor.path:
            return self._expression()
        match [token.text for token in rest]:
            case [*_, ":" | "sensitive" | "of"]:
                return self._types()
            case [*before, "="] if word in VALUE_WORDS:
                return [*self._literals_in(before), *self._expression()]
            case _:
                return ()

    def _literals_in(self, words: Iterable[str]) -> Iterator[Completion]:
        """The texts of a union that was just written."""
        for word in words:
            if word.startswith('"') and word.endswith('"'):
                yield Completion(label=word, kind="literal")

    def _types(self) -> Iterator[Completion]:
        for name in sorted(SIMPLE - {"any", "zone", "language", "percent"}):
            yield Completion(label=name, kind="type")
        for word in ("list of", "sensitive"):
            yield self._keyword(word, insert=f"{word} ")
        for word, resource in self.catalogue.resources.items():
            if word not in VALUE_WORDS:
                yield Completion(label=word, kind="type", detail=resource.title[self.language])

    def _prompt(self, line: tuple[Token, ...]) -> Iterator[Completion]:
        """The languages that a prompt has no words in yet."""
        if line:
            return
        header = self.flow.document.header
        for name in (header.languages if header else ()) or LANGUAGES:
            yield Completion(label=name, kind="word", insert=f'{name}: "')

    # --- the header ---------------------------------------------------------------------------

    def _setting(self, line: tuple[Token, ...]) -> Iterable[Completion]:
        words = [token.text for token in line]
        match words:
            case []:
                return [*map(self._keyword, SETTINGS), self._keyword("on error", "on error -> ")]
            case ["on", *_]:
                return self._targets() if "->" in words else [self._keyword("error", "error -> ")]
            case ["channels" | "channel", *given]:
                return self._words(name for name in CHANNELS if name not in given)
            case ["type"]:
                return self._words(FLOW_TYPES)
            case ["language" | "languages", *given]:
                return self._words(name for name in LANGUAGES if name not in given)
            case _:
                return ()

    def _words(self, words: Iterable[str]) -> list[Completion]:
        return [Completion(label=word, kind="word") for word in words]

    def _keyword(self, word: str, insert: str = "") -> Completion:
        detail = say(f"word.{word}", self.language)
        return Completion(label=word, kind="keyword", detail=detail, insert=insert)

    # --- steps --------------------------------------------------------------------------------

    def _statement(self, line: tuple[Token, ...]) -> Iterable[Completion]:
        words = [token.text for token in line]
        match words:
            case []:
                return [*self._kinds(), self._keyword("->", "-> "),
                        self._keyword("on error", "on error -> ")]  # fmt: skip
            case [_, "="]:
                return self._kinds()
            case ["->", *_]:
                return self._targets()
            case ["on", *_]:
                return self._targets() if "->" in words else [self._keyword("error", "error -> ")]
            case _:
                step = step_at(self.flow, line)
                return self._arguments(step, arguments_of(line)) if step else self._unknown_call()

    def _unknown_call(self) -> Iterable[Completion]:
        return self._expression() if self.cursor.path else ()

    def _kinds(self) -> Iterator[Completion]:
        """What is declared and can be called comes first, then the blocks."""
        names = self.flow.wiring.names
        for name, declared in names.declarations.items():
            resource = self.catalogue.resources.get(declared.word)
            if resource and resource.call:
                yield Completion(
                    label=name,
                    kind="function",
                    detail=resource.title[self.language],
                    info=pages.declaration(declared, self.language),
                )
        for kind in self.catalogue.kinds():
            block = self.catalogue.block(kind)
            if block and not block.declares and kind not in names.declarations:
                yield Completion(
                    label=kind,
                    kind="block",
                    detail=block.card.title[self.language],
                    info=pages.block(block, self.language, is_short=True),
                )

    # --- arguments ----------------------------------------------------------------------------

    def _arguments(self, step: StepAt, line: tuple[Token, ...]) -> Iterable[Completion]:
        """Behind a kind, on its line."""
        groups = _split(line)
        *before, now = groups
        spec = _spec_of(step, now, before)
        if len(self.cursor.frames) > 1:
            return self._in_brackets(spec, step, now)
        if not now:
            return [*self._value(spec, given=line), *self._keys(step, _keys_of(step, before))]
        if _is_keyed(now):
            return self._keyed_value(step, spec, now)
        return self._expression(wanted=spec.type if spec else None)

    def _keyed_value(
        self, step: StepAt, spec: ParameterSpec | None, words: tuple[Token, ...]
    ) -> Iterable[Completion]:
        """Behind `key:`."""
        if len(words) > 2:
            return self._expression(wanted=spec.type if spec else None)
        return self._value(spec) if spec else self._expression(wanted=self._wanted(step, words[0]))

    def _wanted(self, step: StepAt, key: Token) -> Type | None:
        """The type of a value whose key is no parameter: an input, or a value that is set."""
        name = unicodedata.normalize("NFC", key.text)
        declared = self.flow.wiring.names.value(name)
        return step.inputs.get(name) or (declared.type if declared else None)

    def _in_brackets(
        self, spec: ParameterSpec | None, step: StepAt, now: tuple[Token, ...]
    ) -> Iterable[Completion]:
        frame = self.cursor.frames[-1]
        if frame.opener == "[" and not frame.since_comma and spec is not None:
            return self._value(spec, given=frame.tokens)
        if frame.opener == "(" and not frame.since_comma and not self.cursor.path:
            return ()
        return self._expression()

    def _keys(self, step: StepAt, given: Iterable[str]) -> Iterator[Completion]:
        for name, type_ in step.inputs.items():
            if name not in given:
                yield Completion(
                    label=name, kind="parameter", detail=spelling.type_(type_), insert=f"{name}: "
                )
        for spec in step.specs.values():
            if not spec.rest and spec.key not in given:
                yield Completion(
                    label=spec.key,
                    kind="parameter",
                    detail=spec.title[self.language],
                    info=pages.parameter(spec, self.language),
                    insert=f"{spec.key}: ",
                )
        if step.takes_any_key and step.callee is None:
            for name, declared in self.flow.wiring.names.declarations.items():
                if declared.word in VALUE_WORDS and name not in given:
                    yield Completion(
                        label=name,
                        kind="value",
                        detail=declared.word,
                        info=pages.declaration(declared, self.language),
                        insert=f"{name}: ",
                    )

    def _value(
        self, spec: ParameterSpec | None, given: Iterable[Token] = ()
    ) -> Iterator[Completion]:
        """What an argument may begin with."""
        if spec is None:
            return
        if self.cursor.path:
            yield from self._expression()
            return
        said = {token.text for token in given}
        for word in spec.words:
            if word not in said:
                yield Completion(label=word, kind="word", detail=spec.title[self.language])
        if spec.is_outcome:
            header = self.flow.document.header
            for word in header.outcomes if header else ():
                yield Completion(label=word, kind="outcome", detail=spec.title[self.language])
            return
        if spec.resource:
            yield from self._resources(spec.resource, said)
        yield from self._literals(spec.type)
        if not spec.words or spec.resource:
            yield from self._names(None if spec.resource else spec.type, spec.resource or "")

    def _resources(self, word: str, given: Iterable[str]) -> Iterator[Completion]:
        resource = self.catalogue.resources.get(word)
        for name, declared in self.flow.wiring.names.declarations.items():
            if declared.word == word and name not in given:
                yield Completion(
                    label=name,
                    kind="resource",
                    detail=resource.title[self.language] if resource else word,
                    info=pages.declaration(declared, self.language),
                )

    def _literals(self, type_: Type | None) -> list[Completion]:
        return [Completion(label=item, kind="literal") for item in spelled_literals(type_)]

    # --- expressions --------------------------------------------------------------------------

    def _expression(self, wanted: Type | None = None) -> Iterable[Completion]:
        frame = self.cursor.frames[-1]
        if path := self.cursor.path:
            return self._fields(path)
        words = frame.tokens
        if not words or words[-1].text in (",", ":"):
            return [*self._literals(wanted), *self._names(wanted)]
        last = words[-1]
        if last.text in ("==", "!="):
            return [*self._literals(self._type_before(words[:-1])), *self._names()]
        if last.kind == "operator" or last.text in (*OPERATORS, "not", "when", "(", "["):
            return self._names()
        return [self._keyword(word, f"{word} ") for word in OPERATORS]

    def _type_before(self, words: tuple[Token, ...]) -> Type | None:
        """The type of the name in front of an operator."""
        if not words or words[-1].kind != "name":
            return None
        root, *segments = (*path_before(words[:-1]), words[-1].text)
        return self.environment.read(ex.Name(root, tuple(segments))).type

    def _fields(self, path: tuple[str, ...]) -> Iterator[Completion]:
        for name, type_ in fields_of(self.environment, path).items():
            yield Completion(label=name, kind="field", detail=spelling.type_(type_))

    def _names(self, wanted: Type | None = None, resource: str = "") -> Iterable[Completion]:
        """Names of values; those whose type fits come first."""
        found = [item for item in known_names(self.environment) if item.origin != "resource"]
        if resource:
            found = [item for item in found if item.type == types.Named(resource)]
        if wanted is not None:
            found.sort(key=lambda item: (not accepts(wanted, item.type), item.origin == "system"))
        return [self._name(item) for item in found]

    def _name(self, item: Known) -> Completion:
        origin = say(f"origin.{item.origin}", self.language)
        declared = self.flow.wiring.names.declarations.get(item.name)
        is_record = isinstance(item.type, types.RecordType)
        return Completion(
            label=item.name,
            kind="value",
            detail=origin if is_record else spelling.type_(item.type),
            info=pages.declaration(declared, self.language) if declared else origin,
        )

    # --- below a step -------------------------------------------------------------------------

    def _below_step(self, above: tuple[CodeLine, ...]) -> Iterable[Completion]:
        line = self.cursor.tokens
        words = [token.text for token in line]
        if "->" in words and words[0] in ("on", "when", "otherwise"):
            return self._targets()
        step = step_at(self.flow, above[1].tokens)
        if step is None:
            return self._expression() if self.cursor.path else ()
        if len(above) > 2:
            return self._data(step, above[2], line)
        match words:
            case []:
                return [*self._outcome_lines(step), *self._keys(step, _keys_given(step))]
            case ["on", *_]:
                return self._ports(step, line[1:])
            case ["when", *_]:
                return self._expression()
            case [_, ":", *_]:
                return self._entry(step, line)
            case _:
                return ()

    def _entry(self, step: StepAt, line: tuple[Token, ...]) -> Iterable[Completion]:
        spec = step.specs.get(line[0].text)
        if len(self.cursor.frames) > 1:
            return self._in_brackets(spec, step, line)
        return self._keyed_value(step, spec, line)

    def _data(self, step: StepAt, entry: CodeLine, line: tuple[Token, ...]) -> Iterable[Completion]:
        """Lines of a list or a record."""
        spec = step.specs.get(entry.words[0])
        match [token.text for token in line]:
            case ["-"]:
                return self._value(spec) if spec else self._expression()
            case [] if spec and spec.many:
                return [self._keyword("-", "- ")]
            case [_, ":"] | ["-", _, ":"]:
                return self._names()
            case _:
                return self._expression() if self.cursor.path else ()

    def _outcome_lines(self, step: StepAt) -> Iterator[Completion]:
        taken = self._taken(step)
        for port in self._all_ports(step):
            if port.label not in taken:
                yield replace(port, label=f"on {port.label}", insert=f"on {port.label} -> ")
        ports = step.ports
        if ports.conditions:
            yield self._keyword("when", "when ")
        if (ports.values or ports.conditions) and "otherwise" not in taken:
            yield self._keyword("otherwise", "otherwise -> ")
        if ports.values or ports.conditions:
            yield self._keyword("on", "on ")

    def _ports(self, step: StepAt, line: tuple[Token, ...]) -> Iterable[Completion]:
        now = _split(line)[-1]
        if now:
            is_compared = now[-1].text in COMPARISONS
            return self._literals(self._subject_type(step)) if is_compared else self._arrow()
        taken = {*self._taken(step), *(token.text for token in line)}
        found = [port for port in self._all_ports(step) if port.label not in taken]
        if step.ports.conditions:
            found += [self._keyword(word, f"{word} ") for word in COMPARISONS]
        return found

    def _arrow(self) -> list[Completion]:
        return [self._keyword("->", "-> ")]

    def _all_ports(self, step: StepAt) -> Iterator[Completion]:
        """Intents and words that the block declares, and values that can be counted."""
        for value in spelled_literals(self._subject_type(step)):
            yield Completion(label=value, kind="literal")
        for outcome in step.ports.words:
            if outcome.name != "next":
                yield Completion(
                    label=outcome.name,
                    kind="outcome",
                    detail=outcome.title[self.language],
                    info=pages.outcome(outcome, self.language),
                )
        if step.ports.word("next"):
            yield Completion(label="next", kind="outcome")

    def _subject_type(self, step: StepAt) -> Type | None:
        subject = subject_of(step.wired) if step.wired else None
        if subject is not None:
            return Typist(environment=self.environment).type_of(subject)
        values = step.ports.values
        return values if isinstance(values, OneOf) or step.ports.exhaustive else None

    def _taken(self, step: StepAt) -> set[str]:
        """The outcomes that other lines of this step route."""
        found = set()
        for route in step.wired.step.routes if step.wired else ():
            if route.at and route.at.offsets[0] == self.cursor.line_start:
                continue
            for port in route.ports:
                match port:
                    case WordPort() | ValuePort() | OtherwisePort() | ComparePort():
                        found.add(spell(port))
                    case _:
                        pass
        return found

    # --- targets ------------------------------------------------------------------------------

    def _targets(self) -> Iterable[Completion]:
        path = self.cursor.path
        if path:
            return self._steps_in(path[0])
        if self.cursor.tokens[-1].text != "->":
            return ()
        return self._all_targets()

    def _all_targets(self) -> Iterator[Completion]:
        for name, section in self.flow.document.sections.items():
            yield Completion(
                label=name,
                kind="section",
                detail=section.title or say("section", self.language),
                info=pages.section(section, self.flow, self.language),
            )
        yield self._keyword("next")
        for kind in self.catalogue.kinds():
            block = self.catalogue.block(kind)
            if block and block.ends_flow and not any(s.required for s in specs(block.Params)):
                yield Completion(
                    label=kind,
                    kind="block",
                    detail=block.card.title[self.language],
                    info=block.card.summary[self.language],
                )
        yield self._keyword("nowhere")
        for step_id, _, step in self.flow.document.steps():
            if step.name:
                yield Completion(label=step_id, kind="step", detail=step.kind)

    def _steps_in(self, name: str) -> Iterator[Completion]:
        section = self.flow.document.sections.get(unicodedata.normalize("NFC", name))
        for step_id, step in zip(section.step_ids, section.steps, strict=True) if section else ():
            _, _, short = step_id.partition(".")
            if "." not in short:
                yield Completion(label=short, kind="step", detail=step.kind)

    def _placements(self, line: tuple[Token, ...]) -> Iterator[Completion]:
        layout = self.flow.document.layout
        placed = {item.id for item in layout.places} if layout else set()
        for step_id in self.flow.wiring.steps if not line else ():
            if step_id not in placed:
                yield Completion(label=step_id, kind="step", insert=f"{step_id} ")

    # --- tests and policies -------------------------------------------------------------------

    def _subject(self) -> Flow:
        """The flow that a test is about."""
        head = self.cursor.above[0].words if self.cursor.above else ()
        return subject_flow(self.flow, head[3] if len(head) > 3 else None, self.around)

    def _spoken(self, words: Iterable[Spoken]) -> Iterator[Completion]:
        for word in words:
            match word.sort:
                case "word":
                    yield self._keyword(word.word, word.word)
                case "literal":
                    yield Completion(label=word.word, kind="literal")
                case "block":
                    block = self.catalogue.block(word.word)
                    title = block.card.title[self.language] if block else ""
                    yield Completion(label=word.word, kind="block", detail=title)
                case "key":
                    yield Completion(label=word.word, kind="parameter", insert=f"{word.word}: ")
                case "section" | "step" | "value" | "resource" as kind:
                    yield Completion(label=word.word, kind=kind, detail=word.detail)


# --- lines ------------------------------------------------------------------------------------


Sort = Literal["section", "header", "test", "policy", "layout", "prompt", "declaration"]


def sort_of(head: CodeLine) -> Sort:
    """What the line at the margin begins."""
    match head.words:
        case (word, ":") | (word, _, ":") if word != "policy":
            return "section"
        case ("flow" | "module", _, *rest) if "=" not in rest:
            return "header"
        case ("test", *_):
            return "test"
        case ("policy", *_):
            return "policy"
        case ("layout",):
            return "layout"
        case ("prompt", *_):
            return "prompt"
        case (_,):
            # A section that lost its colon.
            return "section"
        case _:
            return "declaration"


def _split(line: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """The arguments of a line; the last one is being typed."""
    groups = [tuple(group) for is_comma, group in groupby(line, _is_comma) if not is_comma]
    return groups if line and not _is_comma(line[-1]) else [*groups, ()]


def _is_comma(token: Token) -> bool:
    return token.text == ","


def _is_keyed(group: tuple[Token, ...]) -> bool:
    return len(group) > 1 and group[1].text == ":"


def _spec_of(
    step: StepAt, now: tuple[Token, ...], before: Iterable[tuple[Token, ...]]
) -> ParameterSpec | None:
    """The parameter that the argument being typed is for."""
    if _is_keyed(now):
        return step.specs.get(now[0].text)
    return step.at_position(sum(not _is_keyed(group) for group in before))


def _keys_of(step: StepAt, groups: Iterable[tuple[Token, ...]]) -> set[str]:
    """The parameters that these arguments are for."""
    found = set()
    position = 0
    for group in groups:
        spec = None if _is_keyed(group) else step.at_position(position)
        position += spec is not None
        found.add(spec.key if spec else group[0].text)
    return found


def _keys_given(step: StepAt) -> set[str]:
    arguments = step.wired.step.arguments if step.wired else ()
    placed = set(step.wired.bound.given) if step.wired else set()
    return placed | {argument.key for argument in arguments if argument.key}

"""What a card shows of its block: words that a person recognises it by, never "configured".

Everything comes from the block's class and its arguments; no block is known by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from unicodedata import east_asian_width

from designer.words import Language
from designer.words import words as words_of
from designer.words.choices import choice
from flowlang import expressions as ex
from flowlang.names import outside_name
from flowlang.parameters import ParameterSpec, Wording, specs
from flowlang.syntax import spelling
from flowlang.wiring import WiredStep

TITLE_UNITS = 26
LINE_UNITS = 30
"""What fits on a line of a card; a Korean letter takes two units."""
LINES_MAX = 2
UNITS = {"unit_hour": 3600, "unit_minute": 60, "unit_second": 1}
SENTENCE_ENDS = (".", "!", "?", "。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    title: str
    lines: tuple[str, ...] = ()


def said(wording: Wording, language: Language) -> str:
    return wording.get(language) or wording.get("en") or ""


def face_of(step: WiredStep, language: Language) -> Face:
    """The title and at most two lines of a card."""
    if step.block is None:
        return Face(title=step.step.name or step.step.kind)
    shown = [spec for spec in specs(step.block.Params) if spec.key in step.bound.given]
    title_from = _telling(step, shown)
    title, rest = _title(step, title_from, language)
    lines = _wrapped(rest) if rest else []
    is_named = bool(step.step.name)
    others = [
        text
        for spec in shown
        if spec is not title_from or spec.free
        for text in _said_of(step, spec, language, skip_first=spec is title_from and not is_named)
    ]
    for line in _joined(others):
        if len(lines) < LINES_MAX:
            lines.append(line)
    return Face(title=title, lines=tuple(lines))


# --- title --------------------------------------------------------------------------------------


def _telling(step: WiredStep, shown: list[ParameterSpec]) -> ParameterSpec | None:
    """The parameter that says most: what is spoken, else what is used, else what comes first."""
    if step.call.callee:
        return None
    ranks: tuple[Callable[[ParameterSpec], bool], ...] = (
        lambda spec: spec.multiline,
        lambda spec: spec.resource is not None,
        lambda spec: spec.free and _is_short(step, spec),
        lambda spec: spec.position == 0 or spec.rest,
        lambda spec: _is_short(step, spec),
    )
    return next((spec for rank in ranks for spec in shown if rank(spec)), None)


def _is_short(step: WiredStep, spec: ParameterSpec) -> bool:
    """Whether a value fits into a title: records and lists of them do not."""
    value = step.bound.values.get(spec.key)
    if spec.free and isinstance(value, ex.Record) and value.fields:
        value = value.fields[0].value
    return not isinstance(value, ex.Record | ex.ListOf)


def _title(step: WiredStep, spec: ParameterSpec | None, language: Language) -> tuple[str, str]:
    """The title, and what of a long text does not fit into it."""
    assert step.block is not None
    name = step.step.name
    if spec is None:
        called = step.call.callee.name if step.call.callee else ""
        known = called or said(step.block.card.title, language)
        return (name, called) if name else (known, "")
    if spec.free:
        return name or _unmarked(next(_said_of(step, spec, language))), ""
    given = step.bound.given[spec.key].value
    if spec.multiline:
        return _spoken(name, " ".join(plain(given).split()))
    content = _content(step, spec, given, language)
    return (name, content) if name else (_unmarked(content), "")


def _spoken(name: str | None, words: str) -> tuple[str, str]:
    """The first words, and those that follow: together they are what is said."""
    if name:
        return name, f"“{words}”"
    short = cut(words, TITLE_UNITS)
    if short == words:
        return short, ""
    head = short.removesuffix("…")
    rest = words[len(head) :].strip()
    return (head, rest) if head.endswith(SENTENCE_ENDS) else (short, f"…{rest}")


def _content(
    step: WiredStep, spec: ParameterSpec, given: ex.Expression, language: Language
) -> str:  # fmt: skip
    if spec.resource:
        return _resource(step, given)
    if spec.rest or isinstance(given, ex.Name):
        return ", ".join(_values(step, spec, language))
    value = _value(given, language)
    is_bare = isinstance(given, ex.Literal) and given.type not in ("text", "duration")
    return f"{said(spec.title, language)} {value}" if is_bare or spec.position else value


def _unmarked(title: str) -> str:
    """A title is one style throughout."""
    return title.replace("`", "")


def _resource(step: WiredStep, value: ex.Expression) -> str:
    """What people call a resource: its name outside of the flow."""
    declared = step.call.declarations.get(getattr(value, "root", ""))
    return outside_name(declared) if declared and declared.value else plain(value)


# --- lines --------------------------------------------------------------------------------------


def _said_of(
    step: WiredStep, spec: ParameterSpec, language: Language, *, skip_first: bool = False
) -> Iterator[str]:
    if not spec.free:
        yield f"{said(spec.title, language)}: {', '.join(_values(step, spec, language))}"
        return
    record = step.bound.values.get(spec.key)
    fields = record.fields if isinstance(record, ex.Record) else ()
    for field in fields[1:] if skip_first else fields:
        yield f"{field.key} = {_value(field.value, language)}"


def _values(step: WiredStep, spec: ParameterSpec, language: Language) -> list[str]:
    value = step.bound.values[spec.key] if spec.rest else step.bound.given[spec.key].value
    items = [item.value for item in value.items] if isinstance(value, ex.ListOf) else [value]
    if any(isinstance(item, ex.Record) for item in items) and isinstance(value, ex.ListOf):
        return [str(len(items))]
    return [
        choice(word, language) if (word := _word(item)) in spec.words else _value(item, language)
        for item in items
    ]


def _word(value: ex.Expression) -> str:
    match value:
        case ex.Name(root=word, segments=()) | ex.Literal(value=str(word)):
            return word
        case _:
            return ""


def _value(value: ex.Expression, language: Language) -> str:
    """Text as it is; what is computed, marked as code."""
    match value:
        case ex.Literal(value=bool(is_so)):
            return words_of(language)["yes" if is_so else "no"]
        case ex.Literal(value=str(text), type="text") if text.startswith("arn:"):
            return text.replace("/", ":").rpartition(":")[2]
        case ex.Literal(value=float() | int() as seconds, type="duration"):
            return duration(seconds, language)
        case ex.Literal() | ex.Template():
            return plain(value)
        case ex.Name(segments=()):
            return value.root
        case ex.Record(fields=fields):
            return ", ".join(f"{it.key} = {_value(it.value, language)}" for it in fields)
        case _:
            return f"`{spelling.value(value)}`"


def duration(seconds: float, language: Language) -> str:
    """As people say it: `90s` is "1m 30s"."""
    parts, rest = [], seconds
    for unit, size in UNITS.items():
        count = rest if size == 1 else rest // size
        rest -= count * size
        if count:
            parts.append(f"{count:g}{words_of(language)[unit]}")
    return " ".join(parts) or f"0{words_of(language)['unit_second']}"


def plain(value: ex.Expression) -> str:
    """A text without quotes; the values in it in braces."""
    match value:
        case ex.Literal(value=str(text), type="text"):
            return text
        case ex.Template(parts=parts):
            return "".join(
                part if isinstance(part, str) else f"{{{spelling.value(part)}}}" for part in parts
            )
        case _:
            return spelling.value(value)


# --- room ---------------------------------------------------------------------------------------


def units(text: str) -> int:
    """How wide a text is; East Asian letters are twice as wide."""
    if text.isascii():
        return len(text)
    return sum(map(_units_of, text))


@cache
def _units_of(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1


def cut(text: str, room: int) -> str:
    """The first words that fit."""
    if units(text) <= room:
        return text
    used = 0
    for index, letter in enumerate(text):
        used += _units_of(letter)
        if used > room - 1:
            head = text[:index]
            if head.count("{") > head.count("}") and head.rfind("{") > 0:
                head = head[: head.rfind("{")]
            words = head.rpartition(" ")[0]
            return f"{words if units(words) > room // 2 else head}…"
    return text


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    while text and len(lines) < LINES_MAX - 1 and units(text) > LINE_UNITS:
        head = cut(text, LINE_UNITS).removesuffix("…")
        lines.append(head)
        text = text[len(head) :].lstrip()
    return [*lines, cut(text, LINE_UNITS)] if text else lines


def _joined(texts: list[str]) -> list[str]:
    """As many on a line as fit, with a dot between them."""
    lines: list[str] = []
    for text in texts:
        if lines and units(lines[-1]) + units(text) + 3 <= LINE_UNITS:
            lines[-1] += f" · {text}"
        else:
            lines.append(cut(text, LINE_UNITS))
    return lines

"""Habits of other notations: what is meant is known where the line can be read once it is put
right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flowlang.diagnostics import Problem
from flowlang.names import VALUE_WORDS
from flowlang.syntax import trial
from flowlang.syntax.slip import Slip

_FENCE = re.compile(r"```\w*$|\} *[;,]?$")
_COMMENT = re.compile(r"(?:<!--|/\*) *(.*?) *(?:-->|\*/)?$|(?:--|;) +(.*)$")
_MARK = re.compile(r"\*\* *|__ *|\* +|- +|\d+[.)] +|> +|`")
_MARK_BEHIND = re.compile(r" *(?:\*\*|__|`)$")
_TAIL = re.compile(r" *([;.]|\{)$")
_SIGN_BEHIND = re.compile(r"(on|when|otherwise)( *(?::|==?) *)(?=\S.*->)")
_SIGN_IN_HEADER = re.compile(r"(\w+)( *[:=] *)(?=\S)")
_BETWEEN_PORTS = re.compile(r" +(?:or|and) +| *[/|;] *")
_ASSIGNED = (
    (
        re.compile(r"(?:let +|var +|const +)?(?!(?:on|when|otherwise)\b)(\w+) *:?= *(.+)$"),
        r"set \1: \2",
    ),
    (re.compile(r"(\w+) *([-+])= *(.+)$"), r"set \1: \1 \2 \3"),
    (re.compile(r"(\w+)\+\+$"), r"set \1: \1 + 1"),
    (re.compile(r"(\w+)--$"), r"set \1: \1 - 1"),
    (re.compile(r"set +(\w+) +to +(.+)$"), r"set \1: \2"),
)
_BRACKETS = re.compile(r"(\w+(?: *= *\w+)?) *\((.*)\)$")
_BRACES = re.compile(r" *,? *\{ *([^{}]*?) *\}$")
_LABELS = (
    re.compile(r"\[ *([^\W\d]\w*) *\] *:?$"),
    re.compile(r"[\"']([^\W\d]\w*)[\"'] *:$"),
    re.compile(r"(?:def|section|label|state|node|step|block) +([^\W\d]\w*) *(?:\(\))? *:?$"),
    re.compile(r"([^\W\d]\w*) *(?:\(\) *:?|->|=|:{2,})$"),
)
_NO_LABELS = frozenset({"flow", "module", "test", "policy", "layout", *VALUE_WORDS})
_GIVES = re.compile(r"\) *(?::|=>|>|<-|=|returns?|gives|to)? *(?=\()")
_WRITTEN = (
    (re.compile(r"\b(\w+)\[\]"), r"list of \1"),
    (re.compile(r"\b(?:list|array) *[<\[](\w+)[>\]]", re.IGNORECASE), r"list of \1"),
    (re.compile(r" *\| *(?:null|none|nil)\b", re.IGNORECASE), "?"),
    (re.compile(r" *\?\? *"), " else "),
    (re.compile(r":="), "="),
    (re.compile(r"=<"), "<="),
    (re.compile(r"=!"), "!="),
    (re.compile(r"\bthen +->"), "->"),
    (re.compile(r"-> *(?:go *to|jump to) +", re.IGNORECASE), "-> "),
    (re.compile(r"(?:->) *-> *"), "-> "),
    (re.compile(r"^<- *"), "-> "),
    (re.compile(r"\bin *\(([^()]*)\)"), r"in [\1]"),
)
_WORDS = {
    "case": "on",
    "On": "on",
    "ON": "on",
    "When": "when",
    "WHEN": "when",
    "Otherwise": "otherwise",
}
_FIRST_WORD = re.compile(r"\w+(?= )")
_OUTCOME_INSIDE = re.compile(r" +(?=(?:on|when|otherwise) .*->)")
_ARROW_INSIDE = re.compile(r"(?<=[\w\"')\]]) *(?=->)")


@dataclass(frozen=True, slots=True)
class Habit:
    """What is wrong from `start` to `end` of a line, and what makes it right."""

    code: str
    start: int
    end: int
    edits: tuple[tuple[int, int, str], ...]
    found: str = ""
    plain: str = ""
    reason: str = ""
    title: str = ""
    safe: bool = True
    is_certain: bool = False
    """Whatever the line is without it."""


def habit(slip: Slip) -> Problem | None:
    if trial.is_too_long(slip.start, slip.end):
        return None
    for recognize in _HABITS:
        for found in recognize(slip):
            problem = _problem(slip, found)
            line = (slip.text, slip.start, slip.end, slip.symbol, slip.position)
            if found.is_certain or trial.helps(problem, *line):
                return problem
    return None


def _problem(slip: Slip, found: Habit) -> Problem:
    base = slip.start
    edits = [(base + start, base + end, text) for start, end, text in found.edits]
    title = found.title or ("replace" if found.plain else found.code)
    fix = slip.fix(title, *edits, safe=found.safe)
    fix = replace(fix, arguments={"suggestion": found.plain.strip()})
    start, end = base + found.start, base + found.end
    told = {"found": found.found, "plain": found.plain.strip(), "reason": found.reason}
    arguments = {name: text for name, text in told.items() if text}
    return slip.problem(found.code, start=start, end=end, fix=fix, **arguments)


def _marks(slip: Slip) -> Iterator[Habit]:
    """`- play "x"`, `**menu:**`, the fence around a listing, a brace on a line of its own."""
    line = slip.line
    if fence := _FENCE.match(line):
        code = "FL061" if line[0] == "}" else "FL060"
        edits = ((0, fence.end(), ""),)
        yield Habit(code, 0, fence.end(), edits, fence.group(), is_certain=True)
    if comment := _COMMENT.match(line):
        written = f"# {comment[1] or comment[2] or ''}".rstrip()
        edits = ((0, comment.end(), written),)
        yield Habit("FL048", 0, comment.end(), edits, comment.group(), written, is_certain=True)
    mark = _MARK.match(line)
    is_item = line.startswith("-") and slip.symbol == "section_line" and not slip.is_step
    if mark and not is_item:
        behind = _MARK_BEHIND.search(line, mark.end())
        tail = ((behind.start(), behind.end(), ""),) if behind else ()
        edits = ((0, mark.end(), ""), *tail)
        found = mark.group().rstrip()
        yield Habit("FL060", 0, len(found), edits, found)


def _tail(slip: Slip) -> Iterator[Habit]:
    if tail := _TAIL.search(slip.line):
        edits = ((tail.start(), tail.end(), ""),)
        yield Habit("FL061", tail.start(1), tail.end(), edits, tail[1])


def _sign_behind_on(slip: Slip) -> Iterator[Habit]:
    form = _SIGN_IN_HEADER if slip.symbol == "item_line" else _SIGN_BEHIND
    if sign := _SIGN_BEHIND.match(slip.line) or form.match(slip.line):
        found = sign[2].strip()
        edits = ((sign.start(2), sign.end(2), " "),)
        yield Habit("FL062", sign.start(2), sign.end(2), edits, found, sign[1], title="FL062")


def _between_ports(slip: Slip) -> Iterator[Habit]:
    line = slip.line
    arrow = line.find(" ->")
    if not line.startswith("on ") or arrow < 0:
        return
    signs = [*_BETWEEN_PORTS.finditer(line, 3, arrow)]
    if signs:
        edits = tuple((sign.start(), sign.end(), ", ") for sign in signs)
        first = signs[0]
        yield Habit("FL063", first.start(), first.end(), edits, first.group().strip())


def _on_or_when(slip: Slip) -> Iterator[Habit]:
    line = slip.line
    if "->" not in line or slip.is_step or slip.symbol != "section_line":
        return
    for word, other in (("on", "when"), ("when", "on")):
        if line.startswith(f"{word} "):
            edits = ((0, len(word), other),)
            yield Habit("FL064", 0, len(word), edits, word, other, other, safe=False)


def _bare_outcome(slip: Slip) -> Iterator[Habit]:
    line = slip.line
    is_outcome = re.match(r"(on|when|otherwise|default|else|els?if|if)\b|->", line)
    is_place = slip.symbol == "section_line" or line.startswith("error")
    is_place = is_place and not (slip.is_step or slip.has_lines_below)
    if "->" not in line or is_outcome or not is_place or slip.symbol == "top_line":
        return
    for word in ("on", "when"):
        edits = ((0, 0, f"{word} "),)
        reason = "when" if word == "when" else ""
        yield Habit("FL037", 0, len(line), edits, reason=reason, title=f"FL037.{word}", safe=False)


def _assigned(slip: Slip) -> Iterator[Habit]:
    for form, plain in _ASSIGNED if slip.is_step else ():
        if found := form.match(slip.line):
            written = found.expand(plain)
            edits = ((0, found.end(), written),)
            yield Habit("FL065", 0, found.end(), edits, found.group(), written, safe=False)


def _brackets(slip: Slip) -> Iterator[Habit]:
    found = _BRACKETS.match(slip.line)
    if found and (slip.is_step or slip.symbol == "item_line"):
        written = f"{found[1]} {found[2]}".rstrip()
        edits = ((0, found.end(), written),)
        yield Habit("FL066", found.end(1), found.end(), edits, found[1], title="FL066")
    kind = re.match(r"\w+", slip.line)
    if kind and slip.is_step and (found := _BRACES.search(slip.line, kind.end())):
        comma = " " if found.start() == kind.end() else ", "
        edits = ((found.start(), found.end(), f"{comma}{found[1]}"),)
        yield Habit("FL066", found.start(), found.end(), edits, kind.group(), title="FL066")


def _colon_behind_kind(slip: Slip) -> Iterator[Habit]:
    found = re.match(r"\w+( *: *)", slip.line)
    if found and slip.is_step:
        edits = ((found.start(1), found.end(1), " "),)
        yield Habit("FL054", found.start(1), found.end(1), edits)


def _label(slip: Slip) -> Iterator[Habit]:
    for form in _LABELS if slip.symbol == "top_line" else ():
        found = form.match(slip.line)
        if found and found[1] not in _NO_LABELS:
            edits = ((0, found.end(), f"{found[1]}:"),)
            yield Habit("FL067", 0, found.end(), edits, plain=f"{found[1]}:", safe=False)


def _several_lines(slip: Slip) -> Iterator[Habit]:
    """`play "x" -> menu`, `ask "x" on timeout -> menu`."""
    if not slip.is_step or slip.has_lines_below:
        return
    for form, deeper, reason in ((_OUTCOME_INSIDE, 2, "outcome"), (_ARROW_INSIDE, 0, "")):
        found = form.search(slip.line)
        if found and found.start():
            edits = ((found.start(), found.end(), "\n" + " " * (slip.margin + deeper)),)
            start = found.end()
            yield Habit("FL068", start, len(slip.line), edits, reason=reason, safe=False)


def _gives(slip: Slip) -> Iterator[Habit]:
    for found in _GIVES.finditer(slip.line) if slip.symbol == "top_line" else ():
        edits = ((found.start() + 1, found.end(), " -> "),)
        sign = found.group()[1:].strip()
        yield Habit("FL069", found.start() + 1, found.end() + 1, edits, sign)


def _written(slip: Slip) -> Iterator[Habit]:
    for form, plain in _WRITTEN:
        if signs := [*form.finditer(slip.line)]:
            edits = tuple((sign.start(), sign.end(), sign.expand(plain)) for sign in signs)
            first, written = signs[0], edits[0][2]
            yield Habit("FL048", first.start(), first.end(), edits, first.group().strip(), written)
    word = _FIRST_WORD.match(slip.line)
    if word and word.group() in _WORDS:
        plain = _WORDS[word.group()]
        edits = ((0, word.end(), plain),)
        yield Habit("FL048", 0, word.end(), edits, word.group(), plain)


_HABITS: tuple[Callable[[Slip], Iterator[Habit]], ...] = (
    _marks,
    _tail,
    _sign_behind_on,
    _between_ports,
    _written,
    _on_or_when,
    _bare_outcome,
    _assigned,
    _label,
    _brackets,
    _colon_behind_kind,
    _several_lines,
    _gives,
)

"""What is wrong with a line that does not parse, in its writer's terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from flowlang.diagnostics import Problem
from flowlang.model import Section
from flowlang.names import VALUE_WORDS
from flowlang.places import Anchor
from flowlang.syntax import trial
from flowlang.syntax.build import Draft
from flowlang.syntax.grammar import Start, UnexpectedInput
from flowlang.syntax.habits import habit
from flowlang.syntax.loanwords import loanword
from flowlang.syntax.slip import Slip
from flowlang.syntax.transformer import LoneWord, Told

_LOOKALIKES = {
    **dict.fromkeys("“”„‟«»「」『』〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛′＇`´", "'"),
    **dict.fromkeys("–—−‐‑―", "-"),
    **dict.fromkeys("→⇒➔⟶", "->"),
    **dict.fromkeys("、﹐", ","),
    **dict.fromkeys("\u00a0\u2003\u2002\u2009\u200b\u3000", " "),
    "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/",
}  # fmt: skip
_QUOTES = frozenset("\"'")
_STRING = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|\'[^\'\n]*\'')
_RESERVED = re.compile(r"(on|when|otherwise)\b")
_OUTCOME = re.compile(r"(on|when|otherwise)\s")
_COMPARISON = re.compile(r"==|!=|<=?|>=?|\b(?:contains|starts_with|ends_with)\b")
_KEYED = re.compile(r"\w+ *:")
_NUMBER = re.compile(r"[0-9][0-9.]*")
_UNIT = re.compile(r"(?:ms|min|s|h|d|%)(?!\w)")
_STRANGE_ARROW = re.compile(r"- +>|--+>|=+>")
_STRANGE_COMMENT = re.compile(r"//+")
_HEAD = re.compile(r"(?:flow|module) +\w+ *(:)$")
_TARGET = re.compile(r"-> *(\S(?:.*\S)?)$")
_QUOTED_NAME = re.compile(r"[\"']([^\W\d]\w*)[\"']")
_BLANK_IN_NAME = re.compile(r"\w+(?: +\w+)+(?= *:$)")


def symbol_below(head: Draft) -> Start:
    """What stands below this head."""
    is_section = head.cls is Section
    if isinstance(head, (LoneWord, Told)):
        is_section = head.fields["word"] not in ("layout", "test", "policy")
    return "section_line" if is_section else "item_line"


def explain(
    error: UnexpectedInput, anchor: Anchor, text: str, start: int, end: int, symbol: Start,
    *, is_step: bool = False,
) -> Problem:  # fmt: skip
    """The problem of the line that stands in this range of the text."""
    slip = Slip(error, anchor, text, start, end, symbol, is_step=is_step)
    if known := habit(slip):
        return known
    for recognize in _RECOGNIZERS:
        problem = recognize(slip)
        if problem is not None:
            return _with_a_fix_that_helps(slip, problem)
    if slip.is_at_end:
        return slip.problem("FL002")
    return slip.problem("FL001", found=slip.found)


def _with_a_fix_that_helps(slip: Slip, problem: Problem) -> Problem:
    line = (slip.text, slip.start, slip.end, slip.symbol, slip.position)
    if problem.fix is None or trial.helps(problem, *line):
        return problem
    return replace(problem, fix=None)


def _plain(char: str) -> str | None:
    """The plain character that this one looks like."""
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    plain = unicodedata.normalize("NFKC", char)
    is_full_width = not char.isascii() and plain != char and plain.isascii()
    return plain if is_full_width and not (char.isalpha() or plain.isspace()) else None


def _outside_strings(slip: Slip) -> Iterator[tuple[int, str]]:
    position = slip.start
    while position < slip.end:
        string = _STRING.match(slip.text, position, slip.end)
        if string:
            position = string.end()
            continue
        yield position, slip.text[position]
        position += 1


def _lookalike(slip: Slip) -> Problem | None:
    char = slip.text[slip.position : slip.position + 1]
    plain = _plain(char) if char else None
    if plain is None:
        return None
    found = ((at, other, _plain(other)) for at, other in _outside_strings(slip))
    edits = [(at, at + 1, same) for at, other, same in found if same is not None]
    code = "FL008" if plain in _QUOTES else "FL007"
    fix = slip.fix(code, *edits)
    end = slip.position + 1
    return slip.problem(code, end=end, fix=fix, found=_shown(char), plain=plain)


def _shown(char: str) -> str:
    return char if char.isprintable() and not char.isspace() else f"U+{ord(char):04X}"


def _strange_arrow(slip: Slip) -> Problem | None:
    return _written(slip, _STRANGE_ARROW, "->")


def _strange_comment(slip: Slip) -> Problem | None:
    return _written(slip, _STRANGE_COMMENT, "#")


def _written(slip: Slip, sign: re.Pattern[str], plain: str) -> Problem | None:
    """A sign of other languages, at the place where the parse stopped."""
    around = (found.span() for found in sign.finditer(slip.text, slip.start, slip.end))
    start, end = next((span for span in around if slip.position in range(*span)), (0, 0))
    if not end:
        return None
    fix = replace(slip.fix("replace", (start, end, plain)), arguments={"suggestion": plain})
    found = slip.text[start:end]
    return slip.problem("FL048", start=start, end=end, fix=fix, found=found, plain=plain)


def _arrow_to_nothing(slip: Slip) -> Problem | None:
    if not (slip.is_at_end and slip.line.endswith("->")):
        return None
    return slip.problem("FL011", start=slip.end - 2, end=slip.end)


def _loanword(slip: Slip) -> Problem | None:
    word = loanword(slip.text, slip.start, slip.end, slip.position)
    if word is None or slip.symbol not in ("section_line", "item_line", "expression"):
        return None
    blank = "" if slip.text[word.end : word.end + 1] in ("", " ") else " "
    before = "" if slip.text[word.start - 1 : word.start] in ("", " ", "\n") else " "
    plain = f"{before}{word.plain}{blank}"
    fix = replace(
        slip.fix("replace", (word.start, word.end, plain), safe=word.safe),
        arguments={"suggestion": word.plain},
    )
    return slip.problem(
        "FL048", start=word.start, end=word.end, fix=fix, found=word.found, plain=word.plain
    )


def _arrow_alone(slip: Slip) -> Problem | None:
    """`-> menu` where no section is: there only errors lead somewhere."""
    if slip.symbol != "item_line" or not slip.line.startswith("->"):
        return None
    fix = slip.fix("FL047", (slip.start, slip.start, "on error "), safe=False)
    return slip.problem("FL047", start=slip.start, end=slip.start + 2, fix=fix)


def _nothing_before_arrow(slip: Slip) -> Problem | None:
    arrow = slip.position - 1 if slip.found == ">" else slip.position
    if not slip.text.startswith("->", arrow) or not _OUTCOME.match(slip.text, slip.start, slip.end):
        return None
    return slip.problem("FL047", start=arrow, end=arrow + 2)


def _strange_target(slip: Slip) -> Problem | None:
    target = _TARGET.search(slip.line)
    if target is None or not target.start(1) <= slip.position - slip.start < target.end(1):
        return None
    quoted = _QUOTED_NAME.fullmatch(target[1])
    start, end = slip.start + target.start(1), slip.start + target.end(1)
    fix = slip.fix("FL049", (start, end, quoted[1])) if quoted else None
    return slip.problem("FL049", start=start, end=end, fix=fix, found=target[1])


def _last_comma(slip: Slip) -> Problem | None:
    is_last = slip.is_at_end or slip.position == slip.end - 1
    if not (is_last and slip.line.endswith(",")):
        return None
    is_whole = not slip.has_lines_below and (slip.symbol != "top_line" or " " in slip.before)
    fix = slip.fix("FL031", (slip.end - 1, slip.end, "")) if is_whole else None
    return slip.problem("FL031", start=slip.end - 1, end=slip.end, fix=fix)


def _reserved_name(slip: Slip) -> Problem | None:
    word = _RESERVED.match(slip.text, slip.start, slip.end)
    if word is None or slip.symbol not in ("section_line", "item_line"):
        return None
    rest = slip.text[word.end() : slip.end].lstrip()
    if "->" in rest or (rest and rest[0] not in "=:"):
        return None
    return slip.problem("FL012", start=slip.start, end=word.end(), word=word.group())


def _outcome_without_arrow(slip: Slip) -> Problem | None:
    is_outcome = _OUTCOME.match(slip.text, slip.start, slip.end)
    if not is_outcome or slip.symbol not in ("section_line", "item_line") or "->" in slip.line:
        return None
    return slip.problem("FL036", start=slip.start, end=slip.end)


def _outcome_without_on(slip: Slip) -> Problem | None:
    is_outcome = _OUTCOME.match(slip.text, slip.start, slip.end)
    has_arrow = "->" in (slip.found, slip.text[max(slip.position - 1, 0) : slip.position + 1])
    if not has_arrow or is_outcome or slip.symbol not in ("section_line", "item_line"):
        return None
    return slip.problem("FL037", start=slip.start, end=slip.end)


def _equals_sign(slip: Slip) -> Problem | None:
    at = slip.position
    if slip.found != "=":
        named = re.match(r"\w+ *(=) *", slip.line)
        is_argument = slip.symbol == "section_line" and not slip.is_step
        if named is None or slip.start + named.end() != at or not is_argument:
            return None
        at = slip.start + named.start(1)
    if re.match(r"when\b|branch\b", slip.line):
        fix = slip.fix("FL034", (at, at + 1, "=="))
        return slip.problem("FL034", start=at, end=at + 1, fix=fix)
    if slip.symbol != "section_line":
        return None
    before = len(slip.text[slip.start : at].rstrip(": ")) + slip.start
    behind = slip.end - len(slip.text[at + 1 : slip.end].lstrip())
    fix = slip.fix("FL010", (before, behind, ": "))
    return slip.problem("FL010", start=at, end=at + 1, fix=fix)


def _chained_comparison(slip: Slip) -> Problem | None:
    is_comparison = _COMPARISON.fullmatch(slip.found)
    if not is_comparison or not _COMPARISON.search(_STRING.sub("", slip.before)):
        return None
    return slip.problem("FL017", found=slip.found)


def _unit(slip: Slip) -> Problem | None:
    number = _NUMBER.match(slip.text, slip.position, slip.end)
    if number:
        word = re.match(r"\w+", slip.text[number.end() : slip.end])
        if word and slip.symbol == "top_line":
            return slip.problem("FL033", end=number.end() + word.end(), reason="digit")
        if word:
            end = number.end() + word.end()
            return slip.problem("FL018", end=end, found=slip.text[slip.position : end])
        return None
    last_number = re.search(r"(?<![\w.\"'])[0-9]+(?:\.[0-9]+)?$", slip.before)
    if last_number and _UNIT.match(slip.text, slip.position, slip.end):
        behind = slip.start + last_number.end()
        fix = slip.fix("FL018", (behind, slip.position, ""))
        found = slip.text[slip.start + last_number.start() : slip.position + len(slip.found)]
        return slip.problem("FL018", fix=fix, found=found)
    return None


def _blank_in_name(slip: Slip) -> Problem | None:
    name = _BLANK_IN_NAME.match(slip.line)
    if name is None or slip.symbol != "top_line":
        return None
    if name.group().split(" ", 1)[0] in VALUE_WORDS:
        return slip.problem("FL038", start=slip.end - 1, end=slip.end, reason="none")
    joined = re.sub(" +", "_", name.group())
    fix = slip.fix("FL033", (slip.start, slip.start + name.end(), joined), safe=False)
    return slip.problem("FL033", start=slip.start, end=slip.start + name.end(), fix=fix)


def _hyphen_in_name(slip: Slip) -> Problem | None:
    if slip.symbol != "top_line" or slip.found != "-":
        return None
    names = re.finditer(r"[^\W\d]\w*(?:-\w+)+", slip.line)
    at = slip.position - slip.start
    name = next((name for name in names if at in range(*name.span())), None)
    if name is None:
        return None
    start, end = slip.start + name.start(), slip.start + name.end()
    fix = slip.fix("FL033", (start, end, name.group().replace("-", "_")), safe=False)
    return slip.problem("FL033", start=start, end=end, fix=fix, reason="hyphen")


def _colon_behind_head(slip: Slip) -> Problem | None:
    head = _HEAD.match(slip.line)
    if head is None or slip.symbol != "top_line":
        return None
    at = slip.start + head.start(1)
    return slip.problem("FL054", start=at, end=at + 1, fix=slip.fix("FL054", (at, at + 1, "")))


def _call(slip: Slip) -> Problem | None:
    name = re.search(r"[^\W\d]\w*$", slip.text[slip.start : slip.position])
    if name is None or slip.found != "(" or slip.symbol not in ("section_line", "expression"):
        return None
    start = slip.start + name.start()
    return slip.problem("FL055", start=start, end=slip.position + 1, name=name.group())


def _quote_inside(slip: Slip) -> Problem | None:
    at = slip.position - 1
    is_torn = slip.text[at : at + 1] in _QUOTES and (slip.found[:1].isalnum() or slip.found == "\\")
    if not is_torn or at <= slip.start:
        return None
    return slip.problem("FL056", start=at, end=at + 1)


def _text_behind_colon(slip: Slip) -> Problem | None:
    is_head = re.match(r'\w+(?: *"[^"]*")? *:$', slip.before)
    if slip.symbol != "top_line" or slip.is_at_end or not is_head:
        return None
    below = slip.start + len(slip.before)
    is_alone = not slip.text[slip.end :].strip()
    fix = slip.fix("FL068", (below, slip.position, "\n  ")) if is_alone else None
    return slip.problem("FL035", end=slip.end, fix=fix)


def _type_without_colon(slip: Slip) -> Problem | None:
    """`attribute tier text`, `attribute tier "a" | "b"`, `function f = "f" (phone phone)`."""
    if slip.symbol != "top_line":
        return None
    if slip.found == "|":
        declared = re.fullmatch(r'(\w+ +\w+) +"[^"]*"', slip.before)
    else:
        declared = re.fullmatch(r'(\w+ +\w+(?: +"[^"]*")?|.*[(,] *\w+)', slip.before)
        declared = declared if slip.found[:1].isalpha() else None
    if declared is None:
        return None
    behind = slip.start + declared.end(1)
    return slip.problem("FL038", fix=slip.fix("FL009", (behind, behind, ":"), safe=False))


def _missing_comma(slip: Slip) -> Problem | None:
    starts_value = bool(re.match(r"[\w\"'\[(]", slip.found))
    is_section = slip.symbol == "section_line"
    if not (is_section and starts_value and "COMMA" in slip.expected and slip.before):
        return None
    behind = slip.start + len(slip.before)
    # Whether a block takes one value more is not known here: an argument with its key, it may.
    is_keyed = _KEYED.match(slip.text, slip.position, slip.end)
    fix = slip.fix("FL032", (behind, behind, ","), safe=False) if is_keyed else None
    return slip.problem("FL032", fix=fix, found=slip.found)


def _strange_character(slip: Slip) -> Problem | None:
    if slip.is_at_end or slip.token_type or slip.found[:1].isalnum():
        return None
    char = slip.text[slip.position]
    return slip.problem("FL016", end=slip.position + 1, found=_shown(char))


_RECOGNIZERS: tuple[Callable[[Slip], Problem | None], ...] = (
    _lookalike,
    _strange_arrow,
    _strange_comment,
    _arrow_to_nothing,
    _loanword,
    _arrow_alone,
    _nothing_before_arrow,
    _strange_target,
    _last_comma,
    _reserved_name,
    _outcome_without_arrow,
    _outcome_without_on,
    _equals_sign,
    _chained_comparison,
    _unit,
    _colon_behind_head,
    _blank_in_name,
    _hyphen_in_name,
    _text_behind_colon,
    _type_without_colon,
    _call,
    _quote_inside,
    _missing_comma,
    _strange_character,
)

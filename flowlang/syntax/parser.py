"""Text to tree. Parsing never fails: what cannot be read is a problem, and the rest is read."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute

from flowlang import expressions as ex
from flowlang import limits, model
from flowlang.collector import undisturbed
from flowlang.diagnostics import Problem
from flowlang.places import Anchor, Place
from flowlang.syntax import grammar, margin, nesting, slips, trial
from flowlang.syntax.assembler import Assembler
from flowlang.syntax.build import Draft, construct
from flowlang.syntax.grammar import UnexpectedInput
from flowlang.syntax.lines import ChunkLines, LogicalLine, split


@dataclass(slots=True, eq=False)
class Chunk:
    """The text of one top-level item and what it was parsed to.

    A chunk whose text did not change is the same object in the tree of the next edit: only its
    anchor moves. So a tree that was handed in as `previous` must not be used for places again.
    """

    anchor: Anchor
    item: model.Item | None = None
    closing: tuple[str, ...] = ()
    """Comments behind the last item of a file."""
    problems: tuple[Problem, ...] = ()
    block_count: int = 0

    @property
    def text(self) -> str:
        return self.anchor.text


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    source: str
    chunks: tuple[Chunk, ...]
    document: model.Document
    problems: tuple[Problem, ...] = attribute(default=())


def parse(source: str, previous: Tree | None = None) -> Tree:
    """The tree of a text; what `previous` has in common with it is taken over from there."""
    if len(source) > limits.TEXT_BYTES_MAX or (
        len(source) * 3 > limits.TEXT_BYTES_MAX
        and len(source.encode("utf-8", "surrogatepass")) > limits.TEXT_BYTES_MAX
    ):
        return _refused(source)
    with grammar.LOCK, undisturbed():
        return _tree(source, _chunks(source, previous))


def _refused(source: str) -> Tree:
    anchor = Anchor(source)
    problem = _error("FL040", Place(anchor, 0, min(len(source), 1)), limits.TEXT_BYTES_MAX)
    chunk = Chunk(anchor, problems=(problem,))
    return Tree(source, (chunk,), construct(model.Document, {}), chunk.problems)


def _error(code: str, place: Place, limit: int) -> Problem:
    return Problem(code=code, severity="error", place=place, arguments={"limit": limit})


# --- chunks ---------------------------------------------------------------------------------


def _chunks(source: str, previous: Tree | None) -> list[Chunk]:
    """The chunks of the text: equal ones at both ends are kept without looking inside."""
    old = previous.chunks if previous is not None else ()
    head = _equal_at_start(source, old)
    start = sum(len(chunk.text) for chunk in old[:head])
    known = _starts_at_end(source, start, old[head:])
    ranges = []
    kept_behind: tuple[Chunk, ...] = ()
    for begin, end in split(source, start):
        if begin in known:
            # From a common boundary on, a common text has common chunks.
            kept_behind = old[len(old) - known[begin] :]
            break
        ranges.append((begin, end))
    spare: dict[str, list[Chunk]] = {}
    for chunk in reversed(old[head : len(old) - len(kept_behind)]):
        spare.setdefault(chunk.text, []).append(chunk)
    chunks = [*old[:head], *_parsed(source, ranges, spare), *kept_behind]
    _move_anchors(chunks)
    return chunks


def _equal_at_start(source: str, old: tuple[Chunk, ...]) -> int:
    """How many of the old chunks begin the text. The last two are not counted: the last may have
    grown, and comments behind the other may have become its own."""
    count = position = 0
    for chunk in old:
        if not source.startswith(chunk.text, position):
            break
        position += len(chunk.text)
        count += 1
    return max(count - 2, 0)


def _starts_at_end(source: str, start: int, old: tuple[Chunk, ...]) -> dict[int, int]:
    """Where the old chunks begin that end the text, and how many there are from there on."""
    known = {}
    position = len(source)
    for count, chunk in enumerate(reversed(old), 1):
        if not source.endswith(chunk.text, start, position):
            break
        position -= len(chunk.text)
        known[position] = count
    return known


def _parsed(
    source: str, ranges: list[tuple[int, int]], spare: dict[str, list[Chunk]]
) -> list[Chunk]:
    chunks = []
    broken = 0
    for number, (start, end) in enumerate(ranges):
        text = source[start:end]
        again = spare.get(text)
        if again:
            chunks.append(again.pop())
            continue
        anchor = Anchor(text, start)
        if number >= limits.ITEMS_PER_FILE_MAX or broken >= limits.SYNTAX_PROBLEMS_MAX:
            chunks.append(Chunk(anchor))
            continue
        chunk = _parse_chunk(anchor)
        broken += len(chunk.problems)
        chunks.append(chunk)
    return chunks


def _move_anchors(chunks: list[Chunk]) -> None:
    offset, line = 0, 1
    for chunk in chunks:
        anchor = chunk.anchor
        anchor.offset = offset
        anchor.line = line
        offset += len(anchor.text)
        line += anchor.text.count("\n")


# --- one chunk ------------------------------------------------------------------------------


def _parse_chunk(anchor: Anchor) -> Chunk:
    lines = ChunkLines(anchor)
    if not lines.lines:
        return Chunk(anchor, closing=tuple(lines.closing))
    if lines.lines[0].indent and not margin.settle(lines):
        return Chunk(anchor, problems=_one_for_each_line(anchor, lines.problems))
    builder = grammar.builder()
    builder.anchor = anchor
    builder.problems = []
    builder.parse_expression = parse_inner
    drafts = _parse_whole(lines)
    if drafts is None:
        builder.problems = []
        drafts = _parse_each(lines)
    nesting.drop_too_deep(lines, drafts, builder)
    assembler = Assembler(lines, drafts)
    item = assembler.item()
    found = lines.problems + builder.problems + assembler.problems
    problems = _one_for_each_line(anchor, found)
    return Chunk(anchor, item, (), problems, _block_count(item))


def _block_count(item: model.Item | None) -> int:
    return len(item.steps) if isinstance(item, model.Section) else 0


def _one_for_each_line(anchor: Anchor, found: list[Problem]) -> tuple[Problem, ...]:
    """In the order of the text; of two on one line the first counts."""
    found.sort(key=lambda problem: problem.place.start if problem.place else 0)
    kept: dict[int, Problem] = {}
    for problem in found:
        assert problem.place is not None
        kept.setdefault(anchor.text.rfind("\n", 0, problem.place.start), problem)
    return tuple(kept.values())


def _parse_whole(lines: ChunkLines) -> list[Draft | None] | None:
    """The drafts of all lines, if every one of them can be read: the fast way."""
    if any(line.problem for line in lines.lines):
        return None
    try:
        drafts = grammar.parse(lines.clean_text(), 0, len(lines.text), "chunk")
    except UnexpectedInput:
        return None
    head = drafts[0]
    is_misread = head.cls is not model.Section and slips.symbol_below(head) == "section_line"
    # A bracket too many at the left margin can make one line of two.
    return drafts if len(drafts) == len(lines.lines) and not is_misread else None


def _parse_each(lines: ChunkLines) -> list[Draft | None]:
    """The drafts line by line: none for a line that cannot be read, and its problem is noted."""
    text = lines.clean_text()
    head, *body = lines.lines
    drafts = [_parse_line(lines, text, head, "top_line")]
    symbol = _symbol_of_body(drafts[0], text[head.start : head.end])
    margin = body[0].indent if body and symbol == "section_line" else -1
    for line in body:
        if len(lines.problems) >= limits.SYNTAX_PROBLEMS_MAX:
            # Further ones would not be told, and why a line cannot be read takes long to find out.
            drafts.append(None)
            continue
        drafts.append(_parse_line(lines, text, line, symbol, is_step=line.indent == margin))
    return drafts


def _symbol_of_body(head: Draft | None, code: str) -> grammar.Start:
    if head is not None:
        return slips.symbol_below(head)
    is_item = code.split(" ", 1)[0] in ("flow", "module", "test", "layout", "prompt")
    return "item_line" if is_item else "section_line"


def _parse_line(
    lines: ChunkLines,
    text: str,
    line: LogicalLine,
    symbol: grammar.Start,
    *,
    is_step: bool = False,
) -> Draft | None:
    if line.problem is None:
        try:
            draft: Draft = grammar.parse(text, line.start, line.end, symbol)
        except UnexpectedInput as error:
            line.problem = slips.explain(
                error, lines.anchor, text, line.start, line.end, symbol, is_step=is_step
            )
        else:
            return draft
    elif line.problem.code == "FL003":
        line.problem = trial.with_quote(line.problem, text, line.start, line.end, symbol)
    lines.problems.append(line.problem)
    return None


def parse_inner(text: str, start: int, end: int) -> ex.Expression | None:
    """The expression between the braces of a string."""
    builder = grammar.builder()
    try:
        inner: ex.Expression = grammar.parse(text, start, end, "expression")
    except UnexpectedInput as error:
        problem = slips.explain(error, builder.anchor, text, start, end, "expression")
        builder.problems.append(problem)
        return None
    return inner


# --- the whole ------------------------------------------------------------------------------


def _tree(source: str, chunks: list[Chunk]) -> Tree:
    items = tuple(chunk.item for chunk in chunks if chunk.item is not None)
    closing = chunks[-1].closing if chunks else ()
    document = construct(model.Document, {"items": items, "closing": closing})
    problems = [problem for chunk in chunks for problem in chunk.problems]
    if len(problems) >= limits.SYNTAX_PROBLEMS_MAX:
        last = problems[limits.SYNTAX_PROBLEMS_MAX - 1].place
        assert last is not None
        del problems[limits.SYNTAX_PROBLEMS_MAX :]
        problems.append(_error("FL053", last, limits.SYNTAX_PROBLEMS_MAX))
    problems.extend(_limit_problems(chunks))
    return Tree(source, tuple(chunks), document, tuple(problems))


def _limit_problems(chunks: list[Chunk]) -> list[Problem]:
    if len(chunks) > limits.ITEMS_PER_FILE_MAX:
        anchor = chunks[limits.ITEMS_PER_FILE_MAX].anchor
        place = Place(anchor, 0, len(anchor.text))
        return [_error("FL043", place, limits.ITEMS_PER_FILE_MAX)]
    blocks = 0
    for chunk in chunks:
        blocks += chunk.block_count
        if blocks > limits.BLOCKS_PER_FLOW_MAX:
            place = Place(chunk.anchor, 0, len(chunk.text))
            return [_error("FL044", place, limits.BLOCKS_PER_FLOW_MAX)]
    return []

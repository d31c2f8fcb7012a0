"""After any edits, what is said with what was kept is what would be said with nothing kept."""

import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.checking import Report, Surroundings
from flowlang.checks import check
from flowlang.diagnostics import Problem
from flowlang.model import Line
from flowlang.places import Place
from flowlang.syntax import Tree, parse
from flowlang.wiring import Wire, WiredStep, Wiring, wire
from tests.flowlang.checks.test_generated import SNIPPETS, TEXTS

ROOT = Path(__file__).parents[3]
EXAMPLES = [path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*/*.flow"))]
LIBRARY = catalogue()
HOUSE = Surroundings(policies=parse('policy "p": play before hang_up\n').document.policies)
LINES = st.sampled_from(
    [
        "attribute fresh: text?\n",
        'queue billing = "Billing"\n',
        'function crm = "crm" (phone: phone) -> (tier: text, balance: number?)\n',
        'policy "p": play before transfer\n',
        'test "t" for x\n',
        "# a remark\n",
        "other:\n",
        '  play "{fresh} and {crm.tier}"\n',
        '  play "crm.tier"\n',
        "  crm phone: caller.number\n",
        '  answer = ask "Yes?"\n',
        "  set fresh: answer.value\n",
        "    on timeout, no_match -> other\n",
        "    on error -> nowhere\n",
        "  on error -> other\n",
        "  branch fresh\n",
        "  transfer billing\n",
        "  -> other\n",
        "  -> start\n",
    ]
)


# --- edits ----------------------------------------------------------------------------------------


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True)
    at = draw(st.integers(0, len(lines)))
    match draw(st.sampled_from(["words", "line", "gone", "moved", "renamed", "slip"])):
        case "words":
            quoted = [*re.finditer(r'"([^"\n]*)"', text)]
            if quoted:
                found = draw(st.sampled_from(quoted))
                return text[: found.start()] + '"Something else."' + text[found.end() :]
        case "line":
            return "".join([*lines[:at], draw(LINES), *lines[at:]])
        case "gone":
            return "".join([*lines[:at], *lines[at + draw(st.integers(1, 3)) :]])
        case "moved":
            items = re.split(r"(?m)^(?=\S)", text)
            return "".join(draw(st.permutations(items[:6]))) + "".join(items[6:])
        case "renamed":
            words = sorted({*re.findall(r"\b[a-z_]{2,}\b", text)})
            if words:
                old, new = draw(st.sampled_from(words)), draw(st.sampled_from([*words, "another"]))
                count = draw(st.sampled_from([0, 1]))
                return re.sub(rf"\b{old}\b", new, text, count=count)
        case "slip":
            start = draw(st.integers(0, len(text)))
            end = draw(st.integers(start, min(len(text), start + 20)))
            return text[:start] + draw(SNIPPETS) + text[end:]
    return text


@st.composite
def histories(draw: st.DrawFn) -> list[str]:
    """A text as it is edited, and taken back to what it was."""
    texts = [draw(st.sampled_from([*TEXTS, *EXAMPLES]))]
    for _ in range(draw(st.integers(1, 6))):
        again = draw(st.integers(0, 4)) == 0
        texts.append(draw(st.sampled_from(texts)) if again else draw(edited(texts[-1])))
    return texts


# --- what is said ---------------------------------------------------------------------------------


def place(at: Place | None) -> object:
    return at and (*at.offsets, at.first, at.last)


def told(problem: Problem) -> tuple[object, ...]:
    fix = problem.fix
    return (
        problem.code, problem.severity, place(problem.place), problem.arguments, problem.block,
        problem.field, problem.outcome, problem.path,
        [(place(item.place), item.note, item.arguments) for item in problem.related],
        fix and (fix.title, fix.edits, fix.arguments, fix.safe),
    )  # fmt: skip


def said(report: Report) -> tuple[object, ...]:
    return [told(problem) for problem in report.problems], report.facts


def line(node: Line | None) -> object:
    return node and (node, place(node.at), place(node.extent))


def of_wire(item: Wire) -> tuple[object, ...]:
    return (item.id, item.target, item.role, item.fault, item.spoken, line(item.route))


def of_step(step: WiredStep) -> tuple[object, ...]:
    return (
        step.id, line(step.section), line(step.step), step.block, step.bound, step.ports,
        line(step.call.callee), step.call.arguments, step.call.declarations, step.call.subject,
        [*map(of_wire, step.wires)], [*map(of_wire, step.stray)],
    )  # fmt: skip


def tied(wiring: Wiring) -> tuple[object, ...]:
    steps = [of_step(step) for step in wiring.steps.values()]
    names = wiring.names
    return steps, wiring.start, wiring.endings, names.declarations, names.steps, names.slots


# --- the law --------------------------------------------------------------------------------------


def one_by_one(texts: list[str]) -> Iterator[tuple[Tree, Wiring, Report]]:
    """Each text with what was kept of the one before."""
    tree, wiring, report = None, None, None
    for text in texts:
        tree = parse(text, tree)
        wiring = wire(tree.document, LIBRARY, wiring)
        report = check(tree, LIBRARY, surroundings=HOUSE, wiring=wiring, previous=report)
        yield tree, wiring, report


TO_AGENT = "flow x\n  type agent_transfer\n  on error -> hang_up\nstart:\n  -> transfer_agent\n"
UNDECIDED = (
    'flow x\n  on error -> nowhere\nqueue q = "q"\nstart:\n  transfer q\n    on full -> next\n'
)
READER = 'flow x\nattribute a: text = "x"\nstart:\n  play "{a}"\n  -> hang_up\n'
DEAD = 'flow x\nstart:\n  play "a"\n  -> hang_up\ndead:\n  play "b"\n  -> hang_up\n'


@given(histories())
@example([TO_AGENT, TO_AGENT.replace("on error", "#")])
@example([UNDECIDED, UNDECIDED.replace("on error", "on   error")])
@example([READER, READER.replace(' = "x"', "")])
@example([DEAD, DEAD.replace("b", "c"), "# above\n\n" + DEAD.replace("b", "c")])
@settings(max_examples=250, deadline=None)
def test_what_is_kept_changes_nothing(texts: list[str]) -> None:
    for tree, wiring, report in one_by_one(texts):
        cold = parse(tree.source)
        assert tied(wiring) == tied(wire(cold.document, LIBRARY))
        assert said(report) == said(check(cold, LIBRARY, surroundings=HOUSE))


def test_another_target_or_library_keeps_nothing() -> None:
    tree = parse(
        "flow x\n  on error -> hang_up\nstart:\n  voice_id\n    on authenticated -> next\n"
    )
    live = check(tree, LIBRARY)
    for report in (check(tree, LIBRARY, target="connect", previous=live), check(tree, LIBRARY)):
        assert report.kept is not None
        assert live.kept is not None
        assert report.kept.looks["start"] is not live.kept.looks["start"]


# --- how much is kept -----------------------------------------------------------------------------

FLOW = """flow x
  on error -> hang_up

function crm = "crm" (phone: phone) -> (tier: text)

start:
  crm phone: caller.number
    on error -> menu
  play "You are {crm.tier}."
  -> menu

menu:
  ask "One or two?"
    on "1" -> desk
    on timeout, no_match -> menu

desk:
  play "Somebody comes."
  -> hang_up
"""


def looked_at(old: str, new: str) -> tuple[set[str], bool]:
    """The sections that were looked at again, and whether the graph was."""
    (_, _, before), (_, _, after) = one_by_one([old, new])
    assert before.kept is not None
    assert after.kept is not None
    looks = before.kept.looks
    again = {name for name, look in after.kept.looks.items() if looks.get(name) is not look}
    return again, after.kept.graph is not before.kept.graph


def test_other_words_are_looked_at_alone() -> None:
    assert looked_at(FLOW, FLOW.replace("Somebody", "Nobody")) == ({"desk"}, False)


def test_a_wire_changes_the_graph_and_one_section() -> None:
    assert looked_at(FLOW, FLOW.replace('"1" -> desk', '"1" -> start')) == ({"menu"}, True)


def test_what_reads_a_changed_declaration_is_looked_at_again() -> None:
    changed = FLOW.replace("tier: text", "tier: number")
    assert looked_at(FLOW, changed) == ({"start"}, True)


def test_values_that_are_there_no_more_are_looked_at_again() -> None:
    changed = FLOW.replace('play "You are', 'play "{menu_ask.value} You are')
    again, is_new = looked_at(changed, changed.replace("  ask", "  menu_ask = ask"))
    assert is_new
    assert again == {"start", "menu"}


def test_sections_that_only_moved_are_kept() -> None:
    above = FLOW.replace("start:\n", "# It begins here.\nstart:\n")
    assert looked_at(FLOW, above) == ({"start"}, False)
    below = FLOW.replace("menu:\n", 'rest:\n  play "x"\n  -> desk\n\nmenu:\n')
    assert looked_at(FLOW, below) == ({"rest"}, True)

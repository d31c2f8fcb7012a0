"""What the checks say of any flow, compared with slow and simple searches."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.checking import Report
from flowlang.checking.graph import loops, shortest_round
from flowlang.checks import check
from flowlang.syntax import parse

ROOT = Path(__file__).parents[3]
END = "hang_up"
Target = int | None
"""The number of a section, or the end."""


@dataclass(frozen=True)
class Node:
    """A section with one step."""

    kind: str
    targets: tuple[Target, ...]
    count: int = 0

    @property
    def waits(self) -> bool:
        return self.kind == "ask"


def name(target: Target) -> str:
    return END if target is None else f"s{target}"


def write(nodes: list[Node]) -> str:
    lines = ["flow x", "  on error -> hang_up", "attribute a: text"]
    for number, node in enumerate(nodes):
        first, second = (*map(name, node.targets), "")[:2]
        lines.append(f"s{number}:")
        match node.kind:
            case "play":
                lines += ['  play "p"', f"  -> {first}"]
            case "set":
                lines += ['  set a: "x"', f"  -> {first}"]
            case "read":
                lines += ['  play "{a}"', f"  -> {first}"]
            case "branch":
                lines += ["  branch caller.name", f'    on "x" -> {first}',
                          f"    otherwise -> {second}"]  # fmt: skip
            case "ask":
                lines += ['  ask "?"', f'    on "1" -> {first}',
                          f"    on timeout, no_match -> {second}"]  # fmt: skip
            case "repeat":
                lines += [f"  repeat {node.count}", f"    on again -> {first}",
                          f"    on done -> {second}"]  # fmt: skip
    return "\n".join(lines) + "\n"


@st.composite
def flows(draw: st.DrawFn) -> list[Node]:
    size = draw(st.integers(1, 7))
    target = st.one_of(st.none(), st.integers(0, size - 1))
    one = st.builds(Node, st.sampled_from(["play", "set", "read"]), st.tuples(target))
    two = st.builds(Node, st.sampled_from(["branch", "ask"]), st.tuples(target, target))
    counter = st.builds(Node, st.just("repeat"), st.tuples(target, target), st.integers(0, 2))
    return draw(st.lists(st.one_of(one, two, counter), min_size=size, max_size=size))


def checked(nodes: list[Node]) -> Report:
    return check(parse(write(nodes)), catalogue())


def codes(report: Report) -> set[str]:
    return {problem.code for problem in report.problems}


def reached(nodes: list[Node], start: int = 0) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        for target in nodes[waiting.pop()].targets:
            if target is not None and target not in found:
                found.add(target)
                waiting.append(target)
    return found


@given(flows())
@settings(max_examples=150, deadline=None)
def test_reachable_is_what_a_search_finds(nodes: list[Node]) -> None:
    """Every dead section is told, or one that leads to it, and none that another one leads to."""
    told = {
        int(str(problem.block)[1:].partition(".")[0])
        for problem in checked(nodes).problems
        if problem.code == "FL201"
    }
    dead = set(range(len(nodes))) - reached(nodes)
    ahead = {number: reached(nodes, number) & dead for number in dead}
    assert told <= dead
    assert set().union(*(ahead[number] for number in told)) == dead
    assert all(ahead[number] & told == {number} for number in told)


@given(flows())
@settings(max_examples=150, deadline=None)
def test_no_way_out_is_what_a_search_finds(nodes: list[Node]) -> None:
    graph = nx.DiGraph()
    for number in reached(nodes):
        node = nodes[number]
        graph.add_edges_from((name(number), name(target)) for target in node.targets)
        if node.kind == "ask":
            graph.add_edge(name(number), END)  # its errors
    trapped = any(
        not nx.has_path(graph, name(number), END) if END in graph else True
        for number in reached(nodes)
    )
    assert ("FL202" in codes(checked(nodes))) == trapped


def states(nodes: list[Node]) -> nx.DiGraph:
    """Every situation of the flow: where it stands, and what its counters say."""
    graph = nx.DiGraph()
    start = (0, (0,) * len(nodes))
    waiting = [start]
    graph.add_node(start)
    while waiting:
        state = waiting.pop()
        for after in following(nodes, *state):
            if after not in graph:
                waiting.append(after)
            graph.add_edge(state, after)
    return graph


def following(
    nodes: list[Node], number: int, counts: tuple[int, ...]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    node = nodes[number]
    if node.kind != "repeat":
        yield from ((target, counts) for target in node.targets if target is not None)
        return
    again = counts[number] < node.count
    target = node.targets[0 if again else 1]
    if target is not None:
        count = counts[number] + 1 if again else 0
        yield target, (*counts[:number], count, *counts[number + 1 :])


@given(flows())
@settings(max_examples=200, deadline=None)
def test_loops_that_are_proved_to_end_do_end(nodes: list[Node]) -> None:
    report = checked(nodes)
    fact = next(fact for fact in report.facts if fact.check == "loops")
    graph = states(nodes)
    if fact.status == "proved":
        assert nx.is_directed_acyclic_graph(graph)
    for bound in report.facts:
        if bound.check == "loop" and len([f for f in report.facts if f.check == "loop"]) == 1:
            assert turns(graph, bound.blocks) <= (bound.limit or 0) + 1


def turns(graph: nx.DiGraph, blocks: tuple[str, ...]) -> int:
    """How often a contact comes by the first of these steps at most."""
    number = int(blocks[0][1:].partition(".")[0])
    if not nx.is_directed_acyclic_graph(graph):
        return 0
    weighted = nx.DiGraph((a, b, {"weight": int(b[0] == number)}) for a, b in graph.edges)
    weighted.add_nodes_from(graph)
    first = int(number == 0)
    return int(nx.dag_longest_path_length(weighted)) + first


@given(flows())
@settings(max_examples=150, deadline=None)
def test_a_hot_loop_is_one_that_a_search_finds(nodes: list[Node]) -> None:
    """Without waiting and without counting."""
    graph = nx.DiGraph()
    for number in reached(nodes):
        node = nodes[number]
        targets = node.targets[1:] if node.kind == "repeat" else node.targets
        if not node.waits:
            graph.add_edges_from((number, target) for target in targets if target is not None)
    assert ("FL210" in codes(checked(nodes))) == (not nx.is_directed_acyclic_graph(graph))


@given(flows())
@settings(max_examples=150, deadline=None)
def test_what_is_read_is_set_on_every_path(nodes: list[Node]) -> None:
    """Follows every path, with whether the attribute was set."""
    seen = {(0, False)}
    waiting = [(0, False)]
    bad = set()
    while waiting:
        number, is_set = waiting.pop()
        node = nodes[number]
        if node.kind == "read" and not is_set:
            bad.add(f"s{number}.play")
        for target in node.targets:
            after = (target, is_set or node.kind == "set")
            if target is not None and after not in seen:
                seen.add(after)
                waiting.append(after)
    told = {problem.block for problem in checked(nodes).problems if problem.code == "FL220"}
    assert told == bad


@given(flows(), st.sampled_from(["play", "ask", "branch", "repeat", "set"]))
@settings(max_examples=150, deadline=None)
def test_a_policy_holds_where_no_path_breaks_it(nodes: list[Node], kind: str) -> None:
    source = write(nodes) + f'policy "p": {kind} before hang_up\n'
    report = check(parse(source), catalogue())
    graph = nx.DiGraph()
    graph.add_nodes_from(["s0", END])
    for number, node in enumerate(nodes):
        actual = "play" if node.kind == "read" else node.kind
        if actual != kind:
            graph.add_edges_from((name(number), name(target)) for target in node.targets)
            if node.kind == "ask":
                graph.add_edge(name(number), END)
    broken = nx.has_path(graph, "s0", END)
    problem = next((item for item in report.problems if item.code == "FL701"), None)
    assert (problem is not None) == broken
    if problem:
        assert len(problem.path) == nx.shortest_path_length(graph, "s0", END) + 1


# --- the search for loops ---------------------------------------------------------------------


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=4))
)
@settings(deadline=None)
def test_loops_are_those_of_networkx(edges: dict[str, list[str]]) -> None:
    whole = {node: edges.get(node, []) for node in "abcdefgh"}
    graph = nx.DiGraph()
    graph.add_nodes_from(whole)
    graph.add_edges_from((a, b) for a, ahead in whole.items() for b in ahead)
    expected = {
        frozenset(part)
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or any(graph.has_edge(node, node) for node in part)
    }
    found = loops(whole)
    assert {frozenset(part) for part in found} == expected
    for part in found:
        way = shortest_round(whole, part[0])
        assert all(b in whole[a] for a, b in zip(way, (*way[1:], way[0]), strict=True))


# --- anything at all --------------------------------------------------------------------------

TEXTS = [
    *(path.read_text("utf-8") for path in sorted((ROOT / "tests/flowlang/flows").glob("*.flow"))),
    *(
        example
        for page in sorted((ROOT / "docs/diagnostics").glob("*.md"))
        for example in re.findall(r"^```flow\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    ),
]
SNIPPETS = st.sampled_from(
    ["\n", "  ", '"', "->", "on ", ":", "crm.", "x else y", "{a}", "[", ")", "next", "nowhere",
     "repeat", "branch", "attribute a: text?\n", "start:\n", "is", "=", ",", "5s", "가", "…"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + draw(SNIPPETS) + text[end:]
    return text


@given(mutated())
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    report = check(parse(text), catalogue())
    for problem in report.problems:
        assert problem.place is not None
        start, end = problem.place.offsets
        assert 0 <= start <= end <= len(text)
        for edit in problem.fix.edits if problem.fix else ():
            assert 0 <= edit.start <= edit.end <= len(text)


@given(st.lists(st.sampled_from(TEXTS[0].splitlines(keepends=True)), max_size=30))
@settings(max_examples=100, deadline=None)
def test_lines_in_any_order_make_no_failure(lines: list[str]) -> None:
    check(parse("".join(lines)), catalogue())

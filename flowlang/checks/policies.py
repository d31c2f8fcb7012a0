"""Rules of the house: `record before transfer`, `from every ask reach transfer`.

They are proved over every path. A broken rule comes with the shortest path that breaks it. Where
paths go on in another file, or come from one, the project as a whole decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flowlang import expressions as ex
from flowlang.checking import Assumption, Context, Fact, Status
from flowlang.checking.graph import way
from flowlang.checking.links import How, links_of
from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Policy, word_of
from flowlang.places import Place
from flowlang.wiring import WiredStep

Pattern = tuple[str, ...]
"""What a step must be: its kind, its callee, its section or its id; then resources it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    first: tuple[Pattern, ...]
    then: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    start: tuple[Pattern, ...]
    goal: tuple[Pattern, ...]


Rule = Before | Reach


def of_graph(context: Context) -> Iterator[Problem]:
    for policy in context.document.policies:
        rule = read(policy)
        if rule is None:
            yield Problem(
                code="FL704",
                severity="error",
                place=policy.words.at or policy.at,
                arguments={"title": policy.title},
            )
    if not context.reachable:
        return
    for policy in _policies(context):
        rule = read(policy)
        if rule is not None:
            yield from _misspelled(context, policy, rule)
            yield from _broken(context, policy, rule)


def facts(context: Context, problems: list[Problem]) -> Iterator[Fact]:
    broken = {problem.arguments.get("title") for problem in problems if problem.path}
    for policy in _policies(context) if context.reachable else ():
        rule = read(policy)
        if rule is None:
            continue
        is_decided = context.is_certain and not _goes_on(context, rule)
        status: Status = "proved" if is_decided else "unknown"
        assumes = [Assumption(name="passing_counts")]
        yield Fact(
            check=f"policy {policy.title}",
            status="broken" if policy.title in broken else status,
            assumes=(*assumes, *_vacuous(context, rule)),
        )


def _policies(context: Context) -> tuple[Policy, ...]:
    return (*context.document.policies, *context.surroundings.policies)


def _vacuous(context: Context, rule: Rule) -> Iterator[Assumption]:
    """A rule about steps that are not there holds; that is said."""
    about = rule.then if isinstance(rule, Before) else rule.start
    if not nodes_of(context, about):
        yield Assumption(name="no_such_step", arguments={"names": tuple(map(" ".join, about))})


# --- reading ----------------------------------------------------------------------------------


def read(policy: Policy) -> Rule | None:
    """What the words of a policy mean; None: they mean nothing."""
    if len(policy.words.clauses) != 1:
        return None
    words = [_word(item) for item in policy.words.clauses[0]]
    match words:
        case ["from", "every", *rest] if rest.count("reach") == 1:
            start, goal = _split(rest, "reach")
            return Reach(start=start, goal=goal) if start and goal else None
        case _ if words.count("before") == 1:
            first, then = _split(words, "before")
            return Before(first=first, then=then) if first and then else None
        case _:
            return None


def _word(item: ex.Expression) -> str:
    match item:
        case ex.Name(root=root, segments=segments):
            return ".".join((root, *segments))
        case _:
            return word_of(item) or ""


def _split(words: list[str], middle: str) -> tuple[tuple[Pattern, ...], tuple[Pattern, ...]]:
    index = words.index(middle)
    return _patterns(words[:index]), _patterns(words[index + 1 :])


def _patterns(words: list[str]) -> tuple[Pattern, ...]:
    """`identify or check_voice`: alternatives, each a few words."""
    found: list[list[str]] = [[]]
    for word in words:
        if word == "or":
            found.append([])
        else:
            found[-1].append(word)
    patterns = tuple(tuple(pattern) for pattern in found)
    return patterns if all(pattern and all(pattern) for pattern in patterns) else ()


def _misspelled(context: Context, policy: Policy, rule: Rule) -> Iterator[Problem]:
    """A word that is nearly a block's name: a rule of the house may name what a flow has not."""
    known = (*context.catalogue.kinds(), *context.document.declarations, *context.document.sections)
    patterns = (*rule.first, *rule.then) if isinstance(rule, Before) else (*rule.start, *rule.goal)
    for pattern in patterns:
        word = pattern[0]
        if word in known or word in context.steps:
            continue
        suggestion = did_you_mean(word, known)
        if suggestion:
            yield Problem(
                code="FL703",
                severity="warning",
                place=_place_of(policy, word) if policy in context.document.policies else None,
                arguments={"name": word, "title": policy.title, "suggestion": suggestion},
            )


def _place_of(policy: Policy, word: str) -> Place | None:
    items = (item for clause in policy.words.clauses for item in clause)
    found = next((item.at for item in items if _word(item) == word), None)
    return found or policy.words.at


# --- proving ----------------------------------------------------------------------------------


def breaks_alone(context: Context, policy: Policy, rule: Rule) -> bool:
    """Whether a flow breaks a rule, whatever the others do."""
    return any(_broken(context, policy, rule))


def _broken(context: Context, policy: Policy, rule: Rule) -> Iterator[Problem]:
    match rule:
        case Before(first=first, then=then):
            if not context.is_led_to:
                # What a module does on the way is not seen here.
                passed = {**nodes_of(context, first), **_links(context, "call")}
                yield from _not_before(context, policy, passed, nodes_of(context, then))
        case Reach(start=start, goal=goal):
            goals = {**nodes_of(context, goal), **_links(context), **_returns(context)}
            yield from _not_reached(context, policy, nodes_of(context, start), goals)


def _goes_on(context: Context, rule: Rule) -> bool:
    """Whether other files matter to a rule."""
    match rule:
        case Before():
            return context.is_led_to or bool(_links(context, "call"))
        case Reach():
            return bool(_links(context) or _returns(context))


def _links(context: Context, *ways: How) -> dict[str, None]:
    """Steps that lead to other files, by these ways or by any that a contact goes itself."""
    wanted = ways or ("call", "transfer")
    return {
        link.step.id: None
        for step_id in context.reachable
        for link in links_of(context.steps[step_id])
        if link.how in wanted
    }


def _returns(context: Context) -> dict[str, None]:
    """Steps and endings behind which somebody else goes on."""
    nodes = (*context.reachable, *context.wiring.endings)
    return {node: None for node in nodes if (block := context.block(node)) and block.returns}


def _not_before(
    context: Context, policy: Policy, first: Collection[str], then: Collection[str]
) -> Iterator[Problem]:
    path = _shortest(context, goals=then, avoiding=first)
    if path:
        yield _problem(context, policy, "FL701", path)


def _not_reached(
    context: Context, policy: Policy, start: Collection[str], goal: Collection[str]
) -> Iterator[Problem]:
    good = context.leading_to(goal)
    stuck = [node for node in start if node not in good]
    path = _shortest(context, goals=stuck, avoiding=())
    if path:
        yield _problem(context, policy, "FL702", path)


def _problem(context: Context, policy: Policy, code: str, path: tuple[str, ...]) -> Problem:
    step = context.steps.get(path[-1])
    return Problem(
        code=code,
        severity="error",
        place=(step.step.name_at or step.step.at) if step else None,
        arguments={"title": policy.title, "name": path[-1], "steps": " → ".join(path)},
        block=path[-1] if step else path[-2] if len(path) > 1 else None,
        path=path,
    )


def nodes_of(context: Context, patterns: tuple[Pattern, ...]) -> dict[str, None]:
    """The steps and endings that one of the patterns means, in order."""
    found = {
        step_id: None
        for step_id in context.reachable
        if any(_fits(context.steps[step_id], pattern) for pattern in patterns)
    }
    for ending in context.wiring.endings:
        if (ending,) in patterns:
            found[ending] = None
    return found


def _fits(step: WiredStep, pattern: Pattern) -> bool:
    kind, *resources = pattern
    names = {step.id, step.step.kind, step.section.name}
    if step.block:
        names.add(step.block.kind)
    if kind not in names:
        return False
    named = {name.root for name in step.call.arguments.values() if isinstance(name, ex.Name)}
    return all(resource in named for resource in resources)


def _shortest(
    context: Context, goals: Collection[str], avoiding: Collection[str]
) -> tuple[str, ...]:
    """The shortest path from the start to one of the goals that comes by none of the others."""
    start = context.wiring.start
    if start is None or not goals or start in avoiding:
        return ()
    before: dict[str, str] = {start: start}
    waiting = [start]
    while waiting:
        ahead: list[str] = []
        for node in waiting:
            if node in goals:
                return way(before, node, start)
            for after in context.next_nodes(node):
                if after not in before and after not in avoiding:
                    before[after] = node
                    ahead.append(after)
        waiting = ahead
    return ()

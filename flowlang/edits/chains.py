"""The chain of a section: what a step goes on to, and how that changes."""

from __future__ import annotations

import re

from flowlang.block import Block, Outcome
from flowlang.edits.draft import Draft, Goal, GotoDraft, RouteDraft, SectionDraft, StepDraft
from flowlang.parameters import Parameters
from flowlang.wiring import WiredStep


def main_outcome(block: type[Block[Parameters]] | None, words: tuple[Outcome, ...]) -> str | None:
    """The outcome by which a block goes on to the next step, if it has one."""
    if block is None:
        return "next"
    return next(
        (word.name for word in words if word.unrouted == "next" and word.name != "error"), None
    )


def main_outcome_of(step: WiredStep) -> str | None:
    return main_outcome(step.block, step.ports.words)


def following(draft: Draft, step: StepDraft) -> Goal | None:
    """What a step goes on to: the next step, or what the section ends with."""
    body = draft.home(step).body
    for item in body[body.index(step) + 1 :]:
        if isinstance(item, StepDraft):
            return item
        if isinstance(item, GotoDraft):
            return item.goal
    return None


def falls(draft: Draft, step: StepDraft) -> bool:
    """Whether any outcome of the step goes on to the next one."""
    wired = draft.flow.wiring.steps.get(step.old_id or "")
    if any(route.goal == "next" for route in step.routes):
        return True
    if wired is None:
        return goes_on(draft, step)
    routed = {spelled for route in step.routes for spelled in map(_word, route.ports)}
    words = (outcome.name for outcome in wired.ports.words if outcome.unrouted == "next")
    return any(word not in routed for word in (words if wired.block else ("next",)))


def goes_on(draft: Draft, step: StepDraft) -> bool:
    """The same of a new step, of which only the kind is known."""
    block = draft.flow.catalogue.block(kind_of(draft, step.step.kind))
    if block is None:
        return True
    return any(outcome.unrouted == "next" for outcome in block.outcomes)


def kind_of(draft: Draft, kind: str) -> str:
    """The kind of block that a step's first word stands for: a function's name stands for one."""
    callee = draft.flow.wiring.names.resource(kind)
    resource = draft.flow.catalogue.resources.get(callee.word) if callee else None
    return resource.call if resource and resource.call else kind


def _word(port: object) -> str:
    return getattr(port, "word", "")


def split_behind(draft: Draft, step: StepDraft) -> SectionDraft | None:
    """Make what follows a step a section of its own, under the same `on error`."""
    section = draft.home(step)
    index = section.body.index(step) + 1
    rest = section.body[index:]
    first = next((item for item in rest if isinstance(item, StepDraft)), None)
    if first is None:
        return None
    errors = [
        RouteDraft(ports=route.ports, goal=route.goal)
        for route in section.body[:index]
        if isinstance(route, RouteDraft)
    ]
    del section.body[index:]
    section.body += [
        RouteDraft(ports=route.ports, goal=route.goal)
        for route in rest
        if isinstance(route, RouteDraft)
    ]
    return draft.new_section(first.step.kind, [*errors, *rest], after=section)


def end_with(draft: Draft, section: SectionDraft, goal: Goal) -> None:
    """Let a section go on to `goal`."""
    goto = section.goto
    if goto:
        goto.goal = goal
        return
    section.body.append(GotoDraft(goal=goal))


def lead_on(draft: Draft, step: StepDraft, goal: Goal) -> None:
    """Let a step go on to `goal`: what followed it becomes a section of its own."""
    before = following(draft, step)
    if before is goal or (isinstance(goal, str) and before == goal):
        return
    rest = split_behind(draft, step)
    for route in step.routes:
        if route.goal == "next" and (rest or before is not None):
            route.goal = rest or before or "next"
    end_with(draft, draft.home(step), goal)


def join_if_new(draft: Draft, step: StepDraft, goal: Goal) -> None:
    """Take in the section that `step` now leads to, if it has only the name it was made with.

    So blocks that somebody puts on the canvas one by one, and wires up, become one section.
    """
    section = draft.home(step)
    if not isinstance(goal, SectionDraft) or goal is section or not _is_takeable(draft, goal):
        return
    if section.error_routes or goal.error_routes:
        return
    goto = section.goto
    if goto:
        section.body.remove(goto)
    draft.sections.remove(goal)
    section.body += goal.body


def _is_takeable(draft: Draft, section: SectionDraft) -> bool:
    old = section.old
    first = section.steps[0] if section.steps else None
    if old is None or first is None or draft.sections[0] is section:
        return False
    if not re.fullmatch(rf"{re.escape(first.step.kind)}(_\d+)?", section.name):
        return False
    noted = old.title or old.comments or old.remark or old.closing
    led = sum(route.goal is section or route.goal is first for route in draft.routes())
    return not noted and led == 1 and not _is_spoken_of(draft, section.name)


def _is_spoken_of(draft: Draft, name: str) -> bool:
    """Whether a test or a policy of the file mentions a section."""
    document = draft.flow.document
    words = re.compile(rf"\b{re.escape(name)}\b")
    places = [item.extent for item in (*document.tests, *document.policies) if item.extent]
    source = draft.flow.tree.source
    return any(words.search(source[slice(*place.offsets)]) for place in places)

"""Delete blocks: the chain closes over them."""

from __future__ import annotations

from flowlang.edits.chains import falls, following
from flowlang.edits.draft import Draft, Goal, GotoDraft, RouteDraft, SectionDraft, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation


class Delete(Operation):
    """What led to a block leads to what followed it; a section without blocks disappears."""

    blocks: tuple[str, ...]

    def edit(self, flow: Flow) -> Change:
        draft = Draft(flow)
        steps = [draft.step(step_id) for step_id in self.blocks]
        for step in dict.fromkeys(steps):
            _delete(draft, step)
        return change(draft)


def _delete(draft: Draft, step: StepDraft) -> None:
    section = draft.home(step)
    onward = following(draft, step)
    goal: Goal = "nowhere" if onward is None else onward
    was_first = section.steps[0] is step
    section.body.remove(step)
    for route in draft.routes():
        if route.goal is step:
            route.goal = _as_target(section, goal)
    if section.steps:
        _close(draft, section)
    elif was_first and not _must_stay(draft, section):
        draft.remove_section(section, _beyond(draft, section, goal))
    elif section.goto is None:
        section.body.append(GotoDraft(goal="nowhere"))


def _as_target(section: SectionDraft, goal: Goal) -> Goal:
    """A step that is now first in its section is led to by the section's name."""
    return section if section.steps and goal is section.steps[0] else goal


def _must_stay(draft: Draft, section: SectionDraft) -> bool:
    """The flow starts at its first section, so this one may lead on but not go."""
    return draft.sections[0] is section


def _beyond(draft: Draft, section: SectionDraft, goal: Goal) -> Goal:
    return "nowhere" if goal is section else goal


def _close(draft: Draft, section: SectionDraft) -> None:
    """The last step may lead on to what is gone: then it leads nowhere yet."""
    last = section.steps[-1]
    behind = section.body[section.body.index(last) + 1 :]
    if falls(draft, last) and all(isinstance(item, RouteDraft) for item in behind):
        section.body.append(GotoDraft(goal="nowhere"))

"""Copy blocks: the copies stand in sections of their own, wired like the originals."""

from __future__ import annotations

from flowlang.edits.chains import falls
from flowlang.edits.draft import Draft, GotoDraft, RouteDraft, SectionDraft, Statement, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.layout import Point
from flowlang.model import Step
from flowlang.syntax.build import construct


class Duplicate(Operation):
    """Blocks of one section stay together, in their order."""

    blocks: tuple[str, ...]
    x: int | None = None
    y: int | None = None

    def edit(self, flow: Flow) -> Change:
        draft = Draft(flow)
        chosen = {draft.step(step_id) for step_id in self.blocks}
        copies: dict[StepDraft, StepDraft] = {}
        for section in tuple(draft.sections):
            steps = [step for step in section.steps if step in chosen]
            if steps:
                self._copy_section(draft, section, steps, copies)
        for copy in copies.values():
            for route in copy.routes:
                if isinstance(route.goal, StepDraft):
                    route.goal = copies.get(route.goal, route.goal)
        first = next(iter(copies.values()), None)
        if first and self.x is not None and self.y is not None:
            draft.place(first, Point(self.x, self.y))
        return change(draft, copies.values())

    @staticmethod
    def _copy_section(
        draft: Draft,
        section: SectionDraft,
        steps: list[StepDraft],
        copies: dict[StepDraft, StepDraft],
    ) -> None:
        errors = [RouteDraft(ports=item.ports, goal=item.goal) for item in section.error_routes]
        body: list[Statement] = [*errors]
        new = draft.new_section(steps[0].step.kind, body)
        for step in steps:
            copies[step] = _copy(draft, step)
            body.append(copies[step])
        if falls(draft, steps[-1]):
            new.body.append(GotoDraft(goal="nowhere"))


def _copy(draft: Draft, step: StepDraft) -> StepDraft:
    fields = dict(step.step.__dict__)
    if step.step.name:
        fields["name"] = draft.step_name(step.step.name)
    routes = [RouteDraft(ports=route.ports, goal=route.goal) for route in step.routes]
    return StepDraft(step=construct(Step, fields), routes=routes)

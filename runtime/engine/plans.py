"""How a step begins, decided once for all contacts on a channel and in a language.

Behaviours are pure. What looks at nothing of its contact does the same for all of them: its move is
made once, and where it only goes on, where it leads is found once too. All other steps are asked
each time.
"""

from __future__ import annotations

from flowlang.block import MISSING, Leave, Move, Wait
from runtime import limits
from runtime.engine import behaviour
from runtime.engine.doing import do
from runtime.engine.moves import Plan, apply, is_small, waited
from runtime.engine.turn import Draft
from runtime.program import LOST, CompiledStep


def begin(draft: Draft, step: CompiledStep) -> str | None:
    plan: Plan | None = step.plans.get(draft.manner)
    return plan(draft) if plan is not None else _first(draft, step)


def _first(draft: Draft, step: CompiledStep) -> str | None:
    """Nobody came here in this manner yet."""
    manner = draft.manner
    if draft.channel.medium not in step.block.channels:
        move: Move = Leave(outcome=step.block.elsewhere)
        plan = _carried_out(step, move)
    else:
        move, is_general = behaviour.start(draft, step)
        plan = _always(step, move) if is_general else _asked(step)
    if len(step.plans) < limits.MOVES_KEPT_MAX:
        step.plans[manner] = plan
    return apply(draft, step, move)


def _asked(step: CompiledStep) -> Plan:
    def ask(draft: Draft) -> str | None:
        move, _ = behaviour.start(draft, step)
        return apply(draft, step, move)

    return ask


def _always(step: CompiledStep, move: Move) -> Plan:
    """For whoever looks on, its parameters are read all the same."""
    carry_out, params = _carried_out(step, move), step.constant
    assert params is not None

    def plan(draft: Draft) -> str | None:
        if draft.watcher is not None:
            draft.watcher.read(step, params)
        return carry_out(draft)

    return plan


def _carried_out(step: CompiledStep, move: Move) -> Plan:
    match move:
        case Leave() if _only_goes_on(move):
            port, target = step.route(move.outcome, MISSING, dict)
            if target != LOST:
                return _passed(step, move, port, target)
        case Wait() if is_small(move.memory):
            return waited(step, move)
        case _:
            pass
    return lambda draft: apply(draft, step, move)


def _only_goes_on(move: Leave) -> bool:
    changes = move.results is not None or move.assign or move.settings
    return not changes and move.value is MISSING and move.kept is MISSING


def _passed(step: CompiledStep, move: Leave, port: str, target: str) -> Plan:
    effects = move.effects

    def go_on(draft: Draft) -> str:
        for effect in effects:
            do(draft, effect)
        draft.note_left(step, port)
        return target

    return go_on

"""From flow to flow: modules that return, flows that take over, flows that belong to a moment of
the contact (its hooks)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flowlang import effects as out
from flowlang.block import Enter, Finish, Jump, Leave, Return
from flowlang.conformity import fit
from runtime import limits
from runtime.contact import Contact, Frame
from runtime.engine.doing import do
from runtime.engine.leaving import finish, leave
from runtime.engine.turn import LOST_FLOW, Draft
from runtime.program import LOST, CompiledStep, Program


def take_up(draft: Draft, flow: Program, inputs: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Begin a flow; its first step."""
    contact = draft.contact
    _stand_in(draft, flow)
    contact.local, contact.kept = {**flow.variables, **inputs}, {}
    known = {key: value for key, value in contact.values.items() if value is not None}
    contact.values = {**contact.values, **flow.defaults, **known}
    return flow.start


def _stand_in(draft: Draft, flow: Program) -> None:
    draft.flow = flow
    draft.contact.flow = "" if flow is draft.program else flow.path


# --- modules and jumps ------------------------------------------------------------------------


def enter(draft: Draft, step: CompiledStep, move: Enter) -> str:
    """Run a module, and keep what this flow knows until it returns."""
    contact, module = draft.contact, _named(draft, move.module)
    if module is None or module.type != "module":
        return _cannot(draft, step, f"there is no module {move.module}")
    if len(contact.frames) >= limits.FRAMES_MAX:
        return _cannot(draft, step, f"more than {limits.FRAMES_MAX} modules inside of each other")
    if not fit(move.inputs, module.inputs):
        why = f"the inputs of {move.module} are not of the declared types"
        return _cannot(draft, step, why)
    caller = Frame(contact.flow, step.id, contact.local, contact.kept)
    contact.frames = (*contact.frames, caller)
    inputs = {key: value for key, value in move.inputs.items() if key in module.inputs}
    return take_up(draft, module, inputs)


def jump(draft: Draft, step: CompiledStep, move: Jump) -> str:
    """Another flow takes over for good."""
    flow = _named(draft, move.flow)
    if flow is None or flow.type == "module" or flow.type not in ("inbound", draft.flow.type):
        return _cannot(draft, step, f"there is no flow {move.flow} to go on in")
    draft.note_left(step, "next")
    draft.contact.frames = ()
    return take_up(draft, flow)


def _named(draft: Draft, name: str) -> Program | None:
    path = draft.flow.named(name)
    return draft.program.flow(path) if path else None


def _cannot(draft: Draft, step: CompiledStep, why: str) -> str:
    draft.notes.append(f"{step.id}: {why}")
    return leave(draft, step, Leave(outcome="error"))


# --- the end of a flow ------------------------------------------------------------------------


def over(draft: Draft, move: Return | None = None, *, is_lost: bool = False) -> str | None:
    """The flow at work is over, as it says or because it knows no way on."""
    contact = draft.contact
    if contact.frames and (move or is_lost):
        return _back(draft, move or Return(outcome="error"))
    match contact.hook:
        case "customer_queue" | "customer_hold":
            contact.hook, contact.wait = "", None
            return None
        case "agent_whisper" if begin := hooked(draft, "customer_whisper"):
            return begin
        case "agent_whisper" | "customer_whisper" | "outbound_whisper":
            contact.wait = None
            connect(draft)
            return None
        case _:
            finish(draft, Finish(reason="lost" if is_lost else ""))
            return None


def _back(draft: Draft, move: Return) -> str:
    """A module is over: go on in the flow that called it."""
    contact = draft.contact
    *frames, caller = contact.frames
    contact.frames = tuple(frames)
    _stand_in(draft, draft.program.flow(caller.flow) or LOST_FLOW)
    contact.local, contact.kept, contact.step = caller.local, caller.kept, caller.step
    step = draft.flow.steps.get(caller.step)
    if step is None:
        return LOST
    # What its caller has no way for is an error there.
    is_routed = step.targets.get(move.outcome, LOST) != LOST
    outcome = move.outcome if is_routed else "error"
    return leave(draft, step, Leave(outcome=outcome, results=move.results))


# --- hooks ------------------------------------------------------------------------------------


def hooked(draft: Draft, *hooks: str) -> str | None:
    """The first step of the first of these flows that was set; None if there is none."""
    chosen = draft.contact.settings.get("hooks") or {}
    for hook in hooks:
        flow = draft.program.flow(chosen[hook]) if chosen.get(hook) else None
        if flow is not None:
            draft.contact.hook, draft.contact.frames = hook, ()
            return take_up(draft, flow)
    return None


def connect(draft: Draft) -> None:
    """Customer and agent hear each other from now on. What the agent writes is kept back until
    they know that they are heard."""
    contact = draft.contact
    contact.hook = ""
    if note := take_setting(contact, "note"):
        do(draft, out.TellAgent(agent=contact.agent, what="whispered", text=note))
    if draft.on_call:
        do(draft, out.Bridge(agent=contact.agent))
    do(draft, out.TellAgent(agent=contact.agent, what="joined"))


def take_setting(contact: Contact, name: str) -> Any:
    """What is set under a name, which is not set any more."""
    settings = dict(contact.settings)
    found = settings.pop(name, None)
    contact.settings = settings
    return found

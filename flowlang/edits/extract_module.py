"""Make a module of some blocks: a file of their own, and a call in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flowlang import expressions as ex
from flowlang.catalogue import Catalogue
from flowlang.checks import check
from flowlang.diagnostics import Edit, Problem
from flowlang.edits.border import Border, border_of
from flowlang.edits.chains import lead_on
from flowlang.edits.copying import declarations_for
from flowlang.edits.draft import Draft, RouteDraft, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.mentions import values_read_by
from flowlang.edits.module_text import module_text
from flowlang.edits.naming import checked_name
from flowlang.edits.operation import Change, Flow, Operation, Refused, refuse
from flowlang.edits.remove_declaration import RemoveDeclaration
from flowlang.edits.text import apply, difference
from flowlang.interchange.values import read_value
from flowlang.model import Argument, Declaration, Document, Step, WordPort
from flowlang.neighbours import Neighbours
from flowlang.syntax import spelling
from flowlang.syntax.build import construct
from flowlang.syntax.parser import Tree, parse
from flowlang.wiring import Wiring, wire

SUFFIX = ".flow"


class ExtractModule(Operation):
    """What the blocks read of the rest becomes inputs, what the rest reads of them results, and
    each way out an outcome. Refused where the flow would do something else, or where either file
    would have a problem that there was not."""

    blocks: tuple[str, ...]
    name: str

    def edit(self, flow: Flow) -> Change:
        name = checked_name(self.name, flow)
        draft = Draft(flow)
        for block in self.blocks:
            draft.step(block)
        border = border_of(flow, self.blocks)
        text = module_text(_respelled(flow, border.blocks, border.inward), border, name)
        called = {result.source: f"{name}.{result.name}" for result in border.results}
        outside = [block for block in flow.wiring.steps if block not in border.blocks]
        after, step_id, ids = _with_call(_respelled(flow, outside, called), border, name)
        after = _without_unused(flow, border, after)
        _refuse_new_problems(flow, after, name, text)
        return Change(
            edits=difference(flow.tree.source, after),
            select=(step_id,),
            ids=ids,
            files={name + SUFFIX: text},
        )


def _respelled(flow: Flow, blocks: Iterable[str], names: Mapping[str, str]) -> Flow:
    """The flow in which these steps read some values by other names."""
    edits = {}
    for block in blocks:
        for name in values_read_by(flow.step(block)):
            path = spelling.name(ex.Name(name.root, name.segments[:1]))
            if path in names and name.at:
                new = spelling.name(ex.Name(names[path], name.segments[1:]))
                start, end = name.at.offsets
                edits[start] = Edit(start=start, end=end, text=new)
    if not edits:
        return flow
    text = apply(flow.tree.source, [edits[start] for start in sorted(edits)])
    return flow.then(text)


def _with_call(flow: Flow, border: Border, name: str) -> tuple[str, str, dict[str, str]]:
    """The text with a call in place of the blocks, the id of the call, and ids that shifted."""
    draft = Draft(flow)
    gone = [draft.known(block) for block in border.blocks]
    entry = draft.known(border.entry)
    call = _call(draft, border, name)
    home = draft.home(entry)
    home.body.insert(home.body.index(entry), call)
    at = next((item.at for item in draft.placements if item.owner is entry), None)
    for route in draft.routes():
        if route.goal is entry:
            route.goal = home if home.steps[0] is call else call
    for step in gone:
        draft.home(step).body.remove(step)
    for section in tuple(draft.sections):
        if not section.steps and section.old and section.old.steps:
            draft.remove_section(section, "nowhere")
    draft.place(call, at)
    lead_on(draft, call, draft.goal(border.main.target))
    value = read_value(name + SUFFIX)
    told = {"word": "module", "name": name, "value": value}
    draft.declared.append(construct(Declaration, told))
    done = change(draft, [call])
    return apply(flow.tree.source, done.edits), done.select[0], dict(done.ids)


def _call(draft: Draft, border: Border, name: str) -> StepDraft:
    arguments = tuple(
        construct(Argument, {"key": passed.name, "value": read_value({"is": passed.source})})
        for passed in border.inputs
    )
    routes = [
        RouteDraft(
            ports=(construct(WordPort, {"word": exit_.name}),), goal=draft.goal(exit_.target)
        )
        for exit_ in border.exits
        if not exit_.is_main
    ]
    home = draft.home(draft.known(border.entry))
    if not (home.error_routes or draft.header_routes):
        # A flow that has no place for errors goes on where the module cannot be run.
        port = construct(WordPort, {"word": "error"})
        routes.append(RouteDraft(ports=(port,), goal="next"))
    step = construct(Step, {"kind": name, "arguments": arguments})
    return StepDraft(step=step, routes=routes)


def _without_unused(flow: Flow, border: Border, text: str) -> str:
    """Without what only the blocks used. An attribute stays: it begins with the contact, and
    others may read it."""
    for declared in declarations_for(flow, border.blocks):
        if declared.word == "attribute":
            continue
        now = flow.then(text)
        try:
            text = apply(text, RemoveDeclaration(name=declared.name).edit(now).edits)
        except Refused:
            continue
    return text


# --- proof --------------------------------------------------------------------------------------


def _refuse_new_problems(flow: Flow, after: str, name: str, module: str) -> None:
    around = _beside(flow.neighbours, name + SUFFIX, parse(module).document)
    before = _problems(flow.tree, flow.wiring, flow.catalogue)
    now = [
        problem
        for tree in map(parse, (after, module))
        for problem in _problems(
            tree, wire(tree.document, flow.catalogue, neighbours=around), flow.catalogue
        )
    ]
    codes, known = Counter(it.code for it in before), {*map(_kind, before)}
    for code, count in Counter(it.code for it in now).items():
        alike = [it for it in now if it.code == code]
        is_known_warning = codes[code] and all(it.severity == "warning" for it in alike)
        if count > codes[code] and not is_known_warning:
            new = min(alike, key=lambda it: _kind(it) in known)
            what = new.arguments.get("name") or new.block or name
            refuse("FL327", name=what, reason="problem", found=code)


def _problems(tree: Tree, wiring: Wiring, catalogue: Catalogue) -> list[Problem]:
    found = check(tree, catalogue, wiring=wiring).problems
    return [problem for problem in found if problem.severity != "hint"]


def _kind(problem: Problem) -> tuple[str, object]:
    return problem.code, problem.arguments.get("name")


def _beside(others: Neighbours, name: str, module: Document) -> Neighbours:
    return lambda wanted: module if wanted == name else others(wanted)

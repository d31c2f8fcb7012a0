"""The usual shapes of a translation: a step that is one action, or several in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flowlang import expressions as ex
from flowlang import types
from flowlang.interchange.connect import facts
from flowlang.interchange.connect.contract import (
    Branch,
    Draft,
    Json,
    Label,
    Part,
    ReadScope,
    Segments,
    Translation,
    Unsayable,
    WriteScope,
)
from flowlang.interchange.connect.names import is_name
from flowlang.interchange.connect.values import (
    Conversion,
    conversion_of,
    equal_json,
    literal_port,
    operand_of,
)
from flowlang.model import (
    Argument,
    ComparePort,
    OtherwisePort,
    Port,
    Step,
    ValuePort,
    WordPort,
)
from flowlang.parameters import ParameterSpec, specs

if TYPE_CHECKING:
    from flowlang.block import Block
    from flowlang.interchange.connect.document import Action, ConditionBranch
    from flowlang.parameters import Parameters
    from flowlang.wiring import Wire, WiredStep


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the block and its place in the action."""

    key: str
    path: str
    """`RecordingBehavior.RecordedParticipants`."""
    via: Conversion | None = None
    """How its value is spelled; by default what its type asks for."""
    always: bool = False
    """Connect wants it said even where it is the default."""
    shown: bool = False
    """The text says it even where it is the default."""
    unless: str = ""
    """Connect has room for this one only if that other parameter is not given."""
    absent: Json = None
    """What it means to leave it out, where that is said by a word of ours."""
    older: str = ""
    """Another path, where one of the items in a list of this one may stand alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAction(Translation):
    """A step that is one action."""

    action: str
    params: tuple[Param, ...] = ()
    fixed: Mapping[str, Json] = field(default_factory=dict)
    """Parameters with one possible value, by path; they are always written."""
    variants: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    """Parameters that may stand there in several ways (None: not at all) that mean the same; the
    first is written."""
    next: str = "next"
    """The outcome that `NextAction` is; empty where the console only mirrors another there."""
    mirrors: str = ""
    """That other outcome."""
    errors: Mapping[str, str] = field(default_factory=lambda: {facts.NO_MATCHING_ERROR: "error"})
    """Outcomes by type of error."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Outcomes by the operand of their condition."""
    operator: str = "Equals"
    """The operator of those conditions."""
    gathered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Parameters of which only one stands there, under one key: the value of `Prompt` is then
    `{"Text": …}` or `{"PromptId": …}`."""
    values: bool = False
    """Other conditions are the step's own: values and comparisons."""
    has_values: bool = False
    """There is at least one of them, or it is not this step."""
    keys: bool = False
    """Those values are keys of a telephone, one each."""
    operands: Conversion | None = None
    """How numbers in them are spelled, if not as they are."""
    intents: bool = False
    """Other conditions are words that a resource declares."""
    results: Mapping[str, str] = field(default_factory=dict)
    """References by result: `value` → `StoredCustomerInput`; `*`: everything below it."""
    callee: str = ""
    """The parameter that names the resource in the kind's place."""
    local: frozenset[str] = frozenset()
    """Parameters that only our runtime has: an export goes without them, and says so."""
    elsewhere: frozenset[str] = frozenset()
    """Parameters that another action of the step says."""

    @property
    def actions(self) -> tuple[str, ...]:  # type: ignore[override]
        return (self.action,)

    # --- reading ------------------------------------------------------------------------------

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        spelled = self.read_variants(action.parameters)
        read = self.read_parameters(action.parameters, scope, block)
        branches = self.read_branches(action, scope)
        if spelled is None or read is None or branches is None:
            return None
        arguments, instead = read
        named = (item for item in arguments if self.callee and item.key == self.callee)
        callee = next(named, None)
        if self.callee and not (
            callee and isinstance(callee.value, ex.Name) and callee.value.root.startswith("@")
        ):
            return None
        return Draft(
            kind=block.kind,
            arguments=tuple(item for item in arguments if item is not callee),
            branches=branches,
            actions=(action.id,),
            intents=self._intents(branches),
            spelled=(spelled,),
            instead=(instead,),
            callee=callee.value.segments[0] if callee and isinstance(callee.value, ex.Name) else "",
        )

    def _intents(self, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        known = {*self.words.values(), *self.errors.values(), self.next}
        return tuple(
            branch.port.word
            for branch in branches
            if self.intents and isinstance(branch.port, WordPort) and branch.port.word not in known
        )

    def read_variants(self, parameters: Mapping[str, Json]) -> Mapping[str, Json] | None:
        """How the action spells what has several spellings, where not as we would."""
        found = dict(leaves(parameters, self.variants))
        spelled: dict[str, Json] = {}
        for path, ways in self.variants.items():
            value = found.get(path)
            if not any(equal_json(value, way) for way in ways):
                return None
            if not equal_json(value, ways[0]):
                spelled[path] = value
        return spelled

    def read_parameters(
        self, parameters: Mapping[str, Json], scope: ReadScope, block: type[Block[Parameters]]
    ) -> tuple[tuple[Argument, ...], Mapping[str, tuple[Json, Json]]] | None:
        """The arguments, and what says the same in other words; None if there is anything that
        arguments do not say."""
        left = dict(leaves(self._gather(parameters), self._paths()))
        for path, value in self.fixed.items():
            if not equal_json(left.pop(path, None), value):
                return None
        for path in self.variants:
            left.pop(path, None)
        known = {spec.key: spec for spec in specs(block.Params)}
        found: dict[str, ex.Expression] = {}
        instead: dict[str, tuple[Json, Json]] = {}
        for param in self.params:
            said = _said(param, left, instead)
            if said is None:
                continue
            spec = known[param.key]
            convert = param.via or conversion_of(spec)
            value = convert.read(said, scope, param.path)
            if value is None or param.key in found:
                return None
            if param.shown or not is_default(value, spec):
                found[param.key] = value
            elif not param.always:
                instead[param.path] = (None, said)
        return None if left else (arranged(found, block), instead)

    def _gather(self, parameters: Mapping[str, Json]) -> Mapping[str, Json]:
        gathered = dict(parameters)
        for key, ways in self.gathered.items():
            said = {way: gathered.pop(way) for way in ways if way in gathered}
            if said:
                gathered[key] = said
        return gathered

    def _paths(self) -> frozenset[str]:
        older = (param.older for param in self.params if param.older)
        paths = (param.path for param in self.params)
        return frozenset((*self.fixed, *self.variants, *paths, *older))

    def read_branches(self, action: Action, scope: ReadScope) -> tuple[Branch, ...] | None:
        branches: list[Branch] = []
        for condition in action.conditions:
            port = self._read_condition(condition, scope)
            if port is None:
                return None
            branches.append(Branch(port=port, target=condition.target))
        if self.has_values and not any(isinstance(item.port, ValuePort) for item in branches):
            return None
        for error in action.errors:
            outcome = self.errors.get(error.type)
            if outcome is None:
                return None
            found: Port = OtherwisePort() if outcome == "otherwise" else WordPort(word=outcome)
            branches.append(Branch(port=found, target=error.target))
        if self.next and action.next is not None:
            branches.append(Branch(port=WordPort(word=self.next), target=action.next))
        return tuple(branches)

    def _read_condition(self, condition: ConditionBranch, scope: ReadScope) -> Port | None:
        operand = condition.operands[0]
        if condition.operator == self.operator and operand in self.words:
            return WordPort(word=self.words[operand])
        if self.intents and condition.operator == "Equals" and is_name(operand):
            return WordPort(word=operand)
        if not self.values:
            return None
        port = literal_port(condition.operator, operand)
        if self.operands is None or not isinstance(port, (ValuePort, ComparePort)):
            return port
        return _with_operand(port, self.operands.read(operand, scope, ""))

    # --- writing ------------------------------------------------------------------------------

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        return (self.part(step, scope),)

    def part(
        self, step: WiredStep, scope: WriteScope, values: Mapping[str, ex.Expression] | None = None
    ) -> Part:
        return Part(
            type=self.action,
            parameters=self.write_parameters(step, scope, values),
            next=self.next or self.mirrors or None,
            errors=self.write_errors(step),
            conditions=self.write_conditions(step, scope),
        )

    def write_parameters(
        self,
        step: WiredStep,
        scope: WriteScope,
        values: Mapping[str, ex.Expression] | None = None,
    ) -> dict[str, Json]:
        assert step.block is not None
        written: dict[str, Json] = {}
        for path, fixed in self.fixed.items():
            put(written, path, fixed)
        for path, ways in self.variants.items():
            if ways[0] is not None:
                put(written, path, ways[0])
        given = step.bound.values if values is None else values
        for spec in specs(step.block.Params):
            param = next((item for item in self.params if item.key == spec.key), None)
            value = given.get(spec.key)
            if param is None:
                stated = value is not None and not is_default(value, spec)
                if stated and spec.key in self.local:
                    scope.warn("FL444", name=spec.key)
                elif stated and spec.key not in self.elsewhere:
                    raise Unsayable("FL434", value, spec.key, parameter=spec.key)
                continue
            if param.unless and param.unless in given:
                if value is not None:
                    scope.warn("FL444", name=spec.key)
                continue
            if value is None and param.always and spec.default is not None:
                value = default_value(spec)
            if value is not None:
                convert = param.via or conversion_of(spec)
                put(written, param.path, convert.write(value, scope, spec.key))
        for key in self.gathered:
            written.update(written.pop(key, {}))
        return written

    def write_errors(self, step: WiredStep) -> tuple[tuple[str, Label], ...]:
        ports = {wire.port for wire in step.wires}
        valued = [wire.port for wire in step.wires if is_condition(wire)]
        written: list[tuple[str, Label]] = []
        for type_, outcome in self.errors.items():
            if outcome in ports:
                written.append((type_, outcome))
            elif outcome == "otherwise" and valued:
                # Every value has a line of its own: the last of them takes what else there is.
                written.append((type_, valued[-1]))
        return tuple(written)

    def write_conditions(
        self, step: WiredStep, scope: WriteScope
    ) -> tuple[tuple[str, str, Label], ...]:
        operands = {outcome: operand for operand, outcome in self.words.items()}
        written: list[tuple[str, str, Label]] = []
        for wire in step.wires:
            if wire.port in operands:
                written.append((self.operator, operands[wire.port], wire.port))
            elif self.values and is_condition(wire):
                operator, operand = self._write_condition(wire.spoken, scope)
                if self.keys and operand not in facts.KEYS:
                    _leave_out(wire, operand, step, scope)
                else:
                    written.append((operator, operand, wire.port))
            elif self.intents and self._is_intent(wire):
                written.append(("Equals", wire.port, wire.port))
        return tuple(written)

    def _write_condition(self, port: Port | None, scope: WriteScope) -> tuple[str, str]:
        operator, operand = operand_of(port, scope)
        if self.operands and isinstance(port, (ValuePort, ComparePort)):
            value = port.value if isinstance(port, ValuePort) else port.operand
            operand = self.operands.write(value, scope, "")
        return operator, operand

    def _is_intent(self, wire: Wire) -> bool:
        return wire.port not in {*self.errors.values(), self.next, "otherwise"}

    # --- results ------------------------------------------------------------------------------

    def fills(self, step: Step) -> frozenset[str]:
        return frozenset(path.split(".")[0] for path in self.results.values())

    def reference(self, result: Segments, step: Step) -> Segments | None:
        if result and (path := self.results.get(result[0])):
            return (*path.split("."), *result[1:])
        if everything := self.results.get("*"):
            return (*everything.split("."), *result)
        return None

    def result(self, reference: Segments) -> Segments | None:
        for name, path in self.results.items():
            parts = tuple(path.split("."))
            if reference[: len(parts)] == parts:
                rest = reference[len(parts) :]
                if name != "*":
                    return (name, *rest)
                if rest:
                    return rest
        return None


def _leave_out(wire: Wire, operand: str, step: WiredStep, scope: WriteScope) -> None:
    """An answer in words can only be missed where a key does the same."""
    keys = (
        other.spoken.value
        for other in step.wires
        if isinstance(other.spoken, ValuePort) and other.target == wire.target
    )
    if not any(isinstance(key, ex.Literal) and key.value in facts.KEYS for key in keys):
        raise Unsayable("FL450", None, None, value=operand)
    scope.warn("FL450", value=operand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of several actions in a row."""

    says: OneAction
    only_with: str = ""
    """It is there only if this parameter is given and not its default."""
    unless_same: tuple[str, str] | None = None
    """It only tells these two outcomes apart, and is left out where they lead to one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InARow(Translation):
    """A step that is several actions, each the next of the one before it."""

    stages: tuple[Stage, ...]

    is_long = True

    @property
    def actions(self) -> tuple[str, ...]:  # type: ignore[override]
        """Whatever can come first: all up to the first stage that is always there."""
        found: list[str] = []
        for stage in self.stages:
            found.append(stage.says.action)
            if not stage.only_with:
                break
        return tuple(found)

    # --- reading ------------------------------------------------------------------------------

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        drafts: list[tuple[Stage, Draft]] = []
        here: Action | None = action
        left_out: list[tuple[str, str]] = []
        for number, stage in enumerate(self.stages):
            found = None
            if here is not None and here.type == stage.says.action:
                found = stage.says.read(here, scope, block)
            if found is not None and stage.only_with and not found.arguments:
                found = None
            if found is None:
                if stage.unless_same:
                    left_out.append(stage.unless_same)
                    continue
                if stage.only_with:
                    continue
                return None
            drafts.append((stage, found))
            if number < len(self.stages) - 1:
                assert here is not None
                here = scope.follower(here)
        return _joined(drafts, left_out, block) if drafts else None

    # --- writing ------------------------------------------------------------------------------

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        stages = [stage for stage in self.stages if _is_there(stage, step)]
        if not stages:
            raise Unsayable("FL447", parameter=self.stages[0].only_with)
        parts = [self._stage(stage).part(step, scope) for stage in stages]
        return tuple(
            part if number == len(parts) - 1 else replace(part, next=number + 1)
            for number, part in enumerate(parts)
        )

    def _stage(self, stage: Stage) -> OneAction:
        keys = {param.key for other in self.stages for param in other.says.params}
        return replace(stage.says, elsewhere=stage.says.elsewhere | keys)

    # --- results ------------------------------------------------------------------------------

    def fills(self, step: Step) -> frozenset[str]:
        return frozenset(root for stage in self.stages for root in stage.says.fills(step))

    def reference(self, result: Segments, step: Step) -> Segments | None:
        found = (stage.says.reference(result, step) for stage in self.stages)
        return next((path for path in found if path), None)

    def result(self, reference: Segments) -> Segments | None:
        found = (stage.says.result(reference) for stage in self.stages)
        return next((name for name in found if name), None)


def _is_there(stage: Stage, step: WiredStep) -> bool:
    if stage.unless_same:
        one, other = (step.wire(port) for port in stage.unless_same)
        return not (one and other and one.target == other.target and one.target is not None)
    if not stage.only_with:
        return True
    assert step.block is not None
    spec = next(item for item in specs(step.block.Params) if item.key == stage.only_with)
    value = step.bound.values.get(stage.only_with)
    return value is not None and not is_default(value, spec)


def _joined(
    drafts: list[tuple[Stage, Draft]],
    left_out: list[tuple[str, str]],
    block: type[Block[Parameters]],
) -> Draft | None:
    """The drafts of actions in a row as one; None if an outcome would lead to two places."""
    led: dict[str, Branch] = {}
    for number, (stage, draft) in enumerate(drafts):
        for branch in draft.branches:
            word = branch.port.word if isinstance(branch.port, WordPort) else None
            if word == stage.says.next and number < len(drafts) - 1:
                continue
            key = word or repr(branch.port)
            known = led.setdefault(key, branch)
            if known.target != branch.target:
                return None
    for one, other in left_out:
        if other in led:
            led[one] = Branch(port=WordPort(word=one), target=led[other].target)
    if any(
        "error" in stage.says.errors.values()
        and len(draft.actions) == 1
        and not _has_error(draft)
        and "error" in led
        for stage, draft in drafts
    ):
        return None
    given: dict[str, ex.Expression] = {}
    order = {spec.position: spec.key for spec in specs(block.Params) if spec.position is not None}
    for _, draft in drafts:
        places = iter(range(len(draft.arguments)))
        for argument in draft.arguments:
            key = argument.key or order[next(places)]
            given[key] = argument.value
    return Draft(
        kind=block.kind,
        arguments=arranged(given, block),
        branches=tuple(led.values()),
        actions=tuple(id_ for _, draft in drafts for id_ in draft.actions),
        is_unsure=bool(left_out),
        spelled=tuple(spelled for _, draft in drafts for spelled in draft.spelled),
        instead=tuple(instead for _, draft in drafts for instead in draft.instead),
    )


def _has_error(draft: Draft) -> bool:
    return any(
        isinstance(branch.port, WordPort) and branch.port.word == "error"
        for branch in draft.branches
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Translation):
    """A step that has several ways to be said, told apart by a parameter."""

    ways: tuple[tuple[str, Translation], ...]
    """The first whose parameter is given (and not its default) is taken; `""`: in any case."""

    @property
    def actions(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(dict.fromkeys(type_ for _, way in self.ways for type_ in way.actions))

    @property
    def is_long(self) -> bool:  # type: ignore[override]
        return any(way.is_long for _, way in self.ways)

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        found = (way.read(action, scope, block) for _, way in self.ways)
        return next((draft for draft in found if draft is not None), None)

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        assert step.block is not None
        by_key = {spec.key: spec for spec in specs(step.block.Params)}
        for key, way in self.ways:
            value = step.bound.values.get(key)
            if not key or (value is not None and not is_default(value, by_key[key])):
                return way.write(step, scope)
        raise Unsayable("FL439")

    def fills(self, step: Step) -> frozenset[str]:
        return self._way_of(step).fills(step)

    def _way_of(self, step: Step) -> Translation:
        given = {argument.key for argument in step.arguments}
        return next(way for key, way in self.ways if not key or key in given)

    def reference(self, result: Segments, step: Step) -> Segments | None:
        return self._way_of(step).reference(result, step)

    def result(self, reference: Segments) -> Segments | None:
        found = (way.result(reference) for _, way in self.ways)
        return next((name for name in found if name), None)


# --- helpers of translations ------------------------------------------------------------------


def _with_operand(port: ValuePort | ComparePort, value: ex.Expression | None) -> Port | None:
    """The port with another value; None without one."""
    if value is None:
        return None
    if isinstance(port, ValuePort):
        return ValuePort.model_validate({"value": value})
    return ComparePort.model_validate({"operator": port.operator, "operand": value})


def _said(
    param: Param, left: dict[str, Json], instead: dict[str, tuple[Json, Json]]
) -> Json | None:
    """What an action says of a parameter, taken from what is `left` of it."""
    if param.path in left:
        return left.pop(param.path)
    if param.older in left:
        alone = left.pop(param.older)
        instead[param.path], instead[param.older] = ([alone], None), (None, alone)
        return [alone]
    if param.absent is not None:
        instead[param.path] = (param.absent, None)
    return param.absent


def is_condition(wire: Wire) -> bool:
    return isinstance(wire.spoken, (ValuePort, ComparePort))


def arranged(
    values: Mapping[str, ex.Expression], block: type[Block[Parameters]]
) -> tuple[Argument, ...]:
    """Arguments as a person writes them: what has a place first and without its key."""
    placed: list[Argument] = []
    keyed: list[Argument] = []
    at_place = 0
    for spec in sorted(specs(block.Params), key=_place):
        value = values.get(spec.key)
        if value is None:
            continue
        if spec.position == at_place:
            placed.append(Argument(value=value))
            at_place += 1
        elif spec.rest and isinstance(value, ex.ListOf) and value.items:
            placed.extend(Argument(value=item.value) for item in value.items)
        elif spec.free and isinstance(value, ex.Record):
            keyed.extend(Argument(key=item.key, value=item.value) for item in value.fields)
        else:
            keyed.append(Argument(key=spec.key, value=value))
    return (*placed, *keyed)


def _place(spec: ParameterSpec) -> int:
    return 1_000 if spec.position is None else spec.position


def is_default(value: ex.Expression, spec: ParameterSpec) -> bool:
    match value:
        case ex.Literal(value=constant):
            return bool(constant == spec.default)
        case ex.ListOf(items=items) if isinstance(spec.default, tuple):
            return [
                getattr(item.value, "value", getattr(item.value, "root", None)) for item in items
            ] == list(spec.default)
        case ex.Name(root=root, segments=()):
            return bool(root == spec.default and root in spec.words)
        case ex.Record(fields=()):
            return bool(spec.default == {})
        case _:
            return False


def default_value(spec: ParameterSpec) -> ex.Expression:
    """The default of a parameter as the literal that says it."""
    match spec.default:
        case bool() as flag:
            return ex.Literal(flag, "boolean")
        case str() as text:
            return ex.Literal(text, "text")
        case int() | float() as number:
            return ex.Literal(number, "duration" if spec.type == types.DURATION else "number")
        case tuple() | list() as items:
            return ex.ListOf(tuple(ex.Item(ex.Literal(item, "text")) for item in items))
        case _:
            raise AssertionError(f"no literal for the default of {spec.key}")


def leaves(
    parameters: Mapping[str, Json], known: Iterable[str], prefix: str = ""
) -> Iterable[tuple[str, Json]]:
    """Parameters by path, opened only as far as `known` paths lead into them."""
    known = frozenset(known)
    for key, value in parameters.items():
        path = f"{prefix}{key}"
        if (
            path not in known
            and isinstance(value, dict)
            and value
            and any(item.startswith(f"{path}.") for item in known)
        ):
            yield from leaves(value, known, f"{path}.")
        else:
            yield path, value


def put(parameters: dict[str, Json], path: str, value: Json) -> None:
    *above, last = path.split(".")
    for key in above:
        parameters = parameters.setdefault(key, {})
    parameters[last] = value

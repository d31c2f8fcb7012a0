"""References and resources of drafts get the names that the text uses for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from flowlang import expressions as ex
from flowlang import types
from flowlang.block import Block
from flowlang.catalogue import Catalogue
from flowlang.interchange.connect import names, reaching
from flowlang.interchange.connect.contract import Branch, Draft, Segments
from flowlang.interchange.connect.naming import (
    SETTERS,
    Declared,
    names_in,
    parse_key,
    renamed_draft,
)
from flowlang.interchange.connect.opening import read_value
from flowlang.interchange.connect.reading import Hint, Reading
from flowlang.interchange.connect.sections import own_id
from flowlang.interchange.connect.values import REFERENCE
from flowlang.interchange.connect.writing import INPUT, SYSTEM_PATHS
from flowlang.model import Argument, Declaration, Parameter, Step, ValuePort, WordPort
from flowlang.parameters import Parameters, specs

SYSTEM_NAMES: Mapping[Segments, Segments] = {path: name for name, path in SYSTEM_PATHS.items()}
TAGS: Segments = ("Tags",)
NO_INTENTS = frozenset({"no_match", "timeout", "error", "next"})
ABOUT_BOTS = frozenset({"intent", "sentiment", "confidence", "session"})
"""What is read of a bot besides its slots."""
STEP_NAME = "answer"
"""What a step is called whose result is read and that has nothing else to read it by."""


@dataclass(frozen=True, slots=True)
class Resolved:
    drafts: Mapping[str, Draft]
    step_names: Mapping[str, str]
    declarations: tuple[Declaration, ...]
    inputs: tuple[str, ...] = ()
    """What a module is told."""


@dataclass(slots=True)
class _Signature:
    takes: dict[str, int] = field(default_factory=dict)
    """Arguments, with how many calls give them."""
    gives: dict[str, None] = field(default_factory=dict)
    calls: int = 0


class Resolver:
    def __init__(
        self,
        reading: Reading,
        catalogue: Catalogue,
        declared: Declared,
        start: str | None,
        *,
        is_module: bool = False,
    ) -> None:
        self.is_module = is_module
        self.inputs: dict[str, None] = {}
        self.reading = reading
        self.catalogue = catalogue
        self.declared = declared
        self.drafts = dict(reading.drafts)
        self.step_names: dict[str, str] = {}
        self.functions: dict[Hint, _Signature] = {}
        self.bots: dict[Hint, list[tuple[str, ...]]] = {}
        self.slots: dict[Hint, dict[str, set[str]]] = {}
        """By bot and slot, the steps that read it."""
        self.edges = edges = {
            id_: [branch.target for branch in draft.branches] for id_, draft in self.drafts.items()
        }
        fills = {id_: self._fills(draft) for id_, draft in self.drafts.items()}
        self.sources = reaching.sources(edges, fills, start)

    def run(self) -> Resolved:
        self.declare_values()
        self.name_own_steps()
        self.note_calls()
        drafts = {id_: self.resolve(id_, draft) for id_, draft in self.drafts.items()}
        drafts = {id_: self.with_spoken_intents(draft) for id_, draft in drafts.items()}
        return Resolved(drafts, self.step_names, tuple(self.declarations()), tuple(self.inputs))

    # --- before -------------------------------------------------------------------------------

    def declare_values(self) -> None:
        """Attributes keep the names that they have in Connect, so they come first; but none is
        called like a word that stands in an argument."""
        self.declared.taken.update(
            name.root
            for draft in self.drafts.values()
            for name in names_in(draft)
            if name.is_bare and not name.root.startswith(("@", REFERENCE))
        )
        for draft in self.drafts.values():
            for argument in draft.arguments:
                if argument.key and draft.sets_values:
                    self.declared.value(*parse_key(argument.key))
            for name in names_in(draft):
                if name.root == REFERENCE and self._is_value(name.segments):
                    self.declared.value(SETTERS[name.segments[0]], name.segments[1])

    def name_own_steps(self) -> None:
        """Identifiers that an export gave say the names of steps: `balance.found`."""
        for id_, draft in self.drafts.items():
            own = own_id(id_)
            callee = self._callee(draft)
            kinds = {draft.kind, callee.name if callee else draft.kind}
            if own and own[1] not in kinds and own[1] not in self.declared.taken:
                self.step_names[id_] = own[1]
                self.declared.taken.add(own[1])

    def note_calls(self) -> None:
        for draft in self.drafts.values():
            if draft.callee:
                signature = self.functions.setdefault(self._hint(draft), _Signature())
                signature.calls += 1
                for key in self._free_keys(draft):
                    signature.takes[key] = signature.takes.get(key, 0) + 1
            if bot := self._bot(draft):
                self.bots.setdefault(bot, []).append(draft.intents)

    def _free_keys(self, draft: Draft) -> list[str]:
        block = self.catalogue.block(draft.kind)
        known = {spec.key for spec in specs(block.Params)} if block else set()
        return [item.key for item in draft.arguments if item.key and item.key not in known]

    # --- names --------------------------------------------------------------------------------

    def resolve(self, id_: str, draft: Draft) -> Draft:
        def rename(name: ex.Name) -> ex.Expression:
            if name.root == REFERENCE:
                return self.reference(id_, name.segments)
            if name.root.startswith("@"):
                return ex.Name(self._resource((name.root[1:], name.segments[0])).name)
            return name

        def rename_key(key: str) -> str:
            return self.declared.value(*parse_key(key)).name

        callee = self._callee(draft)
        resolved = self._typed(renamed_draft(draft, rename, rename_key))
        return replace(resolved, callee=callee.name if callee else "")

    def _typed(self, draft: Draft) -> Draft:
        """Constants that are set, or compared with, as the type of their attribute has them."""
        kinds = {item.name: item.type for item in self.declared.values.values()}

        def typed(value: ex.Expression, name: str | None) -> ex.Expression:
            if name in kinds and isinstance(value, ex.Literal) and isinstance(value.value, str):
                return read_value(value.value, kinds[name])
            return value

        if draft.sets_values:
            return replace(draft, arguments=tuple(
                Argument(key=item.key, value=typed(item.value, item.key))
                for item in draft.arguments
            ))  # fmt: skip
        subject = draft.arguments[0].value if draft.arguments else None
        if not isinstance(subject, ex.Name) or not subject.is_bare:
            return draft
        return replace(draft, branches=tuple(
            replace(branch, port=ValuePort(value=typed(branch.port.value, subject.root)))
            if isinstance(branch.port, ValuePort) else branch
            for branch in draft.branches
        ))  # fmt: skip

    def reference(self, at: str, path: Segments) -> ex.Expression:
        if self._is_value(path):
            return ex.Name(self.declared.value(SETTERS[path[0]], path[1]).name)
        if known := SYSTEM_NAMES.get(path):
            return ex.Name(known[0], known[1:])
        if path[:1] == TAGS and len(path) == 2:
            return ex.Name("contact", ("tags", path[1]))
        if self._is_input(path):
            self.inputs[path[2]] = None
            self.declared.taken.add(path[2])
            return ex.Name(path[2], path[3:])
        return self._result(at, path) or ex.Name("connect", path)

    def _is_input(self, path: Segments) -> bool:
        """Whether it is what a module is told, under a name that is free in the text."""
        if not self.is_module or path[:2] != INPUT or len(path) < 3:
            return False
        is_free = path[2] in self.inputs or path[2] not in self.declared.taken
        return is_free and names.is_name(path[2])

    def _result(self, at: str, path: Segments) -> ex.Name | None:
        """A reference as a result of the steps that can have given it."""
        givers = sorted(self.sources.get(at, {}).get(path[0], frozenset()))
        results = {self._read_by(giver, path) for giver in givers}
        if len(results) != 1 or any(self.drafts[giver].is_unsure for giver in givers):
            return None
        result = next(iter(results))
        if not result or not all(names.is_name(part) or "'" not in part for part in result):
            return None
        root = self._root(givers)
        if root is None:
            return None
        for giver in givers:
            self._note_read(giver, result, at)
        return ex.Name(root, result)

    def _read_by(self, giver: str, path: Segments) -> Segments | None:
        block = self.catalogue.block(self.drafts[giver].kind)
        return block.connect.result(path) if block and block.connect else None

    def _root(self, givers: list[str]) -> str | None:
        """The name that a result of these steps is read under."""
        if len(givers) == 1 and (name := self.step_names.get(givers[0])):
            return name
        owners = {self._owner(giver) for giver in givers}
        owner = next(iter(owners))
        if len(owners) == 1 and owner is not None:
            return self._resource(owner).name
        slots = {self._slot(giver) for giver in givers}
        if len(slots) == 1 and (slot := next(iter(slots))):
            return slot
        return self._new_step_name(givers[0]) if len(givers) == 1 else None

    def _slot(self, giver: str) -> str:
        block = self.catalogue.block(self.drafts[giver].kind)
        return block.slot if block else ""

    def _owner(self, giver: str) -> Hint | None:
        draft = self.drafts[giver]
        return self._hint(draft) if draft.callee else self._bot(draft)

    def _new_step_name(self, id_: str) -> str:
        name = names.unused(STEP_NAME, self.declared.taken)
        self.declared.taken.add(name)
        self.step_names[id_] = name
        return name

    def _note_read(self, giver: str, result: Segments, reader: str) -> None:
        draft = self.drafts[giver]
        if draft.callee:
            self.functions[self._hint(draft)].gives[result[0]] = None
        elif (bot := self._bot(draft)) and result[0] not in ABOUT_BOTS:
            self.slots.setdefault(bot, {}).setdefault(result[0], set()).add(reader)

    # --- bots ---------------------------------------------------------------------------------

    def with_spoken_intents(self, draft: Draft) -> Draft:
        """Quoted where the bot is asked for different intents at different places."""
        if not draft.intents:
            return draft
        bot = next((hint for hint, declared in self.declared.resources.items()
                    if declared.name == _first_name(draft)), None)  # fmt: skip
        if bot is not None and self._intents(bot):
            return draft
        branches = tuple(
            Branch(port=ValuePort(value=ex.Literal(branch.port.word, "text")), target=branch.target)
            if isinstance(branch.port, WordPort) and branch.port.word in draft.intents
            else branch
            for branch in draft.branches
        )
        return replace(draft, branches=branches)

    def _intents(self, bot: Hint) -> tuple[str, ...]:
        """What the bot can find out, if all who ask it want the same."""
        asked = self.bots.get(bot, [])
        if known := self._known(bot):
            words = tuple(item.name for item in known.takes or ())
            return words if all(set(intents) <= set(words) for intents in asked) else ()
        same = len({frozenset(intents) for intents in asked}) == 1
        intents = asked[0] if same and asked else ()
        fine = all(names.is_name(intent) and intent not in NO_INTENTS for intent in intents)
        return intents if fine and len(set(intents)) == len(intents) else ()

    # --- declarations -------------------------------------------------------------------------

    def declarations(self) -> list[Declaration]:
        values = list(self.declared.values.values())
        values.sort(key=lambda item: item.word)
        resources = [
            self._with_signature(hint, item) for hint, item in self.declared.resources.items()
        ]
        order = {word: number for number, word in enumerate(self.catalogue.resources)}
        resources.sort(key=lambda item: order.get(item.word, len(order)))
        return [*values, *resources]

    def _known(self, hint: Hint) -> Declaration | None:
        found = self.declared.resources.get(hint)
        return found if found and found.name in self.declared.known else None

    def _with_signature(self, hint: Hint, item: Declaration) -> Declaration:
        if self._known(hint):
            return item
        if intents := self._intents(hint):
            takes = tuple(
                Parameter(name=name, fields=self._slots(hint, name) or None) for name in intents
            )
            return item.model_copy(update={"takes": takes, "gives": self._spare(hint, takes)})
        signature = self.functions.get(hint)
        if signature is None or not all(
            names.is_name(name) for name in (*signature.takes, *signature.gives)
        ):
            return item
        if not signature.takes and not signature.gives:
            return item
        takes = tuple(
            Parameter(name=name, type=types.ANY if count == signature.calls else _OPTIONAL)
            for name, count in signature.takes.items()
        )
        gives = tuple(Parameter(name=name, type=types.ANY) for name in signature.gives)
        return item.model_copy(update={"takes": takes, "gives": gives or None})

    def _slots(self, bot: Hint, intent: str) -> tuple[Parameter, ...]:
        """The slots that are read somewhere behind the intent. A bot may leave one empty."""
        behind = self._behind(
            branch.target
            for draft in self.drafts.values()
            if self._bot(draft) == bot
            for branch in draft.branches
            if isinstance(branch.port, WordPort) and branch.port.word == intent
        )
        slots = self.slots.get(bot, {})
        return tuple(
            Parameter(name=slot, type=types.ANY)
            for slot, readers in slots.items()
            if readers & behind and names.is_name(slot)
        )

    def _spare(self, hint: Hint, takes: tuple[Parameter, ...]) -> tuple[Parameter, ...] | None:
        """The slots that are read elsewhere: any intent may fill them."""
        known = {slot.name for intent in takes for slot in intent.fields or ()}
        spare = (name for name in self.slots.get(hint, {}) if name not in known)
        return (
            tuple(Parameter(name=it, type=types.ANY) for it in spare if names.is_name(it)) or None
        )

    def _behind(self, first: Iterable[str]) -> set[str]:
        seen: set[str] = set()
        waiting = list(first)
        while waiting:
            here = waiting.pop()
            if here in seen or here not in self.drafts:
                continue
            seen.add(here)
            if self._bot(self.drafts[here]) is None:
                waiting.extend(self.edges[here])
        return seen

    # --- helpers ------------------------------------------------------------------------------

    def _is_value(self, path: Segments) -> bool:
        return len(path) == 2 and path[0] in SETTERS and not path[1].startswith("[")

    def _fills(self, draft: Draft) -> frozenset[str]:
        block = self.catalogue.block(draft.kind)
        if block is None or block.connect is None:
            return frozenset()
        return block.connect.fills(Step(kind=draft.kind, arguments=draft.arguments))

    def _hint(self, draft: Draft) -> Hint:
        block: type[Block[Parameters]] | None = self.catalogue.block(draft.kind)
        return (block.declares if block else "", draft.callee)

    def _callee(self, draft: Draft) -> Declaration | None:
        return self._resource(self._hint(draft)) if draft.callee else None

    def _bot(self, draft: Draft) -> Hint | None:
        for argument in draft.arguments:
            if isinstance(argument.value, ex.Name) and argument.value.root == "@bot":
                return ("bot", argument.value.segments[0])
        return None

    def _resource(self, hint: Hint) -> Declaration:
        return self.declared.resource(hint, self.reading.hints.get(hint, ""))


_OPTIONAL = replace(types.ANY, optional=True)


def _first_name(draft: Draft) -> str:
    first = draft.arguments[0].value if draft.arguments else None
    return first.root if isinstance(first, ex.Name) else ""

"""What a block says of its Amazon Connect actions: how a step becomes actions, and back.

Most blocks describe it once for both directions, with what `mapping` has; the others write a
`Translation` of their own. What a translation cannot say it refuses: `read` with None (the action
then stays a `connect` step, unharmed), `write` with `Unsayable`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from flowlang import expressions as ex
from flowlang.model import Argument, Port, Step

if TYPE_CHECKING:
    from flowlang.block import Block
    from flowlang.interchange.connect.document import Action
    from flowlang.parameters import Parameters
    from flowlang.wiring import WiredStep

Json = Any
Segments = tuple[str, ...]


class Unsayable(Exception):
    """Connect has no way to say this. `code` tells why and what helps."""

    def __init__(
        self, code: str, at: ex.Expression | None = None, key: str | None = None, **about: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.key = key
        self.about = about


# --- from Connect -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    port: Port
    target: str
    """Identifier of an action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A step as read from actions. References in its expressions are names rooted at `$`,
    resources names rooted at `@word`: the importer gives both their names."""

    kind: str
    arguments: tuple[Argument, ...] = ()
    branches: tuple[Branch, ...] = ()
    actions: tuple[str, ...]
    """Identifiers of the actions that the step stands for, the first of them its entry."""
    callee: str = ""
    """The resource (its identifier outside) whose declared name stands in the kind's place."""
    intents: tuple[str, ...] = ()
    """The answers of a bot that it tells apart."""
    sets_values: bool = False
    """The keys of its arguments are those of `values.set_key`."""
    is_unsure: bool = False
    """Where it goes on it may have no result, so nothing is read under its name."""
    spelled: tuple[Mapping[str, Json], ...] = ()
    """For each action, what it spells out though the text needs no word for it (None: what it
    leaves out), by path."""
    instead: tuple[Mapping[str, tuple[Json, Json]], ...] = ()
    """For each action, by path what we would write and what it has (None: nothing) to say the
    same."""


class ReadScope(Protocol):
    """What a translation may ask the importer."""

    def resource(self, word: str, identifier: str, key: str = "") -> ex.Expression:
        """The resource of that identifier; `key` is the parameter, for the console's name of it."""
        ...

    def follower(self, action: Action) -> Action | None:
        """The next action, if nothing else leads there, so that it can be folded."""
        ...


# --- to Connect -------------------------------------------------------------------------------

Label = str | int
"""Where a branch leads: a port of the step, or another action of it by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An action that a step becomes."""

    type: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    next: Label | None = None
    errors: tuple[tuple[str, Label], ...] = ()
    conditions: tuple[tuple[str, str, Label], ...] = ()
    """Operator, operand, label."""


class WriteScope(Protocol):
    """What a translation may ask the exporter."""

    @property
    def language(self) -> str: ...

    def text(self, value: ex.Expression, key: str = "") -> str:
        """An expression as Connect's text with references; `Unsayable` if there is no way."""
        ...

    def whole(self, value: ex.Expression, key: str = "") -> str:
        """An expression as a constant or one reference, nothing around it."""
        ...

    def resource(self, word: str, value: ex.Expression, key: str = "") -> str: ...

    def recorded(self, value: ex.Expression) -> str | None:
        """The identifier of a prompt that stands outside of the flow; None if it is none."""
        ...

    def wire_name(self, name: str) -> tuple[str, str]:
        """`attribute` or `variable`, and what Connect calls it."""
        ...

    def warn(self, code: str, **about: object) -> None: ...


# --- the contract -----------------------------------------------------------------------------


class Translation(ABC):
    """How a block's steps become actions and come back."""

    actions: tuple[str, ...] = ()
    """The types of action that can begin such a step."""
    is_long: bool = False
    """It may take several actions, so it reads before those that take one of them."""

    @abstractmethod
    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        """The step that an action (and what follows it) stands for; None: not this block."""

    @abstractmethod
    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        """The actions that a step becomes, its entry first."""

    def fills(self, step: Step) -> frozenset[str]:
        """The roots of references that the step gives new values: `External`, `Lex`."""
        return frozenset()

    def reference(self, result: Segments, step: Step) -> Segments | None:
        """Where Connect keeps a result of the step: `("balance",)` → `("External", "balance")`."""
        return None

    def result(self, reference: Segments) -> Segments | None:
        """The result that a reference reads, if it is one of this block's."""
        return None

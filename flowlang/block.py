"""The contract of a block.

A block is one class in one file: card, parameters, outcomes, pure behaviour, mapping to Amazon
Connect. Its behaviour sees evaluated parameters and a `View`, and answers with a `Move`; it knows
no clock, no network and no expression. What waits must fit in a row of a table: `Wait.memory`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar

from flowlang.channels import Channel
from flowlang.effects import Effect
from flowlang.events import Event
from flowlang.expressions import Expression
from flowlang.frozen import dataclass
from flowlang.model import Declaration, Header, Parameter, Step
from flowlang.parameters import Parameters, Wording
from flowlang.types import Type

if TYPE_CHECKING:
    from flowlang.interchange.connect.contract import Translation

Category = Literal["talk", "know", "decide", "secure", "integrate", "transfer"]
CATEGORIES: tuple[Category, ...] = ("talk", "know", "decide", "secure", "integrate", "transfer")

# --- what people see --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    category: Category
    icon: str
    """Id in the icon sprite."""
    title: Wording
    summary: Wording
    """One sentence: what it does to the caller."""
    search: tuple[str, ...] = ()
    """Other words that people look for, such as Amazon Connect's name of it."""


# --- outcomes ---------------------------------------------------------------------------------

Unrouted = Literal["required", "next", "serious", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A word that an outcome line can route, and what happens where none does."""

    name: str
    title: Wording
    unrouted: Unrouted = "required"
    """`required`: must be routed; `next`: goes to the next step; `serious`: goes to the nearest
    `on error`; `end`: the flow ends here."""
    like: str = ""
    """Goes where this other outcome goes, or `otherwise`, if it has no route of its own."""
    channels: tuple[str, ...] = ()
    """Media on which it can happen (`voice`, `chat`); empty: on all."""


NEXT: Wording = {"en": "next", "ko": "다음"}
SUCCESS = Outcome(name="next", title=NEXT, unrouted="next")
HARMLESS = Outcome(name="error", title={"en": "error", "ko": "오류"}, unrouted="next")
SERIOUS = Outcome(name="error", title={"en": "error", "ko": "오류"}, unrouted="serious")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the outcome lines of one step may say."""

    words: tuple[Outcome, ...] = ()
    values: Type | None = None
    """The type of the literals it can be routed by, if it can."""
    conditions: bool = False
    """Comparisons and `when` are allowed too."""
    any_word: bool = False
    """Nobody knows which words there are: every one may be routed."""
    exhaustive: bool = False
    """The value ports must cover the type, or `otherwise` must stand there."""
    measured: bool = False
    """They look at what the block finds out, not at its first parameter."""

    def word(self, name: str) -> Outcome | None:
        return next((outcome for outcome in self.words if outcome.name == name), None)


# --- what is known before anybody calls -------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A step as its block sees it at check time."""

    step: Step
    header: Header | None = None
    """How the flow begins in which it stands."""
    callee: Declaration | None = None
    """The declaration whose name stands in the kind's place: `crm phone: …`."""
    arguments: Mapping[str, Expression] = field(default_factory=dict)
    """By parameter, after positions were named."""
    called: Header | None = None
    """How the flow begins that the callee names, where it is a module that can be found."""
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    subject: Type | None = None
    """Type of the first argument, where it could be inferred."""

    def declared(self, key: str) -> Declaration | None:
        """The declaration that the argument `key` names."""
        root = getattr(self.arguments.get(key), "root", None)
        return self.declarations.get(root) if root else None


# --- behaviour --------------------------------------------------------------------------------

MISSING: Any = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Go on at an outcome.

    With a `value`, the step's literal, comparison and `otherwise` lines are tried first, in
    order; `outcome` is where it goes when none of them takes it.
    """

    outcome: str = "next"
    value: Any = MISSING
    results: Mapping[str, Any] | None = None
    """What the step is read for: `found.balance`."""
    assign: Mapping[str, Any] | None = None
    """Attributes of the contact to set."""
    settings: Mapping[str, Any] | None = None
    """What is known of the contact besides its attributes, as JSON; by key it replaces what was
    there, and None takes it away. `language` and `queue` are the contact's own. What expressions
    may read of it stands in `flowlang.names.SETTINGS`."""
    effects: tuple[Effect, ...] = ()
    kept: Any = MISSING
    """What this step remembers for its next visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Stay here until an event; `resume` gets it with the memory."""

    effects: tuple[Effect, ...] = ()
    timers: Mapping[str, float] = field(default_factory=dict)
    """Seconds until a `TimerFired` of that name."""
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """The flow ends. The contact is over, or waits in a queue for a person."""

    status: Literal["ended", "queued"] = "ended"
    queue: str = ""
    reason: str = ""
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Run a module, and go on here at the outcome that it returns, with its results; `error` if
    there is no such module."""

    module: str
    """As the declaration names it: a file, seen from that of this flow."""
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """This flow is over: a module goes back to who called it, a flow that ran while the customer
    waited or was handed over lets them wait or be handed over, any other ends the contact."""

    outcome: str = "next"
    results: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """Another flow takes over for good. Attributes and settings of the contact stay; variables,
    results and what steps kept end with this flow. `error` if there is no such flow."""

    flow: str
    """As the declaration names it: a file, seen from that of this flow."""


@dataclass(frozen=True, slots=True)
class Stay:
    """The event means nothing here: keep waiting, timers and memory as they are."""


Move = Leave | Wait | Finish | Enter | Return | Jump | Stay


PROMPT = "prompt:"
"""What a text begins with that is the name of a prompt outside of the flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a prompt of the project says in one language."""

    text: str
    audio: str = ""
    """A recording of it, if there is one."""


class HoursTable(Protocol):
    """Opening hours, as the project defines them."""

    def is_open(self, at: datetime) -> bool: ...


class View(Protocol):
    """What a behaviour may read of the contact and its project."""

    @property
    def now(self) -> datetime: ...
    @property
    def seed(self) -> int: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def language(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def target_queue(self) -> str: ...
    @property
    def waiting_since(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]:
        """The literal texts that this step has routes for."""
        ...

    @property
    def outcomes(self) -> Collection[str]:
        """The words that this step can be left by."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """What blocks have set of the contact, with `Leave.settings`."""
        ...

    @property
    def has_typed_ahead(self) -> bool:
        """Whether the customer has keyed in or written something that nobody asked for yet."""
        ...

    @property
    def kept(self) -> Any:
        """What this step kept at its last visit; None at the first."""
        ...

    def hours(self, name: str) -> HoursTable | None:
        """Opening hours by name; without one, those of the target queue."""
        ...

    def flow(self, name: str) -> str:
        """The path, in the project, of a flow that this one names; empty if there is none."""
        ...

    def prompt(self, name: str) -> Prompt | None:
        """A prompt of the project, in the language of the contact."""
        ...


P = TypeVar("P", bound=Parameters)


class Block(Generic[P]):
    """One kind of step. The docstring of a subclass is its page in the manual, and the example in
    it is parsed, checked and run by the tests."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    card: ClassVar[Card]
    Params: ClassVar[type[Parameters]]
    outcomes: ClassVar[tuple[Outcome, ...]] = (SUCCESS, HARMLESS)
    channels: ClassVar[tuple[str, ...]] = ("voice", "chat")
    """Media on which it works; on others it takes `elsewhere`."""
    elsewhere: ClassVar[str] = "error"
    """The outcome it takes on a medium that it does not work on."""
    flow_types: ClassVar[tuple[str, ...]] = ()
    """Types of flow that it may stand in; empty: all."""
    slot: ClassVar[str] = ""
    """The word under which the last result of any such block is read: `function`, `bot`."""
    declares: ClassVar[str] = ""
    """The resource word whose declared names are used as its kind: `crm phone: …`."""
    offered: ClassVar[bool] = True
    """Whether people add it: not what only an import brings."""
    ends_flow: ClassVar[bool] = False
    """It never goes on, so `-> hang_up` can name it as a target."""
    returns: ClassVar[bool] = False
    """It ends a module, at the outcome that its first parameter says."""
    may_end: ClassVar[bool] = False
    """A visit can be the end of the flow without any outcome, as a transfer is."""
    counts: ClassVar[str] = ""
    """The outcome that it takes only so many times in a row as its first parameter says."""
    retired: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Targets where what it needs is no more, with the day it ended: there it takes `error`."""
    waits: ClassVar[Literal["never", "service", "customer"]] = "never"
    """Whom a visit waits for: a loop through a waiting block is no hot loop."""
    at_once: ClassVar[tuple[str, ...]] = ("error",)
    """Outcomes that can come although nobody was waited for."""
    connect: ClassVar[Translation | None] = None
    """What it is in Amazon Connect's flow language, if Connect can say it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        missing = [name for name in ("kind", "card", "Params") if not hasattr(cls, name)]
        if missing:
            raise TypeError(f"block {cls.__name__} lacks {', '.join(missing)}")

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """What its outcome lines may say, in this call."""
        return Ports(words=cls.outcomes)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        """What can be read of it after it took its first outcome."""
        return {}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, Type]:
        """What can be read after `outcome`; by default nothing after an error."""
        return {} if outcome == "error" else cls.results(call)

    @classmethod
    def takes(cls, call: Call) -> tuple[Parameter, ...] | None:
        """The arguments whose keys are the author's own; None: any at all."""
        return call.callee.takes if call.callee else None

    @classmethod
    def needs(cls, call: Call) -> tuple[str, ...]:
        """Those of them that must be given."""
        takes = cls.takes(call) or ()
        return tuple(item.name for item in takes if not (item.type and item.type.optional))

    @classmethod
    def assigns(cls, call: Call) -> tuple[str, ...]:
        """The attributes that it sets."""
        return ()

    @staticmethod
    def start(params: Any, view: View) -> Move:
        raise AssertionError("every block overrides start")

    @classmethod
    def waited_for(cls, outcome: str) -> bool:
        """Whether it only comes to this outcome when the customer was waited for."""
        return cls.waits == "customer" and outcome not in cls.at_once

    @staticmethod
    def resume(params: Any, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        """Called with the events that come while it waits."""
        return Stay()

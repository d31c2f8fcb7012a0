"""What a flow reads as `connect.X`: values under the names that Amazon Connect has for them.

Imports use such names where the language has none of its own, or where several steps may have given
a result. What nobody knows here is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowlang import expressions as ex
from flowlang.channels import CHANNELS
from flowlang.interchange.connect.contract import Translation
from flowlang.model import ComparePort, Step, ValuePort, WhenPort
from flowlang.wiring import WiredStep, Wiring
from runtime.contact import Contact

ROOT = "connect"
Roots = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """Steps that fill what stands below a root, such as `Lex`."""

    kept: str
    """The name under which the contact has the last of their results."""
    translation: Translation
    step: Step
    """One of them: all of a kind keep their results in the same places."""


Givers = Mapping[str, tuple[Giver, ...]]
"""By each root that a flow reads; empty for one that is the contact's own."""


def givers_of(wiring: Wiring) -> Givers:
    found: dict[str, dict[tuple[str, str], Giver]] = {root: {} for root in _read(wiring)}
    if not found:
        return {}
    for step in wiring.steps.values():
        translation = step.block.connect if step.block else None
        if translation is None:
            continue
        for root in translation.fills(step.step) & found.keys():
            giver = Giver(kept=kept_under(step, root), translation=translation, step=step.step)
            found[root].setdefault((step.step.kind, giver.kept), giver)
    return {root: tuple(givers.values()) for root, givers in found.items()}


def kept_under(step: WiredStep, root: str) -> str:
    """The slot of its kind; where a kind has none, a name that no flow can spell."""
    slot = step.block.slot if step.block else ""
    return slot or f"{ROOT} {root}"


def hidden_names(step: WiredStep, roots: Iterable[str]) -> tuple[str, ...]:
    """Names of results that are read as `connect.X` alone."""
    if step.block is None or step.block.slot or step.block.connect is None:
        return ()
    fills = step.block.connect.fills(step.step)
    return tuple(kept_under(step, root) for root in roots if root in fills)


def _read(wiring: Wiring) -> Iterator[str]:
    """The roots that the flow reads: those of two names for one thing are one."""
    for value in _expressions(wiring):
        for name in ex.names_in(value):
            if name.root == ROOT and name.segments:
                yield _SAME.get(name.segments[0], name.segments[0])


def _expressions(wiring: Wiring) -> Iterator[ex.Expression]:
    for declared in wiring.names.declarations.values():
        yield from (entry.value for entry in declared.entries)
    for step in wiring.steps.values():
        yield from step.bound.values.values()
        for wire in step.wires:
            match wire.spoken:
                case (
                    ValuePort(value=found) | ComparePort(operand=found) | WhenPort(condition=found)
                ):
                    yield found
                case _:
                    pass


_SAME = {"LambdaInvocation": "External"}
"""`$.LambdaInvocation.ResultData.x` is `$.External.x`."""


# --- at run time --------------------------------------------------------------------------------


def connect_values(givers: Givers, contact: Contact) -> dict[str, Any]:
    """What the flow at work reads as `connect`; nothing, if it reads nothing so."""
    if not givers:
        return {}
    found: dict[str, Any] = {}
    for root, filled_by in givers.items():
        own = _OWN.get(root)
        found[root] = _results(root, filled_by, contact) if own is None else own(contact)
    if "External" in found:
        found["LambdaInvocation"] = {"ResultData": found["External"]}
    return {ROOT: found}


def _results(root: str, givers: tuple[Giver, ...], contact: Contact) -> Any:
    """The last results, each where Amazon Connect has it."""
    found: dict[str, Any] = {}
    for giver in givers:
        for key, value in (contact.local.get(giver.kept) or {}).items():
            path = giver.translation.reference((key,), giver.step)
            if path and path[0] == root:
                _put(found, path, value)
    return found.get(root)


def _put(into: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for segment in path[:-1]:
        inner = into.get(segment)
        into[segment] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        into = inner
    into.setdefault(path[-1], value)


# --- of the contact itself ----------------------------------------------------------------------


def initiation_method(contact: Contact) -> str:
    return "TRANSFER" if contact.continues else "INBOUND"


def channel_of(contact: Contact) -> str:
    return "TASK" if contact.channel == "task" else CHANNELS[contact.channel].medium.upper()


def customer_endpoint(contact: Contact) -> dict[str, str] | None:
    if not contact.address:
        return None
    medium = CHANNELS[contact.channel].medium
    is_number = medium == "voice" or contact.address.startswith("+")
    return {
        "Type": "TELEPHONE_NUMBER" if is_number else "ACCOUNT",
        "Address": contact.address,
    }


def _customer(contact: Contact) -> dict[str, str]:
    return {**(customer_endpoint(contact) or {}), "DisplayName": contact.name}


def _setting(name: str) -> Callable[[Contact], Any]:
    return lambda contact: contact.settings.get(name)


_OWN: Mapping[str, Callable[[Contact], Any]] = {
    "ContactId": lambda contact: contact.id,
    "InitialContactId": lambda contact: contact.continues or contact.id,
    "PreviousContactId": lambda contact: contact.continues,
    "InitiationMethod": initiation_method,
    "Channel": channel_of,
    "CustomerEndpoint": _customer,
    "SystemEndpoint": lambda contact: {"Type": "ENTRY", "Address": contact.entry},
    "LanguageCode": lambda contact: contact.language,
    "TextToSpeechVoiceId": lambda contact: (contact.settings.get("voice") or {}).get("voice"),
    "Name": _setting("name"),
    "Description": _setting("description"),
    "CustomerId": _setting("customer_id"),
    "References": _setting("references"),
    "Tags": _setting("tags"),
    "Attributes": lambda contact: contact.values,
    # Names are what identifies queues and agents here.
    "Queue": lambda contact: {"Name": contact.queue, "ARN": contact.queue},
    "Agent": lambda contact: {
        "UserName": contact.agent, "FirstName": contact.agent_name, "ARN": contact.agent,
    },
}  # fmt: skip
"""By the root, what of it is known of every contact."""

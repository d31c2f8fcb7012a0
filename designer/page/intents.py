"""The table of what a person can mean on the canvas: each intention names its operations.

Permissions and tests read this table, so that no handler changes a flow on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flowlang import edits as do
from flowlang.diagnostics import Problem
from flowlang.wiring import Wiring

STEP_ASIDE = 32
"""How far from its original a copy stands."""
Intention = Callable[[Mapping[str, Any], Wiring], Iterable[do.Operation]]


def operation_of(
    name: str, args: Mapping[str, Any], wiring: Wiring
) -> list[do.Operation | Problem]:
    """The operations that an intention asks for; an unknown one is a problem."""
    intention = INTENTIONS.get(name)
    if intention is None:
        return [Problem(code="FL133", severity="error", arguments={"operation": name})]
    return list(intention(args, wiring))


def _moved(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    places = {move["id"]: _corner(move) for move in args["moves"] if move["id"] in wiring.steps}
    return [do.Move(places=places)] if places else []


def _connect(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    target = _target(str(args["target"]))
    return [do.Connect(source=args["source"], port=args["port"], target=target)]


def _disconnect(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    source, port = _ends(str(args["wire"]))
    return [do.Disconnect(source=source, port=port)]


def _remove(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    blocks = tuple(block for block in args["nodes"] if block in wiring.steps)
    if blocks:
        return [do.Delete(blocks=blocks)]
    return [
        do.Disconnect(source=source, port=port)
        for source, port in map(_ends, args.get("wires", ()))
    ]


def _drop(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    kind, x, y = str(args["kind"]), int(args["x"]), int(args["y"])
    if wire := args.get("wire"):
        # On a wire the block is put in between, and the layout finds its place in the chain.
        source, port = _ends(str(wire))
        return [do.Insert(kind=kind, source=source, port=port)]
    return [do.Add(kind=kind, x=x, y=y)]


def _duplicate(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    places = {node["id"]: _corner(node) for node in args["nodes"] if node["id"] in wiring.steps}
    if not places:
        return []
    x = min(place[0] for place in places.values()) + STEP_ASIDE
    y = min(place[1] for place in places.values()) + STEP_ASIDE
    return [do.Duplicate(blocks=tuple(places), x=x, y=y, places=places)]


def _paste(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    text = str(args["text"])
    if wire := args.get("wire"):
        # Wired in there, the layout finds their places.
        source, port = _ends(str(wire))
        return [do.Paste(text=text, source=source, port=port)]
    return [do.Paste(text=text, x=int(args["x"]), y=int(args["y"]))]


def _annotate(args: Mapping[str, Any], wiring: Wiring) -> Iterable[do.Operation]:
    return [do.Annotate(block=args["id"], note=str(args["note"]))]


def _corner(node: Mapping[str, Any]) -> tuple[int, int]:
    return int(node["x"]), int(node["y"])


def _ends(wire: str) -> tuple[str, str]:
    source, _, port = wire.partition(">")
    return source, port


def _target(node: str) -> str:
    """An ending is drawn as a chip of its own for every wire: `hang_up@menu.ask>timeout`."""
    return node.partition("@")[0]


INTENTIONS: Mapping[str, Intention] = {
    "moved": _moved,
    "connect": _connect,
    "disconnect": _disconnect,
    "remove": _remove,
    "drop": _drop,
    "duplicate": _duplicate,
    "paste": _paste,
    "annotate": _annotate,
}

"""The outcome lines of a step, found by how a port is spelled."""

from __future__ import annotations

from flowlang.edits.draft import Goal, RouteDraft, StepDraft
from flowlang.edits.operation import refuse
from flowlang.interchange.values import SpellingError, read_port
from flowlang.model import OtherwisePort, Port, ValuePort, WhenPort, WordPort
from flowlang.syntax import spelling
from flowlang.wiring import WiredStep, allows


def route_of(step: StepDraft, port: str) -> RouteDraft | None:
    """The outcome line that routes a port."""
    for route in step.routes:
        if any(spelling.port(item) == port for item in route.ports):
            return route
    return None


def port_of(wired: WiredStep, spelled: str) -> Port:
    """The port that is spelled so, if the block has it."""
    try:
        port = read_port(spelled)
    except SpellingError:
        refuse("FL121", block=wired.id, outcome=spelled, kind=wired.step.kind)
    if isinstance(port, ValuePort | WordPort) and spelling.port(port) != spelled:
        refuse("FL121", block=wired.id, outcome=spelled, kind=wired.step.kind)
    if wired.block is not None and not allows(wired.ports, port):
        refuse("FL121", block=wired.id, outcome=spelled, kind=wired.step.kind)
    return port


def add_route(step: StepDraft, port: Port, goal: Goal) -> None:
    """A new outcome line: values before words, and `otherwise` behind them all."""
    route = RouteDraft(ports=(port,), goal=goal)
    behind = next(
        (index for index, other in enumerate(step.routes) if _rank(other.ports[0]) > _rank(port)),
        len(step.routes),
    )
    step.routes.insert(behind, route)


def _rank(port: Port) -> int:
    if isinstance(port, OtherwisePort):
        return 2
    return 0 if not isinstance(port, WordPort | WhenPort) else 1


def reroute(step: StepDraft, route: RouteDraft, port: str, goal: Goal) -> None:
    """Lead one port of an outcome line elsewhere; the others stay."""
    if len(route.ports) == 1:
        route.goal = goal
        return
    own = next(item for item in route.ports if spelling.port(item) == port)
    route.ports = tuple(item for item in route.ports if item is not own)
    step.routes.insert(step.routes.index(route) + 1, RouteDraft(ports=(own,), goal=goal))


def drop(step: StepDraft, route: RouteDraft, port: str) -> None:
    """Take a port out of its outcome line, and the line if that was all."""
    route.ports = tuple(item for item in route.ports if spelling.port(item) != port)
    if not route.ports:
        step.routes.remove(route)

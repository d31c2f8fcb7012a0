"""What blocks that ask a service of the project share."""

from __future__ import annotations

from typing import Any

from flowlang.block import Leave, Move, View, Wait
from flowlang.effects import AskService
from flowlang.events import Event, ServiceRefused, TimerFired

ANSWER_S = 3.0
ANSWER_GRACE_S = 5.0
"""The service keeps the limit; this much later the flow goes on without its word."""


def ask(service: str, operation: str, *, timeout_s: float = ANSWER_S, **arguments: Any) -> Wait:
    """Wait for the answer of a service; see `docs/services.md` for what there is to ask."""
    question = AskService(
        service=service, operation=operation, arguments=arguments, timeout_s=timeout_s
    )
    return Wait(effects=(question,), timers={"answer": timeout_s + ANSWER_GRACE_S})


def metrics(view: View, queue: str, agent: str) -> Move:
    """Ask about an agent, a queue, or the queue that was set before."""
    if agent:
        return ask("metrics", "agent", agent=agent)
    named = queue or view.target_queue
    return ask("metrics", "queue", queue=named) if named else Leave(outcome="error")


def has_failed(event: Event) -> bool:
    return isinstance(event, (ServiceRefused, TimerFired))

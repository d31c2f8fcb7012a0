"""What blocks that put a customer in a queue share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flowlang.block import Finish, Leave, Move, Stay, View, Wait
from flowlang.effects import Enqueue, LeaveQueue, queue_of
from flowlang.events import Event, Queued, QueueRefused, TimerFired
from flowlang.parameters import parameter

ANSWER_S = 10.0
"""How long a queue may take to give a place."""
USUAL_PRIORITY = 5


def agent_alone() -> Any:
    """The parameter that names an agent in place of a queue."""
    return parameter(
        title={"en": "One agent", "ko": "특정 상담사"},
        help={
            "en": "The queue of this agent alone, in place of a shared one.",
            "ko": "함께 쓰는 대기열 대신 이 상담사의 대기열을 씁니다.",
        },
        default="",
    )


def target(view: View, queue: str, agent: str) -> str:
    """The queue that is meant: that of an agent, a named one, or the one that was set before."""
    return queue_of(agent) if agent else queue or view.target_queue


def join(view: View, queue: str, priority: int = USUAL_PRIORITY) -> Move:
    """Ask for a place; a priority that was set before counts where the step says none."""
    if not queue:
        return Leave(outcome="error")
    if priority == USUAL_PRIORITY:
        priority = view.settings.get("priority", USUAL_PRIORITY)
    asks = () if queue.startswith("@") else tuple(view.settings.get("routing", ()))
    place = Enqueue(queue=queue, priority=priority, waiting_since=_since(view), criteria=asks)
    return Wait(effects=(place,), timers={"answer": ANSWER_S})


def _since(view: View) -> str:
    """When the wait began, or how much earlier it is to count as begun."""
    ahead_s = view.settings.get("ahead_s", 0)
    if not ahead_s:
        return view.waiting_since
    began = datetime.fromisoformat(view.waiting_since) if view.waiting_since else view.now
    return (began - timedelta(seconds=ahead_s)).isoformat()


def settle(event: Event, queue: str, before: str = "") -> Move:
    """What the queue's answer means. `before` is the queue that the customer comes from: there
    they keep their place until they have the new one."""
    back = {"queue": before} if before else None
    match event:
        case Queued():
            left = (LeaveQueue(queue=before),) if before and before != queue else ()
            return Finish(status="queued", queue=queue, effects=left)
        case QueueRefused(reason="full"):
            return Leave(outcome="full", settings=back)
        case QueueRefused():
            return Leave(outcome="error", settings=back)
        case TimerFired():
            return Leave(outcome="error", settings=back, effects=(LeaveQueue(queue=queue),))
        case _:
            return Stay()

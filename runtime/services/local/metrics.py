"""What queues and agents are doing right now, from their own states."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flowlang.project import Project
from runtime.desk.agent import Agent
from runtime.desk.load import rooms
from runtime.desk.queue import Queue
from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.stores import Store

HANDLING_S = 180.0
"""How long a conversation is taken to last, where none was yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everybody's state at one moment."""

    queues: Mapping[str, Queue] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)


class Metrics:
    def __init__(self, project: Project, store: Store) -> None:
        self.project = project
        self.store = store

    async def answer(self, question: Question) -> Value:
        queues = await self.store.entities("queue/")
        agents = await self.store.entities("agent/")
        desk = Desk(
            queues={name.partition("/")[2]: Queue.from_bytes(state) for name, state in queues},
            agents={name.partition("/")[2]: Agent.from_bytes(state) for name, state in agents},
        )
        return measure(self.project, desk, question)


def measure(project: Project, desk: Desk, question: Question) -> Value:
    match question.operation:
        case "queue":
            return _queue(project, desk, read.text(question, "queue"), question.at)
        case "position":
            return _position(project, desk, question)
        case "agent":
            name = read.text(question, "agent")
            if name not in project.agents and name not in desk.agents:
                raise Refused("unknown", f"there is no agent {name}")
            agent = desk.agents.get(name, Agent())
            return {"name": name, **_presence(project, name, agent), "size": len(agent.chats)}
        case other:
            raise Refused("unknown", f"metrics have no operation {other}")


def _queue(project: Project, desk: Desk, name: str, now: datetime) -> Value:
    if name not in project.queues:
        raise Refused("unknown", f"there is no queue {name}")
    places = desk.queues.get(name, Queue()).in_order()
    agents = _agents(project, desk, name)
    since = [datetime.fromisoformat(place.since) for place in places]
    return {
        "name": name,
        "size": len(places),
        "oldest_s": max(0, round((now - min(since)).total_seconds())) if since else 0,
        "estimated_wait_s": wait_s(len(places) + 1, agents, desk.queues.get(name, Queue())),
        **agents,
    }


def _position(project: Project, desk: Desk, question: Question) -> Value:
    wanted = read.text(question, "queue", needed=False)
    for name, queue in desk.queues.items():
        places = [place.contact for place in queue.in_order()]
        if question.contact in places and wanted in ("", name):
            position = places.index(question.contact) + 1
            estimate = wait_s(position, _agents(project, desk, name), queue)
            return {"queue": name, "position": position, "estimated_wait_s": estimate}
    raise Refused("none_found", "this contact waits in no queue")


def _agents(project: Project, desk: Desk, queue: str) -> dict[str, int]:
    names = [name for name in project.agents if queue in project.queues_of(name)]
    states = [_presence(project, name, desk.agents.get(name, Agent())) for name in names]
    kinds = ("online", "available", "staffed", "busy", "missed")
    return {kind: sum(state[kind] for state in states) for kind in kinds}


def _presence(project: Project, name: str, agent: Agent) -> dict[str, int]:
    most = project.concurrency_of(name)
    busy = bool(agent.chats or agent.ringing)
    room = rooms(
        {"voice": most.voice, "chat": most.chat, "task": most.task},
        [chat.channel for chat in agent.chats.values()],
    )
    available = agent.presence == "available" and agent.ringing is None and bool(room)
    found: dict[str, Any] = {
        "online": agent.presence in ("available", "missed") or busy,
        "available": available,
        "staffed": agent.presence == "available" or busy,
        "busy": busy,
        "missed": agent.presence == "missed",
    }
    return {kind: int(value) for kind, value in found.items()}


def wait_s(position: int, agents: Mapping[str, int], queue: Queue) -> int | None:
    """How long somebody at this place is going to wait, going by how long the last conversations
    took. None: nobody is there to take them."""
    if position <= agents["available"]:
        return 0
    if not agents["staffed"]:
        return None
    taken = queue.handled_s
    handling_s = sum(taken) / len(taken) if taken else HANDLING_S
    return math.ceil(position / agents["staffed"] * handling_s)

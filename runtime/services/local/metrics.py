"""What queues and agents are doing right now, from their own states."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flowlang.project import Project
from runtime.desk.agent import Agent
from runtime.desk.queue import Queue
from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.stores import Store

HANDLING_S = 180.0
"""How long a conversation is taken to last, where an estimate needs it."""


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
        "estimated_wait_s": _wait_s(len(places) + 1, agents),
        **agents,
    }


def _position(project: Project, desk: Desk, question: Question) -> Value:
    wanted = read.text(question, "queue", needed=False)
    for name, queue in desk.queues.items():
        places = [place.contact for place in queue.in_order()]
        if question.contact in places and wanted in ("", name):
            position = places.index(question.contact) + 1
            wait_s = _wait_s(position, _agents(project, desk, name))
            return {"queue": name, "position": position, "estimated_wait_s": wait_s}
    raise Refused("none_found", "this contact waits in no queue")


def _agents(project: Project, desk: Desk, queue: str) -> dict[str, int]:
    names = [name for name, agent in project.agents.items() if queue in agent.queues]
    states = [_presence(project, name, desk.agents.get(name, Agent())) for name in names]
    kinds = ("online", "available", "staffed", "busy", "missed")
    return {kind: sum(state[kind] for state in states) for kind in kinds}


def _presence(project: Project, name: str, agent: Agent) -> dict[str, int]:
    settings = project.agents.get(name)
    busy = bool(agent.chats or agent.ringing)
    on_call = any(chat.channel == "voice" for chat in agent.chats.values())
    room = not on_call and len(agent.chats) < (settings.chats_max if settings else 0)
    available = agent.presence == "available" and agent.ringing is None
    available = available and (room or not agent.chats)
    found: dict[str, Any] = {
        "online": agent.presence != "away" or busy,
        "available": available,
        "staffed": agent.presence == "available" or busy,
        "busy": busy,
        "missed": agent.presence == "missed",
    }
    return {kind: int(value) for kind, value in found.items()}


def _wait_s(position: int, agents: Mapping[str, int]) -> int | None:
    """None: nobody is there to take them."""
    if position <= agents["available"]:
        return 0
    if not agents["staffed"]:
        return None
    return math.ceil(position / agents["staffed"] * HANDLING_S)

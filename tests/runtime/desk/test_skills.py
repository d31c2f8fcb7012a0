"""Contacts that ask for certain agents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flowlang.project import Project
from runtime.desk.queue import QueueEntity, QueueSettings
from runtime.desk.skills import current, fits
from runtime.serving import skills_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def knows(value: str, level: float) -> dict[str, Any]:
    return {"skill": "language", "value": value, "level": level, "agents": []}


def named(*agents: str) -> dict[str, Any]:
    return {"skill": "", "value": "", "level": 1, "agents": list(agents)}


def step(*conditions: dict[str, Any], for_s: float = 0) -> dict[str, Any]:
    return {"conditions": list(conditions), "for_s": for_s}


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        (step(knows("Korean", 4)), True),
        (step(knows("Korean", 5)), False),
        (step(knows("English", 1)), False),
        (step(named("minji", "ann")), True),
        (step(named("ann")), False),
        (step(knows("Korean", 1), named("ann")), False),
    ],
)
def test_who_may_take_it(asked: dict[str, Any], may: bool) -> None:
    assert fits(asked, "minji", {"language": {"Korean": 4}}) is may


def test_each_step_holds_for_its_time() -> None:
    first, second = step(knows("Korean", 4), for_s=30), step(knows("Korean", 2), for_s=60)
    seconds = {0: first, 29: first, 30: second, 89: second, 90: None}
    for after, holds in seconds.items():
        found, until = current([first, second], NOON, NOON + timedelta(seconds=after))
        assert found == holds
        assert (until is None) == (holds is None)
    assert current([step(named("minji"))], NOON, NOON + timedelta(days=9))[1] is None


class Desk:
    """A queue, and what it sends."""

    def __init__(self) -> None:
        skills = {"minji": {"language": {"Korean": 4.0}}}
        self.queue = QueueEntity({"Q": QueueSettings()}, skills)
        self.state: bytes | None = None
        self.timers: dict[str, tuple[int, datetime]] = {}
        self.now = NOON

    def send(self, event: str, **body: Any) -> list[str]:
        """The agents who are offered the contact."""
        at = {"event": event, "at": self.now.isoformat(), "id": "x", "sender": "contact/c"}
        decision = self.queue.decide("Q", self.state, {**at, **body})
        assert decision is not None
        self.state, self.timers = decision.state, dict(decision.timers)
        return [item.to for item in decision.outbox if item.body["event"] == "Offer"]

    def free(self, agent: str) -> list[str]:
        return self.send("AgentAvailable", agent=agent, load=0, since=NOON.isoformat())

    def join(self, *criteria: dict[str, Any]) -> list[str]:
        return self.send("Join", contact="c", priority=5, since=NOON.isoformat(),
                         criteria=list(criteria))  # fmt: skip


def test_the_one_who_knows_is_asked_though_another_has_waited_longer() -> None:
    desk = Desk()
    desk.free("ann")
    desk.now += timedelta(seconds=5)
    desk.free("minji")
    assert desk.join(step(knows("Korean", 4))) == ["agent/minji"]


def test_after_its_time_anybody_is_asked() -> None:
    desk = Desk()
    desk.free("ann")
    assert desk.join(step(knows("Korean", 5), for_s=30)) == []
    number, due = desk.timers["rested"]
    assert due == NOON + timedelta(seconds=30)
    desk.now = due
    assert desk.send("TimerFired", timer="rested", wait=number) == ["agent/ann"]


def test_a_contact_that_asks_for_nobody_in_particular_is_as_before() -> None:
    desk = Desk()
    desk.free("ann")
    assert desk.join() == ["agent/ann"]
    assert "rested" not in desk.timers


def test_what_agents_know_stands_in_the_project() -> None:
    project = Project.model_validate(
        {
            "name": "Bank",
            "agents": {
                "minji": {"name": "민지", "skills": {"language": {"Korean": 5}}},
                "ann": {"name": "Ann"},
            },
        }
    )
    assert skills_of(project) == {"minji": {"language": {"Korean": 5}}}

"""Who may take a contact that asks for certain agents.

A contact comes with steps, the strictest first. Each holds for a time, the last perhaps for ever;
when all have passed, anybody may take it. A step is a list of conditions, and all must hold: a
skill with a value, known well enough, or an agent among those who are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Skills = Mapping[str, Mapping[str, float]]
"""What one agent knows: by skill and value, how well."""
Step = Mapping[str, Any]


def current(
    steps: Sequence[Step], since: datetime, now: datetime
) -> tuple[Step | None, datetime | None]:
    """The step that holds now, if one does, and until when, if not for ever."""
    for step in steps:
        if not step["for_s"]:
            return step, None
        since += timedelta(seconds=step["for_s"])
        if now < since:
            return step, since
    return None, None


def fits(step: Step, agent: str, skills: Skills) -> bool:
    return all(_holds(condition, agent, skills) for condition in step["conditions"])


def _holds(condition: Mapping[str, Any], agent: str, skills: Skills) -> bool:
    if condition["agents"]:
        return agent in condition["agents"]
    known = skills.get(condition["skill"], {}).get(condition["value"], 0)
    return known >= float(condition["level"])

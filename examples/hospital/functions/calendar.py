"""The calendar of the example: free times, and visits that were booked in this process."""

from __future__ import annotations

import hashlib

TIMES = ("Monday 10:00", "Tuesday 11:00", "Wednesday 9:30", "Thursday 14:00", "Friday 16:30")
TAKEN: dict[tuple[str, str], str] = {}


def free(department: str) -> dict[str, str]:
    """The first three times that nobody has."""
    times = [time for time in TIMES if (department, time) not in TAKEN]
    first, second, third, *_ = [*times, "", "", ""]
    return {"first": first, "second": second, "third": third}


def book(department: str, time: str, phone: str, idempotency_key: str = "") -> dict[str, object]:
    """Take a time. Asked again with the same key, the answer is the same: a crash books once."""
    number = "V-" + hashlib.sha256(f"{department} {time} {phone}".encode()).hexdigest()[:6].upper()
    if TAKEN.setdefault((department, time), number) != number or not time:
        return {"booked": False, "number": ""}
    return {"booked": True, "number": number}

"""Opening hours, as a service."""

from __future__ import annotations

from collections.abc import Callable

from flowlang.block import HoursTable
from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read


class HoursService:
    """The service `hours`."""

    def __init__(self, hours: Callable[[str], HoursTable | None]) -> None:
        self.hours = hours

    def answer(self, question: Question) -> Value:
        if question.operation != "state":
            raise Refused("unknown", f"hours have no operation {question.operation}")
        name = read.text(question, "hours")
        table = self.hours(name)
        if table is None:
            raise Refused("unknown", f"there are no opening hours {name}")
        return {"open": table.is_open(question.at)}

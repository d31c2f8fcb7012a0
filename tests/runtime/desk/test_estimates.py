"""How long somebody is going to wait: by how long conversations really took."""

from __future__ import annotations

import pytest

from runtime.desk.queue import Queue
from runtime.services.local.metrics import HANDLING_S, wait_s


@pytest.mark.parametrize(
    ("position", "available", "staffed", "expected"),
    [(1, 1, 2, 0), (4, 0, 2, 180), (2, 1, 2, 90), (1, 0, 0, None)],
)
def test_an_estimate_goes_by_the_last_conversations(
    position: int, available: int, staffed: int, expected: int | None
) -> None:
    queue = Queue(handled_s=[60, 120])
    assert wait_s(position, {"available": available, "staffed": staffed}, queue) == expected


def test_without_any_an_estimate_is_a_guess() -> None:
    assert wait_s(2, {"available": 0, "staffed": 2}, Queue()) == HANDLING_S

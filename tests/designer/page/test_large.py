"""A flow so large that it is checked aside: what is wrong comes a moment after the edit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from designer.workspace import CHECKED_AT_ONCE_BLOCKS_MAX

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


PARTS = CHECKED_AT_ONCE_BLOCKS_MAX // 3 + 1
HEAD = 'flow large\n  on error -> hang_up\n\nstart:\n  play "Hello."\n  -> part_1\n'
PART = """
part_{number}:
  play "Part {number}."
  play "And more."
  play "And the end."
  -> {following}
"""


def large() -> str:
    following = {number: f"part_{number + 1}" for number in range(1, PARTS)}
    return HEAD + "".join(
        PART.format(number=number, following=following.get(number, "hang_up"))
        for number in range(1, PARTS + 1)
    )


def test_problems_of_a_large_flow_come_and_go(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(large())
    first = desk.card("start.play")
    first.wait_for()
    desk.write(desk.original.replace("Hello.", "Good day, {somebody}."))
    first.get_by_text("Good day").first.wait_for()
    first.locator(".fc-mark").wait_for()
    desk.write(desk.original)
    first.get_by_text("Hello.").first.wait_for()
    first.locator(".fc-mark").wait_for(state="detached")

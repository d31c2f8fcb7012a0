"""Blocks on channels where they do nothing, and branches that keep contacts away from them."""

from __future__ import annotations

import pytest

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.syntax import parse

FLOW = """\
flow example
  channels voice, chat
  on error -> hang_up

start:
  branch {subject}
    on {value} -> calls
    otherwise -> rest

calls:
  check_voice identity
    on authenticated, not_authenticated, inconclusive, not_enrolled, opted_out -> hang_up
  -> hang_up

rest:
  play "Hello."
  -> hang_up
"""


def told(text: str) -> list[tuple[str, str]]:
    report = check(parse(text), catalogue())
    return [
        (problem.severity, str(problem.arguments["channel"]))
        for problem in report.problems
        if problem.code == "FL501"
    ]


@pytest.mark.parametrize(
    ("subject", "value"),
    [("contact.channel", '"voice"'), ('contact.channel == "voice"', "true"),
     ('contact.channel != "voice"', "false")],
)  # fmt: skip
def test_what_stands_behind_a_branch_by_channel_is_asked_of_those_who_come_there(
    subject: str, value: str
) -> None:
    assert told(FLOW.format(subject=subject, value=value)) == []


@pytest.mark.parametrize(
    ("subject", "value"),
    [("contact.channel", '"whatsapp"'), ("contact.channel", '"chat"'),
     ('contact.channel == "voice"', "false"), ("contact.language", '"ko-KR"')],
)  # fmt: skip
def test_any_other_branch_keeps_nobody_away(subject: str, value: str) -> None:
    assert told(FLOW.format(subject=subject, value=value)) == [("warning", "chat")]


def test_otherwise_is_for_the_channels_that_are_left() -> None:
    text = FLOW.format(subject="contact.channel", value='"chat"')
    swapped = text.replace("-> calls", "-> other").replace("-> rest", "-> calls")
    # Messengers come that way too.
    assert told(swapped.replace("-> other", "-> rest")) == [("warning", "chat")]


def test_a_step_that_nobody_comes_to_is_still_told() -> None:
    text = FLOW.format(subject="contact.channel", value='"voice"').replace("-> calls", "-> rest")
    assert told(text) == [("warning", "chat")]

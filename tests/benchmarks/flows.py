"""Flows of any size, as people would write them, without two equal lines of any length."""

from __future__ import annotations

HEAD = """flow large "A large flow"
  channels voice, chat
  on error -> hang_up

attribute tier: "gold" | "silver" | "standard" = "standard"
attribute visits: integer = 0
queue billing = "Billing"
hours office = "Office hours"
function crm = "crm-lookup" (phone: phone) -> (tier: "gold" | "silver" | "standard")
"""
SECTION = """
# What the desk of topic {n} wants to know first.
topic_{n}:
  play "Welcome to topic number {n} of our line."
  pressed_{n} = ask "For part one of {n} press 1, for part two press 2.", timeout: {seconds}s
    on "1" -> known_{n}
    on "2" -> {following}
    on timeout, no_match -> again_{n}

again_{n}:
  repeat {times}
    on again -> topic_{n}
    on done -> hang_up

known_{n}:
  check_hours office
    on closed -> {following}
  crm_{n} = crm phone: caller.number, timeout: {short}s
    on error -> {following}
  set tier: crm_{n}.tier, visits: visits + {n}
  branch visits
    on > {n} -> desk_{n}
    otherwise -> {following}

desk_{n}:
  play "Topic {n} connects you with somebody who knows."
  transfer billing, priority: {times}
    on full -> {following}
"""
STEPS = 9


def large(blocks: int) -> str:
    """A flow of at least so many blocks."""
    count = -(-blocks // STEPS)
    sections = [
        SECTION.format(
            n=n,
            seconds=1 + n % 170,
            short=1 + n % 8,
            times=1 + n % 90,
            following=f"topic_{n + 1}" if n < count else "hang_up",
        )
        for n in range(1, count + 1)
    ]
    return HEAD + "".join(sections)


def with_other_words(text: str) -> str:
    """One prompt in the middle says something else."""
    return _middle(text, "Welcome to topic number", "Here begins topic number")


def with_other_wire(text: str) -> str:
    """One outcome in the middle leads elsewhere."""
    return _middle(text, "on done -> hang_up", "on done -> desk_1")


def _middle(text: str, old: str, new: str) -> str:
    place = text.index(old, len(text) // 2)
    return text[:place] + new + text[place + len(old) :]

"""The flow that these tests test, and helpers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from blocks.catalogue import catalogue
from flowlang.diagnostics import Problem
from flowlang.syntax.parser import parse
from runtime.engine import World
from runtime.testing.runner import Result, run_test
from runtime.testing.script import Script, read_script
from runtime.testing.subject import Subject, subject_of

DESK = """
flow desk
  on error -> sorry

attribute tier: "gold" | "standard" = "standard"
attribute seats: integer = 1
queue billing = "Billing"
hours office = "Office hours"
bot helper = "Helper/live" (Balance(account: text), Agent)
function crm = "crm-lookup" (phone: phone) -> (tier: "gold" | "standard", balance: number)
module verify = "verify.flow"

start:
  play "Hello, {caller.number}."
  check_hours office
    on closed -> closed
  found = crm phone: caller.number
    on error -> menu
  set tier: found.tier
  -> menu

menu:
  ask "One, two or three?"
    on "1" -> line
    on "2" -> chatbot
    on timeout, no_match -> retry

retry:
  repeat 1
    on again -> menu
    on done -> sorry

chatbot:
  talk helper, "What can I do?"
    on Balance -> balance
    on Agent, no_match -> line

balance:
  play "Your {helper.account} account."
  -> hang_up

line:
  branch tier
    on "gold" -> first
    otherwise -> last

first:
  transfer billing, priority: 1
    on full -> deflect

last:
  transfer billing
    on full -> deflect

deflect:
  offer_messenger "In writing?", channels: [whatsapp, sms]
    on accepted -> hang_up
    on declined, undeliverable, timeout -> sorry

closed:
  play "We are closed."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""


class Office:
    def is_open(self, at: datetime) -> bool:
        return 9 <= at.hour < 18


class OfficeWorld(World):
    def hours(self, name: str) -> Office | None:
        return Office() if name == "Office hours" else None


def desk() -> Subject:
    return subject_of(DESK, Path("desk.flow"), catalogue())


def script(lines: str, subject: Subject | None = None) -> Script:
    """A test of these lines; they are indented here."""
    body = "\n".join(f"  {line.strip()}" for line in lines.strip().splitlines())
    tree = parse(f'test "it" for desk\n{body}\n')
    assert not tree.problems, tree.problems
    return read_script(tree.document.tests[0], subject or desk())


def run(lines: str, world: World | None = None) -> Result:
    subject = desk()
    read = script(lines, subject)
    assert not read.problems, read.problems
    return run_test(read, subject, world=world or OfficeWorld())


def failure(lines: str, world: World | None = None) -> Problem:
    result = run(lines, world)
    assert result.failure is not None
    return result.failure

"""Flows of our language that Amazon Connect can say, by chance."""

from __future__ import annotations

import random

HEAD = """\
flow generated "Generated"
  channels voice
  language en-US
  on error -> sorry

attribute tier: "gold" | "silver" = "silver"
attribute visits: number = 0
attribute note: text
variable tries: number = 1

queue sales = "Sales"
queue support = "Support"
hours office = "Office hours"
function crm = "crm" (phone: phone, level: text) -> (level: text, balance: number)
function tell = "tell" (what: text)
"""
TAIL = """
sorry:
  play "Sorry."
    on error -> hang_up
  -> hang_up
"""
SPOKEN = ("Hello.", "One moment.", "You are {tier}.", "{visits} visits", "Number {caller.number}!",
          "환영합니다.", "{tries} of three, {tier}", "Goodbye. {note else ''}")  # fmt: skip


def flow(dice: random.Random) -> str:
    sections = 2 + dice.randrange(5)
    return HEAD + "".join(_section(dice, number, sections) for number in range(sections)) + TAIL


def _section(dice: random.Random, number: int, sections: int) -> str:
    """It leads on, so that no loop turns without a question."""
    onward = [f"s{after}" for after in range(number + 1, sections)] + ["hang_up", "sorry"]
    back = [f"s{before}" for before in range(number + 1)]
    lines = [f"\ns{number}:"]
    for _ in range(dice.randrange(4)):
        lines += _step(dice, onward)
    lines += _last(dice, onward, back)
    return "\n".join(lines) + "\n"


def _step(dice: random.Random, onward: list[str]) -> list[str]:
    """One that goes on."""
    to = dice.choice(onward)
    value = dice.choice(('"gold"', '"silver"'))
    return dice.choice((
        [f'  play "{dice.choice(SPOKEN)}"'],
        [f"  set tier: {value}"],
        [f"  set visits: {dice.randrange(9)}, note: tier"],
        [f"  set tries: {dice.randrange(5)}"],
        [f"  log {dice.choice(('on', 'off'))}"],
        ["  check_hours office", f"    on closed -> {to}"],
        ["  crm phone: caller.number, level: tier", "    on error -> sorry",
         '  play "{crm.level} has {crm.balance}."'],
        [f'  tell what: "{dice.choice(SPOKEN[:3])}"'],
        [f"  tag team: {value}"],
        [f"  set_contact name: {value}"],
        ["  record agent, customer"],
        [f"  set_queue {dice.choice(('sales', 'support'))}"],
        [f"  set_priority {1 + dice.randrange(9)}"],
    ))  # fmt: skip


def _last(dice: random.Random, onward: list[str], back: list[str]) -> list[str]:
    one, two, three = (dice.choice(onward) for _ in range(3))
    any_ = dice.choice([*onward, *back])
    queue = dice.choice(("sales", "support"))
    return dice.choice((
        [f"  -> {one}"],
        [f'  ask "{dice.choice(SPOKEN)} 1 or 2?", timeout: {3 + dice.randrange(5)}s',
         f'    on "1" -> {any_}', f'    on "2" -> {two}', f"    on timeout, no_match -> {three}"],
        ['  ask "Code?", digits: 3', f'    on "123" -> {any_}', f"    on timeout -> {two}",
         f"    on no_match -> {three}"],
        [f'  code{len(back)} = collect "Number?", digits: 4', f"    on no_input -> {two}",
         f'  play "You typed {{code{len(back)}.value}}."', f"  -> {any_}"],
        ["  branch tier", f'    on "gold" -> {one}', f'    on "silver" -> {two}'],
        ["  branch visits", f"    on > {dice.randrange(9)} -> {one}",
         f"    on == {dice.randrange(9)} -> {two}", f"    otherwise -> {three}"],
        ["  branch", f'    when tier == "gold" and visits >= {dice.randrange(4)} -> {one}',
         f'    when tier == "silver" or not visits < 5 -> {two}', f"    otherwise -> {three}"],
        [f"  repeat {1 + dice.randrange(3)}", f"    on again -> {one}", f"    on done -> {two}"],
        [f"  transfer {queue}, priority: {1 + dice.randrange(4)}", f"    on full -> {one}"],
        [f"  transfer {queue}", f"    on full -> {one}"],
        ["  split a: 30%, b: 20%", f"    on a -> {one}", f"    on b -> {two}",
         f"    otherwise -> {three}"],
    ))  # fmt: skip

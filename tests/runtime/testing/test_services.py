"""What services answer in a test: what it gives, else what the project knows by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.diagnostics.words import message
from flowlang.effects import AskService, CallFunction
from runtime.services.simulated import NobodyThere
from runtime.testing.projects import surroundings
from runtime.testing.runner import Result, run_test
from runtime.testing.script import read_script
from runtime.testing.subject import subject_of

FLOW = """
flow desk
  on error -> sorry

queue billing = "Billing"

start:
  check_voice
    on authenticated -> known
    on not_authenticated, not_enrolled, opted_out, inconclusive -> next
  found = find_profile phone: caller.number
    on none -> stranger
    on several, error -> sorry
  play "Hello {found.first_name}."
  -> hang_up

known:
  play "I know your voice."
  -> hang_up

stranger:
  made = create_profile first_name: "New"
    on error -> sorry
  play "Welcome {made.first_name}."
  check_staffing billing, agents: "online"
    on next -> hang_up
    on nobody -> nobody
    on error -> sorry

nobody:
  play "Nobody is there."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""
TOML = 'name = "x"\n[queues.Billing]\n'


def run(tmp_path: Path, lines: str) -> Result:
    (tmp_path / "flowlang.toml").write_text(TOML, encoding="utf-8")
    path = tmp_path / "desk.flow"
    script_text = "".join(f"  {line.strip()}\n" for line in lines.strip().splitlines())
    subject = subject_of(f'{FLOW}\ntest "it"\n{script_text}', path, catalogue())
    assert not subject.errors, [message(problem, "en") for problem in subject.errors]
    script = read_script(subject.tree.document.tests[0], subject)
    assert not script.problems, [message(problem, "en") for problem in script.problems]
    around = surroundings(path)
    services = around.services(script.given.at(around.world))
    return run_test(script, subject, world=around.world, services=services)


QUIET = "given voice not_enrolled\n"


@pytest.mark.parametrize(
    "lines",
    [
        'given voice score 95\nexpect play contains "I know your voice"',
        'given voice score 90\nexpect play contains "I know your voice"',
        "given voice score 72\nexpect find_profile",
        f'{QUIET}given profiles returns (id: "7", first_name: "Hana")\n'
        'expect play contains "Hello Hana"',
        f'{QUIET}given profiles refuses multiple_found\nexpect play contains "Sorry"',
        f'{QUIET}given profiles fails\nexpect play contains "Sorry"',
        f'{QUIET}given profiles times out\nexpect play contains "Sorry"',
        f'{QUIET}given profiles takes 60s returns (id: "7")\nexpect play contains "Sorry"',
        f'{QUIET}given profiles refuses none_found then returns (id: "8", first_name: "Minho")\n'
        'expect play contains "Welcome Minho"',
        f"{QUIET}given profiles refuses none_found then failed\nexpect play contains 'Sorry'",
        # Not given: the project answers, with nothing kept and nobody there.
        f'{QUIET}expect play contains "Welcome New"\nexpect play contains "Nobody is there"',
        f"{QUIET}given metrics returns (online: 2)\nexpect never nobody\nexpect end",
    ],
)
def test_it_passes(tmp_path: Path, lines: str) -> None:
    result = run(tmp_path, lines)
    assert result.failure is None, message(result.failure, "en")


def test_a_voice_that_nobody_gives_fails_the_test(tmp_path: Path) -> None:
    failure = run(tmp_path, "expect end").failure
    assert failure is not None
    assert failure.code == "FL637"
    assert "voice_identity" in message(failure, "en")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("given profiles", "FL603"),
        ("given profiles explodes", "FL603"),
        ("given profiles refuses everything", "FL603"),
        ('given profiles returns "x"', "FL620"),
        ("given voice maybe", "FL603"),
        ("given weather returns ()", "FL602"),
    ],
)
def test_what_cannot_be_given(line: str, code: str) -> None:
    subject = subject_of(f'{FLOW}\ntest "it"\n  {line}\n', Path("desk.flow"), catalogue())
    script = read_script(subject.tree.document.tests[0], subject)
    assert [problem.code for problem in script.problems] == [code]


MOOD = """
flow mood
  on error -> hang_up

bot helper = "Helper" (Complain)

start:
  talk helper, "What can I do?"
    on Complain -> next
    on no_match, timeout -> hang_up
  branch helper.sentiment
    on "negative" -> sorry
    otherwise -> hang_up

sorry:
  play "I am sorry to hear that."
  -> hang_up
"""


@pytest.mark.parametrize(("feels", "sorry"), [(" feeling negative", True), ("", False)])
def test_how_it_is_said_can_be_given(feels: str, sorry: bool) -> None:
    wanted = "sorry" if sorry else "never sorry"
    lines = f"""
  given helper understands Complain{feels}
  caller says "It is broken"
  expect {wanted}
  expect end
"""
    subject = subject_of(f'{MOOD}\ntest "it"{lines}', Path("mood.flow"), catalogue())
    script = read_script(subject.tree.document.tests[0], subject)
    assert not script.problems
    result = run_test(script, subject)
    assert result.failure is None, message(result.failure, "en")


def test_in_a_try_out_what_nobody_answers_is_refused() -> None:
    ask = AskService(service="http", operation="request")
    reply = NobodyThere().answer(ask, 0)
    assert reply is not None
    assert reply.body == {"event": "ServiceRefused", "reason": "failed"}
    assert NobodyThere().answer(CallFunction(function="crm"), 0) is None


# --- every block against the services of this machine -----------------------------------------

OFFICE = """
flow office
  on error -> sorry

queue billing = "Billing"
table prices = "Prices" (item: text) -> (price: number)

start:
  create_profile phone: caller.number, first_name: "Hana"
  found = find_profile phone: caller.number
    on none, several -> sorry
  update_profile profile: found.id, tier: "gold"
  link_profile profile: found.id
  made = create_case title: "Refund", customer_id: found.id, link: true
  again = find_case customer: found.id, status: "open"
    on none, several -> sorry
  update_case again.id, status: "closed"
  find_case customer: found.id, status: "open"
    on none -> tables
    on several, next -> sorry

tables:
  prices item: "apple"
    on none -> sorry
  play "An apple is {prices.price}."
  write_row prices, key: (item: "pear"), price: 2
    on changed -> sorry
  all = list_rows prices, limit: 10
  play "There are {all.count} prices."
  create_task "Send it", queue: billing, delay: 2h
  queue_metrics billing
  play "{metrics.waiting} are waiting."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""
OFFICE_TOML = """
name = "x"
[queues.Billing]
[tables.Prices]
columns = { item = "text", price = "number" }
key = ["item"]
rows = [{ item = "apple", price = 1.5 }]
"""


def test_the_blocks_work_with_the_services_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "flowlang.toml").write_text(OFFICE_TOML, encoding="utf-8")
    lines = """
  given caller "+821012345678"
  expect play contains "An apple is 1.5"
  expect play contains "There are 2 prices"
  expect play contains "0 are waiting"
  expect end
  expect never sorry
"""
    path = tmp_path / "office.flow"
    subject = subject_of(f'{OFFICE}\ntest "it"{lines}', path, catalogue())
    assert not subject.errors, [message(problem, "en") for problem in subject.errors]
    script = read_script(subject.tree.document.tests[0], subject)
    around = surroundings(path)
    services = around.services(script.given.at(around.world))
    result = run_test(script, subject, world=around.world, services=services)
    assert result.failure is None, message(result.failure, "en")

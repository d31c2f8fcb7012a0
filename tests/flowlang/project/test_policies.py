"""Policies where contacts go on from file to file."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Surroundings
from flowlang.checks import check
from flowlang.project import FILE_NAME, Texts, read
from flowlang.project.checks import check_project
from flowlang.project.home import Home
from flowlang.project.whole import Whole
from flowlang.syntax import parse

PROJECT = 'name = "Shop"\n[entries.phone]\nflow = "main"\nchannels = ["voice"]\n[queues.Desk]\n'
RECORD = "  record agent\n"
DESK = 'queue desk = "Desk"\n\nstart:\n{first}  transfer desk\n    on full -> hang_up\n'
HANDS_OVER = 'flow desk = "desk.flow"\n\nstart:\n{first}  continue_in desk\n'
ASKS = HANDS_OVER.replace(
    "{first}", '  ask "Shall we?"\n    on "1" -> next\n    on timeout, no_match -> next\n'
)


def flow(name: str, body: str) -> str:
    return f"flow {name}\n  on error -> hang_up\n\n{body}"


def broken(texts: Mapping[str, str], rule: str) -> list[tuple[str, str]]:
    """Where a policy of the house is broken: by a flow alone, or by the whole."""
    texts = {FILE_NAME: PROJECT, "house.policy.flow": f'policy "p": {rule}\n', **texts}
    files = Texts(texts)
    project, _ = read(texts[FILE_NAME], files=files)
    assert project is not None
    home = Home(project, files)
    house = parse(texts["house.policy.flow"]).document.policies
    found = []
    for path in files.flows:
        if not path.endswith(".policy.flow"):
            around = Surroundings(policies=house, home=home, path=path)
            problems = check(parse(texts[path]), catalogue(), surroundings=around).problems
            found += [(path, problem.code) for problem in problems]
    whole = check_project(Whole(project, files, catalogue())).problems
    found += [(path, problem.code) for path in whole for problem in whole[path]]
    return [(path, code) for path, code in found if code in ("FL701", "FL702")]


def test_what_an_earlier_flow_did_counts() -> None:
    texts = {
        "main.flow": flow("main", HANDS_OVER.format(first=RECORD)),
        "desk.flow": flow("desk", DESK.format(first="")),
    }
    assert broken(texts, "record before transfer") == []
    texts["main.flow"] = flow("main", HANDS_OVER.format(first=""))
    assert broken(texts, "record before transfer") == [("desk.flow", "FL701")]


def test_a_flow_with_an_entry_of_its_own_begins_anew() -> None:
    entry = '[entries.direct]\nflow = "desk"\nchannels = ["chat"]\n'
    texts = {
        FILE_NAME: PROJECT + entry,
        "main.flow": flow("main", HANDS_OVER.format(first=RECORD)),
        "desk.flow": flow("desk", DESK.format(first="")),
    }
    assert broken(texts, "record before transfer") == [("desk.flow", "FL701")]


def test_the_way_is_told_through_all_files() -> None:
    texts = {
        FILE_NAME: PROJECT,
        "house.policy.flow": 'policy "p": record before transfer\n',
        "main.flow": flow("main", HANDS_OVER.format(first='  play "Hello."\n')),
        "desk.flow": flow("desk", DESK.format(first="")),
    }
    files = Texts(texts)
    project, _ = read(PROJECT, files=files)
    assert project is not None
    report = check_project(Whole(project, files, catalogue()))
    (problem,) = report.problems["desk.flow"]
    assert problem.path == ("main.start.play", "main.start.continue_in", "desk.start.transfer")
    assert problem.block == "start.transfer"
    assert {fact.check: fact.status for fact in report.facts}["policy p"] == "broken"
    texts["main.flow"] = flow("main", HANDS_OVER.format(first=RECORD))
    facts = check_project(Whole(project, files, catalogue())).facts
    assert {fact.check: fact.status for fact in facts}["policy p"] == "proved"


def test_a_person_who_is_reached_in_the_next_flow_is_reached() -> None:
    texts = {
        "main.flow": flow("main", ASKS),
        "desk.flow": flow("desk", DESK.format(first="")),
    }
    assert broken(texts, "from every ask reach transfer") == []
    texts["desk.flow"] = flow("desk", 'start:\n  play "Nobody."\n  -> hang_up\n')
    assert broken(texts, "from every ask reach transfer") == [("main.flow", "FL702")]


VERIFY = """\
module verify
  on error -> done

start:
{steps}  -> done

done:
  return
"""
CALLS = """\
module verify = "verify.flow"
queue desk = "Desk"

start:
  verify
    on error -> hang_up
  transfer desk
    on full -> hang_up
"""


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (RECORD, []),
        ('  play "Hello."\n', [("main.flow", "FL701")]),
    ],
)
def test_what_a_module_does_on_the_way_counts(steps: str, where: list[tuple[str, str]]) -> None:
    texts = {"main.flow": flow("main", CALLS), "verify.flow": VERIFY.format(steps=steps)}
    assert broken(texts, "record before transfer") == where


def test_behind_the_end_of_a_module_its_callers_go_on() -> None:
    steps = '  ask "Your number?"\n    on "1" -> done\n    on timeout, no_match -> done\n'
    module = VERIFY.replace("{steps}  -> done\n", steps)
    texts = {"main.flow": flow("main", CALLS), "verify.flow": module}
    assert broken(texts, "from every ask reach transfer") == []
    gone = CALLS.replace("transfer desk\n    on full -> hang_up", 'play "Bye."\n  -> hang_up')
    texts["main.flow"] = flow("main", gone.replace('queue desk = "Desk"\n', ""))
    assert broken(texts, "from every ask reach transfer") == [("verify.flow", "FL702")]


def test_what_a_flow_breaks_alone_is_told_once() -> None:
    texts = {
        "main.flow": flow("main", DESK.format(first="").replace("desk", "now")),
        "other.flow": flow("other", HANDS_OVER.format(first="")),
        "desk.flow": flow("desk", DESK.format(first=RECORD)),
    }
    assert broken(texts, "record before transfer") == [("main.flow", "FL701")]


def test_a_flow_for_a_later_moment_begins_anew() -> None:
    body = 'flow music = "music.flow"\nqueue desk = "Desk"\n\nstart:\n  record agent\n'
    body += "  set_flow customer_queue: music\n  transfer desk\n    on full -> hang_up\n"
    music = 'queue desk = "Desk"\n\nstart:\n  transfer desk\n    on full -> end_flow\n'
    texts = {
        "main.flow": flow("main", body),
        "music.flow": flow("music", music).replace("\n  on", "\n  type customer_queue\n  on"),
    }
    assert broken(texts, "record before transfer") == [("music.flow", "FL701")]

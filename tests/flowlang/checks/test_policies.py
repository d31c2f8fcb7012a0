import pytest

from flowlang.checking import Surroundings
from flowlang.syntax import parse

FLOW = (
    'queue billing = "B"\nqueue desk = "D"\n\n'
    "start:\n  record agent, customer\n  -> menu\n\n"
    'menu:\n  ask "?"\n    on "1" -> pay\n    on "2" -> talk_to\n'
    "    on timeout, no_match -> hang_up\n\n"
    'pay:\n  play "a"\n  transfer billing\n    on full -> hang_up\n\n'
    "talk_to:\n  transfer desk\n    on full -> hang_up\n"
)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("record before transfer", ""),
        ("record before hang_up", ""),
        ("play before transfer", "FL701"),
        ("play before transfer billing", ""),
        ("play or ask before transfer desk", ""),
        ("play before talk_to.transfer", "FL701"),
        ("menu before pay", ""),
        ("identify before take_payment", ""),
        ("identify before transfer", "FL701"),
        ("from every ask reach transfer", ""),
        ("from every ask reach collect", "FL702"),
        ("from every play reach transfer desk", "FL702"),
        ("from every play reach transfer desk or transfer billing", ""),
        ("from every collect reach transfer", ""),
        ("recrod before transfer", "FL703"),
        ("record after transfer", "FL704"),
        ("before transfer", "FL704"),
        ("from every ask reach", "FL704"),
        ("record before transfer, ask", "FL704"),
    ],
)
def test_rules(codes, facts, rule, broken):
    source = f'{FLOW}\npolicy "p": {rule}\n'
    assert (broken in codes(source)) if broken else codes(source) == []
    if broken not in ("FL703", "FL704"):
        assert facts(source)["policy p"] == ("broken" if broken else "proved")


def test_the_shortest_path_that_breaks_it(checked):
    report = checked(f'{FLOW}\npolicy "p": play before transfer\n')
    (problem,) = report.problems
    assert problem.path == ("start.record", "menu.ask", "talk_to.transfer")
    assert problem.block == "talk_to.transfer"


def test_rules_of_the_house_hold_in_every_flow(codes, checked):
    house = parse('policy "house": play before transfer\n').document.policies
    assert codes(FLOW, surroundings=Surroundings(policies=house)) == ["FL701"]


def test_a_rule_about_nothing_says_so(checked):
    fact = next(
        fact
        for fact in checked(f'{FLOW}\npolicy "p": identify before take_payment\n').facts
        if fact.check == "policy p"
    )
    assert any(item.name == "no_such_step" for item in fact.assumes)


def test_a_file_of_policies_alone_is_only_read(codes):
    from blocks.catalogue import catalogue
    from flowlang.checks import check

    report = check(parse('policy "p": a before b\npolicy "q": what\n'), catalogue())
    assert [problem.code for problem in report.problems] == ["FL704"]
    assert not report.facts

"""Hovering over every sort of thing."""

from collections.abc import Callable

import pytest

from flowlang.checks import check
from flowlang.edits import Flow
from flowlang.features import hover
from flowlang.features.texts import position_of
from flowlang.places import Position

CASES = [
    # a piece of text with the pointer in it, and what its page says
    ("  tran¦sfer billing, priority", ["**To a queue**", "`priority`", "1 to 100", "`full`"]),
    ("prio¦rity: 1", ["**Priority**", "1 to 100", "default `5`"]),
    ("transfer bill¦ing\n", ['queue billing = "Billing"']),
    ("attribute ti¦er", ['attribute tier: "gold"', "`start.set`"]),
    ("set ti¦er", ["attribute tier"]),
    ("set tier: cr¦m.tier", ["function crm", "crm-lookup", "`start.crm`, `balance.found`"]),
    ("set tier: crm.ti¦er", ['"gold" | "silver" | "standard"']),
    ("phone: caller.num¦ber, timeout", ["caller.number: phone"]),
    ("phone: cal¦ler.number, timeout", ["the system fills it"]),
    ("pho¦ne: caller.number, timeout", ["crm.phone: phone"]),
    ("analytics: real¦time", ["**Analytics**", "`off`, `after`, `realtime`"]),
    ("me¦nu:", ["**menu**", "`start`, `retry`"]),
    ("sta¦rt:", ["The flow starts here."]),
    ("on clo¦sed", ["`closed`", "Must have an outcome line", "`after_hours.play`"]),
    ("on Check¦Balance", ["`assistant`", "`balance.found`"]),
    ("{fou¦nd.balance}", ["**balance.found** `crm`", "balance: number"]),
    ("other¦wise", ["every other outcome"]),
    ("-> hang¦_up\n\nbilling_desk", ["**Hang up**"]),
    ("on err¦or -> sorry", ["whatever fails"]),
]


@pytest.mark.parametrize(("place", "said"), CASES, ids=[place for place, _ in CASES])
def test_pages(place: str, said: list[str], support: Flow) -> None:
    found = hover(support, at(support, place))
    assert found is not None
    for text in said:
        assert text in found.markdown


def at(flow: Flow, place: str) -> Position:
    source = flow.tree.source
    offset = source.index(place.replace("¦", "")) + place.index("¦")
    return position_of(source, offset)


def test_korean(support: Flow) -> None:
    found = hover(support, at(support, "tran¦sfer billing"), "ko")
    assert found is not None
    assert "**결과**" in found.markdown
    assert "반드시" in found.markdown


def test_nothing_to_say(support: Flow) -> None:
    assert hover(support, at(support, "# The num¦ber")) is None


def test_the_range_is_the_word(support: Flow) -> None:
    found = hover(support, at(support, "set tier: crm.ti¦er"))
    assert found is not None
    assert support.tree.source[found.start : found.end] == "tier"


def test_problems_tell_their_code_and_way_out(flow_of: Callable[[str], Flow]) -> None:
    flow = flow_of('flow x\n\nstart:\n  play "x"\n  -> meno\n\nmenu:\n  -> hang_up\n')
    problems = check(flow.tree, flow.catalogue).problems
    found = hover(flow, at(flow, "-> me¦no"), problems=problems)
    assert found is not None
    assert "**FL203**" in found.markdown
    assert "did you mean `menu`" in found.markdown


def test_a_test_file_explains_the_flow(support: Flow, support_tests: Flow) -> None:
    found = hover(support_tests, at(support_tests, "given cr¦m"), around={"support": support})
    assert found is not None
    assert "function crm" in found.markdown

"""Who is where in the flows: kept turn by turn, from the beginning and from what the store has."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runtime.contact import Contact
from runtime.flow_counts import FlowCounts, Picture, Spot, Taken

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
PROGRAM = "v1:shop.flow"


def entry(
    step: str,
    trail: Sequence[tuple[str, str]] = (),
    *,
    event: str = "Heard",
    status: str = "flow",
    after_s: float = 0,
    flow: str = "",
) -> dict[str, Any]:
    at = (START + timedelta(seconds=after_s)).isoformat()
    found = {"program": PROGRAM, "event": {"event": event, "at": at}, "step": step,
             "trail": [list(pair) for pair in trail], "status": status}  # fmt: skip
    return {**found, "flow": flow} if flow else found


def spot(step: str, path: str = "shop.flow") -> Spot:
    return Spot(f"v1:{path}", step)


def picture(counts: FlowCounts, after_s: float = 0, path: str = "shop.flow") -> Picture:
    return counts.picture(path, "15m", START + timedelta(seconds=after_s))


def test_a_contact_stands_where_its_last_turn_left_it() -> None:
    counts = FlowCounts()
    counts.watch("contact/a", entry("start.ask", [("start.play", "next")], event="Started"))
    counts.watch("contact/b", entry("start.ask", [("start.play", "next")], event="Started"))
    counts.watch("contact/a", entry("help.ask", [("start.ask", '"1"')]))
    found = picture(counts)
    assert found.here == {spot("start.ask"): 1, spot("help.ask"): 1}
    assert found.taken[Taken(spot("start.play"), "next")] == 2
    assert found.taken[Taken(spot("start.ask"), '"1"')] == 1
    assert found.started == 2
    assert [each.contact for each in counts.standing([spot("help.ask")], 10)] == ["a"]


def test_who_ends_stands_nowhere_and_who_gives_up_is_counted() -> None:
    counts = FlowCounts()
    for contact in ("a", "b"):
        counts.watch(f"contact/{contact}", entry("start.ask", event="Started"))
    counts.watch("contact/a", entry("", event="CustomerLeft", status="ended"))
    counts.watch("contact/b", entry("", [("start.ask", '"1"')], status="ended"))
    found = picture(counts)
    assert found.here == {}
    assert found.left == {spot("start.ask"): 1}
    assert counts.under_way == 0


def test_only_the_time_range_counts() -> None:
    counts = FlowCounts()
    counts.watch("contact/a", entry("start.ask", event="Started"))
    counts.watch("contact/b", entry("start.ask", event="Started", after_s=1800))
    assert picture(counts, 1800).started == 1
    assert counts.picture("shop.flow", "1h", START + timedelta(seconds=1800)).started == 2
    assert counts.picture("shop.flow", "24h", START + timedelta(hours=30)).started == 0
    assert picture(counts, 1800).here == {spot("start.ask"): 2}


def test_steps_of_modules_belong_to_their_flow() -> None:
    counts = FlowCounts()
    trail = [("start.pay", "next"), ("pay.flow:start.ask", "next")]
    counts.watch("contact/a", entry("end.ask", trail, event="Started", flow="pay.flow"))
    assert picture(counts, path="pay.flow").here == {spot("end.ask", "pay.flow"): 1}
    assert picture(counts, path="pay.flow").taken == {
        Taken(spot("start.ask", "pay.flow"), "next"): 1
    }
    assert picture(counts).taken == {Taken(spot("start.pay"), "next"): 1}


def test_who_was_under_way_before_is_read_and_newer_facts_win() -> None:
    counts = FlowCounts()
    counts.watch("contact/a", entry("help.ask", [("start.ask", '"1"')]))
    counts.watch("contact/b", entry("", status="ended"))
    states = [
        (f"contact/{name}",
         Contact(id=name, program=PROGRAM, channel="chat", step="start.ask").to_bytes())
        for name in ("a", "b", "c")
    ]  # fmt: skip
    counts.read(states)
    counts.all_read()
    assert picture(counts).here == {spot("help.ask"): 1, spot("start.ask"): 1}


def test_other_entities_are_not_counted() -> None:
    counts = FlowCounts()
    counts.watch("queue/Billing", {"whatever": 1})
    assert counts.changes == 0


def test_what_is_kept_does_not_grow_with_time() -> None:
    counts = FlowCounts()
    for hour in range(200):
        counts.watch("contact/a", entry("start.ask", after_s=3600 * hour, event="Started"))
    assert all(len(pieces) <= 61 for pieces in counts._pieces.values())


@pytest.mark.benchmark
def test_a_hundred_thousand_contacts_cost_no_more_to_look_at() -> None:
    counts = FlowCounts()
    for number in range(100_000):
        step = f"section{number % 30}.ask"
        counts.watch(f"contact/{number}", entry(step, [("start.play", "next")], event="Started"))
    found = picture(counts)
    assert sum(found.here.values()) == 100_000
    assert len(found.here) == 30

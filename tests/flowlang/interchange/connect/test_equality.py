import json
from typing import Any

from flowlang.interchange.connect.equality import differences
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    as_flow,
    end,
    flow,
    play,
)


def sample(text: str = "Hello", store: Any = "False", mirror: str = "sorry") -> str:
    return flow(
        play("hello", text, "menu"),
        action(
            "menu",
            "GetParticipantInput",
            {"Text": "1 or 2", "StoreInput": store, "InputTimeLimitSeconds": "5"},
            next_=mirror,
            equals={"1": "hello", "2": "end"},
            errors={UNMATCHED: "sorry", ERROR: "sorry", "InputTimeLimitExceeded": "end"},
        ),
        play("sorry", "Sorry", "end"),
        end(),
    )


def what(first: str, second: str) -> list[str]:
    return [item.what for item in differences(as_flow(first), as_flow(second))]


def test_a_flow_is_itself() -> None:
    assert what(sample(), sample()) == []


def test_identifiers_and_order_do_not_matter() -> None:
    renamed = json.loads(sample().replace('"sorry"', '"apology"'))
    renamed["Actions"].reverse()
    renamed["Actions"][2]["Transitions"]["Conditions"].reverse()
    assert what(sample(), json.dumps(renamed)) == []


def test_scalars_are_compared_as_connect_spells_them() -> None:
    assert what(sample(store="False"), sample(store=False)) == []
    assert what(sample(store="False"), sample(store=True)) == ["parameters"]


def test_a_mirror_does_not_matter() -> None:
    assert what(sample(mirror="sorry"), sample(mirror="end")) == []


def test_a_text_matters() -> None:
    assert what(sample(), sample(text="Good day")) == ["parameters"]


def test_where_an_outcome_leads_matters() -> None:
    data = json.loads(sample())
    data["Actions"][1]["Transitions"]["Errors"][2]["NextAction"] = "sorry"
    assert "target" in what(sample(), json.dumps(data))


def test_a_missing_branch_matters() -> None:
    data = json.loads(sample())
    del data["Actions"][1]["Transitions"]["Errors"][0]
    assert what(sample(), json.dumps(data)) == ["errors"]


def test_the_order_of_comparisons_matters() -> None:
    def compared(*tests: tuple[str, str, str]) -> str:
        value = {"ComparisonValue": "$.Attributes.x"}
        return flow(
            action("c", "Compare", value, tests=list(tests), errors={UNMATCHED: "end"}),
            play("a", "a", "end"),
            end(),
        )

    first = ("NumberGreaterThan", "5", "a")
    second = ("NumberGreaterThan", "3", "end")
    assert what(compared(first, second), compared(second, first)) == ["conditions"]


def test_what_is_not_reached_counts_too() -> None:
    lost = json.loads(sample())
    lost["Actions"].append(play("lost", "Nobody hears this", "end"))
    other = json.loads(sample())
    other["Actions"].append(play("elsewhere", "Nobody hears this", "end"))
    assert what(sample(), json.dumps(lost)) == ["unreached"]
    assert what(json.dumps(other), json.dumps(lost)) == []

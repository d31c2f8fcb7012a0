"""Modules and transfers between flows, from Amazon Connect and to it."""

import json
from typing import Any

import pytest

from flowlang.interchange.connect.equality import differences
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    as_flow,
    end,
    exported,
    flow,
    imported,
    play,
    text_of,
)

SETTINGS: dict[str, Any] = {"InputParameters": [], "OutputParameters": [], "Transitions": []}

CALLER = """\
flow main
  on error -> hang_up

module verify = "m-1" (pin: any) -> (verified: any)

start:
  verify pin: "1234"
    on locked -> sorry
  play "{verify.verified}"
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""


def actions(text: str) -> dict[str, Any]:
    data = json.loads(exported(text).json_text or "")
    return {item["Type"]: item for item in data["Actions"]}


def came_back(source: str, **options: Any) -> str:
    """The text of an import, which exports to the same."""
    found = imported(source, **options)
    text = to_text(found.document)
    again = exported(text, sidecar=found.sidecar, name_map=found.name_map)
    assert differences(as_flow(source), as_flow(again.json_text)) == []
    return text


def test_a_module_is_invoked_and_its_results_are_read() -> None:
    source = flow(
        action("a", "InvokeFlowModule", {"FlowModuleId": "m-1", "Input": {"pin": "1234", "n": 2}},
               next_="b", errors={ERROR: "end", UNMATCHED: "end"}, equals={"locked": "c"}),
        play("b", "You are $.Modules.ResultData.who.", "end"),
        play("c", "Locked.", "end"),
        end(),
    )  # fmt: skip
    text = came_back(source)
    assert 'm_1 pin: "1234", n: 2\n    on locked ->' in text
    assert "{m_1.who}" in text or ".who}" in text


def test_what_a_module_should_not_return_may_lead_elsewhere() -> None:
    source = flow(
        action("a", "InvokeFlowModule", {"FlowModuleId": "m-1"}, next_="end",
               errors={ERROR: "end", UNMATCHED: "c"}, equals={"locked": "c"}),
        play("c", "Locked.", "end"),
        end(),
    )  # fmt: skip
    assert 'connect "InvokeFlowModule"' in came_back(source)


def test_a_module_of_connect_says_what_it_takes_and_returns() -> None:
    source = flow(
        action("a", "Compare", {"ComparisonValue": "$.Modules.Input.pin"},
               errors={UNMATCHED: "c"}, equals={"1": "b"}),
        action("b", "EndFlowModuleExecution", {"ResultData": {"verified": True}}),
        action("c", "EndFlowModuleExecution", {"Result": "locked"}),
        Settings=SETTINGS,
        Metadata={"name": "verify"},
    )  # fmt: skip
    text = came_back(source)
    assert text.startswith("module verify (pin: any) -> (verified: any)\n  outcomes locked\n")
    assert "branch pin\n" in text
    assert "return verified: true\n" in text
    assert "return locked\n" in text


def test_a_module_is_exported_with_what_it_is_told() -> None:
    text = (
        "module verify (pin: text)\n  outcomes locked\n\n"
        'start:\n  branch pin\n    on "1" -> return\n    otherwise -> over\n\n'
        "over:\n  return locked\n"
    )
    out = json.loads(exported(text).json_text or "")
    assert out["Settings"]["Transitions"]
    by_type = {item["Type"]: item for item in out["Actions"]}
    assert by_type["Compare"]["Parameters"] == {"ComparisonValue": "$.Modules.Input.pin"}
    ends = [item for item in out["Actions"] if item["Type"] == "EndFlowModuleExecution"]
    assert sorted(item["Parameters"].get("Result", "") for item in ends) == ["", "locked"]
    assert all(item["Transitions"] == {} for item in ends)


def test_a_call_has_what_connect_demands() -> None:
    call = actions(CALLER)["InvokeFlowModule"]
    errors = {item["ErrorType"] for item in call["Transitions"]["Errors"]}
    assert errors == {ERROR, UNMATCHED}
    assert call["Parameters"] == {"FlowModuleId": "m-1", "Input": {"pin": "1234"}}
    plain = CALLER.replace("    on locked -> sorry\n", "").split("\nsorry:")[0] + "\n"
    call = actions(plain)["InvokeFlowModule"]
    assert {item["ErrorType"] for item in call["Transitions"]["Errors"]} == {ERROR}


def test_another_flow_takes_over() -> None:
    source = flow(
        action("a", "TransferToFlow", {"ContactFlowId": "f-1"}, next_="end", errors={ERROR: "end"}),
        end(),
    )
    assert "continue_in f_1" in came_back(source)


def hook(identifier: str, name: str, next_: str, error: str) -> dict[str, Any]:
    return action(identifier, "UpdateContactEventHooks", {"EventHooks": {name: f"f-{identifier}"}},
                  next_=next_, errors={ERROR: error})  # fmt: skip


def test_hooks_in_a_row_are_one_step() -> None:
    source = flow(
        hook("a", "CustomerQueue", "b", "end"), hook("b", "CustomerRemaining", "end", "end"), end()
    )
    assert "set_flow customer_queue: f_a, disconnect: f_b\n" in came_back(source)


def test_hooks_in_another_order_or_with_other_errors_are_steps_of_their_own() -> None:
    other = flow(
        hook("a", "CustomerRemaining", "b", "end"), hook("b", "CustomerQueue", "end", "end"), end()
    )
    assert came_back(other).count("set_flow ") == 2
    apart = flow(
        hook("a", "CustomerQueue", "b", "c"),
        hook("b", "CustomerHold", "end", "end"),
        play("c", "Oh.", "end"),
        end(),
    )
    assert came_back(apart).count("set_flow ") == 2


@pytest.mark.parametrize("name", ["DefaultAgentUI", "PauseContact"])
def test_hooks_of_connect_alone_stay_as_they_are(name: str) -> None:
    source = flow(hook("a", name, "end", "end"), end())
    assert 'connect "UpdateContactEventHooks"' in came_back(source)


def test_a_flow_that_accompanies_ends_alone() -> None:
    source = flow(play("a", "Recorded.", "b"), action("b", "EndFlowExecution"))
    assert "-> end_flow\n" in came_back(source, flow_type="customer_whisper")
    assert text_of(source).count("end_flow") == 1


def test_variables_are_attributes_of_the_flow() -> None:
    text = 'flow a\n\nvariable n: any = "1"\n\nstart:\n  set n: "2"\n  play n\n  -> hang_up\n'
    out = exported(text).json_text or ""
    assert '"FlowAttributes"' in out
    assert "$.FlowAttributes.n" in out
    assert text_of(out) == text


def test_what_is_known_of_a_contact_keeps_its_name() -> None:
    source = flow(play("a", "$.Name, $.CustomerId, $.Tags.plan, $.Tags.a.b", "end"), end())
    text = came_back(source)
    wanted = "{contact.name}, {contact.customer_id}, {contact.tags.plan}, {connect.Tags.a.b}"
    assert wanted in text

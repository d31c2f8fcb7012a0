import json
from typing import Any

import pytest

from flowlang.interchange.connect.equality import equal
from flowlang.interchange.connect.opening import DEFAULT
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    as_flow,
    back_again,
    end,
    exported,
    flow,
    imported,
    play,
    text_of,
)

LAMBDA = "arn:aws:lambda:us-west-2:111122223333:function:crm-lookup"
QUEUE = (
    "arn:aws:connect:us-west-2:111122223333:instance/i/queue/8f2b7c5e-0d1a-4e3f-9a6b-1c2d3e4f5a6b"
)


def call(identifier: str, next_: str, error: str) -> dict[str, object]:
    return action(
        identifier,
        "InvokeLambdaFunction",
        {
            "LambdaFunctionARN": LAMBDA,
            "InvocationTimeLimitSeconds": "8",
            "LambdaInvocationAttributes": {"phone": "$.CustomerEndpoint.Address"},
        },
        next_=next_,
        errors={ERROR: error},
    )


def check(source: str, expected: str) -> None:
    """The import reads as expected, and comes back as the same flow."""
    assert text_of(source) == expected
    assert equal(as_flow(source), as_flow(back_again(source)))
    assert text_of(back_again(source)) == expected


def test_a_menu_reads_like_one() -> None:
    check(
        flow(
            play("p1", "Welcome, $.Attributes.name.", "m1", "e1"),
            action(
                "m1",
                "GetParticipantInput",
                {"Text": "Press 1.", "StoreInput": "False", "InputTimeLimitSeconds": "7"},
                next_="s1",
                equals={"1": "t1"},
                errors={UNMATCHED: "s1", ERROR: "s1", "InputTimeLimitExceeded": "s1"},
            ),
            play("t1", "You pressed one.", "e1"),
            play("s1", "Sorry, goodbye.", "e1"),
            end("e1"),
            Metadata={"name": "Front desk"},
        ),
        """\
flow front_desk "Front desk"

attribute name: any

start:
  play "Welcome, {name}."
    on error -> hang_up
  ask "Press 1.", timeout: 7s
    on "1" -> t1
    on timeout, no_match, error -> s1

t1:
  play "You pressed one."
  -> hang_up

s1:
  play "Sorry, goodbye."
  -> hang_up
""",
    )


def test_a_function_and_its_answer() -> None:
    check(
        flow(
            call("0a6e4a14-9a2f-4d6b-8a6e-2f1c3b4d5e6f", "say", "end"),
            play("say", "You have $.External.points points.", "end", "end"),
            end(),
        ),
        """\
flow imported

function crm_lookup = "crm-lookup" (phone: any) -> (points: any)

start:
  crm_lookup phone: caller.number, timeout: 8s
    on error -> hang_up
  play "You have {crm_lookup.points} points."
  -> hang_up
""",
    )


def test_an_answer_that_may_be_of_either_of_two_functions() -> None:
    other = call("two", "say", "end")
    other["Parameters"] = {"LambdaFunctionARN": f"{LAMBDA}-2", "InvocationTimeLimitSeconds": "8"}
    text = text_of(
        flow(
            action("c", "Compare", {"ComparisonValue": "$.Channel"}, equals={"VOICE": "one"},
                   next_="two", errors={UNMATCHED: "two"}),
            call("one", "say", "end"),
            other,
            play("say", "$.External.points", "end"),
            end(),
        )
    )  # fmt: skip
    assert "play function.points" in text
    assert 'branch contact.channel\n    on "voice" -> one' in text


def test_a_queue_set_and_transferred_to_is_one_step() -> None:
    source = flow(
        action("s", "UpdateContactTargetQueue", {"QueueId": QUEUE}, next_="t", errors={ERROR: "e"}),
        action(
            "t", "TransferContactToQueue", next_="e", errors={"QueueAtCapacity": "f", ERROR: "e"}
        ),
        play("f", "All lines are busy.", "e"),
        end("e"),
        Metadata={"ActionMetadata": {"s": {"queue": {"text": "Basic Queue"}}}},
    )
    check(
        source,
        """\
flow imported

queue basic_queue = "Basic Queue"

start:
  transfer basic_queue
    on full -> f
    on error -> hang_up

f:
  play "All lines are busy."
  -> hang_up
""",
    )
    assert imported(source).name_map == {"queue": {"Basic Queue": QUEUE}}


def test_the_sidecar_knows_the_names_too() -> None:
    source = flow(call("a", "end", "end"), end())
    found = imported(source)
    text = to_text(found.document)
    alone = exported(text, sidecar=found.sidecar)
    assert equal(as_flow(source), as_flow(alone.json_text))
    other = {"function": {"crm-lookup": "arn:other"}}
    mapped = as_flow(exported(text, sidecar=found.sidecar, name_map=other).json_text)
    assert mapped.by_id()["a"].parameters["LambdaFunctionARN"] == "arn:other"


def test_two_error_targets_keep_the_two_actions_apart() -> None:
    source = flow(
        action("s", "UpdateContactTargetQueue", {"QueueId": QUEUE}, next_="t", errors={ERROR: "x"}),
        action(
            "t", "TransferContactToQueue", next_="e", errors={"QueueAtCapacity": "e", ERROR: "e"}
        ),
        play("x", "No such queue.", "e"),
        end("e"),
    )
    text = text_of(source)
    assert "  set_queue " in text
    assert "    on error -> x\n  transfer\n    on full, error -> hang_up" in text
    assert equal(as_flow(source), as_flow(back_again(source)))


def test_an_entry_that_may_stay_silent() -> None:
    entry = {
        "Text": "Your card number?",
        "StoreInput": "True",
        "InputTimeLimitSeconds": "5",
        "InputValidation": {"CustomValidation": {"MaximumLength": "16"}},
    }
    check(
        flow(
            action("ask", "GetParticipantInput", entry, next_="silent", errors={ERROR: "end"}),
            action(
                "silent",
                "Compare",
                {"ComparisonValue": "$.StoredCustomerInput"},
                equals={"Timeout": "end"},
                errors={UNMATCHED: "say"},
                next_="say",
            ),
            play("say", "$.StoredCustomerInput", "end"),
            end(),
        ),
        """\
flow imported

start:
  answer = collect "Your card number?", digits: 16
    on no_input, error -> hang_up
  play answer.value
  -> hang_up
""",
    )


def test_the_usual_handler_is_the_flows() -> None:
    text = text_of(
        flow(
            call("a", "b", "sorry"),
            call("b", "c", "sorry"),
            call("c", "end", "end"),
            play("sorry", "Sorry.", "end"),
            end(),
        )
    )
    assert text.startswith("flow imported\n  on error -> sorry\n")
    assert text.count("on error") == 2


def test_an_unknown_action_is_carried_whole() -> None:
    strange = {
        "Deep": {"List": ["$.Attributes.x", True, 1, -2.5, None, {"odd key!": "{braces}"}]},
        "Text": 'quote " and \\ and \n line',
    }
    source = flow(
        action(
            "x",
            "SomethingNew",
            strange,
            next_="end",
            equals={"a": "x"},
            tests=[("NumberLessThan", "3", "end"), ("KeyExists", "k", "x")],
            errors={"TooBad": "x", ERROR: "end"},
        ),
        end(),
    )
    assert 'connect "SomethingNew"' in text_of(source)
    assert equal(as_flow(source), as_flow(back_again(source)))


def test_several_endings_come_back_as_several() -> None:
    source = flow(play("a", "x", "e1", "e2"), end("e1"), end("e2"))
    assert text_of(source).count("hang_up") == 2
    assert {item.id for item in as_flow(back_again(source)).actions} == {"a", "e1", "e2"}
    assert equal(as_flow(source), as_flow(back_again(source)))


def test_an_absent_error_branch_stays_absent_until_it_is_written() -> None:
    source = flow(play("a", "x", "b"), play("b", "y", "end"), end())
    found = imported(source)
    assert equal(as_flow(source), as_flow(back_again(source)))
    changed = to_text(found.document).replace('play "x"\n', 'play "x"\n    on error -> hang_up\n')
    out = exported(changed, sidecar=found.sidecar, name_map=found.name_map)
    assert as_flow(out.json_text).by_id()["a"].error(ERROR) == "end"


def test_identifiers_that_connect_refuses_are_repaired() -> None:
    source = flow(play("a(b)", "x", "end"), end())
    ids = [item.id for item in as_flow(back_again(source)).actions]
    assert ids == ["ab", "end"]


def test_notes_become_comments() -> None:
    notes = [
        {"type": "default", "content": "What this is for", "actionId": ""},
        {"type": "default", "content": "Say it\nslowly", "actionId": "a"},
    ]
    text = text_of(
        flow(play("a", "x", "end"), end(), Metadata={"Annotations": notes, "description": "Mine"})
    )
    assert text.startswith("# Mine\n# What this is for\nflow imported\n")
    assert '  # Say it\n  # slowly\n  play "x"' in text


def test_the_type_of_flow_is_told_or_noted() -> None:
    source = flow(end())
    assert "type customer_queue" in text_of(source, flow_type="customer_queue")
    noted = flow(end(), Metadata={"type": "agentWhisper"})
    assert "type agent_whisper" in text_of(noted)


def test_settings_make_a_module() -> None:
    assert text_of(flow(end(), Settings={"InputParameters": []})).startswith("module imported\n")


def test_a_draft_may_lead_nowhere() -> None:
    text = text_of(flow(play("a", "x", "gone"), play("b", "y", "a")))
    assert "-> nowhere" in text


def test_names_of_another_flow_are_used_again() -> None:
    source = flow(
        action("s", "UpdateContactTargetQueue", {"QueueId": QUEUE}, next_="t", errors={ERROR: "e"}),
        action(
            "t", "TransferContactToQueue", next_="e", errors={"QueueAtCapacity": "e", ERROR: "e"}
        ),
        end("e"),
    )
    assert 'queue billing = "Billing"' in text_of(source, name_map={"queue": {"Billing": QUEUE}})


def test_the_old_format_is_read() -> None:
    def module(id_: str, type_: str, parameters: list[object], **branches: str) -> object:
        return {
            "id": id_,
            "type": type_,
            "branches": [
                {"condition": name, "transition": target} for name, target in branches.items()
            ],
            "parameters": parameters,
            "metadata": {"position": {"x": 1, "y": 2}},
        }

    text = [{"name": "Text", "value": "Hi", "namespace": None},
            {"name": "TextToSpeechType", "value": "text"}]  # fmt: skip
    value = [{"name": "Attribute", "key": "tier", "value": "level", "namespace": "External"}]
    old = {
        "modules": [
            module("a", "PlayPrompt", text, Success="b"),
            module("b", "SetAttributes", value, Success="c", Error="c"),
            module("c", "Disconnect", []),
        ],
        "version": "1",
        "type": "contactFlow",
        "start": "a",
        "metadata": {"name": "Old"},
    }
    assert text_of(json.dumps(old)) == (
        'flow old "Old"\n\nattribute tier: any\n\nstart:\n  play "Hi"\n'
        "  set tier: connect.External.level\n  -> hang_up\n"
    )


@pytest.mark.parametrize("source", ["", "[]", '{"Version": "2019-10-30", "Actions": []}'])
def test_what_holds_no_flow_gives_an_empty_document(source: str) -> None:
    found = imported(source)
    assert found.problems
    assert not found.document.sections


def test_defaults_that_lead_back_to_themselves_are_steps() -> None:
    """Whoever made such a JSON, an import ends."""

    def sets(name: str, next_: str) -> dict[str, Any]:
        return action(DEFAULT + name, "UpdateContactAttributes", {"Attributes": {name: "x"}},
                      next_=next_, errors={ERROR: "end"})  # fmt: skip

    source = flow(sets("a", DEFAULT + "b"), sets("b", DEFAULT + "a"), end())
    found = imported(source)
    assert found.report.exact
    assert 'set a: "x"' in to_text(found.document)

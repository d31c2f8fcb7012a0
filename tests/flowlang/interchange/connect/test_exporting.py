import json
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.diagnostics import words
from flowlang.interchange.connect.document import is_valid, read
from flowlang.interchange.connect.equality import differences
from flowlang.model import Document
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from flowlang.wiring import wire
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    as_flow,
    exported,
    imported,
    text_of,
)

EXAMPLE = Path(__file__).parents[4] / "examples" / "support" / "support.flow"


def test_the_first_example_is_valid_and_nothing_of_its_source_stands_beside_the_actions() -> None:
    out = exported(EXAMPLE.read_text("utf-8"))
    assert out.json_text is not None
    found, problems = read(out.json_text)
    assert problems == []
    assert is_valid(found, problems)
    assert {problem.code for problem in out.problems} == {"FL441"}
    data = json.loads(out.json_text)
    assert data.keys() == {"Version", "StartAction", "Metadata", "Actions"}
    assert data["Metadata"].keys() == {"entryPointPosition", "ActionMetadata", "name", "type"}
    about = data["Metadata"]["ActionMetadata"]
    assert about.keys() == {action["Identifier"] for action in data["Actions"]}
    assert {key for item in about.values() for key in item} == {"position", "isFriendlyName"}


def test_the_first_example_comes_back_wired_as_it_was() -> None:
    source = EXAMPLE.read_text("utf-8")
    found = imported(exported(source).json_text or "")
    assert found.report.exact
    assert not found.report.carried
    before, after = wires(parse(source).document), wires(found.document)
    lowered = {key for key in before if key[0] == "deflect.offer_messenger"}
    assert {key: after.get(key) for key in before if key not in lowered} == {
        key: target for key, target in before.items() if key not in lowered
    }
    assert {step.split(".")[0] for step, _ in after.keys() - before.keys()} == {
        "deflect",
        "deflect_offer_messenger_2",
        "deflect_offer_messenger_3",
    }


@pytest.mark.parametrize("with_sidecar", [False, True])
def test_the_second_export_of_the_first_example_is_the_first(with_sidecar: bool) -> None:
    out = exported(EXAMPLE.read_text("utf-8"))
    found = imported(out.json_text or "")
    text = to_text(found.document)
    again = exported(text, sidecar=found.sidecar if with_sidecar else None)
    assert differences(as_flow(out.json_text), as_flow(again.json_text)) == []
    if with_sidecar:
        assert json.loads(again.json_text or "") == json.loads(out.json_text or "")
    assert text_of(again.json_text or "") == text


def wires(document: Document) -> dict[tuple[str, str], str]:
    """By step and outcome, the section (or ending) that it leads to."""
    wiring = wire(document, catalogue())
    return {
        (step_id, one.port): (
            wiring.steps[one.target].section.name if one.target in wiring.steps else one.target
        )
        for step_id, step in wiring.steps.items()
        for one in step.wires
        if one.target is not None
    }


def test_the_opening_comes_back_as_language_and_defaults() -> None:
    source = (
        'flow a\n  language ko-KR\n\nattribute tier: "gold" | "silver" = "silver"\n'
        'attribute vip "is_vip": boolean = false\nattribute n: number = 3\n'
        'variable way: any = "in"\n\nstart:\n  play "네 {tier} {vip} {n} {way}."\n  -> hang_up\n'
    )
    assert text_of(exported(source).json_text or "") == source


def test_an_opening_that_is_led_to_is_a_step_like_any_other() -> None:
    out = exported(
        'flow a\n\nattribute tier: "gold" | "silver" = "silver"\n\n'
        'start:\n  play tier\n  ask "1?"\n    on "1" -> hang_up\n'
        "    on timeout, no_match -> start\n"
    )
    data = json.loads(out.json_text or "")
    data["Actions"][-2]["Transitions"]["Conditions"][0]["NextAction"] = "opening.tier"
    found = imported(json.dumps(data))
    assert found.report.exact
    assert "otherwise -> opening_tier_value" in to_text(found.document)
    again = exported(to_text(found.document), sidecar=found.sidecar)
    assert differences(as_flow(json.dumps(data)), as_flow(again.json_text)) == []


def test_a_changed_opening_is_read_as_it_now_is() -> None:
    out = exported('flow a\n  language ko-KR\n\nstart:\n  play "네"\n  -> hang_up\n')
    assert out.json_text is not None
    found = imported(out.json_text.replace("Seoyeon", "Jihye"))
    assert found.report.exact
    assert "language ko-KR" not in to_text(found.document)
    assert 'set_voice "Jihye"' in to_text(found.document)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('play "{1 + 2}"', "FL435"),
        ("set n: n + 1", "FL435"),
        ("branch n\n    on > 1 -> next\n    otherwise -> hang_up\n  branch\n"
         "    when n * 2 > 3 -> hang_up\n    otherwise -> next", "FL435"),
        ('play "{n}.com"', "FL442"),
        ('x = ask "1?"\n    on "1" -> next\n    on timeout, no_match -> hang_up\n  play x.value',
         "FL440"),
        ("play contact.today", "FL440"),
        ('c = collect "Card?", sensitive: true\n    on no_input -> hang_up', "FL434"),
        ('f phone: "1"\n  g\n  play f.x', "FL445"),
    ],
)  # fmt: skip
def test_what_connect_cannot_say_is_refused_with_a_way_out(body: str, code: str) -> None:
    head = (
        "flow a\n  on error -> hang_up\n\nattribute n: number\n"
        'function f = "f" (phone: text) -> (x: text)\nfunction g = "g" () -> (x: text)\n\n'
    )
    out = exported(f"{head}start:\n  {body}\n  -> hang_up\n")
    problem = next(item for item in out.problems if item.severity == "error")
    assert problem.code == code
    assert out.json_text is None
    assert problem.place is not None
    assert words.message(problem, "en")
    assert words.help_(problem, "ko")


def test_free_conditions_become_comparisons_in_a_row() -> None:
    out = exported(
        "flow a\n\nattribute tier: text\nattribute age: number\n\nstart:\n  branch\n"
        '    when tier == "gold" and not age < 18 -> hang_up\n'
        '    when tier in ["silver", "bronze"] or age > 65 -> hang_up\n'
        "    otherwise -> start\n"
    )
    actions = [item for item in as_flow(out.json_text).actions if item.type == "Compare"]
    tested = [
        (item.parameters["ComparisonValue"], [branch.operands[0] for branch in item.conditions])
        for item in actions
    ]
    # Who is gold but young is looked at again, by the second line.
    assert tested == [
        ("$.Attributes.tier", ["gold", "silver", "bronze"]),
        ("$.Attributes.age", ["65"]),
        ("$.Attributes.age", ["18"]),
        ("$.Attributes.tier", ["silver", "bronze"]),
    ]


def test_every_action_has_what_connect_demands() -> None:
    out = exported(
        'flow a\n  on error -> hang_up\n\nhours h = "H"\n\nstart:\n  check_hours h\n'
        '    on closed -> hang_up\n  ask "1?"\n    on "1" -> hang_up\n'
        "    on timeout, no_match -> again\n\nagain:\n  repeat 2\n    on again -> start\n"
        "    on done -> hang_up\n"
    )
    found, problems = read(out.json_text or "")
    assert is_valid(found, problems)
    actions = as_flow(out.json_text).by_id()
    assert actions["start.check_hours"].next == actions["start.check_hours"].error(ERROR)
    assert actions["start.ask"].next == actions["start.ask"].error(UNMATCHED)


def test_a_default_does_not_replace_what_an_earlier_flow_has_set() -> None:
    out = exported(
        'flow a\n\nattribute tier: "gold" | "silver" = "silver"\n\n'
        "start:\n  play tier\n  -> hang_up\n"
    )
    flow = as_flow(out.json_text)
    first = flow.by_id()[flow.start or ""]
    assert first.type == "Compare"
    assert {branch.operands[0]: branch.target for branch in first.conditions} == {
        "gold": "start.play",
        "silver": "start.play",
    }
    setting = flow.by_id()[first.error(UNMATCHED) or ""]
    assert setting.parameters == {"Attributes": {"tier": "silver"}}
    assert setting.next == "start.play"


def test_a_default_that_cannot_be_tested_is_told() -> None:
    out = exported('flow a\n\nattribute name: text = "you"\n\nstart:\n  play name\n  -> hang_up\n')
    assert [(problem.code, problem.severity) for problem in out.problems] == [("FL444", "warning")]
    flow = as_flow(out.json_text)
    assert flow.by_id()[flow.start or ""].parameters == {"Attributes": {"name": "you"}}


def test_the_language_of_a_flow_is_its_voice() -> None:
    out = exported('flow a\n  language ko-KR\n\nstart:\n  play "네"\n  -> hang_up\n')
    types = [item.type for item in as_flow(out.json_text).actions]
    assert types[:2] == ["UpdateContactTextToSpeechVoice", "UpdateContactData"]


def test_identifiers_follow_the_rules() -> None:
    long = "가" * 70
    out = exported(f'flow a\n\n{long}:\n  play "x"\n  play "y"\n  -> hang_up\n')
    ids = [item.id for item in as_flow(out.json_text).actions]
    assert all(len(id_) <= 50 for id_ in ids)
    assert len(set(ids)) == len(ids) == 3


def test_scalars_are_strings_and_names_are_mapped() -> None:
    out = exported(
        'flow a\n  on error -> hang_up\n\nfunction f = "f" (n: integer)\n\n'
        "start:\n  f n: 3, timeout: 2s\n  -> hang_up\n",
        name_map={"function": {"f": "arn:aws:lambda:x:1:function:f"}},
    )
    call = as_flow(out.json_text).by_id()["start.f"]
    assert call.parameters["LambdaFunctionARN"] == "arn:aws:lambda:x:1:function:f"
    assert call.parameters["InvocationTimeLimitSeconds"] == "2"
    assert call.parameters["LambdaInvocationAttributes"] == {"n": "3"}
    assert out.problems == ()


def test_a_loose_end_is_told() -> None:
    out = exported('flow a\n\nstart:\n  play "x"\n  -> nowhere\n')
    assert "FL448" in {problem.code for problem in out.problems}


def test_a_file_without_a_flow_is_refused() -> None:
    out = exported('queue a = "A"\n')
    assert out.json_text is None
    assert [problem.code for problem in out.problems] == ["FL446"]


def test_metadata_has_a_place_for_every_action() -> None:
    out = exported('flow a "A flow"\n\nstart:\n  play "x"\n  play "y"\n  -> hang_up\n')
    metadata = json.loads(out.json_text or "")["Metadata"]
    places = {tuple(item["position"].values()) for item in metadata["ActionMetadata"].values()}
    assert len(places) == 3
    assert metadata["name"] == "A flow"


def test_the_text_of_an_export_parses() -> None:
    assert parse(EXAMPLE.read_text("utf-8")).problems == ()

"""Definition, references and rename, within a file and over the files of a project."""

import pytest

from flowlang.checks import check
from flowlang.diagnostics import Problem
from flowlang.edits import Flow, apply
from flowlang.features import (
    Location,
    Project,
    Renaming,
    definition,
    highlights,
    references,
    rename,
    renameable,
)
from flowlang.features.mentions import mentions
from flowlang.features.texts import position_of
from flowlang.places import Position
from flowlang.syntax import parse


def at(flow: Flow, place: str) -> Position:
    source = flow.tree.source
    offset = source.index(place.replace("¦", "")) + place.index("¦")
    return position_of(source, offset)


def line(found: Location) -> str:
    """The line of a location, with the place in it marked."""
    source = found.flow.tree.source
    start = source.rfind("\n", 0, found.start) + 1
    end = source.find("\n", found.end)
    return (
        f"{source[start : found.start]}[{source[found.start : found.end]}]{source[found.end : end]}"
    )


@pytest.mark.parametrize(
    ("place", "declared"),
    [
        ("-> me¦nu", "[menu]:"),
        ("set ti¦er", "attribute [tier]: "),
        ("branch ti¦er", "attribute [tier]: "),
        ("  cr¦m phone", "function [crm] = "),
        ("crm.ti¦er", " -> ([tier]: "),
        ("  crm pho¦ne:", "([phone]: phone)"),
        ("{fou¦nd.balance}", "  [found] = crm"),
        ("found.bal¦ance", ", [balance]: number)"),
        ("assistant.acc¦ount", "CheckBalance([account]: text)"),
        ("on Speak¦ToAgent", "[SpeakToAgent])"),
        ("transfer bill¦ing\n", "queue [billing] = "),
        ("on error -> so¦rry", "[sorry]:"),
    ],
)
def test_definition(place: str, declared: str, support: Flow) -> None:
    found = definition(support, at(support, place))
    assert found is not None
    assert declared in line(found)


def test_blocks_and_words_have_no_definition(support: Flow) -> None:
    assert definition(support, at(support, "  pl¦ay ")) is None
    assert definition(support, at(support, "real¦time")) is None


def test_references(support: Flow) -> None:
    found = references(support, at(support, "attribute ti¦er"))
    assert [line(item).strip()[:16] for item in found] == [
        "attribute [tier]",
        "set [tier]: crm.",
        "branch [tier]",
    ]
    assert len(references(support, at(support, "ti¦er:"), with_declaration=False)) == 2


def test_references_in_tests(support: Flow, support_tests: Flow) -> None:
    project = Project(around={"support": support}, others=(support_tests,))
    found = references(support, at(support, "function cr¦m"), project)
    assert sum(item.flow is support_tests for item in found) == 3
    back = definition(support_tests, at(support_tests, "given cr¦m"), project)
    assert back is not None
    assert back.flow is support


def test_highlights(support: Flow) -> None:
    assert len(highlights(support, at(support, "me¦nu:"))) == 4


def test_rename_goes_through_all_files(support: Flow, support_tests: Flow) -> None:
    project = Project(around={"support": support}, others=(support_tests,))
    found = rename(support, at(support, "cr¦m phone"), "고객조회", project)
    assert isinstance(found, Renaming)
    texts = {id(flow): apply(flow.tree.source, edits) for flow, edits in found.files}
    assert texts[id(support)].count("고객조회") == 4
    assert texts[id(support_tests)].count("given 고객조회") == 3
    assert not check(parse(texts[id(support)]), support.catalogue).errors


@pytest.mark.parametrize(
    ("place", "name"), [("me¦nu:", "첫인사"), ("fou¦nd = crm", "card"), ("attribute ti¦er", "rank")]
)
def test_a_renamed_flow_is_as_good_as_before(place: str, name: str, support: Flow) -> None:
    found = rename(support, at(support, place), name)
    assert isinstance(found, Renaming)
    ((_, edits),) = found.files
    after = apply(support.tree.source, edits)
    assert name in after
    before = [item.code for item in check(support.tree, support.catalogue).problems]
    assert [item.code for item in check(parse(after), support.catalogue).problems] == before


def test_a_name_that_is_taken_is_refused(support: Flow) -> None:
    found = rename(support, at(support, "me¦nu:"), "sorry")
    assert isinstance(found, Problem)
    assert found.code == "FL126"


def test_what_can_be_renamed(support: Flow) -> None:
    found = renameable(support, at(support, "-> me¦nu"))
    assert found is not None
    assert found.name == "menu"
    assert renameable(support, at(support, "  pl¦ay ")) is None
    assert rename(support, at(support, "  pl¦ay "), "say") is None


def test_every_name_is_known(support: Flow) -> None:
    assert [item.name for item in mentions(support) if item.sort == "unknown"] == []


def test_mentions_are_words_of_the_text(support: Flow) -> None:
    source = support.tree.source
    for item in mentions(support):
        text = source[item.start : item.end]
        assert text == text.strip()
        assert item.name.endswith(text)

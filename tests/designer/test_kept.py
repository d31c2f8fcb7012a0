"""What is pressed stays the same element for as long as it means the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nicegui import ui
from nicegui.client import Client
from nicegui.element import Element

from designer.html import tag, text
from designer.kept import Memory, Row, Rows
from designer.supervisor.tables import Table


@pytest.fixture
def box() -> Iterator[Element]:
    with Client(ui.page("/"), request=None).content:
        yield tag("div")


def row(key: str, said: str) -> Row:
    return Row(key=key, shown=said, make=lambda: tag("button"), fill=lambda: text(said))


def said(box: Element) -> list[str]:
    return [row.default_slot.children[0].text for row in box]  # type: ignore[attr-defined]


def test_a_row_stays_while_its_words_and_its_place_change(box: Element) -> None:
    rows = Rows(box)
    rows.show([row("a", "one"), row("b", "two")])
    first, second = box.default_slot.children
    words = second.default_slot.children[0]
    rows.show([row("c", "new"), row("b", "two"), row("a", "1")])
    assert said(box) == ["new", "two", "1"]
    assert box.default_slot.children[1:] == [second, first]
    assert second.default_slot.children == [words]


def test_a_row_that_goes_and_comes_back_is_whole(box: Element) -> None:
    rows = Rows(box)
    rows.show([row("a", "one"), row("b", "two")])
    rows.show([row("b", "two")])
    assert said(box) == ["two"]
    rows.show([row("a", "one"), row("b", "two")])
    assert said(box) == ["one", "two"]


def test_a_part_is_new_when_it_shows_something_else() -> None:
    memory = Memory()
    assert memory.is_new("head", 1, "a")
    assert not memory.is_new("head", 1, "a")
    assert memory.is_new("head", 2, "a")
    assert memory.is_new("foot", 2, "a")


def test_cells_of_a_table_change_their_text_alone(box: Element) -> None:
    with box:
        table = Table({"queue": "Queue", "level": "Level"}, ["north"])
    table.show("north", {"queue": "North", "level": "↓ 40 %"})
    cells = [each for each in box.descendants() if each.tag == "td"]
    assert [cell.text for cell in cells] == ["North", "↓ 40 %"]  # type: ignore[attr-defined]
    assert "bad" in cells[1]._classes
    table.show("north", {"queue": "North", "level": "90 %"})
    assert [each for each in box.descendants() if each.tag == "td"] == cells
    assert cells[1].text == "90 %"  # type: ignore[attr-defined]
    assert "bad" not in cells[1]._classes

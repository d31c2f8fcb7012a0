"""Writing in a field of the inspector: what is known there is offered."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blocks.catalogue import catalogue
from designer.page.offering import offers
from designer.session import Session

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

SUPPORT = Path(__file__).parents[3] / "examples" / "support" / "support.flow"


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(SUPPORT.read_text("utf-8"), catalogue())


def labels(session: Session, block: str, key: str, before: str, widget: str = "prose") -> list[str]:
    found = offers(session, block, key, widget, before, "en")  # type: ignore[arg-type]
    return [offer.label for offer in found]


def test_values_are_offered_in_braces_and_nowhere_else(session: Session) -> None:
    assert labels(session, "balance.play", "text", "Your balance") == []
    assert labels(session, "balance.play", "text", "Your balance \\{") == []
    assert labels(session, "balance.play", "text", "Your {tier} balance") == []
    assert "found" in labels(session, "balance.play", "text", "Your balance {")
    assert labels(session, "balance.play", "text", "Your balance {fo") == ["found"]


def test_fields_are_offered_with_their_types(session: Session) -> None:
    [tier, balance] = offers(session, "balance.play", "text", "prose", "It is {found.", "en")
    assert (tier.label, tier.more) == ("tier", False)
    assert (balance.label, balance.detail) == ("balance", "number")
    [found] = offers(session, "balance.play", "text", "prose", "It is {fou", "en")
    assert found.more


def test_an_argument_that_is_not_given_yet_can_be_written(session: Session) -> None:
    assert "caller" in labels(session, "menu.ask", "ssml", "<speak>{ca", "text")
    assert "crm" in labels(session, "start.set", "tier", "cr", "source")


def test_nothing_is_changed_by_asking(session: Session) -> None:
    before = session.text
    labels(session, "balance.play", "text", "{")
    assert session.text == before


@pytest.mark.browser
def test_a_value_is_chosen_by_keyboard(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow()
    desk.select("help.play")
    field = desk.field("text")
    field.fill("")
    field.press_sequentially("You are {cal")
    desk.page.locator(".fl-offers [role=option]").get_by_text("caller").wait_for()
    field.press("Enter")
    desk.page.locator(".fl-offers").get_by_text("number").wait_for()
    field.press_sequentially("nu")
    desk.page.locator(".fl-offers [role=option]").first.wait_for()
    desk.until(lambda: desk.page.locator(".fl-offers [role=option]").count() == 1)
    field.press("Tab")
    assert field.input_value() == "You are {caller.number}"
    field.press("Tab")
    desk.until_text('play "You are {caller.number}"')


@pytest.mark.browser
def test_a_value_is_chosen_with_the_mouse(desk: "Desk") -> None:
    desk.select("help.play")
    field = desk.field("text")
    field.fill("Dear ")
    desk.role("braces-text").click()
    offered = desk.page.locator(".fl-offers [role=option]")
    offered.get_by_text("tier", exact=True).click()
    assert field.input_value() == "Dear {tier}"
    field.press("Tab")
    desk.until_text('play "Dear {tier}"')


@pytest.mark.browser
def test_escape_closes_the_list_and_nothing_else(desk: "Desk") -> None:
    desk.select("help.play")
    field = desk.field("text")
    field.fill("")
    field.press_sequentially("{")
    desk.page.locator(".fl-offers").wait_for()
    field.press("Escape")
    desk.page.locator(".fl-offers").wait_for(state="detached")
    assert desk.page.locator(".fl-inspector-name").is_visible()
    assert field.input_value() == "{"

"""The supervisors' view: the floor, one conversation read along, contacts of before."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.designer.desk.test_two_agents import HOSTILE, ask_for_a_person, served, shoot, sign_in
from tests.designer.desk.test_walk import Served, write
from tests.designer.page.test_page import serious

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["served"]


def test_a_supervisor_sees_the_floor_follows_a_chat_and_finds_it_later(
    served: Served, open_page: Callable[..., Page]
) -> None:
    size = {"width": 1440, "height": 900}
    visitor, ann, sue = open_page(), open_page(viewport=size), open_page(viewport=size)
    sign_in(sue, served, "sue", "/supervisor?lang=en")
    queues = sue.locator(".sup-table").first
    queues.get_by_role("cell", name="Orders").wait_for()
    queues.get_by_role("cell", name=HOSTILE).wait_for()
    ask_for_a_person(visitor, served)
    queues.locator("tbody tr td:nth-child(2)").get_by_text("1", exact=True).first.wait_for()

    sign_in(ann, served, "ann", "/desk?lang=en")
    ann.get_by_role("button", name="Available").click()
    ann.get_by_role("button", name="Accept").click()
    visitor.get_by_text("Ann Lee has joined").wait_for()
    sue.get_by_role("button", name="Follow").click()
    write(visitor, "Where is my parcel?")
    sue.locator(".sup-log").get_by_text("Where is my parcel?").wait_for()
    shoot(sue, "supervisor-now")
    assert serious(sue) == []
    assert sue.locator(".sup-follow textarea").count() == 0

    ann.get_by_role("button", name="End conversation").click()
    ann.get_by_role("combobox", name="What it was about").select_option("solved")
    ann.get_by_role("button", name="Save").click()
    queues.get_by_text("100% in 20 s, 80% wanted").wait_for()

    sue.get_by_role("button", name="Contacts", exact=True).click()
    sue.get_by_role("combobox", name="Queue").select_option("Desk")
    find_until(sue, "Solved")
    sue.locator(".sup-results button").first.click()
    record = sue.locator(".sup-record")
    record.get_by_text("Where is my parcel?").wait_for()
    canvas = record.locator(".sup-canvas")
    canvas.locator(".vue-flow__node").first.wait_for()
    canvas.locator("[data-id='person.transfer'] .fc-pill").get_by_text("4").wait_for()
    record.get_by_role("button", name="shop · person.transfer").click()
    assert record.get_by_role("link", name="Open the flow").count() == 0  # she changes none
    shoot(sue, "supervisor-contact")
    assert serious(sue) == []
    sue.get_by_role("combobox", name="Agent").select_option("bob")
    sue.get_by_role("button", name="Find").click()
    sue.get_by_text("No contact fits.").wait_for()

    assert sue.evaluate("window.hacked") is None
    log = (served.folder / ".flowlang" / "audit.jsonl").read_text().splitlines()
    did = [(act["who"], act["did"]) for act in map(json.loads, log)]
    assert ("sue", "contact.followed") in did
    assert ("sue", "contact.read") in did


def find_until(page: Page, cell: str) -> None:
    """A record is written a moment after its contact is over: whoever misses it looks again."""
    wanted, tries = page.get_by_role("cell", name=cell), 20
    while tries and not wanted.count():
        tries -= 1
        page.get_by_role("button", name="Find").click()
        with suppress(PlaywrightTimeoutError):
            wanted.wait_for(timeout=3_000)
    wanted.wait_for()


def test_the_view_is_for_supervisors(served: Served, page: Page) -> None:
    sign_in(page, served, "ann", "/supervisor?lang=ko")
    page.get_by_text("관리자를 위한 페이지예요").wait_for()
    page.context.clear_cookies()
    sign_in(page, served, "sue", "/supervisor?lang=ko")
    page.get_by_role("cell", name="주문").wait_for()
    assert serious(page) == []

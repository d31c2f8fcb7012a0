"""The desk with two agents: handing over, what comes after, and whom one knows already."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from designer.web import build
from tests.designer.desk.test_walk import Served, write
from tests.designer.page.test_page import serious

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHOTS = os.environ.get("FLOWLANG_SHOTS", "")
HOSTILE = "<img src=x onerror=hacked=1><script>hacked=1</script>"
PROJECT = f"""
name = "Shop"
languages = ["en-US", "ko-KR"]

[entries.shop]
flow = "shop"
channels = ["chat"]

[queues.Desk]
wrap_up_s = 300
title = {{ en = "Orders", ko = "주문" }}

[profiles.Second]
queues.Desk = {{ priority = 2, delay_s = 3600 }}

[agents.ann]
name = "Ann Lee"
queues = ["Desk"]

[agents.bob]
name = "Bob Kim"
profile = "Second"

[states.lunch]
title = {{ en = "Lunch", ko = "점심" }}

[dispositions.solved]
title = {{ en = "Solved", ko = "해결" }}

[replies.greeting]
title = {{ en = "Greeting", ko = "인사" }}
text = {{ en = "How can I help?", ko = "무엇을 도와드릴까요?" }}

[customers]
attributes = ["customer"]

[replies.odd]
title = {{ en = "{HOSTILE}" }}
text = {{ en = "{HOSTILE}" }}

[dispositions.odd]
title = {{ en = "{HOSTILE}" }}

[queues.Odd]
title = {{ en = "{HOSTILE}" }}

[agents.odd]
name = "{HOSTILE}"
queues = ["Odd"]

[people.sue]
name = "Sue"
roles = ["supervisor"]
"""
FLOW = f"""
flow shop
  channels chat
  language en-US

queue desk = "Desk"
attribute customer: text
attribute odd: text

start:
  set customer: "C-17"
  set odd: "{HOSTILE}"
  ask "Hello. What can we do?"
    on "person" -> person
    on timeout, no_match -> bye
    on error -> bye

person:
  transfer desk
    on full -> bye
    on error -> bye

bye:
  play "Goodbye."
  -> hang_up
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    build.ensure()
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "shop.flow").write_text(FLOW, encoding="utf-8")
    found = Served(tmp_path)
    found.start()
    yield found
    found.stop()
    assert "Traceback" not in found.log.read_text()


def sign_in(page: Page, served: Served, person: str, address: str) -> None:
    page.goto(served.link(person))
    page.get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{served.url}{address}")


def shoot(page: Page, name: str) -> None:
    """For somebody who wants to see it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def ask_for_a_person(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/chat/shop")
    page.get_by_role("button", name="person").click()
    page.get_by_text("We are connecting you").first.wait_for()


def test_a_customer_is_handed_over_and_written_down(
    served: Served, open_page: Callable[..., Page]
) -> None:
    visitor = open_page(viewport={"width": 480, "height": 800})
    ann, bob = (open_page(viewport={"width": 1440, "height": 900}) for _ in range(2))
    ask_for_a_person(visitor, served)
    sign_in(ann, served, "ann", "/desk?lang=en")
    ann.get_by_role("button", name="Available").click()
    ann.get_by_role("button", name="Accept").wait_for()
    shoot(ann, "desk-ringing")
    ann.get_by_role("button", name="Accept").click()
    visitor.get_by_text("Ann Lee has joined").wait_for()
    assert ann.locator(".desk-attributes").get_by_text("C-17").count() == 1
    assert ann.locator(".desk-attributes").get_by_text(HOSTILE).count() == 1
    assert ann.get_by_role("button", name=HOSTILE).count() == 1

    sign_in(bob, served, "bob", "/desk?lang=ko")
    bob.get_by_role("button", name="상담 가능").click()
    bob.get_by_role("button", name="상담 가능", pressed=True).wait_for()
    ann.get_by_role("button", name="Hand over").click()
    ann.get_by_role("option", name="Bob Kim").wait_for(state="attached")
    ann.get_by_placeholder("Note for whoever takes over").fill("Wants a refund.")
    shoot(ann, "desk-handing")
    assert serious(ann) == []
    ann.locator(".desk-handing").get_by_role("button", name="Hand over").click()
    ann.get_by_text("Waiting for an answer").wait_for()
    bob.get_by_role("button", name="넘기기").click()
    ann.get_by_text("They passed. The customer is still with you.").wait_for()

    ann.get_by_role("button", name="Hand over").click()
    ann.get_by_placeholder("Note for whoever takes over").fill("Wants a refund.")
    ann.locator(".desk-handing").get_by_role("button", name="Hand over").click()
    bob.get_by_role("button", name="받기").click()
    bob.get_by_text("Wants a refund.").wait_for()
    log = bob.locator(".desk-log")
    write(visitor, "Are you Bob?")
    log.get_by_text("Are you Bob?").wait_for()
    assert log.get_by_text("Hello. What can we do?").count() == 1

    ann.get_by_role("combobox", name="What it was about").select_option("solved")
    ann.get_by_role("textbox", name="Notes").fill("Bob has them.")
    shoot(ann, "desk-after")
    assert serious(ann) == []
    ann.get_by_role("button", name="Save").click()
    ann.get_by_text("Choose a conversation on the left.").wait_for()
    shoot(bob, "desk-korean")
    assert serious(bob) == []
    bob.get_by_role("button", name="상담 종료").click()
    visitor.get_by_text("This conversation is over").first.wait_for()
    for page in (visitor, ann, bob):
        assert page.evaluate("window.hacked") is None


def test_an_agent_sees_what_the_customer_asked_before(
    served: Served, open_page: Callable[..., Page], page_errors_allowed: list[str]
) -> None:
    page_errors_allowed.append("415")  # a file that is not taken
    ann = open_page(viewport={"width": 1440, "height": 900})
    sign_in(ann, served, "ann", "/desk?lang=en")
    ann.get_by_role("button", name="Lunch").click()
    ann.get_by_role("button", name="Available").click()
    first, second = (open_page(viewport={"width": 480, "height": 800}) for _ in range(2))
    ask_for_a_person(first, served)
    ann.get_by_role("button", name="Accept").click()
    first.get_by_text("Ann Lee has joined").wait_for()
    they_see_each_other_write(first, ann)
    they_send_each_other_files(first, ann)
    ann.get_by_role("button", name="End conversation").click()
    notes = ann.get_by_role("textbox", name="Notes")
    notes.fill("Wanted to know where it is.")
    ann.get_by_role("button", name="One minute more").wait_for()
    ann.get_by_role("combobox", name="What it was about").select_option("solved")
    assert notes.input_value() == "Wanted to know where it is."
    ann.get_by_role("button", name="Save").click()

    ask_for_a_person(second, served)
    ann.get_by_role("button", name="Accept").click()
    second.get_by_text("Ann Lee has joined").wait_for()
    earlier = ann.locator(".desk-earlier")
    earlier.get_by_text("Ann Lee · Solved").wait_for()
    earlier.click()
    ann.locator(".desk-then").get_by_text("Where is my parcel?").wait_for()
    with ann.expect_download() as fetched:
        ann.locator(".desk-then").get_by_role("link", name="receipt.txt").click()
    assert fetched.value.path().read_bytes() == b"Total 30"
    shoot(ann, "desk-earlier")
    assert serious(ann) == []


def they_see_each_other_write(visitor: Page, ann: Page) -> None:
    log = ann.locator(".desk-log")
    visitor.get_by_placeholder("Write a message").press_sequentially("Where is")
    ann.get_by_text("Customer is writing…").wait_for()
    write(visitor, "Where is my parcel?")
    line = log.get_by_text("Where is my parcel?").element_handle()
    assert line is not None
    ann.get_by_role("button", name="Greeting").click()
    reply = ann.get_by_placeholder("Write a reply")
    reply.press_sequentially(" Hm")
    visitor.get_by_role("img", name="Ann Lee is writing…").wait_for()
    assert reply.input_value() == "How can I help? Hm"
    reply.press("Enter")
    visitor.get_by_text("How can I help? Hm").wait_for()
    log.get_by_text("How can I help? Hm").wait_for()
    assert line.evaluate("line => line.isConnected")  # what was said stays where it is


def they_send_each_other_files(visitor: Page, ann: Page) -> None:
    receipt = {"name": "receipt.txt", "mimeType": "text/plain", "buffer": b"Total 30"}
    visitor.locator("input[type=file]").set_input_files(files=[receipt])
    with ann.expect_download() as fetched:
        ann.locator(".desk-log").get_by_role("link", name="receipt.txt").click()
    assert fetched.value.path().read_bytes() == b"Total 30"
    refund = {"name": "refund.txt", "mimeType": "text/plain", "buffer": b"Refund 30"}
    with ann.expect_file_chooser() as chooser:
        ann.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files(files=[{**refund, "buffer": b"MZ\x90\x00"}])
    ann.get_by_text("Files of this kind cannot be sent").wait_for()
    with ann.expect_file_chooser() as chooser:
        ann.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files(files=[refund])
    with visitor.expect_download() as fetched:
        visitor.get_by_role("button", name="Download refund.txt").click()
    assert fetched.value.path().read_bytes() == b"Refund 30"
    ann.locator(".desk-log").get_by_role("link", name="refund.txt").wait_for()

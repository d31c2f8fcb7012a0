"""To whom an agent can hand a customer on."""

from __future__ import annotations

from pathlib import Path

from blocks.catalogue import catalogue
from designer.desk.handing import targets
from designer.desk.looks import Looks
from designer.desk.words import WORDS
from flowlang.project import load
from runtime.publishing import checked
from runtime.serving import open_site

PROJECT = """
name = "Shop"

[entries.shop]
flow = "shop"
channels = ["chat"]
title = { en = "The shop", ko = "가게" }

[queues.Desk]
title = { en = "Orders" }
"""
FLOW = """
flow {name} "{title}"
  channels {channels}
  type {type}

start:
  play "Hello."
  -> hang_up
"""
FLOWS = {
    "shop": ("Shop", "chat, voice", "inbound"),
    "refunds": ("Refunds", "chat, voice", "agent_transfer"),
    "operator": ("Operator", "voice", "queue_transfer"),
    "whisper": ("Whisper", "chat, voice", "agent_whisper"),
}


async def test_flows_that_can_take_them_over_on_their_channel(tmp_path: Path) -> None:
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    for name, (title, channels, type_) in FLOWS.items():
        text = FLOW.format(name=name, title=title, channels=channels, type=type_)
        (tmp_path / f"{name}.flow").write_text(text, encoding="utf-8")
    project, problems = load(tmp_path)
    assert project is not None, problems
    sources = checked(tmp_path, catalogue()).sources
    assert sources is not None
    site = open_site(project, tmp_path, catalogue(), environment={}, show=lambda text: None)
    await site.start(sources)
    try:
        begun = await site.reception.begin("chat/shop/v", "e1", channel="chat", entry="shop")
        contact = await site.reception.contact(begun)
        looks = Looks(site, "en", WORDS["en"])
        found = [(each.to, each.title) for each in targets(looks, contact, is_call=False)]
        assert found == [("queue", "Orders"), ("flow", "Refunds"), ("flow", "The shop")]
        assert targets(looks, contact, is_call=True)[-1].to == "number"
    finally:
        await site.stop()

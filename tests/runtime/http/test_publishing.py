"""Versions while somebody serves: whoever publishes on the store is followed."""

from __future__ import annotations

import asyncio

from runtime.commands import publish, rollback
from runtime.versions import Sources
from tests.runtime.http.conftest import Live


async def greeting(live: Live) -> str:
    """What a new customer hears first."""
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        return browser.texts[0]


async def command(main: object, *arguments: str) -> int:
    assert callable(main)
    code: int = await asyncio.to_thread(main, list(arguments))
    return code


async def test_a_running_server_follows(live: Live) -> None:
    folder, versions = str(live.folder), live.site.versions
    assert await greeting(live) == "Hello. What can we do?"
    path = live.folder / "shop.flow"
    path.write_text(path.read_text().replace("Hello.", "Good day."))
    assert await command(publish.main, folder, "--who", "ada") == 0
    await live.until(lambda: len(versions.releases) == 2)
    assert await greeting(live) == "Good day. What can we do?"
    assert await command(rollback.main, folder, "--who", "bob") == 0
    await live.until(lambda: len(versions.releases) == 3)
    assert await greeting(live) == "Hello. What can we do?"
    assert [each.who for each in versions.releases] == ["", "ada", "bob"]


async def test_a_start_publishes_what_is_new_and_nothing_else(live: Live) -> None:
    site, folder = live.site, live.folder
    text = (folder / "shop.flow").read_text()
    old = Sources.of_folder(folder, site.project)
    new = Sources.of_folder(folder, site.project, {"shop.flow": text.replace("Hello.", "Hi.")})
    await site.publish(old, who="")
    await site.publish(new, who="ada")
    number = len(site.versions.releases)
    await site.versions.roll_back(site.store, number - 1, who="bob", at=site.host.clock())
    newest = site.versions.newest
    assert newest is not None
    assert newest.sources == new.id, "a restart with these on the disk stays with the older ones"
    current = site.versions.current
    assert current is not None
    assert current.sources.id == old.id

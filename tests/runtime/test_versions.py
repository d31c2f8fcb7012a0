"""Versions: who gets which, and who could go on in a new one."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from runtime.commands import backup, publish, rollback
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.host import Body, Host
from runtime.moving import outlook
from runtime.place import open_store
from runtime.publishing import checked, move, prospects
from runtime.security.keys import ENVIRONMENT
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore
from runtime.versions import Sources, Version, Versions

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
FLOW = """
flow shop
  on error -> bye

queue desk = "Desk"
attribute wish: text = ""

menu:
  ask "Tea or coffee?" #ask
    on "tea" -> tea
    on "coffee" -> bye
    on timeout, no_match -> bye

tea:
  ask "With milk?"
    on "yes" -> bye
    on timeout, no_match -> bye

bye:
  play "Bye."
  -> hang_up
""".replace(" #ask", "")


def changed(*pairs: tuple[str, str]) -> str:
    text = FLOW
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def version(text: str) -> Version:
    return Version(Sources.alone({"main": text}), catalogue())


def contact_at(step: str, **values: Any) -> Contact:
    old = version(FLOW)
    defaults: dict[str, Any] = {"id": "c", "program": f"{old.sources.id}:main.flow",
                                "channel": "chat", "step": step, "turn": 3}  # fmt: skip
    return Contact(**{**defaults, **values})


def fate(step: str, text: str, **values: Any) -> tuple[str, str]:
    """Where a contact goes on, or why it cannot."""
    found = outlook(contact_at(step, **values), version(FLOW), version(text))
    return (found.reason, found.about) if found.reason else ("", found.contact.step)


# --- who could go on ------------------------------------------------------------------------------


def steps() -> tuple[str, str]:
    program = version(FLOW).program("main.flow")
    assert program is not None
    first, second = [name for name, step in program.steps.items() if step.kind == "ask"]
    return first, second


FIRST, SECOND = steps()


def test_a_text_elsewhere_is_nobodys_matter() -> None:
    assert fate(FIRST, changed(('"Bye."', '"See you."'))) == ("", FIRST)
    assert fate(SECOND, changed(('"Bye."', '"See you."'))) == ("", SECOND)


def test_another_question_is_another_step_whatever_its_name() -> None:
    text = changed(('"Tea or coffee?"', '"Red or white?"'))
    assert fate(FIRST, text) == ("changed", FIRST)
    assert fate(SECOND, text) == ("", SECOND)


def test_other_answers_are_another_step() -> None:
    text = changed(('    on "coffee" -> bye\n', ""))
    assert fate(FIRST, text) == ("changed", FIRST)


def test_the_same_question_under_another_name_is_the_same_step() -> None:
    text = changed(("-> tea", "-> milk"), ("tea:", "milk:"))
    assert fate(SECOND, text) == ("", SECOND.replace("tea", "milk"))


def test_names_that_changed_places_do_not_confuse() -> None:
    text = changed(('"Tea or coffee?"', '"X"'), ('"With milk?"', '"Tea or coffee?"'),
                   ('"X"', '"With milk?"'))  # fmt: skip
    assert fate(FIRST, text) == ("changed", FIRST)


def test_what_is_removed() -> None:
    text = FLOW[: FLOW.index("tea:")] + FLOW[FLOW.index("bye:") :]
    assert fate(SECOND, text.replace("-> tea", "-> bye")) == ("removed", SECOND)


def test_of_steps_that_look_alike_what_follows_tells() -> None:
    again = '\nagain:\n  ask "With milk?"\n    on "yes" -> menu\n    on timeout, no_match -> bye\n'
    renamed = changed(("-> tea", "-> milk"), ("tea:", "milk:"))
    assert fate(SECOND, renamed + again) == ("", SECOND.replace("tea", "milk"))
    twin = '\nagain:\n  ask "With milk?"\n    on "yes" -> bye\n    on timeout, no_match -> bye\n'
    assert fate(SECOND, renamed + twin) == ("ambiguous", SECOND)
    assert fate(SECOND, FLOW + twin) == ("", SECOND)


def test_an_attribute_of_another_type() -> None:
    assert fate(FIRST, changed(("wish: text = \"\"", "wish: integer = 0"))) == (
        "attribute", "wish")  # fmt: skip


def test_a_new_attribute_has_its_first_value() -> None:
    text = changed(('attribute wish: text = ""',
                    'attribute wish: text = ""\nattribute size: integer = 3'))  # fmt: skip
    found = outlook(contact_at(FIRST, values={"wish": "x"}), version(FLOW), version(text))
    assert found.contact.values == {"wish": "x", "size": 3}
    assert found.contact.program == f"{version(text).sources.id}:main.flow"


def test_a_result_that_nobody_gave() -> None:
    crm = 'function crm = "crm" (phone: phone) -> (name: text)\n'
    text = changed(
        ("attribute", f"{crm}attribute"),
        ("menu:\n", "start:\n  crm phone: caller.number\n  -> menu\n\nmenu:\n"),
        ('"Bye."', '"Bye {crm.name}."'),
    )
    assert fate(FIRST, text) == ("result", "crm")
    assert fate(FIRST, text, local={"crm": {"name": "Ada"}}) == ("", FIRST)


def test_a_flow_that_is_gone() -> None:
    new = Version(Sources(flows={"other.flow": FLOW}, entries={"main": "other.flow"}), catalogue())
    assert outlook(contact_at(FIRST), version(FLOW), new).reason == "flow"


# --- new contacts and old ones --------------------------------------------------------------------


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = open_store(project(tmp_path, FLOW))
    yield opened
    await opened.close()


async def test_what_a_project_keeps_stays_out_of_version_control(
    tmp_path: Path, store: SqliteStore
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    shown = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "flowlang.toml" in shown
    assert ".flowlang/" not in shown


def project(folder: Path, text: str) -> Path:
    (folder / "flowlang.toml").write_text(
        'name = "Shop"\n[entries.main]\nflow = "main"\nchannels = ["chat"]\n[queues.Desk]\n'
    )
    (folder / "main.flow").write_text(text)
    return folder


class Process:
    """Somebody who serves a store."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.versions = Versions(catalogue())
        self.said: list[str] = []
        self.host = Host(
            store,
            {"contact": ContactEntity(self.versions, World())},
            {"customer": self.take},
            clock=lambda: AT,
            catch_up=lambda: self.versions.load(store),
        )

    async def take(self, parcel: Parcel) -> Body | None:
        if parcel.body["effect"] == "Say":
            self.said.append(parcel.body["text"])
        return None

    async def publish(self, text: str) -> int:
        sources = Sources.alone({"main": text})
        return (await self.versions.publish(self.store, sources, who="ada", at=AT)).number

    async def tell(self, name: str, event: str, event_id: str, **values: Any) -> None:
        await self.host.post(f"contact/{name}", self.host.event(event, id=event_id, **values))
        await self.host.idle()

    async def begin(self, name: str) -> None:
        await self.tell(name, "Started", f"{name} 1", channel="chat", entry="main")

    async def contact(self, name: str) -> Contact:
        found = await self.store.load(f"contact/{name}")
        assert found is not None
        return Contact.from_bytes(found[1])


NEW = changed(('"Bye."', '"See you."'))


async def test_a_contact_finishes_on_the_version_that_it_began_with(store: SqliteStore) -> None:
    process = Process(store)
    assert await process.publish(FLOW) == 1
    await process.begin("a")
    assert await process.publish(NEW) == 2
    assert await process.publish(NEW) == 2
    await process.begin("b")
    for name in ("a", "b"):
        await process.tell(name, "Heard", f"{name} 2", text="coffee")
    assert process.said[-2:] == ["Bye.", "See you."]
    again = Process(store)
    await again.versions.load(store)
    assert [each.who for each in again.versions.releases] == ["ada", "ada"]


async def test_back_to_an_older_version(store: SqliteStore) -> None:
    process = Process(store)
    await process.publish(FLOW)
    await process.publish(NEW)
    done = await process.versions.roll_back(store, 1, who="bob", at=AT)
    assert done is not None
    assert (done.number, done.of, done.who) == (3, 1, "bob")
    await process.begin("a")
    await process.tell("a", "Heard", "a 2", text="coffee")
    assert process.said[-1] == "Bye."
    assert await process.versions.roll_back(store, 9, who="bob", at=AT) is None
    assert process.versions.newest is not None
    assert process.versions.newest.number == 2


async def test_another_process_learns_of_a_version_when_it_meets_a_contact(
    store: SqliteStore,
) -> None:
    publisher, other = Process(store), Process(store)
    await publisher.publish(FLOW)
    await publisher.begin("a")
    await other.tell("a", "Heard", "a 2", text="tea")
    assert other.said == ["With milk?"]


async def test_those_who_can_are_moved(store: SqliteStore) -> None:
    process = Process(store)
    await process.publish(FLOW)
    for name in ("first", "second", "third"):
        await process.begin(name)
    await process.tell("second", "Heard", "2", text="tea")
    await process.tell("third", "CustomerLeft", "3")
    new = changed(('"Bye."', '"See you."'), ('"Tea or coffee?"', '"Red or white?"'))
    affected = await prospects(store, process.versions, Sources.alone({"main": new}))
    assert sorted((each.contact.id, each.reason) for each in affected) == [
        ("first", "changed"), ("second", "")]  # fmt: skip
    await process.publish(new)
    assert await move(store, process.versions, affected) == 1
    assert await move(store, process.versions, affected) == 0
    assert (await process.contact("second")).program.startswith(version(new).sources.id)
    await process.tell("second", "Heard", "4", text="yes")
    await process.tell("first", "Heard", "5", text="coffee")
    assert process.said[-2:] == ["See you.", "Bye."]


async def test_a_version_from_before_there_were_several_flows(store: SqliteStore) -> None:
    from runtime.program import program_id

    await store.put_note("version", program_id(FLOW), FLOW.encode())
    await store.put_note("versions", "all", f'["{program_id(FLOW)}"]'.encode())
    process = Process(store)
    await process.publish(NEW)
    assert process.versions(program_id(FLOW)) is not None


# --- commands -------------------------------------------------------------------------------------


Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def test_publish_and_roll_back(tmp_path: Path, capsys: Out) -> None:
    folder = str(project(tmp_path, FLOW))
    assert publish.main([folder, "--who", "ada"]) == 0
    assert "version 1 is published" in capsys.readouterr().out
    assert publish.main([folder]) == 0
    assert "nothing was published" in capsys.readouterr().out
    project(tmp_path, NEW)
    assert publish.main([folder, "--dry-run"]) == 0
    assert "would be version 2" in capsys.readouterr().out
    assert publish.main([folder, "--who", "bob", "--lang", "ko"]) == 0
    assert "버전 2" in capsys.readouterr().out
    assert rollback.main([folder, "--who", "ada"]) == 0
    assert "version 3 says what version 1 said" in capsys.readouterr().out
    assert rollback.main([folder]) == 1
    assert "no version before" in capsys.readouterr().err
    assert rollback.main([folder, "2"]) == 0
    assert rollback.main([folder, "7"]) == 1
    capsys.readouterr()
    assert rollback.main([folder, "--list"]) == 0
    lines = [row.split() for row in capsys.readouterr().out.splitlines()]
    assert [(row[0], row[2]) for row in lines][:3] == [("1", "ada"), ("2", "bob"), ("3", "ada")]
    assert lines[3][-2:] == ["=", "2"]


def test_a_project_with_errors_is_not_published(tmp_path: Path, capsys: Out) -> None:
    folder = str(project(tmp_path, changed(("-> tea", "-> teaa"))))
    assert publish.main([folder]) == 1
    error = capsys.readouterr().err
    assert "FL203" in error
    assert "nothing is published" in error
    assert rollback.main([folder]) == 1
    assert "nothing is published yet" in capsys.readouterr().err


def test_a_link_to_nowhere_is_an_error_of_the_project(tmp_path: Path, capsys: Out) -> None:
    text = changed(
        ('queue desk = "Desk"\n', 'queue desk = "Desk"\nmodule verify = "gone"\n'),
        ("menu:\n", "start:\n  verify\n    on error -> bye\n  -> menu\n\nmenu:\n"),
    )
    folder = project(tmp_path, text)
    assert publish.main([str(folder)]) == 1
    assert "gone" in capsys.readouterr().err
    (folder / "gone.flow").write_text("module gone\n\nstart:\n  return\n")
    assert publish.main([str(folder)]) == 0


def test_what_is_being_written_counts_before_what_is_on_the_disk(tmp_path: Path) -> None:
    folder = project(tmp_path, FLOW)
    link = FLOW.replace('queue desk = "Desk"\n', 'queue desk = "Desk"\nmodule verify = "gone"\n')
    link = link.replace("menu:\n", "start:\n  verify\n    on error -> bye\n  -> menu\n\nmenu:\n")
    found = checked(folder, catalogue(), {"main.flow": link})
    assert found.sources is None
    assert checked(folder, catalogue(), {"main.flow": NEW}).sources is not None


@pytest.mark.parametrize("command", [publish.main, rollback.main])
def test_what_cannot_be_read(command: Any, tmp_path: Path, capsys: Out) -> None:
    assert command([str(tmp_path)]) == 2
    assert "flowlang.toml" in capsys.readouterr().err
    folder = str(project(tmp_path, FLOW))
    assert command([folder, "--store", "mysql://x"]) == 2
    (tmp_path / "bad.db").write_bytes(b"no store at all, but long enough to look at" * 99)
    assert command([folder, "--store", f"sqlite:///{tmp_path}/bad.db"]) == 2
    assert "cannot be used" in capsys.readouterr().err


def test_another_master_key(tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(project(tmp_path, FLOW))
    assert publish.main([folder]) == 0
    monkeypatch.setenv(ENVIRONMENT, "A" * 43 + "=")
    assert publish.main([folder]) == 2
    assert "another master key" in capsys.readouterr().err
    assert publish.main([folder, "--lang", "ko"]) == 2
    assert "다른 마스터 키" in capsys.readouterr().err


async def test_it_says_before_who_must_finish(store: SqliteStore, tmp_path: Path,
                                              capsys: Out) -> None:  # fmt: skip
    process = Process(store)
    sources = Sources(flows={"main.flow": FLOW}, entries={"main": "main.flow"})
    await process.versions.publish(store, sources, who="ada", at=AT)
    for name in ("a", "b", "c"):
        await process.begin(name)
    await process.tell("c", "Heard", "c 2", text="tea")
    project(tmp_path, changed(('"Tea or coffee?"', '"Red or white?"')))

    def run() -> Mapping[str, int]:
        return {"code": publish.main([str(tmp_path), "--move"])}

    import asyncio

    assert await asyncio.to_thread(run) == {"code": 0}
    said = capsys.readouterr().out
    assert "1 under way could go on in this version; 2 must finish" in said
    assert f"2  `{FIRST}` asks or is answered otherwise now" in said
    assert said.index("must finish") < said.index("is published") < said.index("1 of them go on")


def test_backup(tmp_path: Path, capsys: Out) -> None:
    folder = project(tmp_path, FLOW)
    assert publish.main([str(folder)]) == 0
    target = tmp_path / "copy.db"
    assert backup.main([str(folder), str(target)]) == 0
    assert "master key" in capsys.readouterr().out
    assert backup.main([str(folder), str(target)]) == 1
    assert "there already" in capsys.readouterr().err
    assert backup.main([str(folder), str(tmp_path / "no" / "copy.db")]) == 1
    (tmp_path / "master.key").write_bytes((folder / ".flowlang" / "master.key").read_bytes())
    assert rollback.main([str(folder), "--store", f"sqlite:///{target}", "--list"]) == 0
    assert capsys.readouterr().out.split()[0] == "1"


def test_flows_for_transfers_are_published_though_nothing_leads_to_them(tmp_path: Path) -> None:
    typed = 'flow {} "{}"\n  type {}\n\nstart:\n  play "Hello."\n  -> hang_up\n'
    (tmp_path / "flowlang.toml").write_text(
        'name = "Shop"\n[entries.shop]\nflow = "shop"\nchannels = ["chat"]\n'
        '[queues.Desk]\n[agents.ann]\nname = "Ann"\nqueues = ["Desk"]\n'
    )
    (tmp_path / "shop.flow").write_text(FLOW)
    for name, type_ in (("billing", "queue_transfer"), ("whisper", "agent_whisper")):
        text = typed.format(name, name.title(), type_)
        (tmp_path / f"{name}.flow").write_text(text)
    (tmp_path / "draft.flow").write_text(FLOW.replace("flow shop", "flow draft"))
    found = checked(tmp_path, catalogue())
    assert found.sources is not None, found.errors
    assert set(found.sources.flows) == {"shop.flow", "billing.flow"}
    taking_over = dict(Version(found.sources, catalogue()).taking_over())
    assert {path: header.title for path, header in taking_over.items()} == {
        "billing.flow": "Billing", "shop.flow": None,
    }  # fmt: skip

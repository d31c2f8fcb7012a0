"""An open flow: one text, one undo, one file, and what pages hear of it."""

from __future__ import annotations

import asyncio
import json
import random
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from designer.aside import aside
from designer.drawing import changes, draw
from designer.session import Session, Update
from flowlang.diagnostics import Edit, Problem
from flowlang.edits import (
    Add,
    Connect,
    Delete,
    Insert,
    Move,
    RenameSection,
    SetParameter,
    apply,
)

SUPPORT = (Path(__file__).parents[1] / "flowlang/edits/support.flow").read_text(encoding="utf-8")


@pytest.fixture
def session() -> Session:
    return Session(SUPPORT, catalogue())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "support.flow"
    path.write_bytes(SUPPORT.encode())
    return path


def heard(session: Session) -> list[Update]:
    updates: list[Update] = []
    session.listen(updates.append)
    return updates


def patched(document: dict, patch: dict) -> dict:
    """What the canvas has after a patch."""
    result = {}
    for key in ("nodes", "wires", "sections"):
        items = {item["id"]: item for item in document[key]}
        for gone in patch.get(f"drop_{key}", ()):
            del items[gone]
        items |= {item["id"]: item for item in patch.get(key, ())}
        result[key] = items
    result["entry"] = patch.get("entry", document["entry"])
    return result


def keyed(document: dict) -> dict:
    return patched(document, {})


# --- one text -----------------------------------------------------------------------------------


def test_drawing_changes_the_text_and_says_so(session: Session) -> None:
    before = session.document("ko")
    updates = heard(session)
    assert session.apply(Insert(kind="play", source="start.voice_id", port="next")) is None
    (update,) = updates
    assert update.origin == "canvas"
    assert apply(SUPPORT, update.edits) == session.text
    assert update.select == ("start.play",)
    assert update.ids == {"start.play": "start.play.2"}
    assert patched(before, update.patches["ko"]) == keyed(session.document("ko"))
    assert update.patches.keys() == {"ko"}


def test_typing_changes_the_canvas_and_sends_little(session: Session) -> None:
    session.document("en")
    updates = heard(session)
    session.replace_text(SUPPORT.replace("repeat 2", "repeat 3"))
    (update,) = updates
    assert update.origin == "text"
    patch = update.patches["en"]
    assert [node["id"] for node in patch["nodes"]] == ["retry.repeat"]
    assert patch.keys() == {"nodes"}
    assert len(json.dumps(patch)) < 1_000


def test_what_is_refused_changes_nothing(session: Session) -> None:
    updates = heard(session)
    problem = session.apply(Connect(source="start.play", port="next", target="gone"))
    assert isinstance(problem, Problem)
    assert problem.code == "FL123"
    assert session.text == SUPPORT
    assert not session.can_undo
    assert updates == []


def test_a_fix_is_an_edit_like_any_other(session: Session) -> None:
    at = SUPPORT.index("repeat 2")
    session.apply_edits([Edit(start=at, end=at + 8, text="repeat 4")])
    assert "repeat 4" in session.text
    session.undo()
    assert session.text == SUPPORT


def test_problems_come_with_the_change(session: Session) -> None:
    updates = heard(session)
    session.replace_text(SUPPORT.replace("-> menu\n\nmenu", "-> menuu\n\nmenu"))
    assert any(problem.severity == "error" for problem in updates[-1].problems)
    assert session.problems == updates[-1].problems
    session.undo()
    assert not any(problem.severity == "error" for problem in session.problems)


def test_a_check_can_come_later_and_only_for_the_last_text() -> None:
    waiting: list = []
    session = Session(SUPPORT, catalogue(), later=lambda *due: waiting.append(due))
    session.document("en")
    updates = heard(session)
    session.replace_text(SUPPORT.replace("-> chatbot", "-> chatbott"))
    session.replace_text(session.text.replace("repeat 2", "repeat 3"))
    assert session.problems == ()
    for work, take in waiting:
        take(work())
    assert [update.origin for update in updates] == ["text", "text", "check"]
    assert any(problem.severity == "error" for problem in updates[-1].problems)
    assert "menu.ask" in [node["id"] for node in updates[-1].patches["en"]["nodes"]]


def test_a_small_flow_is_checked_at_once() -> None:
    waiting: list = []
    session = Session(SUPPORT, catalogue(), later=lambda *due: waiting.append(due), at_once=1_000)
    session.replace_text(SUPPORT.replace("-> chatbot", "-> chatbott"))
    assert any(problem.severity == "error" for problem in session.problems)
    assert waiting == []


def test_whoever_cannot_wait_has_the_text_checked() -> None:
    waiting: list = []
    session = Session(SUPPORT, catalogue(), later=lambda *due: waiting.append(due))
    session.replace_text(SUPPORT.replace("-> chatbot", "-> chatbott"))
    updates = heard(session)
    problems = session.be_checked()
    assert any(problem.severity == "error" for problem in problems)
    for work, take in waiting:
        take(work())
    assert [update.origin for update in updates] == ["check"]
    assert session.be_checked() is problems


def test_until_it_is_checked_nothing_is_told_of_lines_that_changed() -> None:
    wrong = SUPPORT.replace("-> chatbot", "-> chatbott")
    session = Session(wrong, catalogue(), later=lambda *_due: None)
    told_of = next(problem for problem in session.problems if problem.severity == "error")
    assert told_of.place is not None
    session.replace_text("# A line above.\n\n" + wrong)
    assert told_of.place in [problem.place for problem in session.problems]
    session.replace_text(session.text.replace("chatbott", "chatbots"))
    assert told_of.place not in [problem.place for problem in session.problems]


def test_work_aside_hands_its_result_in_where_pages_live() -> None:
    async def page() -> list[object]:
        found: list[object] = []
        done = asyncio.Event()

        def take(thread: int) -> None:
            found.extend([thread, threading.get_ident()])
            done.set()

        aside(threading.get_ident, take)
        assert found == []
        await asyncio.wait_for(done.wait(), 5)
        return found

    worker, here = asyncio.run(page())
    assert worker != here == threading.get_ident()
    at_once: list[int] = []
    aside(threading.get_ident, at_once.append)
    assert at_once == [threading.get_ident()]


def test_whoever_stops_listening_hears_no_more(session: Session) -> None:
    updates: list[Update] = []
    stop = session.listen(updates.append)
    stop()
    session.apply(Add(kind="play"))
    assert updates == []


# --- undo ---------------------------------------------------------------------------------------


def test_one_undo_for_canvas_form_and_text(session: Session) -> None:
    texts = [session.text]
    session.apply(Add(kind="play", x=0, y=0))
    texts.append(session.text)
    session.apply(SetParameter(block="play.play", key="text", value="안녕"))
    texts.append(session.text)
    session.replace_text(session.text.replace("repeat 2", "repeat 3"))
    texts.append(session.text)
    session.apply(RenameSection(section="menu", name="주메뉴"))
    last = session.text
    for text in reversed(texts):
        assert session.undo()
        assert session.text == text
    assert not session.undo()
    while session.redo():
        pass
    assert session.text == last


def test_typing_on_is_one_step(session: Session) -> None:
    text = SUPPORT
    at = SUPPORT.index("안녕하세요") + len("안녕하세요")
    for letter in " 여러분":
        text = text[:at] + letter + text[at:]
        at += 1
        session.replace_text(text)
    for _ in range(2):
        text = text[: at - 1] + text[at:]
        at -= 1
        session.replace_text(text)
    assert session.undo()
    assert session.text == SUPPORT
    assert session.redo()
    assert session.text == text


def test_typing_elsewhere_or_a_new_line_is_another_step(session: Session) -> None:
    session.replace_text(SUPPORT.replace("repeat 2", "repeat 25"))
    session.replace_text(session.text.replace("timeout: 5s", "timeout: 55s"))
    session.undo()
    assert session.text == SUPPORT.replace("repeat 2", "repeat 25")


def test_a_new_change_ends_what_could_be_redone(session: Session) -> None:
    session.apply(Add(kind="play"))
    session.undo()
    assert session.can_redo
    session.apply(Add(kind="ask"))
    assert not session.can_redo


def test_undo_puts_every_card_back_where_it_was(session: Session) -> None:
    before = keyed(session.document("en"))
    session.apply(Insert(kind="ask", source="start.record", port="next"))
    session.apply(Delete(blocks=("menu.ask",)))
    session.undo()
    session.undo()
    assert keyed(session.document("en")) == before


def drawn_anew(session: Session) -> dict:
    """The same with nothing known but where everything stands."""
    fresh = Session(session.text, catalogue())
    assert tuple(map(told, session.problems)) == tuple(map(told, fresh.problems))
    return draw(
        session.shown.wiring,
        problems=(*fresh.problems, *session.shown.marks),
        before=session.drawing("en").arrangement,
        exactly=True,
    ).document


def told(problem: Problem) -> tuple:
    return problem.code, problem.place and problem.place.offsets, problem.block, problem.arguments


@given(st.integers(0, 2**32))
def test_any_changes_can_be_taken_back_and_done_again(seed: int) -> None:
    chance = random.Random(seed)
    session = Session(SUPPORT, catalogue())
    canvas = session.document("en")
    shown = keyed(canvas)

    def follow(update: Update) -> None:
        nonlocal shown
        shown = patched({k: list(v.values()) if k != "entry" else v for k, v in shown.items()},
                        update.patches["en"])  # fmt: skip

    session.listen(follow)
    for _ in range(8):
        step = chance.choice(list(session.wiring.steps)) if session.wiring.steps else ""
        match chance.randrange(5):
            case 0:
                session.apply(Add(kind=chance.choice(["play", "ask"])))
            case 1:
                session.apply(Insert(kind="play", source=step, port="next"))
            case 2:
                session.apply(Delete(blocks=(step,)))
            case 3:
                session.apply(Move(places={step: (8 * chance.randrange(99), 0)}))
            case 4:
                start = chance.randrange(len(session.text))
                end = start + chance.randrange(20)
                typed = chance.choice(["", "x", '"', "\n", "  play\n"])
                session.replace_text(session.text[:start] + typed + session.text[end:])
        assert shown == keyed(session.document("en")) == keyed(drawn_anew(session))
    last = session.text
    while session.undo():
        assert shown == keyed(session.document("en")) == keyed(drawn_anew(session))
    assert session.text == SUPPORT
    while session.redo():
        pass
    assert session.text == last


# --- a text that is broken somewhere ------------------------------------------------------------


def test_a_broken_section_is_shown_as_it_was_and_marked(session: Session) -> None:
    before = keyed(session.document("en"))
    session.replace_text(SUPPORT.replace("    digits: 1\n", "    digits: ((\n"))
    after = keyed(session.document("en"))
    assert after["nodes"].keys() == before["nodes"].keys()
    menu = after["nodes"]["menu.ask"]
    assert menu["problem"]["level"] == "error"
    assert {**menu, "problem": None} == {**before["nodes"]["menu.ask"], "problem": None}
    assert after["wires"] == before["wires"]


def test_so_is_one_whose_first_line_is_broken(session: Session) -> None:
    before = keyed(session.document("en"))
    session.replace_text(SUPPORT.replace("menu:\n", "menu (:\n"))
    after = keyed(session.document("en"))
    assert after["nodes"].keys() == before["nodes"].keys()
    assert after["nodes"]["menu.ask"]["problem"]["level"] == "error"
    session.undo()
    assert keyed(session.document("en")) == before


def test_the_other_sections_can_be_edited_meanwhile(session: Session) -> None:
    session.replace_text(SUPPORT.replace("    digits: 1\n", "    digits: ((\n"))
    assert session.apply(Connect(source="start.set", port="next", target="sorry")) is None
    assert "digits: ((" in session.text
    problem = session.apply(Delete(blocks=("menu.ask",)))
    assert isinstance(problem, Problem)
    assert problem.code == "FL129"


def test_a_section_that_somebody_deletes_is_not_shown(session: Session) -> None:
    start, end = SUPPORT.index("after_hours:\n"), SUPPORT.index("sorry:\n")
    session.document("en")
    session.replace_text(SUPPORT[:start] + SUPPORT[end:])
    assert "after_hours.play" not in keyed(session.document("en"))["nodes"]


def test_what_is_typed_in_between_leaves_the_others_in_place(session: Session) -> None:
    before = session.document("en")
    session.replace_text(
        SUPPORT.replace("  check_hours office\n", '  play "x"\n  check_hours office\n')
    )
    after = keyed(session.document("en"))["nodes"]
    moved = [n["id"] for n in before["nodes"] if after[n["id"]]["x"] != n["x"]]
    assert moved
    assert all(block.startswith("start.") for block in moved)


# --- two languages ------------------------------------------------------------------------------


def test_each_language_has_a_canvas_of_its_own(session: Session) -> None:
    english, korean = session.document("en"), session.document("ko")
    assert english["nodes"][0]["label"] == "Record the conversation"
    assert korean["nodes"][0]["label"] != english["nodes"][0]["label"]
    updates = heard(session)
    session.apply(Add(kind="play"))
    assert updates[0].patches.keys() == {"en", "ko"}


def test_the_outline_reads_the_flow(session: Session) -> None:
    outline = session.outline("en")
    assert [section.id for section in outline][:3] == ["start", "menu", "retry"]
    menu = outline[1].steps[0]
    assert menu.kind == "Ask with keys"
    assert ('"1"', "billing_desk: tier") in menu.outcomes
    deflect = next(section for section in outline if section.id == "deflect")
    assert ("accepted", "Hang up") in deflect.steps[0].outcomes


def test_folding_is_seen_by_all_and_changes_no_text(session: Session) -> None:
    session.document("en")
    updates = heard(session)
    session.fold("menu", folded=True)
    (patch,) = updates[0].patches.values()
    assert [(s["id"], s["folded"]) for s in patch["sections"]] == [("menu", True)]
    assert session.text == SUPPORT
    assert not session.can_undo
    session.fold("menu", folded=False)
    assert not any(s["folded"] for s in session.document("en")["sections"])


# --- its file -----------------------------------------------------------------------------------


def test_every_change_is_saved_at_once(file: Path) -> None:
    file.chmod(0o640)
    session = Session(file, catalogue())
    session.apply(Add(kind="play"))
    assert file.read_text(encoding="utf-8") == session.text
    assert session.file == "saved"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_line_ends_and_marks_of_the_file_are_kept(file: Path) -> None:
    data = b"\xef\xbb\xbf" + SUPPORT.replace("\n", "\r\n").encode()
    file.write_bytes(data)
    session = Session(file, catalogue())
    session.apply(Add(kind="play"))
    session.undo()
    assert file.read_bytes() == data


def test_nobody_elses_work_is_overwritten(file: Path) -> None:
    session = Session(file, catalogue())
    updates = heard(session)
    theirs = SUPPORT.replace("repeat 2", "repeat 7")
    file.write_text(theirs, encoding="utf-8")
    session.apply(Add(kind="play"))
    assert updates[-1].file == "changed elsewhere"
    assert file.read_text(encoding="utf-8") == theirs
    assert "play:\n" in session.text
    session.reload()
    assert session.text == theirs
    assert session.file == "saved"
    session.undo()
    assert "play:\n" in session.text
    assert file.read_text(encoding="utf-8") == session.text


def test_both_can_be_kept(file: Path) -> None:
    session = Session(file, catalogue())
    theirs = SUPPORT.replace("repeat 2", "repeat 7")
    file.write_text(theirs, encoding="utf-8")
    assert session.look() == "changed elsewhere"
    session.apply(Add(kind="play"))
    other = session.keep_both()
    assert other == file.with_name("support-2.flow")
    assert other.read_text(encoding="utf-8") == theirs
    assert file.read_text(encoding="utf-8") == session.text
    assert session.file == "saved"


def test_looking_tells_of_a_change_once(file: Path) -> None:
    session = Session(file, catalogue())
    updates = heard(session)
    assert session.look() == "saved"
    file.write_text(SUPPORT, encoding="utf-8")  # the same text at another time
    assert session.look() == "saved"
    assert updates == []
    file.write_text("flow other\n", encoding="utf-8")
    session.look()
    session.look()
    assert [update.file for update in updates] == ["changed elsewhere"]


def test_a_file_that_is_gone_is_written_again(file: Path) -> None:
    session = Session(file, catalogue())
    file.unlink()
    assert session.look() == "gone"
    session.apply(Add(kind="play"))
    assert file.read_text(encoding="utf-8") == session.text


def test_a_file_that_is_no_text_is_left_alone(file: Path) -> None:
    file.write_bytes(b"flow \xff\xfe")
    session = Session(file, catalogue())
    assert session.file == "unreadable"
    problem = session.apply(Add(kind="play"))
    assert isinstance(problem, Problem)
    assert problem.code == "FL135"
    assert file.read_bytes() == b"flow \xff\xfe"


def test_a_write_that_fails_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(file, catalogue())

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    session.apply(Add(kind="play"))
    assert session.file == "unsaved"
    assert file.read_text(encoding="utf-8") == SUPPORT
    assert list(file.parent.iterdir()) == [file]
    monkeypatch.undo()
    assert session.save() == "saved"
    assert file.read_text(encoding="utf-8") == session.text


def test_changes_of_the_same_document_are_none(session: Session) -> None:
    assert changes(session.document("en"), session.document("en")) == {}

"""Talking with a flow in the terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from flowlang.diagnostics.words import LANGUAGES
from runtime.commands import phone, run
from runtime.commands import test as test_command
from runtime.commands.phone import Misspoken, Phone
from runtime.simulator import NoServices
from tests.runtime.testing.flows import DESK, OfficeWorld, desk

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "examples" / "support" / "support.flow"


class Talk:
    def __init__(self, *, channel: str = "voice", known: bool = True) -> None:
        self.lines: list[str] = []
        world = OfficeWorld() if known else run.World()
        self.phone = Phone(
            desk(), AT, world=world, services=NoServices(), language="en", write=self.lines.append
        )
        self.phone.start(caller="+821012345678", channel=channel)

    def enter(self, *lines: str) -> str:
        """What is told after the last of the lines."""
        for line in lines:
            self.lines.clear()
            self.phone.enter(line)
        return "\n".join(self.lines)


def test_a_function_that_the_project_lacks_is_answered_by_hand() -> None:
    talk = Talk()
    question = talk.lines[-1]
    assert 'crm is asked (phone: "+821012345678")' in question
    assert 'Enter: returns (tier: "gold", balance: 1)' in question
    assert talk.phone.standing == "?"
    assert 'tier = "gold"' in talk.enter("")
    assert talk.phone.standing == "menu.ask"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('(tier: "standard")', 'crm answers (tier: "standard")'),
        ("fails", "crm failed (failed)"),
        ("times out", "crm failed (timeout)"),
        ('takes 1s returns (tier: "gold")', 'crm answers (tier: "gold")'),
    ],
)
def test_any_answer_that_a_test_can_give(typed: str, told: str) -> None:
    assert told in Talk().enter(typed)


def test_keys_words_and_silence() -> None:
    talk = Talk()
    assert "“One, two or three?”" in talk.enter("fails", "")
    assert "(silence, 5 s)" in "\n".join(talk.lines)
    assert "What can I do?" in talk.enter("2")
    assert 'helper is asked "my balance"' in talk.enter("my balance")
    assert "“Your … account.”" in talk.enter("")
    assert "the conversation is over" in talk.lines[-1]
    with pytest.raises(Misspoken, match="over"):
        talk.enter("1")


def test_a_choice_in_a_chat() -> None:
    talk = Talk(channel="chat")
    assert "[1] [2]" in talk.enter("fails")
    talk.enter("2")
    assert 'caller chooses "2"' in talk.phone.as_test("x")


def test_commands() -> None:
    talk = Talk()
    talk.enter("fails")
    assert "2026-11-20 10:00:00" in talk.enter("/time")
    assert "(4 s pass)" in talk.enter("/wait 4s")
    assert "10:00:04" in talk.enter("/time")
    assert 'tier = "standard"' in talk.enter("/values")
    assert "/hangup" in talk.enter("/help")
    assert "waits in billing" in talk.enter("1")
    assert "Kim" not in talk.enter("/agent accept")
    assert "“Hello.”" in talk.enter("/agent say Hello.")
    assert "the conversation is over (agent)" in talk.enter("/agent leave")
    talk.enter("/quit")
    assert talk.phone.is_done


def test_hanging_up() -> None:
    talk = Talk()
    assert "the conversation is over (customer)" in talk.enter("fails", "/hangup")


def test_every_step_can_be_taken_back() -> None:
    talk = Talk()
    talk.enter("fails", "1")
    assert "“One, two or three?”" in talk.enter("/back")
    assert talk.phone.standing == "menu.ask"
    talk.enter("/back")
    assert talk.phone.standing == "?"
    with pytest.raises(Misspoken):
        talk.enter("/back")


def test_services_can_be_told_to_fail() -> None:
    talk = Talk()
    assert "/given" not in talk.enter("/given billing full", "fails")
    assert "billing is full" in talk.enter("1")
    talk = Talk()
    talk.enter("fails", "/fail helper", "2")
    assert "helper failed" in talk.enter("my balance")


def test_hours_that_nobody_knows_are_presumed_open() -> None:
    talk = Talk(known=False)
    assert any("office is presumed open" in line for line in talk.lines)
    assert "given office open" in talk.phone.as_test("x")


@pytest.mark.parametrize(
    "typed",
    [
        "/dance",
        "/wait",
        "/wait soon",
        "/agent accept",
        "/given cmr fails",
        "/given crm retuns",
        "/",
    ],
)
def test_what_means_nothing_is_said_so(typed: str) -> None:
    talk = Talk()
    talk.enter("fails")
    with pytest.raises(Misspoken):
        talk.enter(typed)
    assert talk.phone.standing == "menu.ask"


def test_an_answer_that_means_nothing_is_asked_for_again() -> None:
    talk = Talk()
    with pytest.raises(Misspoken, match="retuns"):
        talk.enter("retuns ()")
    assert talk.phone.standing == "?"


def test_every_word_is_there_in_every_language() -> None:
    for table in (phone.WORDS, run.WORDS):
        assert all(set(words) == set(LANGUAGES) for words in table.values())


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    path = tmp_path / "desk.flow"
    path.write_text(DESK)
    return path


def test_a_script_talks_and_a_recording_passes(
    flow: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = flow.with_name("script.txt")
    script.write_text('# the CRM\nfails\n\n2\nmy balance\nunderstands Balance(account: "x")\n')
    record = flow.with_name("desk.test.flow")
    arguments = [str(flow), "--script", str(script), "--record", str(record),
                 "--time", "2026-11-20 10:00 Asia/Seoul", "--caller", "+821012345678"]  # fmt: skip
    assert run.main(arguments) == 0
    assert "“Your x account.”" in capsys.readouterr().out
    assert run.main([*arguments, "--channel", "chat"]) == 0
    assert record.read_text().count("test ") == 2
    assert test_command.main([str(record)]) == 0
    assert "2 passed, 0 failed" in capsys.readouterr().out


def test_a_script_that_is_longer_than_its_conversation_fails(
    flow: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = flow.with_name("script.txt")
    script.write_text("fails\n/hangup\n1\n2\n")
    assert run.main([str(flow), "--script", str(script)]) == 1
    assert "ended before 2 lines" in capsys.readouterr().err
    script.write_text("fails\n/quit\n1\n2\n")
    assert run.main([str(flow), "--script", str(script)]) == 0


CONNECT = Path(__file__).parents[3] / "examples" / "imported" / "connect" / "appointments.json"


def test_a_flow_of_amazon_connect_talks_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.txt"
    script.write_text("/values\n/fail\n/time 12:00\n/quit\n")
    assert run.main([str(CONNECT), "--script", str(script)]) == 1
    told = capsys.readouterr()
    assert "“" in told.out
    assert "what fails? /fail crm" in told.out
    assert "/time only tells the time" in told.out
    broken = tmp_path / "broken.json"
    broken.write_text('{"StartAction": 1, "Actions": "none"')
    assert run.main([str(broken)]) == 1
    assert "error[FL4" in capsys.readouterr().err


def test_a_script_that_means_nothing_fails(flow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = flow.with_name("script.txt")
    script.write_text("fails\n/dance\n")
    assert run.main([str(flow), "--script", str(script)]) == 1
    assert "unknown command /dance" in capsys.readouterr().out


def test_standard_input(
    flow: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("fails\n2\n"))
    assert run.main([str(flow)]) == 0
    assert "What can I do?" in capsys.readouterr().out


def test_the_functions_of_a_project_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.txt"
    script.write_text("1\n")
    arguments = [str(EXAMPLE), "--script", str(script), "--time", "2026-11-20 10:00"]
    assert run.main([*arguments, "--caller", "+821012345678", "--lang", "ko"]) == 0
    out = capsys.readouterr().out
    assert "crm의 답 (tier:" in out
    assert "billing에서 대기" in out


@pytest.mark.parametrize(
    ("text", "more", "code", "told"),
    [
        (None, [], 2, "cannot be read"),
        ('start:\n  play "no end\n', [], 1, "error[FL003]"),
        ('queue billing = "x"\n', [], 2, "holds no flow"),
        (DESK, ["--time", "soon"], 2, "is no time"),
        (DESK, ["--time", "2026-11-20 10:00 No/Where"], 2, "is no time"),
        (DESK, ["--script", "missing.txt"], 2, "cannot be read"),
    ],
)
def test_misuse(
    tmp_path: Path,
    text: str | None,
    more: list[str],
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "x.flow"
    if text is not None:
        path.write_text(text)
    assert run.main([str(path), *more]) == code
    assert told in capsys.readouterr().err


def test_a_flow_with_errors_is_not_talked_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = tmp_path / "broken.flow"
    flow.write_text("flow o\n\nstart:\n  set x: nope.y\n  -> nirgends\n")
    assert run.main([str(flow)]) == 1
    assert "nirgends" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["/wait 99999999999d", "/wait 99999d"])
def test_no_wait_leads_beyond_the_calendar(typed: str) -> None:
    talk = Talk()
    assert "the conversation is over" in talk.enter("", typed)


@pytest.mark.parametrize("time", ["0001-01-01 00:00", "9999-12-31 23:59"])
def test_no_time_at_the_edge_of_the_calendar(
    time: str, flow: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main([str(flow), "--time", time]) == run.EXIT_MISUSED
    assert "is no time" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_recording_that_cannot_be_written_is_told_before_anybody_talks(
    content: bytes | None, flow: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "there.test.flow" if content else tmp_path / "nowhere" / "x.test.flow"
    if content:
        path.write_bytes(content)
    assert run.main([str(flow), "--record", str(path)]) == run.EXIT_MISUSED
    told = capsys.readouterr()
    assert str(path) in told.err
    assert told.out == ""


def test_what_is_said_moves_no_cursor(
    flow: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("\n\x1b[31mred\n"))
    run.main([str(flow)])
    assert "\x1b" not in capsys.readouterr().out

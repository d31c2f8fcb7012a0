"""What is sensitive stands in no output of tests and conversations, whatever its form."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowlang.cli import main

FLOW = """flow pay
  on error -> hang_up

attribute card: sensitive text?
attribute pin: sensitive text = "9876"
attribute tier: text = "gold"
function bank = "bank" (card: sensitive text) -> (token: sensitive text, name: text)

start:
  entry = collect "Your card number?", digits: 8, sensitive: true
    on no_input, invalid -> hang_up
  set card: entry.value
  bank card: card
  branch tier
    on "gold" -> next
    otherwise -> hang_up
  play "Your card {card}, token {bank.token}, pin {pin}, for {bank.name}."
  ask "Right?"
    on "1" -> hang_up
    on timeout, no_match -> hang_up
"""
TESTS = """test "what was set" for pay
  given bank returns (token: "tok-4242", name: "Ann")
  caller presses "1234567#"
  expect card == "99999999"

test "what was said" for pay
  given bank returns (token: "tok-4242", name: "Ann")
  caller presses "1234567#"
  expect play contains "nothing 1234567"
"""
SECRETS = ("1234567", "tok-4242", "9876")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pay.flow").write_text(FLOW, encoding="utf-8")
    (tmp_path / "pay.test.flow").write_text(TESTS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json"])
def test_in_what_tests_tell(folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    junit = folder / "junit.xml"
    assert main(["test", str(folder), "--format", form, "--junit", str(junit)]) == 1
    for told in (capsys.readouterr().out, junit.read_text(encoding="utf-8")):
        assert "Ann" in told
        assert "••••" in told
        assert not any(secret in told for secret in SECRETS)


def test_in_a_conversation(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = folder / "script.txt"
    script.write_text('1234567#\nreturns (token: "tok-4242", name: "Ann")\n/values\n1\n')
    monkeypatch.setattr("runtime.commands.run._write", kept := Written())
    assert main(["run", str(folder / "pay.flow"), "--script", str(script)]) == 0
    # The script itself is repeated; what the flow makes of it is not shown.
    told = "\n".join(line for line in kept.lines if line not in script.read_text().splitlines())
    assert '"gold" → on "gold"' in told
    assert "Your card ••••, token ••••, pin ••••, for Ann." in told
    assert 'pin = "••••"' in told
    assert not any(secret in told for secret in SECRETS)


class Written:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, text: str) -> None:
        self.lines += text.split("\n")

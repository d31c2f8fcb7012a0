"""What a project file says of accounts, numbers and queues."""

from __future__ import annotations

import pytest

from flowlang.project import read

START = 'name = "Shop"\n'


def entry(name: str, channels: str, more: str = "") -> str:
    return f'[entries.{name}]\nflow = "main"\nchannels = [{channels}]\n{more}'


NUMBER = 'number = "+8215880000"\n'
BOT = '[entries.{name}.accounts]\ntelegram = "acorn_bot"\n'


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (entry("a", '"chat"') + entry("b", '"chat"'), []),
        (entry("a", '"voice"', NUMBER) + entry("b", '"sms"', NUMBER), []),
        (entry("a", '"voice", "sms"', NUMBER) + entry("b", '"sms"', NUMBER), ["FL530"]),
        (
            entry("a", '"telegram"', BOT.format(name="a"))
            + entry("b", '"telegram"', BOT.format(name="b")),
            ["FL530"],
        ),
        (
            entry("a", '"telegram", "sms"', NUMBER + BOT.format(name="a"))
            + entry("b", '"telegram"', NUMBER),
            [],
        ),
        (entry("a", '"kakao"'), ["FL541"]),
        (entry("a", '"chat"', BOT.format(name="a")), ["FL541"]),
        (entry("a", '"sms"', NUMBER + '[entries.a.templates]\nwhatsapp = "x"\n'), ["FL541"]),
        ("[queues.a]\n", []),
        ('[queues.a]\n[agents.kim]\nname = "Kim"\nqueues = ["a"]\n', []),
        ('[queues.a]\n[queues.b]\n[agents.kim]\nname = "Kim"\nqueues = ["a"]\n', ["FL542"]),
        ('[queues.a]\noutbound_number = "+8215880000"\n', ["FL525"]),
        ('[queues.a]\noutbound_number = "+8215880000"\n' + entry("a", '"voice"', NUMBER), []),
    ],
)
def test_entries_and_queues(text: str, codes: list[str]) -> None:
    _, problems = read(START + text)
    assert [problem.code for problem in problems] == codes

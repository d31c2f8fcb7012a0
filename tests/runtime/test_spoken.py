"""What a flow says: prompts of the project, recordings, the chosen voice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from flowlang.project import Project
from runtime.engine import Turn, advance, new_contact
from runtime.program import compile_text
from runtime.serving import agents_of, queues_of
from runtime.world import ProjectWorld

NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)
PROJECT = Project.model_validate(
    {
        "name": "Bank",
        "timezone": "Asia/Seoul",
        "prompts": {
            "Welcome": {
                "text": {"ko-KR": "어서 오세요.", "en-US": "Welcome."},
                "audio": {"ko-KR": "prompts/welcome.ko.wav"},
            }
        },
        "hours": {"Nights": {"fri": ["22:00-23:00"]}},
        "queues": {"Billing": {"hours": "Nights"}, "Sales": {}},
        "agents": {"minji": {"name": "민지", "queues": ["Billing"]}},
    }
)
HEAD = 'flow f\n  languages ko-KR, en-US\n  on error -> hang_up\n\nprompt welcome = "Welcome"\n'


def begin(body: str, channel: str = "voice", language: str = "") -> Turn:
    program = compile_text(f"{HEAD}{body}", catalogue())
    event = in_.Started(id="0", at=NOON, channel=channel, language=language)
    return advance(program, new_contact("c", program, event), event, ProjectWorld(PROJECT))


def said(turn: Turn) -> list[tuple[str, str]]:
    return [(say.text, say.audio) for _, say in turn.effects if isinstance(say, out.Say)]


@pytest.mark.parametrize(
    ("channel", "language", "heard"),
    [
        ("voice", "", ("어서 오세요.", "prompts/welcome.ko.wav")),
        ("voice", "en-US", ("Welcome.", "")),
        ("chat", "", ("어서 오세요.", "")),
    ],
)
def test_a_prompt_of_the_project(channel: str, language: str, heard: tuple[str, str]) -> None:
    assert said(begin("start:\n  play welcome\n  -> hang_up\n", channel, language)) == [heard]


def test_prompts_stand_in_questions_and_lists_too() -> None:
    body = 'start:\n  ask welcome\n    on "1" -> hang_up\n    on timeout, no_match -> hang_up\n'
    assert said(begin(body)) == [("어서 오세요.", "prompts/welcome.ko.wav")]
    body = 'start:\n  loop_prompts "잠시만요.", welcome\n    on error -> hang_up\n'
    assert said(begin(body)) == [
        ("잠시만요.", ""),
        ("어서 오세요.", "prompts/welcome.ko.wav"),
    ]


def test_the_chosen_voice_speaks_from_there_on() -> None:
    body = (
        'start:\n  play "하나"\n  set_voice "Joanna", engine: neural, language: "en-US"\n'
        '  play "two"\n  -> hang_up\n'
    )
    says = [say for _, say in begin(body).effects if isinstance(say, out.Say)]
    assert [(say.voice, say.language) for say in says] == [
        (None, "ko-KR"),
        ({"voice": "Joanna", "engine": "neural"}, "en-US"),
    ]


@pytest.mark.parametrize(
    ("queue", "way"), [("Billing", "closed"), ("Sales", "next"), ("Biling", "error")]
)
def test_the_hours_of_the_queue_that_was_set(queue: str, way: str) -> None:
    body = (
        f'queue desk = "{queue}"\n\nstart:\n  set_queue desk\n  check_hours\n'
        "    on closed -> hang_up\n  -> hang_up\n"
    )
    assert begin(body).trail[1] == ("start.check_hours", way)


def test_every_agent_has_a_queue_of_their_own() -> None:
    assert set(queues_of(PROJECT)) == {"Billing", "Sales", "@minji"}
    assert agents_of(PROJECT)["minji"].queues == ("Billing", "@minji")


@pytest.mark.parametrize(("language", "words"), [
    ("en-US", ["About 2 minutes.", "130 s", "-", "1 hour"]),
    ("ko-KR", ["About 2분.", "130 s", "-", "1시간"]),
])  # fmt: skip
def test_durations_are_said_as_people_say_them(language: str, words: list[str]) -> None:
    """A prompt of the flow, what is calculated, what is not there, and what is there instead."""
    body = (
        "attribute wait: duration = 130s\nattribute more: duration?\n"
        'prompt told\n  en-US: "About {wait}."\n\nstart:\n'
        '  play told\n  play "{wait + 0s} s"\n  play "{more}-"\n  play "{more else 1h}"\n'
    )
    assert [text for text, _ in said(begin(body, language=language))] == words

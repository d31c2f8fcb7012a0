"""What becomes of a block on each channel."""

import pytest

from blocks.catalogue import catalogue
from designer.page.messengers import SHOWN, Found, found_on_channels
from designer.page.overview import NAME_LETTERS_MAX, is_name
from designer.words import words
from flowlang.channels import CHANNELS, MESSENGERS
from flowlang.syntax.parser import parse
from flowlang.wiring import wire


def found(step: str) -> dict[str, Found]:
    source = f"flow f\n  on error -> hang_up\n\nstart:\n  {step}\n\nmore:\n  -> hang_up\n"
    wiring = wire(parse(source).document, catalogue())
    first = next(iter(wiring.steps.values()))
    return {it.channel: it for it in found_on_channels(first, words("en"))}


def verdicts(step: str, verdict: str) -> set[str]:
    return {name for name, it in found(step).items() if it.verdict == verdict}


def test_a_short_message_works_everywhere() -> None:
    assert verdicts('play "Hello."', "works") == set(SHOWN)


def test_what_is_for_calls_fails_on_every_messenger() -> None:
    assert verdicts("voice_id threshold: 90", "fails") == {"chat", *MESSENGERS}


def test_choices_are_a_list_where_there_is_no_room_for_buttons() -> None:
    lines = "".join(f'\n    on "{key}" -> more' for key in range(1, 6))
    expected = {name for name in MESSENGERS if CHANNELS[name].buttons_max < 5}
    assert verdicts(f'ask "Which?"{lines}', "differs") == expected
    assert "room for 3 buttons" in found(f'ask "Which?"{lines}')["whatsapp"].words[0]


def test_a_long_text_is_told_to_come_in_parts() -> None:
    long = "word " * 300
    assert verdicts(f'play "{long}"', "differs") == {"instagram", "kakao"}


@pytest.mark.parametrize("name", ["main_line", "대표번호", "Été", "line_2"])
def test_a_flow_may_be_called_so(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "two words", "2nd", "../up", "a/b", "a.b", "대표 번호", "n" * (NAME_LETTERS_MAX + 1)],
)
def test_a_flow_may_not_be_called_so(name: str) -> None:
    assert not is_name(name)

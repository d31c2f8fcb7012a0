"""How long sentences take."""

import pytest

from designer.forms.spoken import seconds


@pytest.mark.parametrize(
    ("sentence", "least", "most"),
    [
        ("", 0, 0),
        ("Hello.", 0.2, 1),
        ("Welcome to Acorn. For billing press one, for technical support press two.", 4, 6.5),
        ("안녕하세요, 에이콘 고객센터입니다.", 2, 3.5),
        ("요금 문의는 1번, 기술 지원은 2번, 상담 챗봇은 3번을 눌러 주세요.", 3.5, 6),
        ("<speak>Hello.<break time='1s'/></speak>", 1.2, 2),
    ],
)
def test_a_sentence_takes_about_so_long(sentence: str, least: float, most: float) -> None:
    assert least <= seconds(sentence) <= most


def test_a_value_takes_its_time() -> None:
    assert seconds("Your balance is {found.balance}.") > seconds("Your balance is .")

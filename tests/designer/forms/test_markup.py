"""Speech markup is looked at where it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.forms.markup import is_markup, what_is_wrong
from designer.words import words


@pytest.mark.parametrize(
    "markup",
    [
        "<speak>Hello.</speak>",
        "<speak>One <break time='300ms'/> moment, {customer.name}.</speak>",
        '<speak><prosody rate="slow">천천히</prosody> &amp; 또박또박</speak>',
        "  <speak>\n<p><s>One.</s><s>Two.</s></p>\n</speak>\n",
        "<speak>{if_less}</speak>",
    ],
)
def test_what_a_voice_can_read(markup: str) -> None:
    assert what_is_wrong(markup, words("en")) == ""


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("Hello.", "All of it stands between"),
        ("<p>Hello.</p>", "All of it stands between"),
        ("<speak>Hello.", "`<speak>` is not closed."),
        ("<speak><p>Hello.</speak>", "`</speak>` closes nothing; `</p>` was expected."),
        ("<speak>Hello.</speak> Bye.", "Nothing stands behind"),
        ("<speak>A</speak><speak>B</speak>", "Nothing stands behind"),
        ("<speak><shout>Hello.</shout></speak>", "Voices do not know `<shout>`."),
        ("<speak>Kim & Lee</speak>", "Write `&amp;`"),
        ("<speak>1 < 2</speak>", "This is no tag"),
        ("<speak><break time=1s/></speak>", "This is no tag"),
    ],
)
def test_what_it_cannot_is_told(markup: str, told: str) -> None:
    assert what_is_wrong(markup, words("en")).startswith(told)
    assert what_is_wrong(markup, words("ko"))


@given(st.text(alphabet="<>/speakp &{}='\"", max_size=40))
def test_anything_can_be_looked_at(text: str) -> None:
    assert isinstance(what_is_wrong(text, words("en")), str)


def test_a_sentence_is_no_markup() -> None:
    assert not is_markup("Hello, x < y.")
    assert is_markup(" <speak>Hello.</speak>")

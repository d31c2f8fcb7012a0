"""What several blocks share."""

import pytest

from blocks.common import phones, speech


@pytest.mark.parametrize(
    ("number", "country", "complete"),
    [
        ("01012345678", "KR", "+821012345678"),
        ("010-1234-5678", "KR", "+821012345678"),
        ("15880000", "KR", "+8215880000"),
        ("02 555 0100", "KR", "+8225550100"),
        ("+1 (415) 555-0100", "KR", "+14155550100"),
        ("4155550100", "US", "+14155550100"),
        ("14155550100", "CA", "+14155550100"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("8 495 123 45 67", "RU", "+74951234567"),
        ("112", "KR", None),
        ("010123456789012", "KR", None),
        ("555-0100", "US", None),
        ("call me", "KR", None),
        ("", "KR", None),
        ("+12", "KR", None),
        ("+1234567890123456", "KR", None),
    ],
)
def test_a_number_as_the_world_dials_it(number: str, country: str, complete: str | None) -> None:
    assert phones.complete(number, country) == complete


def test_countries() -> None:
    assert phones.CALLING_CODES["KR"] == "82"
    assert phones.CALLING_CODES["PT"] == "351"
    assert all(code.isdecimal() and len(code) <= 3 for code in phones.CALLING_CODES.values())
    assert all(len(country) == 2 and country.isupper() for country in phones.CALLING_CODES)
    assert len(phones.CALLING_CODES) > 180
    assert phones.known_country("kr") == "KR"
    assert phones.known_country("") == ""
    with pytest.raises(ValueError, match="ZZ"):
        phones.known_country("ZZ")


@pytest.mark.parametrize(
    ("ssml", "text"),
    [
        ("<speak>Hello</speak>", "Hello"),
        ("<speak>one<break/>two</speak>", "one two"),
        ("<p>Tea &amp; cake</p>\n<p>&lt;3</p>", "Tea & cake <3"),
        ("no markup", "no markup"),
        ("<speak></speak>", ""),
        ("", ""),
    ],
)
def test_what_markup_says(ssml: str, text: str) -> None:
    assert speech.plain(ssml) == text

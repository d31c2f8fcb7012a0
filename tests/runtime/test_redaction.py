"""What is taken out of texts, and what looks alike and is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.redaction import CAN_BE_FOUND, Redactor, not_available, passes_luhn

ALL = Redactor.of(["all"], "kind")

FOUND = [
    ("card 4111 1111 1111 1111 please", "card [CARD_NUMBER] please"),
    ("4111-1111-1111-1111입니다", "[CARD_NUMBER]입니다"),
    ("378282246310005", "[CARD_NUMBER]"),
    ("call 010-1234-5678.", "call [PHONE]."),
    ("01012345678로 전화 주세요", "[PHONE]로 전화 주세요"),
    ("서울 02-555-0101", "서울 [PHONE]"),
    ("+82 10 1234 5678", "[PHONE]"),
    ("+1 (415) 555-0100", "[PHONE]"),
    ("415-555-0100", "[PHONE]"),
    ("1588-1234", "[PHONE]"),
    ("kim.minji+shop@example.co.kr에", "[EMAIL]에"),
    ("주민번호 900101-1234567", "주민번호 [SSN]"),
    ("ssn 536-22-1234", "ssn [SSN]"),
    ("계좌는 110-123-456789예요", "계좌는 [BANK_ACCOUNT]예요"),
    ("account 12345678901", "account [BANK_ACCOUNT]"),
    ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [BANK_ACCOUNT]"),
    ("routing 021000021", "routing [BANK_ROUTING]"),
    ("exp 09/27, cvc 123", "exp [CARD_EXPIRY], cvc [CARD_CVV]"),
    ("비밀번호 1234", "비밀번호 [PIN]"),
    ("my password is hunter22", "my password is [PASSWORD]"),
    ("아이디는 minji.kim", "아이디는 [USERNAME]"),
    ("https://shop.example/o?id=1 here", "[URL] here"),
    ("from 192.168.0.17", "from [IP_ADDRESS]"),
    ("00:1A:2b:3c:4d:5e", "[MAC_ADDRESS]"),
    ("여권 M12345678", "여권 [PASSPORT]"),
    ("면허 11-22-123456-78", "면허 [DRIVER_ID]"),
    ("12가 3456", "[LICENCE_PLATE]"),
    ("1HGCM82633A004352", "[VEHICLE_ID]"),
    ("born 1990-01-31", "born [DATE_TIME]"),
    ("2026년 11월 21일에", "[DATE_TIME]에"),
    ("저는 34세예요", "저는 [AGE]세예요"),
    ("I am 34 years old", "I am [AGE] years old"),
]
LEFT = [
    "order 42", "4111 1111 1111 1112", "3개 주세요", "999.999.1.1", "12:30", "1,000,000원",
    "901301-1234567", "version 1.2.3", "a@b", "5만 원", "100%", "24 hours", "123456789",
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), FOUND)
def test_what_has_a_form_is_taken_out(text: str, shown: str) -> None:
    assert ALL(text) == shown


@pytest.mark.parametrize("text", LEFT)
def test_what_looks_alike_stays(text: str) -> None:
    assert ALL(text) == text


def test_each_kind_that_can_be_found_is_found_in_an_example() -> None:
    marks = {kind for kind in CAN_BE_FOUND if any(f"[{kind.upper()}]" in s for _, s in FOUND)}
    assert marks == CAN_BE_FOUND


def test_only_what_was_asked_for_is_taken_out() -> None:
    text = "010-1234-5678 and a@example.com"
    assert Redactor.of(["email"], "stars")(text) == "010-1234-5678 and ****"
    assert Redactor.of([], "kind")(text) == text


def test_what_has_no_form_is_told_and_not_claimed() -> None:
    assert not_available(["name", "address", "phone"]) == ["address", "name"]
    assert not_available(["all"]) == []
    assert "name" not in Redactor.of(["name"], "kind").kinds


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(ALL(text), str)


@given(st.text("0123456789", min_size=12, max_size=18))
def test_every_card_number_is_found(digits: str) -> None:
    check = next(str(d) for d in range(10) if not (len(digits) > 11) or passes_luhn(f"{digits}{d}"))
    assert ALL(f"it is {digits}{check}!") == "it is [CARD_NUMBER]!"


@pytest.mark.parametrize("text", ["a" * 4_096, "1" * 4_096, "1-" * 2_048, "a.b" * 1_365,
                                  "account " * 512, "+1 " * 1_365, "AB12 " * 819])  # fmt: skip
def test_long_texts_take_no_long_time(text: str) -> None:
    """A text that could make an expression try all combinations would never come to its end."""
    assert len(ALL(text)) <= 4 * len(text)

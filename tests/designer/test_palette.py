"""What the palette offers, and how it is found."""

from __future__ import annotations

import pytest

from blocks.catalogue import catalogue
from designer.page.palette import Offer, offers


def found(wanted: str) -> list[str]:
    return [offer.kind for offer in all_offers() if offer.matches(wanted)]


def all_offers() -> list[Offer]:
    return offers(catalogue(), {"crm": "function"})


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("play prompt", "play"),
        ("고객 입력 받기", "ask"),
        ("왓츠앱", "offer_messenger"),
        ("queue", "transfer"),
        ("crm", "crm"),
    ],
)
def test_a_block_is_found_in_both_languages_and_by_amazon_connects_names(
    wanted: str, kind: str
) -> None:
    assert kind in found(wanted)


def test_a_declared_function_stands_for_its_block() -> None:
    kinds = [offer.kind for offer in all_offers()]
    assert "crm" in kinds
    assert "function" not in kinds


def test_what_only_an_import_brings_is_not_offered() -> None:
    assert "connect" not in [offer.kind for offer in all_offers()]


def test_nothing_is_found_by_nonsense() -> None:
    assert found("xyzzy") == []


def test_a_module_is_offered_what_any_flow_may_have() -> None:
    kinds = {offer.kind for offer in offers(catalogue(), {}, flow_type="module")}
    assert {"return", "play", "transfer", "end_flow"} <= kinds


def test_what_has_no_place_in_a_flow_is_not_offered() -> None:
    kinds = {offer.kind for offer in all_offers()}
    assert not {"return", "end_flow", "loop_prompts"} & kinds

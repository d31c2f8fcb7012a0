"""What is sensitive by its type is hidden wherever it turns up."""

from __future__ import annotations

from typing import Any

from blocks.catalogue import catalogue
from runtime.masks import MASK, Masks
from runtime.program import compile_text

PROGRAM = compile_text(
    """flow pay
  on error -> hang_up

attribute card: sensitive text?
attribute pin: sensitive text = "9876"
variable parts: (number: sensitive text, month: text)
attribute tier: text = "gold"

start:
  play "Hello."
  -> hang_up
""",
    catalogue(),
)


def entry(**event: Any) -> dict[str, Any]:
    return {"event": event, "effects": [], "step": "", "flow": ""}


def test_what_a_contact_begins_with_is_hidden() -> None:
    masks = Masks(PROGRAM)
    masks.learn(entry(event="Started", values={"card": "4929 1234", "tier": "gold"}))
    assert masks("paid with 4929 1234 by gold") == f"paid with {MASK} by gold"


def test_a_default_is_hidden() -> None:
    assert Masks(PROGRAM)("pin 9876") == f"pin {MASK}"


def test_attributes_are_hidden_by_their_names() -> None:
    """Wherever they came from: nobody has seen this number before."""
    kept = {"card": "1", "pin": "", "parts": {"number": "55", "month": "May"}, "tier": "gold"}
    assert Masks(PROGRAM).values(kept) == {
        "card": MASK, "pin": "", "parts": MASK, "tier": "gold",
    }  # fmt: skip


def test_the_key_that_ends_an_entry_is_no_part_of_it() -> None:
    masks = Masks(PROGRAM)
    listen = {**entry(event="Started"), "effects": [("k", {"effect": "Listen", "sensitive": True})]}
    masks.learn(listen)
    masks.learn(entry(event="Heard", text="12345#"))
    assert masks("you typed 12345") == f"you typed {MASK}"

"""The customer data of the example: a file in place of a CRM."""

import json
from pathlib import Path

CUSTOMERS = Path(__file__).with_name("customers.json")
UNKNOWN = {"tier": "standard", "balance": 0}


def lookup(phone: str) -> dict[str, object]:
    """What the flow asks for: how important a caller is, and what is on the account."""
    customers = json.loads(CUSTOMERS.read_text(encoding="utf-8"))
    customer = customers.get(normal(phone), UNKNOWN)
    return {"tier": customer["tier"], "balance": customer["balance"]}


def normal(phone: str) -> str:
    """`010-1234-5678` and `+82 10 1234 5678` are one number."""
    digits = "".join(character for character in phone if character.isdecimal())
    if phone.lstrip().startswith("+"):
        return f"+{digits}"
    return f"+82{digits.removeprefix('0')}"

"""What the Lambda function knew: here it is a table."""

CUSTOMERS = {"+491701234567": {"name": "Mia", "next_visit": "on Friday at three"}}
UNKNOWN = {"name": "dear customer", "next_visit": "not planned yet"}


def find(phone: str) -> dict[str, str]:
    return CUSTOMERS.get(phone, UNKNOWN)

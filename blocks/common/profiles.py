"""What the blocks of customer profiles share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking
from blocks.common.fields import FieldNames, listed
from flowlang import types
from flowlang.block import Call, Leave, Move, Stay
from flowlang.events import Event, ServiceAnswered
from flowlang.types import Type

NAMES = FieldNames(
    {
        "id": "ProfileId",
        "arn": "ProfileARN",
        "phone": "PhoneNumber",
        "mobile_phone": "MobilePhoneNumber",
        "home_phone": "HomePhoneNumber",
        "business_phone": "BusinessPhoneNumber",
        "email": "EmailAddress",
        "personal_email": "PersonalEmailAddress",
        "business_email": "BusinessEmailAddress",
        "account": "AccountNumber",
    }
)
FIELDS = (
    *NAMES.special,
    "first_name", "middle_name", "last_name", "birth_date", "gender", "business_name",
    "party_type", "additional_information", "address1", "address2", "address3", "address4",
    "city", "county", "state", "province", "country", "postal_code", "attributes",
)  # fmt: skip
"""What a profile usually has."""
CURRENT = "profile"
"""The setting of a contact that says whose profile was found last."""


def results(call: Call) -> Mapping[str, Type]:
    """The usual fields, and those that the step asks for."""
    return dict.fromkeys((*FIELDS, *listed(call)), types.ANY)


def leave_with(profile: Mapping[str, Any]) -> Leave:
    """The profile is what the step is read for, and whom later steps mean."""
    return Leave(results=profile, settings={CURRENT: str(profile.get("id", ""))})


def answered(event: Event) -> Move:
    """What a step does that changed a profile."""
    if isinstance(event, ServiceAnswered):
        return leave_with(event.value)
    return Leave(outcome="error") if asking.has_failed(event) else Stay()

"""Entries of digits and phone numbers, as Amazon Connect takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blocks.common import phones, prompting
from blocks.common.entries import KEYS_MAX
from flowlang import expressions as ex
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.mapping import AnyOf, InARow, OneAction, Param, Stage
from flowlang.interchange.connect.values import Conversion, Flag, NumberOr


class _PhoneNumber(Conversion):
    """A number of one country, or of any."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        match value:
            case {"NumberFormat": "Local", "CountryCode": str(country), **rest} if not rest:
                return ex.Literal(country, "text")
            case {"NumberFormat": "E164", **rest} if not rest:
                return ex.Literal(phones.INTERNATIONAL, "text")
            case _:
                return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        country = scope.whole(value, key)
        if country == phones.INTERNATIONAL:
            return {"NumberFormat": "E164"}
        return {"NumberFormat": "Local", "CountryCode": country}


_DIGITS = OneAction(
    action="GetParticipantInput",
    params=(
        Param(
            "digits",
            "InputValidation.CustomValidation.MaximumLength",
            via=NumberOr(zero=str(KEYS_MAX)),
            always=True,
        ),
    ),
)
_ENCRYPTED = replace(
    _DIGITS,
    params=(
        *_DIGITS.params,
        Param("encrypt", "InputEncryption.EncryptionKeyId"),
        Param("certificate", "InputEncryption.Key"),
    ),
    elsewhere=frozenset({"sensitive"}),
)
_PHONE = OneAction(
    action="GetParticipantInput",
    params=(Param("phone", "InputValidation.PhoneNumberValidation", _PhoneNumber()),),
    errors={"NoMatchingError": "error", "InvalidPhoneNumber": "invalid"},
)
_SILENCE = Stage(
    says=OneAction(
        action="Compare",
        fixed={"ComparisonValue": "$.StoredCustomerInput"},
        words={"Timeout": "no_input"},
        errors={"NoMatchingCondition": "next"},
        next="",
        mirrors="next",
    ),
    unless_same=("no_input", "next"),
)


def _entry(form: OneAction) -> Stage:
    """The entry itself, in one of its two forms."""
    return Stage(
        says=replace(
            form,
            params=(
                *prompting.SAID,
                Param("timeout", "InputTimeLimitSeconds", always=True),
                Param("end_with", "DTMFConfiguration.InputTerminationSequence"),
                Param("between_digits", "DTMFConfiguration.InterdigitTimeLimitSeconds"),
                Param(
                    "cancel_with_star",
                    "DTMFConfiguration.DisableCancelKey",
                    Flag(yes="False", no="True"),
                ),
                *form.params,
            ),
            gathered=prompting.GATHERED,
            fixed={"StoreInput": "True", **form.fixed},
            results={"value": "StoredCustomerInput"},
        )
    )


ENTRY = AnyOf(
    ways=(
        ("phone", InARow(stages=(_entry(_PHONE), _SILENCE))),
        ("encrypt", InARow(stages=(_entry(_ENCRYPTED), _SILENCE))),
        ("", InARow(stages=(_entry(_DIGITS), _SILENCE))),
    )
)
"""An entry, and the comparison that tells silence."""

"""Entries of digits and phone numbers, as Amazon Connect takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blocks.common import phones, prompting
from blocks.common.entries import KEYS_MAX
from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.interchange.connect.contract import (
    Draft,
    Part,
    ReadScope,
    Segments,
    Translation,
    Unsayable,
    WriteScope,
)
from flowlang.interchange.connect.document import Action
from flowlang.interchange.connect.mapping import AnyOf, InARow, OneAction, Param, Stage
from flowlang.interchange.connect.values import Conversion, Flag, NumberOr
from flowlang.model import Argument, Step, WordPort
from flowlang.parameters import Parameters
from flowlang.wiring import WiredStep

IF_SILENT, TIMEOUT = "if_silent", "Timeout"
_NO_INPUT = WordPort(word="no_input")


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


_FORMS = (("phone", _PHONE), ("encrypt", _ENCRYPTED), ("", _DIGITS))
_TOLD = AnyOf(ways=tuple((key, InARow(stages=(_entry(form), _SILENCE))) for key, form in _FORMS))
_UNTOLD = AnyOf(ways=tuple((key, InARow(stages=(_entry(form),))) for key, form in _FORMS))


class _Entry(Translation):
    """An entry with the comparison that tells silence, or without: then the flow goes on, and
    what was entered is the text `Timeout`."""

    actions = _TOLD.actions
    is_long = True

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        draft = _TOLD.read(action, scope, block)
        if draft is None or not draft.is_unsure:
            return draft
        said = Argument(key=IF_SILENT, value=ex.Literal(TIMEOUT, "text"))
        branches = tuple(item for item in draft.branches if item.port != _NO_INPUT)
        return replace(
            draft, arguments=(*draft.arguments, said), branches=branches, is_unsure=False
        )

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        values = dict(step.bound.values)
        silent = values.pop(IF_SILENT, None)
        if silent is None:
            return _TOLD.write(step, scope)
        if not isinstance(silent, ex.Literal) or silent.value != TIMEOUT:
            raise Unsayable("FL436", silent, IF_SILENT)
        step = replace(step, bound=replace(step.bound, values=values))
        return _UNTOLD.write(step, scope)

    def fills(self, step: Step) -> frozenset[str]:
        return _UNTOLD.fills(step)

    def reference(self, result: Segments, step: Step) -> Segments | None:
        return _UNTOLD.reference(result, step)

    def result(self, reference: Segments) -> Segments | None:
        return _UNTOLD.result(reference)


ENTRY = _Entry()

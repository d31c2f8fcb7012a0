"""Change what is known of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking, profiles
from blocks.common.fields import FieldList, FieldPairs, RecordAction, fields_to_read
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import Param
from flowlang.parameters import Anything, Parameters, Text, parameter
from flowlang.types import Type


class UpdateProfileParams(Parameters):
    values: dict[str, Anything] = parameter(
        title={"en": "What changes", "ko": "바뀌는 정보"},
        help={
            "en": "Fields with their new values, such as city.",
            "ko": "city 같은 필드와 새 값을 적습니다.",
        },
        free=True,
        min_length=1,
    )
    fields: tuple[Text, ...] = fields_to_read()


class UpdateProfile(Block[UpdateProfileParams]):
    """Changes fields of the profile that was found or created last; an empty text removes a
    field.

    ```flow
    flow example
      on error -> hang_up

    start:
      find_profile phone: caller.number
        on none, several -> hang_up
      update_profile city: "Busan"
      play "We noted that you live in {profile.city}."
      -> hang_up
    ```
    """

    kind = "update_profile"
    card = Card(
        category="know",
        icon="pen",
        title={"en": "Update a customer", "ko": "고객 프로필 고치기"},
        summary={
            "en": "Changes the profile of the customer.",
            "ko": "고객의 프로필을 고칩니다.",
        },
        search=("Customer profiles", "고객 프로필", "Update profile", "CRM", "고객 정보 변경"),
    )
    Params = UpdateProfileParams
    slot = "profile"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return profiles.results(call)

    @staticmethod
    def start(params: UpdateProfileParams, view: View) -> Move:
        profile = view.settings.get(profiles.CURRENT)
        if not profile:
            return Leave(outcome="error")
        return asking.ask("profiles", "update", id=profile, fields=params.values)

    @staticmethod
    def resume(
        params: UpdateProfileParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        return profiles.answered(event)

    connect = RecordAction(
        action="UpdateCustomerProfile",
        params=(
            Param("values", "ProfileRequestData", FieldPairs(profiles.NAMES)),
            Param("fields", "ProfileResponseData", FieldList(profiles.NAMES)),
        ),
        root="Customer",
        names=profiles.NAMES,
    )

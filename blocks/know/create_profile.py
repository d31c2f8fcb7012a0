"""Write down who a customer is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking, profiles
from blocks.common.fields import FieldList, FieldPairs, RecordAction, fields_to_read
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import Param
from flowlang.parameters import Anything, Parameters, Text, parameter
from flowlang.types import Type


class CreateProfileParams(Parameters):
    values: dict[str, Anything] = parameter(
        title={"en": "What is known", "ko": "알고 있는 정보"},
        help={
            "en": "Fields with their values, such as phone and first_name.",
            "ko": "phone, first_name 같은 필드와 값을 적습니다.",
        },
        free=True,
        min_length=1,
    )
    fields: tuple[Text, ...] = fields_to_read()


class CreateProfile(Block[CreateProfileParams]):
    """Makes a profile for a customer who has none. Later steps read it as `profile`.

    ```flow
    flow example
      on error -> hang_up

    start:
      create_profile phone: caller.number, first_name: "Min"
      play "Welcome, {profile.first_name}."
      -> hang_up
    ```
    """

    kind = "create_profile"
    card = Card(
        category="know",
        icon="user",
        title={"en": "Create a customer", "ko": "고객 프로필 만들기"},
        summary={
            "en": "Makes a profile for a new customer.",
            "ko": "새 고객의 프로필을 만듭니다.",
        },
        search=("Customer profiles", "고객 프로필", "Create profile", "CRM", "신규 고객"),
    )
    Params = CreateProfileParams
    slot = "profile"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return profiles.results(call)

    @staticmethod
    def start(params: CreateProfileParams, view: View) -> Move:
        return asking.ask("profiles", "create", fields=params.values)

    @staticmethod
    def resume(
        params: CreateProfileParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        return profiles.answered(event)

    connect = RecordAction(
        action="CreateCustomerProfile",
        params=(
            Param("values", "ProfileRequestData", FieldPairs(profiles.NAMES)),
            Param("fields", "ProfileResponseData", FieldList(profiles.NAMES)),
        ),
        root="Customer",
        names=profiles.NAMES,
    )

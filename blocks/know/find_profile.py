"""Find out who a customer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blocks.common import asking, profiles
from blocks.common.fields import FieldList, FieldPairs, RecordAction, fields_to_read
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Outcome, Stay, View
from flowlang.events import Event, ServiceAnswered, ServiceRefused
from flowlang.interchange.connect.mapping import Param
from flowlang.parameters import Anything, Parameters, Text, parameter
from flowlang.types import Type

KEYS_MAX = 5


class FindProfileParams(Parameters):
    keys: dict[str, Anything] = parameter(
        title={"en": "Found by", "ko": "찾는 기준"},
        help={
            "en": "A field and its value, such as phone: caller.number; of several, all must fit.",
            "ko": "phone: caller.number처럼 필드와 값을 적습니다. 여럿이면 모두 맞아야 합니다.",
        },
        free=True,
        min_length=1,
        max_length=KEYS_MAX,
    )
    fields: tuple[Text, ...] = fields_to_read()


class FindProfile(Block[FindProfileParams]):
    """Looks up the profile of a customer, by phone number, e-mail address, account or any other
    field. Later steps read it as `profile`. There may be `none`, or `several` that fit.

    ```flow
    flow example
      on error -> hang_up

    start:
      find_profile phone: caller.number, fields: ["first_name"]
        on none, several -> stranger
      play "Hello {profile.first_name}."
      -> hang_up

    stranger:
      play "Hello."
      -> hang_up
    ```
    """

    kind = "find_profile"
    card = Card(
        category="know",
        icon="search",
        title={"en": "Find a customer", "ko": "고객 프로필 찾기"},
        summary={
            "en": "Looks up who the customer is.",
            "ko": "고객이 누구인지 프로필에서 찾습니다.",
        },
        search=("Customer profiles", "고객 프로필", "Get profile", "CRM", "customer", "고객 조회"),
    )
    Params = FindProfileParams
    slot = "profile"
    waits = "service"
    outcomes = (
        SUCCESS,
        Outcome(name="none", title={"en": "nobody", "ko": "없음"}, unrouted="serious"),
        Outcome(name="several", title={"en": "several", "ko": "여러 명"}, unrouted="serious"),
        SERIOUS,
    )

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return profiles.results(call)

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, Type]:
        return cls.results(call) if outcome == "next" else {}

    @staticmethod
    def start(params: FindProfileParams, view: View) -> Move:
        return _search(params, 0)

    @staticmethod
    def resume(
        params: FindProfileParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        match event:
            case ServiceAnswered(value=found):
                return profiles.leave_with(found) if _fits(found, params) else Leave(outcome="none")
            case ServiceRefused(reason="none_found"):
                return Leave(outcome="none")
            case ServiceRefused(reason="multiple_found") if memory["key"] + 1 < len(params.keys):
                # Another of the keys may tell them apart.
                return _search(params, memory["key"] + 1)
            case ServiceRefused(reason="multiple_found"):
                return Leave(outcome="several")
            case _:
                return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = RecordAction(
        action="GetCustomerProfile",
        params=(
            Param("keys", "ProfileRequestData", FieldPairs(profiles.NAMES)),
            Param("fields", "ProfileResponseData", FieldList(profiles.NAMES)),
        ),
        errors={
            "MultipleFoundError": "several",
            "NoneFoundError": "none",
            "NoMatchingError": "error",
        },
        root="Customer",
        names=profiles.NAMES,
    )


def _search(params: FindProfileParams, number: int) -> Move:
    by = list(params.keys)[number]
    question = asking.ask("profiles", "search", by=by, value=params.keys[by])
    return replace(question, memory={"key": number})


def _fits(found: Mapping[str, Any], params: FindProfileParams) -> bool:
    return all(str(found.get(key, value)) == str(value) for key, value in params.keys.items())

"""Note whose conversation this is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking, profiles
from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Parameters, Text, parameter


class LinkProfileParams(Parameters):
    profile: Text = parameter(
        title={"en": "Profile", "ko": "프로필"},
        help={
            "en": "Its id. Left out: the one that was found or created last.",
            "ko": "프로필의 id입니다. 비워 두면 마지막으로 찾거나 만든 프로필입니다.",
        },
        default="",
        position=0,
    )


class LinkProfile(Block[LinkProfileParams]):
    """Notes that this conversation is with the customer of a profile, so that it is found among
    theirs later.

    ```flow
    flow example
      on error -> hang_up

    start:
      find_profile phone: caller.number
        on none, several -> hang_up
      link_profile profile.id
      play "Hello."
      -> hang_up
    ```
    """

    kind = "link_profile"
    card = Card(
        category="know",
        icon="clip",
        title={"en": "Link the customer", "ko": "고객 프로필 연결"},
        summary={
            "en": "Notes whose conversation this is.",
            "ko": "이 상담이 누구의 것인지 남깁니다.",
        },
        search=("Customer profiles", "고객 프로필", "Associate contact to profile", "CRM"),
    )
    Params = LinkProfileParams
    waits = "service"
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: LinkProfileParams, view: View) -> Move:
        profile = params.profile or view.settings.get(profiles.CURRENT)
        if not profile:
            return Leave(outcome="error")
        return asking.ask("profiles", "associate", id=profile)

    @staticmethod
    def resume(
        params: LinkProfileParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(settings={profiles.CURRENT: str(event.value.get("id", ""))})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="AssociateContactToCustomerProfile",
        params=(Param("profile", "ProfileRequestData.ProfileId"),),
        fixed={"ProfileRequestData.ContactId": "$.ContactId"},
    )

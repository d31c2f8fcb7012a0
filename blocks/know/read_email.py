"""Read the e-mail that a conversation is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction
from flowlang.parameters import Parameters
from flowlang.types import Type


class ReadEmailParams(Parameters):
    pass


class ReadEmail(Block[ReadEmailParams]):
    """Reads the text of the e-mail that the customer wrote, as `email.text`. Whoever calls or
    chats wrote none: there it takes `error`.

    ```flow
    flow example
      on error -> hang_up

    start:
      play "One moment."
      read_email
        on error -> hang_up
      play "You wrote: {email.text}"
      -> hang_up
    ```
    """

    kind = "read_email"
    card = Card(
        category="know",
        icon="text",
        title={"en": "Read the e-mail", "ko": "이메일 읽기"},
        summary={
            "en": "Reads what the customer wrote by e-mail.",
            "ko": "고객이 이메일에 쓴 내용을 읽습니다.",
        },
        search=("Load contact content", "Get email content", "이메일", "e-mail"),
    )
    Params = ReadEmailParams
    slot = "email"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return {"text": types.TEXT}

    @staticmethod
    def start(params: ReadEmailParams, view: View) -> Move:
        return asking.ask("email", "read")

    @staticmethod
    def resume(
        params: ReadEmailParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(results={"text": str(event.value.get("text", ""))})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="LoadContactContent",
        fixed={"ContentType": "EmailMessage"},
        results={"text": "Email.EmailMessage.Plaintext"},
    )

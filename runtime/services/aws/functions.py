"""Functions of AWS Lambda, called as Amazon Connect calls them."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from flowlang.channels import CHANNELS
from runtime.contact import Contact
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.functions import ANSWER_BYTES_MAX, TIMEOUT_S_MAX, FunctionError

ContactOf = Callable[[str], Awaitable[Contact | None]]
"""A contact by its id."""
EVENT_BYTES_MAX = 131_072


class Lambdas:
    def __init__(self, clients: Clients, names: Mapping[str, str], contact_of: ContactOf) -> None:
        """`names`: ARN or name at Amazon, by the name in flows; else both are the same."""
        self.clients = clients
        self.names = names
        self.contact_of = contact_of

    async def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        *,
        key: str = "",
        contact: str = "",
        timeout_s: float = 3,
    ) -> Mapping[str, Any]:
        """What the function gives, or `FunctionError`."""
        event = contact_event(await self.contact_of(contact), arguments, self.clients.region)
        payload = orjson.dumps(event)
        if len(payload) > EVENT_BYTES_MAX:
            raise FunctionError("failed", f"the event is longer than {EVENT_BYTES_MAX} bytes")
        name = self.names.get(function, function)
        try:
            answer, body = await self.clients.call(
                "lambda",
                lambda client: _invoke(client, name, payload, key),
                timeout_s=min(timeout_s, TIMEOUT_S_MAX),
            )
        except Trouble as trouble:
            raise _told(trouble) from trouble
        if error := answer.get("FunctionError"):
            raise FunctionError("failed", f"{error}: {_message(body)}"[:500])
        return _value(body)


def _invoke(client: Any, name: str, payload: bytes, key: str) -> tuple[Mapping[str, Any], bytes]:
    context = orjson.dumps({"custom": {"idempotency_key": key}})
    answer = client.invoke(
        FunctionName=name,
        InvocationType="RequestResponse",
        Payload=payload,
        ClientContext=base64.b64encode(context).decode(),
    )
    return answer, answer["Payload"].read(ANSWER_BYTES_MAX + 1)


def _told(trouble: Trouble) -> FunctionError:
    match trouble.kind:
        case "timeout":
            return FunctionError("timeout", trouble.detail)
        case "not_found":
            return FunctionError("unknown", trouble.detail)
        case _:
            return FunctionError("failed", trouble.detail)


def _message(body: bytes) -> str:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")
    return str(told.get("errorMessage", "")) if isinstance(told, dict) else str(told)


def _value(body: bytes) -> Mapping[str, Any]:
    if len(body) > ANSWER_BYTES_MAX:
        raise FunctionError("bad_answer", f"the answer is longer than {ANSWER_BYTES_MAX} bytes")
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FunctionError("bad_answer", "the answer is not JSON") from error
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"value": value}


# --- the event --------------------------------------------------------------------------------


def contact_event(
    contact: Contact | None, arguments: Mapping[str, Any], region: str
) -> dict[str, Any]:
    """The event of Amazon Connect: parameters and attributes are texts there."""
    return {
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": _contact_data(contact, region) if contact else {},
            "Parameters": {name: as_text(value) for name, value in arguments.items()},
        },
    }


def _contact_data(contact: Contact, region: str) -> dict[str, Any]:
    medium = CHANNELS[contact.channel].medium if contact.channel in CHANNELS else "chat"
    channel = "TASK" if contact.channel == "task" else medium.upper()
    return {
        "Attributes": {
            name: as_text(value) for name, value in contact.values.items() if value is not None
        },
        "AwsRegion": region,
        "Channel": channel,
        "ContactId": contact.id,
        "CustomerEndpoint": _endpoint(contact.address, channel),
        "CustomerId": contact.settings.get("profile"),
        "Description": contact.settings.get("description"),
        "InitialContactId": contact.continues or contact.id,
        "InitiationMethod": "TRANSFER" if contact.continues else "INBOUND",
        "InstanceARN": None,
        "LanguageCode": contact.language,
        "MediaStreams": {"Customer": {"Audio": None}},
        "Name": contact.name or None,
        "PreviousContactId": contact.continues or contact.id,
        "Queue": {"ARN": None, "Name": contact.queue} if contact.queue else None,
        "References": {},
        "RelatedContactId": None,
        "SystemEndpoint": _endpoint(contact.entry, channel),
        "Tags": contact.settings.get("tags") or {},
    }


def _endpoint(address: str, channel: str) -> dict[str, str] | None:
    if not address:
        return None
    is_number = channel == "VOICE" or address.startswith("+")
    return {"Address": address, "Type": "TELEPHONE_NUMBER" if is_number else "CONTACT_FLOW"}


def as_text(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case None:
            return ""
        case _:
            return orjson.dumps(value).decode()

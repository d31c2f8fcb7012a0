"""What the bodies of the interface have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from runtime import limits

TEXT = "text/plain"
ClientToken = Annotated[
    str,
    Field(
        max_length=500,
        description="The same token again is the same request, and gets the same answer.",
    ),
]


def example(body: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": body})


class Shape(BaseModel):
    """Spelled as Amazon Connect spells it, and nothing in it that we do not know."""

    model_config = ConfigDict(alias_generator=to_pascal, populate_by_name=True, extra="forbid")


class TextContent(Shape):
    content_type: Literal["text/plain"] = "text/plain"
    content: str = Field(min_length=1, max_length=limits.MESSAGE_BYTES_MAX)


# --- programs -------------------------------------------------------------------------------------


def _fits(attributes: dict[str, str]) -> dict[str, str]:
    size = sum(len(key.encode()) + len(text.encode()) for key, text in attributes.items())
    if size > limits.VALUES_BYTES_MAX:
        raise ValueError(f"at most {limits.VALUES_BYTES_MAX} bytes altogether")
    return attributes


Attributes = Annotated[
    dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")], str],
    AfterValidator(_fits),
]
EntryName = Annotated[str, Field(min_length=1, max_length=200, description="An entry's name.")]


class ParticipantDetails(Shape):
    display_name: str = Field(min_length=1, max_length=256)


class StartChat(Shape):
    contact_flow_id: EntryName
    participant_details: ParticipantDetails
    attributes: Attributes = Field(default_factory=dict)
    initial_message: TextContent | None = None
    language_code: str = Field("", max_length=20)
    client_token: ClientToken = ""
    model_config = example(
        {
            "ContactFlowId": "support",
            "ParticipantDetails": {"DisplayName": "Kim Minji"},
            "Attributes": {"tier": "gold"},
            "InitialMessage": {"ContentType": "text/plain", "Content": "Where is my parcel?"},
            "ClientToken": "5f0c8f3a-order-1042",
        }
    )


class ChatStarted(Shape):
    contact_id: str
    participant_id: str
    participant_token: str


class StartTask(Shape):
    contact_flow_id: EntryName
    name: str = Field(min_length=1, max_length=512)
    queue: str = Field(min_length=1, max_length=256)
    description: str = Field("", max_length=4_096)
    references: dict[str, str] = Field(default_factory=dict, max_length=25)
    scheduled_time: AwareDatetime | None = None
    client_token: ClientToken = ""
    model_config = example(
        {
            "ContactFlowId": "support",
            "Name": "Call the supplier",
            "Queue": "Desk",
            "Description": "Order 1042 is late.",
            "ClientToken": "task-1042",
        }
    )


class StartCall(Shape):
    contact_flow_id: EntryName
    destination_phone_number: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    client_token: ClientToken = ""
    model_config = example(
        {
            "ContactFlowId": "line",
            "DestinationPhoneNumber": "+821011112222",
            "ClientToken": "call-1042",
        }
    )


class Started(Shape):
    contact_id: str


class SendEvent(Shape):
    type: Literal["message", "disconnect"]
    content: str = Field("", max_length=limits.MESSAGE_BYTES_MAX)
    client_token: ClientToken = ""
    model_config = example({"Type": "message", "Content": "Here I am again.", "ClientToken": "m-7"})


class Taken(Shape):
    is_new: bool = Field(description="False: this event was taken before.")


# --- participants ---------------------------------------------------------------------------------

TYPING = "application/vnd.amazonaws.connect.event.typing"
Role = Literal["CUSTOMER", "AGENT", "SYSTEM"]
Wanted = Literal["WEBSOCKET", "CONNECTION_CREDENTIALS"]


class Connect(Shape):
    type: list[Wanted] = Field(min_length=1, max_length=2)
    connect_participant: bool = False
    model_config = example({"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"]})


class Websocket(Shape):
    url: str
    connection_expiry: str


class ConnectionCredentials(Shape):
    connection_token: str
    expiry: str


class Connection(Shape):
    websocket: Websocket | None = None
    connection_credentials: ConnectionCredentials | None = None


class SendMessage(TextContent):
    client_token: ClientToken = ""
    model_config = example(
        {"ContentType": "text/plain", "Content": "Order 1042, please.", "ClientToken": "m-1"}
    )


class SendSignal(Shape):
    content_type: Literal["application/vnd.amazonaws.connect.event.typing"]
    client_token: ClientToken = ""
    model_config = example({"ContentType": TYPING})


class Sent(Shape):
    id: str
    absolute_time: str


class AskTranscript(Shape):
    max_results: int = Field(15, ge=1, le=100)
    next_token: str = Field("", max_length=20, pattern=r"^[0-9]*$")
    scan_direction: Literal["FORWARD", "BACKWARD"] = "BACKWARD"
    sort_order: Literal["ASCENDING", "DESCENDING"] = "ASCENDING"
    model_config = example({"MaxResults": 15, "ScanDirection": "BACKWARD"})


class Item(Shape):
    id: str
    absolute_time: str
    type: Literal["MESSAGE", "EVENT"]
    content_type: str
    content: str = ""
    participant_role: Role
    display_name: str = ""


class Transcript(Shape):
    initial_contact_id: str
    transcript: list[Item]
    next_token: str = ""


class Leave(Shape):
    client_token: ClientToken = ""

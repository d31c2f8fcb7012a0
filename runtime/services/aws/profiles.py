"""Customer profiles of Amazon Connect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runtime.services.asked import Question, Refused, Value
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.aws.refusals import refused
from runtime.services.local import fields as read
from runtime.services.local.profiles import KEPT

FOUND_MAX = 2
_KEYS = {"phone": "_phone", "email": "_email", "account": "_account", "id": "_profileId"}
_ADDRESS = {
    **{f"address{n}": f"Address{n}" for n in range(1, 5)},
    "city": "City", "county": "County", "state": "State", "province": "Province",
    "country": "Country", "postal_code": "PostalCode",
}  # fmt: skip
_SPECIAL = {
    "phone": "PhoneNumber", "mobile_phone": "MobilePhoneNumber", "home_phone": "HomePhoneNumber",
    "business_phone": "BusinessPhoneNumber", "email": "EmailAddress",
    "personal_email": "PersonalEmailAddress", "business_email": "BusinessEmailAddress",
    "account": "AccountNumber", "first_name": "FirstName", "middle_name": "MiddleName",
    "last_name": "LastName", "birth_date": "BirthDate", "gender": "GenderString",
    "business_name": "BusinessName", "party_type": "PartyTypeString",
    "additional_information": "AdditionalInformation",
}  # fmt: skip


class ConnectProfiles:
    """The service `profiles`. Fields that Amazon has no name for are attributes there."""

    def __init__(self, clients: Clients, domain: str) -> None:
        self.clients = clients
        self.domain = domain

    async def answer(self, question: Question) -> Value:
        match question.operation:
            case "search":
                by, value = read.text(question, "by"), read.text(question, "value", needed=False)
                if not value:
                    raise Refused("none_found", f"nobody is known by no {by}")
                return await self._one(question, by, value)
            case "get":
                return await self._one(question, "id", read.text(question, "id"))
            case "create":
                return await self._create(question)
            case "update":
                return await self._update(question)
            case "delete":
                return await self._delete(question)
            case "associate":
                # Amazon links the contacts of Connect, and this is one of ours.
                raise Refused("failed", "Amazon's profiles know only contacts of Amazon Connect")
            case other:
                raise Refused("unknown", f"profiles have no operation {other}")

    async def _one(self, question: Question, by: str, value: str) -> Value:
        answer = await self._call(
            question,
            lambda client: client.search_profiles(
                DomainName=self.domain, KeyName=_KEYS.get(by, by), Values=[value],
                MaxResults=FOUND_MAX,
            ),
            repeatable=True,
        )  # fmt: skip
        found = answer.get("Items") or []
        if not found:
            raise Refused("none_found", f"no profile has this {by}")
        if len(found) > 1:
            raise Refused("multiple_found", f"more than one profile has this {by}")
        return from_amazon(found[0])

    async def _create(self, question: Question) -> Value:
        fields = read.without_empty(read.fields(question, kept=KEPT, nested=True))
        if not fields:
            raise Refused("invalid", "a profile needs at least one field")
        answer = await self._call(
            question,
            lambda client: client.create_profile(DomainName=self.domain, **to_amazon(fields)),
        )
        return {**fields, "id": answer["ProfileId"]}

    async def _update(self, question: Question) -> Value:
        id_ = read.text(question, "id")
        fields = read.fields(question, kept=KEPT, nested=True)
        await self._call(
            question,
            lambda client: client.update_profile(
                DomainName=self.domain, ProfileId=id_, **to_amazon(fields)
            ),
            repeatable=True,
        )
        return await self._one(question, "id", id_)

    async def _delete(self, question: Question) -> Value:
        id_ = read.text(question, "id")
        await self._call(
            question,
            lambda client: client.delete_profile(DomainName=self.domain, ProfileId=id_),
            repeatable=True,
        )
        return {"id": id_}

    async def _call(
        self, question: Question, operation: Callable[[Any], Any], *, repeatable: bool = False
    ) -> Any:
        try:
            return await self.clients.call(
                "customer-profiles", operation, timeout_s=question.timeout_s, repeatable=repeatable
            )
        except Trouble as trouble:
            raise refused(trouble) from trouble


def to_amazon(fields: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    address: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            inside = value if name == "attributes" else {f"{name}_{k}": v for k, v in value.items()}
            attributes |= {key: str(each) for key, each in inside.items()}
        elif name in _SPECIAL:
            found[_SPECIAL[name]] = str(value)
        elif name in _ADDRESS:
            address[_ADDRESS[name]] = str(value)
        else:
            attributes[name] = str(value)
    if address:
        found["Address"] = address
    if attributes:
        found["Attributes"] = attributes
    return found


def from_amazon(profile: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": profile["ProfileId"]}
    found |= {ours: profile[theirs] for ours, theirs in _SPECIAL.items() if profile.get(theirs)}
    address = profile.get("Address") or {}
    found |= {ours: address[theirs] for ours, theirs in _ADDRESS.items() if address.get(theirs)}
    if profile.get("Attributes"):
        found["attributes"] = dict(profile["Attributes"])
    return found

"""Cases of Amazon Connect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.services.asked import Question, Refused, Value
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.aws.refusals import refused
from runtime.services.local import fields as read
from runtime.services.local.cases import KEPT

FOUND_MAX = 2
_SYSTEM = {
    "status": "status", "title": "title", "summary": "summary", "case_reason": "case_reason",
    "profile": "customer_id", "reference": "reference_number",
    "created_at": "created_datetime", "updated_at": "last_updated_datetime",
    "closed_at": "last_closed_datetime",
}  # fmt: skip
_OURS = {theirs: ours for ours, theirs in _SYSTEM.items()}


class ConnectCases:
    """The service `cases`. Fields have the ids that Amazon gave them.

    Its cases show contacts of Amazon Connect, and those that run here are none: a case that is to
    show one comes back as not `linked`."""

    def __init__(self, clients: Clients, domain: str, template: str) -> None:
        """`template`: for cases that name none."""
        self.clients = clients
        self.domain = domain
        self.template = template

    async def answer(self, question: Question) -> Value:
        match question.operation:
            case "get":
                case = await self._get(question)
            case "create":
                case = await self._create(question)
            case "update":
                case = await self._update(question)
            case "link":
                raise Refused("failed", "Amazon's cases know only contacts of Amazon Connect")
            case other:
                raise Refused("unknown", f"cases have no operation {other}")
        return {**case, "linked": False} if read.flag(question, "link") else case

    async def _get(self, question: Question) -> Value:
        if id_ := read.text(question, "id", needed=False):
            return await self._read(question, id_)
        wanted = read.without_empty(read.fields(question))
        if profile := read.text(question, "profile", needed=False):
            wanted["profile"] = profile
        newest = read.flag(question, "newest")
        if read.flag(question, "linked"):
            raise Refused("none_found", "Amazon's cases know only contacts of Amazon Connect")
        if not wanted:
            raise Refused("invalid", "get needs id, profile or fields")
        filters = [{"field": {"equalTo": field}} for field in _fields(wanted)]
        answer = await self._call(
            question,
            lambda client: client.search_cases(
                domainId=self.domain, maxResults=FOUND_MAX, filter={"andAll": filters},
                sorts=[{"fieldId": _SYSTEM["updated_at"], "sortOrder": "Desc"}],
            ),
            repeatable=True,
        )  # fmt: skip
        found = answer.get("cases") or []
        if not found:
            raise Refused("none_found", "there is no such case")
        if len(found) > 1 and not newest:
            raise Refused("multiple_found", "there is more than one such case")
        return await self._read(question, found[0]["caseId"])

    async def _read(self, question: Question, id_: str) -> Value:
        wanted = [*_SYSTEM.values(), *read.fields(question)]
        answer = await self._call(
            question,
            lambda client: client.get_case(
                domainId=self.domain, caseId=id_,
                fields=[{"id": name} for name in dict.fromkeys(wanted)],
            ),
            repeatable=True,
        )  # fmt: skip
        return {"id": id_, **_values(answer.get("fields") or ())}

    async def _create(self, question: Question) -> Value:
        fields = read.without_empty(read.fields(question, kept=KEPT))
        if not fields.get("title"):
            raise Refused("invalid", "a case needs a title")
        if profile := read.text(question, "profile", needed=False):
            fields["profile"] = profile
        template = read.text(question, "template", needed=False) or self.template
        # Asked again under the same token, Amazon answers with the case that it made.
        token = hashlib.sha256(question.key.encode()).hexdigest()
        answer = await self._call(
            question,
            lambda client: client.create_case(
                domainId=self.domain, templateId=template, fields=_fields(fields),
                clientToken=token,
            ),
            repeatable=True,
        )  # fmt: skip
        return await self._read(question, answer["caseId"])

    async def _update(self, question: Question) -> Value:
        id_, fields = read.text(question, "id"), read.fields(question, kept=KEPT)
        await self._call(
            question,
            lambda client: client.update_case(
                domainId=self.domain, caseId=id_, fields=_fields(fields)
            ),
            repeatable=True,
        )
        return await self._read(question, id_)

    async def _call(
        self, question: Question, operation: Callable[[Any], Any], *, repeatable: bool
    ) -> Any:
        try:
            return await self.clients.call(
                "connectcases", operation, timeout_s=question.timeout_s, repeatable=repeatable
            )
        except Trouble as trouble:
            raise refused(trouble) from trouble


def _fields(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"id": _SYSTEM.get(name, name), "value": _value(each)} for name, each in values.items()]


def _value(value: Any) -> dict[str, Any]:
    match value:
        case "":
            return {"emptyValue": {}}
        case bool():
            return {"booleanValue": value}
        case int() | float():
            return {"doubleValue": float(value)}
        case _:
            return {"stringValue": str(value)}


def _values(fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        value = next(iter((field.get("value") or {}).values()), "")
        if value not in ("", {}):
            found[_OURS.get(field["id"], field["id"])] = value
    return found

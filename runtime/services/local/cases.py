"""Cases: what a customer wants settled, over as many conversations as it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.services.local.records import Records, id_from

FOUND_MAX = 2
KEPT = ("id", "reference", "profile", "template", "linked", "created_at", "updated_at", "closed_at")
CLOSED = "closed"
SETTLED = "cases closed"
"""A list by the time at which they were."""


class Cases:
    def __init__(self, records: Records) -> None:
        self.records = records
        records.once("cases by time", self._list_all)

    def answer(self, question: Question) -> Value:
        match question.operation:
            case "get" if read.flag(question, "link"):
                return self.records.change(question, lambda: self._find_and_link(question))
            case "get":
                return self._find(question)
            case "create":
                return self.records.change(question, lambda: self._create(question))
            case "update":
                return self.records.change(question, lambda: self._update(question))
            case "link":
                return self.records.change(question, lambda: self._link(question))
            case other:
                raise Refused("unknown", f"cases have no operation {other}")

    def forget(self, before: datetime) -> None:
        """Those that were settled before then."""
        while settled := self.records.listed(SETTLED, before):
            ids = [case["id"] for case in settled]
            for kind in ("case", "contacts of case"):
                self.records.forget(kind, ids)

    def _find(self, question: Question) -> Value:
        if id_ := read.text(question, "id", needed=False):
            return self._get(id_)
        wanted: dict[str, Sequence[str]] = {}
        for name, value in self._wanted(question).items():
            wanted[read.alike(value)] = (*wanted.get(read.alike(value), ()), name)
        newest = read.flag(question, "newest")
        if not wanted:
            raise Refused("invalid", "get needs id, profile, fields or linked")
        found = [
            case
            for case in self.records.find("case", wanted, 1_000)
            if self._fits(case, self._wanted(question))
        ]
        if not found:
            raise Refused("none_found", "there is no such case")
        if len(found) > 1 and not newest:
            raise Refused("multiple_found", f"there are {len(found)} such cases")
        return found[-1]

    def _find_and_link(self, question: Question) -> Value:
        case = self._find(question)
        self._index(case, self._linked(case["id"], question.contact))
        return {**case, "linked": True}

    def _wanted(self, question: Question) -> Mapping[str, Any]:
        wanted: dict[str, Any] = read.without_empty(read.fields(question))
        if profile := read.text(question, "profile", needed=False):
            wanted["profile"] = profile
        if read.flag(question, "linked"):
            wanted["contact"] = question.contact
        return wanted

    def _fits(self, case: Value, wanted: Mapping[str, Any]) -> bool:
        """A value may stand in another field than the one that it was wanted in."""
        return all(
            name == "contact" or (name in case and read.alike(case[name]) == read.alike(value))
            for name, value in wanted.items()
        )

    def _get(self, id_: str) -> Value:
        found = self.records.get("case", id_)
        if found is None:
            raise Refused("none_found", f"there is no case {id_}")
        return found

    def _create(self, question: Question) -> Value:
        values = read.without_empty(read.fields(question, kept=KEPT))
        if not values.get("title"):
            raise Refused("invalid", "a case needs a title")
        case = {
            "id": id_from(question, "case"),
            "reference": str(1000 + self.records.count("cases")),
            "status": "open",
            "profile": read.text(question, "profile", needed=False),
            "template": read.text(question, "template", needed=False),
            "created_at": question.at.isoformat(),
            **values,
        }
        return self._put(question, read.without_empty(case))

    def _update(self, question: Question) -> Value:
        before = self._get(read.text(question, "id"))
        values = {**before, **read.fields(question, kept=KEPT)}
        values["status"] = values.get("status") or "open"
        if not values.get("title"):
            raise Refused("invalid", "a case needs a title")
        return self._put(question, read.without_empty(values))

    def _put(self, question: Question, case: dict[str, Any]) -> Value:
        case["updated_at"] = question.at.isoformat()
        if case["status"] == CLOSED:
            case.setdefault("closed_at", case["updated_at"])
        else:
            case.pop("closed_at", None)
        if len(case) > read.FIELDS_MAX + len(KEPT):
            raise Refused("invalid", f"a case has at most {read.FIELDS_MAX} fields")
        contacts = self._contacts(case["id"])
        if read.flag(question, "link"):
            contacts = self._linked(case["id"], question.contact)
        self._index(case, contacts)
        return {**case, "linked": True} if read.flag(question, "link") else case

    def _link(self, question: Question) -> Value:
        case = self._get(read.text(question, "id"))
        self._index(case, self._linked(case["id"], question.contact))
        return {"id": case["id"], "contact": question.contact}

    def _linked(self, id_: str, contact: str) -> list[str]:
        contacts = list(dict.fromkeys([*self._contacts(id_), contact]))
        self.records.put("contacts of case", id_, {"contacts": contacts})
        return contacts

    def _contacts(self, id_: str) -> list[str]:
        found = self.records.get("contacts of case", id_)
        return list(found["contacts"]) if found else []

    def _index(self, case: Value, contacts: Sequence[str]) -> None:
        found_by = {name: [read.alike(value)] for name, value in case.items()}
        found_by["contact"] = [read.alike(contact) for contact in contacts]
        is_closed = case["status"] == CLOSED
        lists = {SETTLED: datetime.fromisoformat(case["closed_at"])} if is_closed else {}
        self.records.put("case", case["id"], case, found_by, lists)

    def _list_all(self) -> None:
        for case in self.records.all("case"):
            self._index(case, self._contacts(case["id"]))

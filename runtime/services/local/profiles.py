"""Customer profiles: who is behind a number or an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.services.local.records import Records, id_from

FOUND_MAX = 2
FORGOTTEN_MAX = 1_000
"""How many profiles somebody can have who is to be forgotten."""
LINK = "profile of contact"
KEPT = ("id", "created_at", "updated_at")
SAME = {
    "phone": ("phone", "mobile_phone", "home_phone", "business_phone"),
    "email": ("email", "personal_email", "business_email"),
    "account": ("account", "account_number"),
}
"""What is searched under one name and stands under several."""


class Profiles:
    def __init__(self, records: Records) -> None:
        self.records = records

    def answer(self, question: Question) -> Value:
        match question.operation:
            case "search":
                return self._search(question)
            case "get":
                return self._get(read.text(question, "id"))
            case "create":
                return self.records.change(question, lambda: self._create(question))
            case "update":
                return self.records.change(question, lambda: self._update(question))
            case "delete":
                return self.records.change(question, lambda: self._delete(question))
            case "associate":
                return self.records.change(question, lambda: self._associate(question))
            case other:
                raise Refused("unknown", f"profiles have no operation {other}")

    def known_by(self, value: str) -> list[str]:
        """The ids of all who have this number, address or account, or this id."""
        names = [name for same in SAME.values() for name in same]
        found = self.records.find("profile", {read.alike(value): names}, FORGOTTEN_MAX)
        ids = [str(profile["id"]) for profile in found]
        return ids or ([value] if self.records.get("profile", value) else [])

    def _search(self, question: Question) -> Value:
        by, value = read.text(question, "by"), read.text(question, "value", needed=False)
        if not value:
            # Somebody who calls without a number, say.
            raise Refused("none_found", f"nobody is known by no {by}")
        if by == "id":
            return self._get(value)
        found = self.records.find("profile", {read.alike(value): SAME.get(by, (by,))}, FOUND_MAX)
        if not found:
            raise Refused("none_found", f"no profile has this {by}")
        if len(found) > 1:
            raise Refused("multiple_found", f"more than one profile has this {by}")
        return found[0]

    def _get(self, id_: str) -> Value:
        found = self.records.get("profile", id_)
        if found is None:
            raise Refused("none_found", f"there is no profile {id_}")
        return found

    def _create(self, question: Question) -> Value:
        values = read.without_empty(read.fields(question, kept=KEPT, nested=True))
        if not values:
            raise Refused("invalid", "a profile needs at least one field")
        return self._put(question, {"id": id_from(question, "profile"), **values})

    def _update(self, question: Question) -> Value:
        before = self._get(read.text(question, "id"))
        values = {**before, **read.fields(question, kept=KEPT, nested=True)}
        return self._put(question, read.without_empty(values))

    def _put(self, question: Question, values: dict[str, Any]) -> Value:
        now = question.at.isoformat()
        profile = {"created_at": now, **values, "updated_at": now}
        if len(profile) > read.FIELDS_MAX + len(KEPT):
            raise Refused("invalid", f"a profile has at most {read.FIELDS_MAX} fields")
        self.records.put("profile", profile["id"], profile, dict(_found_by(profile)))
        return profile

    def _delete(self, question: Question) -> Value:
        """Forget somebody: the profile, what links contacts to it, and what was answered of it."""
        id_ = self._get(read.text(question, "id"))["id"]
        links = [link["contact"] for link in self.records.all(LINK) if link["id"] == id_]
        self.records.remove("profile", [id_])
        self.records.remove(LINK, links)
        self.records.remove_answers_about(id_)
        return {"id": id_}

    def _associate(self, question: Question) -> Value:
        profile = self._get(read.text(question, "id"))
        link = {"id": profile["id"], "contact": question.contact}
        self.records.put(LINK, question.contact, link)
        return link


def _found_by(profile: Value, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Fields inside of others are searched as `attributes.tier`."""
    for name, value in profile.items():
        if isinstance(value, Mapping):
            yield from _found_by(value, f"{prefix}{name}.")
        elif prefix or name not in KEPT:
            yield f"{prefix}{name}", [read.alike(value)]

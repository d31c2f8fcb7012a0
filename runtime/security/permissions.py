"""Who may do what. Roles are sets of permissions; a group says for whose contacts and queues they
hold. Who has which role stands in the project file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flowlang.project import Project
from flowlang.project.people import ROLES

ADMIN = "admin"
"""The person who is there from the beginning: who has the first link."""
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    title: str
    may: frozenset[str]
    group: str = EVERYWHERE
    """Where their permissions hold: in this group and those below it."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a project, with what each may do."""

    persons: Mapping[str, Person]
    above: Mapping[str, str] = field(default_factory=dict)
    """The group above each."""

    @classmethod
    def of(cls, project: Project) -> People:
        roles = {**ROLES, **{name: frozenset(role.may) for name, role in project.roles.items()}}
        persons = {ADMIN: Person(ADMIN, ADMIN, roles["admin"])}
        for name, agent in project.agents.items():
            persons[name] = Person(name, agent.name, roles["agent"], agent.group)
        for name, person in project.people.items():
            may = frozenset().union(*(roles.get(role, frozenset()) for role in person.roles))
            if known := persons.get(name):
                may |= known.may
            persons[name] = Person(name, person.name, may, person.group)
        return cls(persons, {name: group.above for name, group in project.groups.items()})

    def knows(self, person: str) -> bool:
        return person in self.persons

    def may(self, person: str, permission: str, group: str = EVERYWHERE) -> bool:
        """Whether somebody may do it, to what belongs to a group. What belongs to none is for
        those alone whose permissions hold everywhere."""
        found = self.persons.get(person)
        if found is None or permission not in found.may:
            return False
        return found.group == EVERYWHERE or found.group in self._upwards(group)

    def may_somewhere(self, person: str, permission: str) -> bool:
        found = self.persons.get(person)
        return found is not None and permission in found.may

    def _upwards(self, group: str) -> Iterator[str]:
        seen: set[str] = set()
        while group and group not in seen:
            seen.add(group)
            yield group
            group = self.above.get(group, "")

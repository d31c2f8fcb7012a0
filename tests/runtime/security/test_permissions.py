"""Who may do what, and where."""

from __future__ import annotations

from flowlang.project import Project
from flowlang.project.people import PERMISSIONS, ROLES
from runtime.security.permissions import ADMIN, People

PROJECT = Project.model_validate(
    {
        "name": "Acorn",
        "groups": {"all": {}, "north": {"above": "all"}, "harbour": {"above": "north"},
                   "south": {"above": "all"}},
        "roles": {"trainer": {"may": ["contacts.view"]}},
        "agents": {"ann": {"name": "Ann", "group": "harbour"}},
        "people": {
            "sue": {"name": "Sue", "roles": ["supervisor"], "group": "north"},
            "tim": {"name": "Tim", "roles": ["trainer", "analyst"]},
            "ann": {"name": "Ann", "roles": ["publisher"], "group": "harbour"},
        },
    }
)  # fmt: skip
PEOPLE = People.of(PROJECT)


def test_nobody_may_do_anything_by_default() -> None:
    assert not any(PEOPLE.may("stranger", permission) for permission in PERMISSIONS)
    assert not PEOPLE.knows("stranger")


def test_who_is_there_from_the_beginning_may_do_everything() -> None:
    assert all(PEOPLE.may(ADMIN, permission, "harbour") for permission in PERMISSIONS)


def test_roles_add_up() -> None:
    assert PEOPLE.may("tim", "contacts.view")
    assert PEOPLE.may("tim", "flows.edit")
    assert not PEOPLE.may("tim", "flows.publish")
    assert PEOPLE.may_somewhere("ann", "desk.use")
    assert PEOPLE.may_somewhere("ann", "flows.publish")


def test_a_permission_holds_in_a_group_and_below() -> None:
    assert PEOPLE.may("sue", "contacts.monitor", "north")
    assert PEOPLE.may("sue", "contacts.monitor", "harbour")
    assert not PEOPLE.may("sue", "contacts.monitor", "south")
    assert not PEOPLE.may("sue", "contacts.monitor", "all")
    # What belongs to no group is for those whose permissions hold everywhere.
    assert not PEOPLE.may("sue", "contacts.monitor")
    assert PEOPLE.may("tim", "contacts.view", "south")


def test_groups_that_lie_above_each_other_end() -> None:
    project = Project.model_validate(
        {"name": "A", "groups": {"a": {"above": "b"}, "b": {"above": "a"}},
         "people": {"x": {"name": "X", "roles": ["supervisor"], "group": "c"}}}
    )  # fmt: skip
    assert not People.of(project).may("x", "queues.view", "a")


def test_roles_speak_of_permissions_that_there_are() -> None:
    assert all(may <= set(PERMISSIONS) for may in ROLES.values())

"""What people of a project may do: the words for it, and the roles that are there without asking.

A permission is a verb on a resource. Nobody may do anything by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Permission = Literal[
    "flows.view",
    "flows.edit",
    "flows.publish",
    "desk.use",
    "queues.view",
    "contacts.view",
    "contacts.monitor",
    "contacts.start",
    "users.manage",
    "audit.view",
]
PERMISSIONS: tuple[str, ...] = get_args(Permission)

ROLES: Mapping[str, frozenset[str]] = {
    "admin": frozenset(PERMISSIONS),
    "analyst": frozenset({"flows.view", "flows.edit"}),
    "publisher": frozenset({"flows.view", "flows.publish"}),
    "supervisor": frozenset({"queues.view", "contacts.view", "contacts.monitor", "flows.view"}),
    "agent": frozenset({"desk.use"}),
    "auditor": frozenset({"audit.view"}),
}

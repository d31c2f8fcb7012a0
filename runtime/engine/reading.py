"""What expressions read besides the contact's own values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flowlang import types
from flowlang.names import SETTINGS
from runtime.amazon import connect_values
from runtime.contact import Contact
from runtime.program import Program

_UNSET = {key: "" if type_ == types.TEXT else None for key, type_ in SETTINGS.items()}


def readable(program: Program, contact: Contact, system: Mapping[str, Any]) -> dict[str, Any]:
    """All that an expression can read; `system` is what `system_values` gave."""
    by_amazon = connect_values(program.givers, contact)
    return {**system, **by_amazon, **contact.values, **contact.local}


def system_values(program: Program, contact: Contact, now: datetime) -> dict[str, Any]:
    """`now` is local."""
    written = now.isoformat()
    return {
        **program.resources,
        "caller": {"number": contact.address, "name": contact.name},
        "contact": {
            "id": contact.id,
            "channel": contact.channel,
            "language": contact.language,
            "entry": contact.entry,
            "today": written[:10],
            "time": written[11:16],
            **{key: contact.settings.get(key, _UNSET[key]) for key in SETTINGS},
        },
        "queue": {"name": contact.queue},
        "agent": {"name": contact.agent_name},
    }

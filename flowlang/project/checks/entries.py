"""Entries whose flow does not fit them: a module, a flow for people who wait, another channel.

Nobody is called by a module, and a flow that is written for calls alone cannot answer a message.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.channels import CHANNELS
from flowlang.diagnostics import Problem
from flowlang.project.files import FILE_NAME
from flowlang.project.whole import Member, Whole

PROVES = "entries"
INBOUND = "inbound"


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    for name, (entry, member) in whole.entries.items():
        if member is None:
            continue
        if member.is_module or member.context.flow_type != INBOUND:
            arguments: dict[str, object] = {
                "name": name,
                "flow": member.name,
                "type": member.context.flow_type,
                "reason": "module" if member.is_module else "",
            }
            yield FILE_NAME, _problem(whole, "FL531", (name, "flow"), **arguments)
        unserved = _unserved(entry.channels, member)
        if unserved:
            arguments = {"name": name, "flow": member.name, "channels": unserved}
            yield FILE_NAME, _problem(whole, "FL532", (name, "channels"), **arguments)


def _unserved(channels: tuple[str, ...], member: Member) -> tuple[str, ...]:
    """A flow that names no channels serves all."""
    media = member.context.media
    return tuple(name for name in channels if media and CHANNELS[name].medium not in media)


def _problem(whole: Whole, code: str, keys: tuple[str, ...], **arguments: object) -> Problem:
    place = whole.places.nearest(("entries", *keys))
    return Problem(code=code, severity="error", place=place, arguments=arguments)

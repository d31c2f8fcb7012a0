"""The other flows of a project: tests and policies are often about a flow in another file."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.edits import Flow

Around = Mapping[str, Flow]
"""By the name in their header."""


def subject_flow(flow: Flow, name: str | None, around: Around) -> Flow:
    """The flow that a test of this file is about; without a name the one that there is."""
    header = flow.document.header
    if name is None and header is None and len(around) == 1:
        return next(iter(around.values()))
    if name is None or (header is not None and header.name == name):
        return flow
    return around.get(name, flow)

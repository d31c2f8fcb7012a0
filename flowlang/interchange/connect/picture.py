"""Where the console draws what: metadata for a flow that the console has never seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from flowlang.interchange.connect import facts
from flowlang.interchange.connect.document import ConnectFlow
from flowlang.interchange.connect.sidecar import Sidecar
from flowlang.model import Document

Json = Any
COLUMN = 260
ROW = 200
LEFT, TOP = 200, 40


def metadata(flow: ConnectFlow, document: Document, kept: Sidecar) -> Mapping[str, Json]:
    """What the sidecar kept, and a place for every action that it does not know."""
    if kept.metadata is not None:
        return _with_new_places(flow, kept)
    places = _places(flow)
    about = {
        action.id: {"position": places[action.id], "isFriendlyName": True}
        for action in flow.actions
    }
    result: dict[str, Json] = {"entryPointPosition": {"x": 40, "y": TOP}, "ActionMetadata": about}
    header = document.header
    if header:
        result["name"] = header.title or header.name
        result["type"] = _type_word(header.flow_type)
    return result


def _with_new_places(flow: ConnectFlow, kept: Sidecar) -> Mapping[str, Json]:
    """What the console noted, and a place for each action that it has not seen."""
    before = dict(kept.metadata or {})
    about = before.get("ActionMetadata")
    new = [action for action in flow.actions if action.id not in kept.order]
    if not new or not isinstance(about, dict):
        return before
    places = _places(flow)
    return before | {
        "ActionMetadata": about | {action.id: {"position": places[action.id]} for action in new}
    }


def _type_word(flow_type: str) -> str:
    """The console's word: `contactFlow`, `customerQueue`."""
    if flow_type == "inbound":
        return "contactFlow"
    first, *others = flow_type.split("_")
    word = first + "".join(item.capitalize() for item in others)
    return word if flow_type in facts.FLOW_TYPES.values() else "contactFlow"


def _places(flow: ConnectFlow) -> dict[str, dict[str, int]]:
    """A column for each step away from the start."""
    actions = flow.by_id()
    depth: dict[str, int] = {flow.start: 0} if flow.start and flow.start in actions else {}
    waiting = deque(depth)
    while waiting:
        here = waiting.popleft()
        for target in actions[here].targets:
            if target in actions and target not in depth:
                depth[target] = depth[here] + 1
                waiting.append(target)
    rows: dict[int, int] = {}
    places: dict[str, dict[str, int]] = {}
    for action in flow.actions:
        column = depth.get(action.id, 0)
        row = rows[column] = rows.get(column, -1) + 1
        places[action.id] = {"x": LEFT + column * COLUMN, "y": TOP + row * ROW}
    return places

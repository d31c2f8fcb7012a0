"""What only Connect's console cares about, kept beside the text (`x.flow.connect.json`).

The text alone says what the flow does. With the sidecar it becomes the very JSON it came from:
identifiers, positions and notes of the console, parameters that only spell out a default, error
branches that are optional and absent, where a mirror points, endings that the text has merged.
An entry counts only as long as the step it speaks of is still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Json = Any
VERSION = 1
NOTHING: Mapping[str, Json] = {}
UNSET = "(none)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of one action."""

    id: str
    absent: tuple[str, ...] = ()
    """Error branches that the action does without."""
    next: str | None = None
    """Where its `NextAction` leads, if not where we would have it; `UNSET`: it has none."""
    order: tuple[str, ...] = ()
    """Operands of its conditions in their order, where that is another and means nothing."""
    spelled: Mapping[str, Json] = field(default_factory=dict)
    """Parameters by path that say nothing new; None: absent though usually written."""
    instead: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    """Parameters by path, what we write and what stands there to say the same (None: nothing):
    counted as long as we write all of them so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    steps: Mapping[str, tuple[Kept, ...]] = field(default_factory=dict)
    """By step, its actions in order."""
    endings: Mapping[str, str] = field(default_factory=dict)
    """Identifiers of endings without a step: by the wire that leads there (`menu.ask>timeout`),
    and one by kind (`hang_up`) for all other wires."""
    loose: Mapping[str, str] = field(default_factory=dict)
    """Endings without a step by identifier, with their kind, for mirrors that point at them."""
    order: tuple[str, ...] = ()
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The name map as the import found it, for whoever has no other."""
    metadata: Mapping[str, Json] | None = None
    settings: Mapping[str, Json] | None = None

    def of(self, step_id: str, part: int) -> Kept | None:
        kept = self.steps.get(step_id, ())
        return kept[part] if part < len(kept) else None


def dump(sidecar: Sidecar) -> dict[str, Json]:
    data: dict[str, Json] = {
        "connect": VERSION,
        "steps": {
            step_id: [_dump_kept(kept) for kept in actions]
            for step_id, actions in sidecar.steps.items()
        },
        "endings": dict(sidecar.endings),
        "loose": dict(sidecar.loose),
        "order": list(sidecar.order),
    }
    if sidecar.names:
        data["names"] = {word: dict(entries) for word, entries in sidecar.names.items()}
    if sidecar.metadata is not None:
        data["metadata"] = dict(sidecar.metadata)
    if sidecar.settings is not None:
        data["settings"] = dict(sidecar.settings)
    return data


def _dump_kept(kept: Kept) -> Json:
    data: dict[str, Json] = {"id": kept.id}
    if kept.absent:
        data["absent"] = list(kept.absent)
    if kept.next is not None:
        data["next"] = kept.next
    if kept.order:
        data["order"] = list(kept.order)
    if kept.spelled:
        data["spelled"] = dict(kept.spelled)
    if kept.instead:
        data["instead"] = {path: list(pair) for path, pair in kept.instead.items()}
    return data if len(data) > 1 else kept.id


def load(data: Mapping[str, Json] | None) -> Sidecar:
    """A sidecar from its JSON. Whatever is not as it should be counts as absent."""
    if not isinstance(data, Mapping) or data.get("connect") != VERSION:
        return Sidecar()
    steps = _mapping(data.get("steps"))
    metadata, settings = data.get("metadata"), data.get("settings")
    return Sidecar(
        steps={
            step_id: tuple(kept for item in actions if (kept := _load_kept(item)) is not None)
            for step_id, actions in steps.items()
            if isinstance(actions, list)
        },
        endings={
            wire: id_ for wire, id_ in _mapping(data.get("endings")).items() if isinstance(id_, str)
        },
        loose={
            id_: kind for id_, kind in _mapping(data.get("loose")).items() if isinstance(kind, str)
        },
        order=tuple(id_ for id_ in _sequence(data.get("order")) if isinstance(id_, str)),
        names=_names(data.get("names")),
        metadata=metadata if isinstance(metadata, Mapping) else None,
        settings=settings if isinstance(settings, Mapping) else None,
    )


def _load_kept(item: Json) -> Kept | None:
    if isinstance(item, str):
        return Kept(id=item)
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        return None
    after = item.get("next")
    return Kept(
        id=item["id"],
        absent=tuple(type_ for type_ in _sequence(item.get("absent")) if isinstance(type_, str)),
        next=after if isinstance(after, str) else None,
        order=tuple(text for text in _sequence(item.get("order")) if isinstance(text, str)),
        spelled=_mapping(item.get("spelled")),
        instead={
            path: (pair[0], pair[1])
            for path, pair in _mapping(item.get("instead")).items()
            if isinstance(pair, list) and len(pair) == 2
        },
    )


def _names(value: Json) -> Mapping[str, Mapping[str, str]]:
    return {
        word: {name: id_ for name, id_ in _mapping(entries).items() if isinstance(id_, str)}
        for word, entries in _mapping(value).items()
    }


def _mapping(value: Json) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", value) if isinstance(value, Mapping) else NOTHING


def _sequence(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []

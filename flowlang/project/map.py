"""The map of a project: where customers come in, which flow receives them, and where that leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flowlang.checking.links import How
from flowlang.names import LEADS, VALUE_WORDS, outside_name
from flowlang.project.whole import Link, Member, Whole

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedEntry:
    name: str
    channels: tuple[str, ...]
    number: str | None
    flow: str | None
    """The file; None: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A step that leads to another flow."""

    step: str
    how: How
    flow: str | None
    name: str
    """As the step calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedFlow:
    path: str
    name: str
    title: str
    kind: str
    type: str
    channels: tuple[str, ...]
    leads: tuple[Way, ...]
    resources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By word, what it works with, as the project calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMap:
    name: str
    entries: tuple[MappedEntry, ...]
    flows: tuple[MappedFlow, ...]

    def as_json(self) -> Json:
        return asdict(self)

    def flow(self, path: str | None) -> MappedFlow | None:
        return next((flow for flow in self.flows if flow.path == path), None)


def map_of(whole: Whole) -> ProjectMap:
    links: dict[str, list[Link]] = {}
    for link in whole.links:
        links.setdefault(link.source.path, []).append(link)
    return ProjectMap(
        name=whole.project.name,
        entries=tuple(
            MappedEntry(
                name=name,
                channels=entry.channels,
                number=entry.number,
                flow=member.path if member else None,
            )
            for name, (entry, member) in whole.entries.items()
        ),
        flows=tuple(_flow(it, links.get(it.path, [])) for it in whole.members.values()),
    )


def _flow(member: Member, links: list[Link]) -> MappedFlow:
    return MappedFlow(
        path=member.path,
        name=member.name,
        title=member.header.title or "",
        kind=member.header.word,
        type=member.context.flow_type,
        channels=member.header.channels,
        leads=tuple(_way(link) for link in links),
        resources=_resources(member),
    )


def _way(link: Link) -> Way:
    target = link.target
    return Way(
        step=link.step.id, how=link.how, flow=target.path if target else None, name=link.name
    )


def _resources(member: Member) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for declared in member.context.document.declarations.values():
        is_here = declared.word == "prompt" and declared.entries
        if not is_here and declared.word not in (*VALUE_WORDS, *LEADS):
            found.setdefault(declared.word, []).append(outside_name(declared))
    return {word: tuple(names) for word, names in found.items()}


# --- for people -------------------------------------------------------------------------------

INDENT = "  "
_SIGNS: Mapping[How, str] = {"transfer": "→", "call": "⇄", "hook": "⤳"}


def as_text(found: ProjectMap) -> str:
    """Signs in place of words, so that it reads the same in every language."""
    lines = [found.name]
    wide = max((len(entry.name) for entry in found.entries), default=0)
    for entry in found.entries:
        where = " ".join((*entry.channels, *((entry.number,) if entry.number else ())))
        flow = found.flow(entry.flow)
        lines.append(f"{INDENT}{entry.name:<{wide}}  {where} → {flow.name if flow else '?'}")
    for flow in found.flows:
        lines.append(f"{INDENT}{flow.name} ({flow.path})")
        lines += (f"{INDENT * 2}{line}" for line in _lines(found, flow))
    return "\n".join(lines)


def _lines(found: ProjectMap, flow: MappedFlow) -> Iterator[str]:
    ways: dict[tuple[How, str], list[str]] = {}
    for way in flow.leads:
        target = found.flow(way.flow)
        ways.setdefault((way.how, target.name if target else way.name), []).append(way.step)
    for (how, name), steps in ways.items():
        yield f"{_SIGNS[how]} {name} ({', '.join(steps)})"
    for word, names in flow.resources.items():
        yield f"{word}: {', '.join(names)}"

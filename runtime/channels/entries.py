"""Where customers come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a customer dials, writes to, or opens."""

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    """What it is called, by language."""
    language: str = ""
    """What is spoken there, whoever comes."""
    languages: tuple[str, ...] = ()
    """What else can be spoken; the first is the usual one."""
    channels: tuple[str, ...] = ("chat",)
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Its number, or the name of its account, on each messenger that it is reached by."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The approved message to begin with, by channel."""

    def language_for(self, wanted: str) -> str:
        """Of the languages spoken there, the one that is nearest to what a browser asks for."""
        family = wanted.partition("-")[0]
        near = (name for name in self.languages if name.partition("-")[0] == family)
        return self.language or next(near, "")


class Entries(dict[str, Entry]):
    """The entries of a project, by name."""

    def of_number(self, channel: str, number: str) -> Entry | None:
        """The entry that a number leads to. A vendor who does not say which account was written
        to (`number` is empty) serves one only."""
        return next(
            (
                entry
                for entry in self.values()
                if channel in entry.numbers and number in ("", entry.numbers[channel])
            ),
            None,
        )

    def number(self, channel: str, entry: str) -> str:
        """The number by which an entry is reached, or else any of that channel."""
        own = self[entry].numbers.get(channel, "") if entry in self else ""
        return own or next((e.numbers[channel] for e in self.values() if channel in e.numbers), "")

    def template(self, channel: str, entry: str) -> str:
        """The approved message of an entry, or else any of that channel."""
        own = self[entry].templates.get(channel, "") if entry in self else ""
        return own or next(
            (e.templates[channel] for e in self.values() if channel in e.templates), ""
        )

    def chat(self, entry: str) -> str:
        """An entry with a web chat: this one, or else the first."""
        names = [name for name, item in self.items() if "chat" in item.channels]
        return entry if entry in names else next(iter(names), "")

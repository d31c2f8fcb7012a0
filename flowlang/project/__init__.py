"""A project: the folder with `flowlang.toml`, and what that file says. No secrets stand in it."""

from flowlang.project.hours import Hours, Span
from flowlang.project.loading import FILE_NAME, load, read
from flowlang.project.model import Agent, Bot, Entry, Function, Intent, Project, Queue, Slot, said

__all__ = [
    "FILE_NAME",
    "Agent",
    "Bot",
    "Entry",
    "Function",
    "Hours",
    "Intent",
    "Project",
    "Queue",
    "Slot",
    "Span",
    "load",
    "read",
    "said",
]

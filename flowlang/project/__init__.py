"""A project: the folder with `flowlang.toml`, and what that file says. No secrets stand in it."""

from flowlang.project.files import FILE_NAME, Files, Folder, Texts
from flowlang.project.hours import Hours, Span
from flowlang.project.loading import load, read
from flowlang.project.model import (
    Agent,
    Bot,
    Entry,
    Environment,
    Function,
    Intent,
    Project,
    Prompt,
    Queue,
    Slot,
    Table,
    said,
)
from flowlang.project.tables import rows_of

__all__ = [
    "FILE_NAME",
    "Agent",
    "Bot",
    "Entry",
    "Environment",
    "Files",
    "Folder",
    "Function",
    "Hours",
    "Intent",
    "Project",
    "Prompt",
    "Queue",
    "Slot",
    "Span",
    "Table",
    "Texts",
    "load",
    "read",
    "rows_of",
    "said",
]

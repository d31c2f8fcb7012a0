"""A project: the folder with `flowlang.toml`, and what that file says. No secrets stand in it.

What is named here is imported when it is asked for: a flow outside of a project needs little of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {
    "Agent": "model",
    "Bot": "model",
    "Entry": "model",
    "Environment": "model",
    "FILE_NAME": "files",
    "Files": "files",
    "Folder": "files",
    "Function": "model",
    "Hours": "hours",
    "Intent": "model",
    "Project": "model",
    "Prompt": "model",
    "Queue": "model",
    "Slot": "model",
    "Span": "hours",
    "Table": "model",
    "Texts": "files",
    "load": "loading",
    "read": "loading",
    "rows_of": "tables",
    "said": "model",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)

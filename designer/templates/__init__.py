"""Flows to begin with: texts beside this file, in each language, with tests of their own.

Each is named like its file. A flow that is made from one has the name that the person gave.
"""

from __future__ import annotations

import re
from pathlib import Path

from designer.words import Language

FOLDER = Path(__file__).parent
TEMPLATES = {
    "menu": "ask",
    "opening_hours": "clock",
    "bot_first": "bot",
    "callback": "callback",
    "identity_check": "lock",
    "messenger": "messenger",
}
"""In the order in which they are offered, each with its icon."""


def texts(template: str, name: str, language: Language) -> tuple[str, str]:
    """The flow and its tests, under a name."""
    flow, tests = (
        (FOLDER / language / f"{template}{ending}").read_text(encoding="utf-8")
        for ending in (".flow", ".test.flow")
    )
    tests = re.sub(rf"(?m)^(test .* for ){template}$", rf"\g<1>{name}", tests)
    return re.sub(rf"(?m)^flow {template}\b", f"flow {name}", flow, count=1), tests

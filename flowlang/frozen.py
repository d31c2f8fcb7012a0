"""Values that nobody changes, and that cost no more for it.

A dataclass that is frozen while a program runs takes four times as long to make. Turns make some
ten of these values, so here they are frozen for the type checker, which looks at every line, and
have a hash; assigning to one is as much an error as before, found before anything runs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, **options: Any) -> Callable[[type], type]:
        return dataclasses.dataclass(unsafe_hash=frozen, **options)


__all__ = ["dataclass"]

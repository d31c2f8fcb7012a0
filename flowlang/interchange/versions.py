"""Native JSON of other versions: older files are brought up to date, newer ones are opened as far
as they are known.

There is one version yet. The first change of the format adds the function that turns a file of
version 1 into one of version 2 to `UPGRADES`, under 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flowlang import model
from flowlang.diagnostics import Problem

Json = Any
Path = tuple[str | int, ...]
Upgrades = Mapping[int, Callable[[Json], Json]]
UPGRADES: Upgrades = {}
"""By the number of a version, how a file of it becomes one of the next."""
_SCHEMA = re.compile(r"flowlang/([1-9][0-9]{0,5})")


def number_of(schema: object) -> int | None:
    found = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    return int(found[1]) if found else None


CURRENT = number_of(model.SCHEMA) or 0


def upgraded(data: Json, upgrades: Upgrades, current: int) -> Json:
    """The file as this version would have written it; as it is, where no way leads here."""
    number = number_of(data.get("schema")) if isinstance(data, dict) else None
    while number is not None and number < current and number in upgrades:
        data = upgrades[number](data)
        number += 1
        data["schema"] = f"flowlang/{number}"
    return data


class Fault(NamedTuple):
    """What does not fit, and the keys there that nobody knows; without any, all of it."""

    path: Path
    keys: tuple[str, ...]
    problem: Problem


class Pruned:
    """A newer file without what this version does not know."""

    def __init__(self, data: Json) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self._numbers: dict[int, list[int]] = {}
        """By list, the number that each of its items had in the file."""

    def drop(self, faults: Sequence[Fault]) -> bool:
        """Leave out what is at fault; whether that could be done."""
        items: dict[Path, Problem] = {}
        for fault in faults:
            if fault.keys:
                self._drop_keys(fault)
            elif path := _item(fault.path):
                items.setdefault(path, fault.problem)
        outermost = [
            path for path in items if not any(path[:end] in items for end in range(len(path)))
        ]
        for path in sorted(outermost, key=_last_first):
            self._drop_item(path, items[path])
        return bool(items) or any(fault.keys for fault in faults)

    def _drop_keys(self, fault: Fault) -> None:
        holder = _at(self.data, fault.path)
        for key in fault.keys:
            if holder.pop(key, None) is not None:
                self._tell((*fault.path, key), fault.problem)

    def _drop_item(self, path: Path, problem: Problem) -> None:
        holder, index = _at(self.data, path[:-1]), int(path[-1])
        self._tell(path, problem)
        numbers = self._numbers.setdefault(id(holder), list(range(len(holder))))
        del holder[index], numbers[index]

    def _tell(self, path: Path, problem: Problem) -> None:
        arguments = {"code": problem.code, "known": CURRENT}
        pointer = pointer_of(self._original(path))
        self.problems.append(
            Problem(code="FL051", severity="warning", pointer=pointer, arguments=arguments)
        )

    def _original(self, path: Path) -> Iterator[str | int]:
        """The path in the file, before anything was left out."""
        here: Any = self.data
        for part in path:
            numbers = self._numbers.get(id(here))
            yield numbers[part] if numbers and isinstance(part, int) else part
            here = here.get(part) if isinstance(here, dict) else here[int(part)]


def _at(data: Json, path: Path) -> Json:
    for part in path:
        data = data[part]
    return data


def _item(path: Path) -> Path:
    """The innermost item of a list that holds this."""
    last = max((index for index, part in enumerate(path) if isinstance(part, int)), default=-1)
    return path[: last + 1]


def _last_first(path: Path) -> tuple[int, ...]:
    """Leaving out an item moves those behind it."""
    return tuple(-part if isinstance(part, int) else 0 for part in path)


def pointer_of(path: Iterator[str | int] | Path) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)

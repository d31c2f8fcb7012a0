"""Finds the blocks: one file each in this package, and entry points of other packages.

Looking for a kind costs a directory listing; only the module of a block that is asked for is
imported. Other packages are looked at only when a kind is not ours, or when all kinds are asked
for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import blocks
from blocks.resources import RESOURCES
from flowlang.block import CATEGORIES, Block, Category
from flowlang.catalogue import Catalogue, Resource
from flowlang.diagnostics import Problem, Severity
from flowlang.parameters import Parameters

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "flowlang.blocks"
AnyBlock = type[Block[Parameters]]


@cache
def catalogue() -> Library:
    """All blocks of this installation."""
    return Library()


class Library(Catalogue):
    """Our blocks and those of other packages (`guests`, by default what is installed)."""

    def __init__(self, guests: Iterable[EntryPoint] | None = None) -> None:
        self._given_guests = guests
        self._loaded: dict[str, AnyBlock | None] = {}
        self._problems: dict[str, Problem] = {}

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        return {
            word: resource if resource.call in self._own else replace(resource, call="")
            for word, resource in RESOURCES.items()
        }

    def kinds(self) -> Sequence[str]:
        """Every kind, by category and name."""
        return self._kinds

    @property
    def built_in(self) -> Collection[str]:
        return self._own.keys()

    def block(self, kind: str) -> AnyBlock | None:
        if kind not in self._loaded:
            self._loaded[kind] = self._load(kind)
        return self._loaded[kind]

    def problems(self) -> Sequence[Problem]:
        """What is wrong with blocks of other packages."""
        for kind in self._guests:
            self.block(kind)
        return tuple(self._problems.values())

    @cached_property
    def _own(self) -> Mapping[str, Category]:
        """The category of each of our kinds."""
        return {
            path.stem: category
            for category in CATEGORIES
            for folder in blocks.__path__
            for path in sorted(Path(folder, category).glob("[!_]*.py"))
        }

    @cached_property
    def _guests(self) -> Mapping[str, EntryPoint]:
        found: dict[str, EntryPoint] = {}
        for entry in _installed() if self._given_guests is None else self._given_guests:
            if entry.name in self._own or entry.name in found:
                self._note("FL190", entry, severity="warning")
            else:
                found[entry.name] = entry
        return found

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        categories: dict[str, Category] = dict(self._own)
        for kind in self._guests:
            if block := self.block(kind):
                categories[kind] = block.card.category
        return tuple(sorted(categories, key=lambda it: (CATEGORIES.index(categories[it]), it)))

    def _load(self, kind: str) -> AnyBlock | None:
        if category := self._own.get(kind):
            return _block_of(f"blocks.{category}.{kind}", kind)
        entry = self._guests.get(kind)
        return self._load_guest(kind, entry) if entry else None

    def _load_guest(self, kind: str, entry: EntryPoint) -> AnyBlock | None:
        try:
            found = entry.load()
        except Exception as error:  # noqa: BLE001  (a stranger's module may fail in any way)
            self._note("FL191", entry, detail=f"{type(error).__name__}: {error}")
            return None
        if not (isinstance(found, type) and issubclass(found, Block)):
            self._note("FL192", entry)
            return None
        if found.kind != kind:
            self._note("FL193", entry, found=found.kind)
            return None
        return found

    def _note(
        self, code: str, entry: EntryPoint, severity: Severity = "error", **more: object
    ) -> None:
        package = entry.dist.name if entry.dist else entry.module
        arguments = {"kind": entry.name, "package": package, **more}
        problem = Problem(code=code, severity=severity, arguments=arguments)
        self._problems.setdefault(f"{code} {entry.name} {package}", problem)


def _block_of(module_name: str, kind: str) -> AnyBlock:
    module = import_module(module_name)
    (block,) = (
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Block) and item.__module__ == module_name
    )
    if block.kind != kind:
        raise TypeError(f"the block in {module_name} calls itself {block.kind}")
    return block


def _installed() -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)

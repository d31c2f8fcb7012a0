"""What a check of one section may know of the rest of its flow: every answer is noted, so that
what is found in the section is kept for as long as it is true."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from flowlang import expressions as ex
from flowlang.asking import Answers, Asking
from flowlang.inference import Reading
from flowlang.model import Declaration
from flowlang.names import as_resource, as_value
from flowlang.places import Place
from flowlang.types import Type

if TYPE_CHECKING:
    from flowlang.checking.context import Context


class Outside:
    def __init__(self, context: Context) -> None:
        self.catalogue = context.catalogue
        self.target = context.target
        self._asking = Asking(context)
        self._ask = self._asking.ask
        self._environment = context.environment

    @property
    def answers(self) -> Answers:
        return self._asking.answers

    # --- names --------------------------------------------------------------------------------

    def read(self, name: ex.Name) -> Reading:
        return self._ask(_reading, name)

    def declared(self, name: str) -> Declaration | None:
        return self._ask(_declared, name)

    def value(self, name: str) -> Declaration | None:
        """The declaration of an attribute or variable."""
        return as_value(self.declared(name))

    def resource(self, name: str) -> Declaration | None:
        return as_resource(self.declared(name))

    def values(self) -> tuple[str, ...]:
        """The names of attributes and variables."""
        return self._ask(_values)

    def resources(self, word: str) -> tuple[str, ...]:
        """The names that this word declares."""
        return self._ask(_resources, word)

    def callables(self) -> tuple[str, ...]:
        """The declared names that a step can call."""
        return self._ask(_callables)

    def known(self) -> tuple[str, ...]:
        """Every name that can be read."""
        return self._ask(_known)

    def value_type(self, declared: Declaration) -> Type:
        return self._environment.value_type(declared)

    def knows_type(self, type_: Type) -> bool:
        return self._environment.knows_type(type_)

    def last_declaration(self) -> tuple[Place | None, bool]:
        """Below what a new declaration goes, and whether that is one."""
        return self._ask(_last_declaration)

    # --- values at a step -----------------------------------------------------------------------

    def is_present(self, step_id: str, path: str) -> bool:
        """Whether a value is certainly there when a step begins."""
        return self._ask(_is_present, step_id, path)

    def is_tracked(self, path: str) -> bool:
        """Whether a value is only there after something sets it."""
        return self._ask(_is_tracked, path)

    # --- sections -----------------------------------------------------------------------------

    def sections(self) -> tuple[str, ...]:
        return self._ask(_sections)

    def section_at(self, name: str) -> Place | None:
        """Where the name of a section stands."""
        return self._ask(_section_at, name)

    def step_ids(self, section: str) -> tuple[str, ...] | None:
        """None: there is no such section."""
        return self._ask(_step_ids, section)

    def all_step_ids(self) -> tuple[str, ...]:
        return self._ask(_all_step_ids)

    # --- the header ---------------------------------------------------------------------------

    def flow_type(self) -> str:
        """Empty where there is no header."""
        return self._ask(_flow_type)

    def media(self) -> Collection[str]:
        return self._ask(_media)


# --- the questions, as they are asked again -------------------------------------------------------


def _reading(context: Context, name: ex.Name) -> Reading:
    return context.environment.read(name)


def _declared(context: Context, name: str) -> Declaration | None:
    return context.wiring.names.declarations.get(name)


def _values(context: Context) -> tuple[str, ...]:
    return tuple(name for name, item in context.wiring.names.declarations.items() if as_value(item))


def _resources(context: Context, word: str) -> tuple[str, ...]:
    declared = context.wiring.names.declarations.items()
    return tuple(name for name, item in declared if item.word == word)


def _callables(context: Context) -> tuple[str, ...]:
    words = context.catalogue.resources
    declared = context.wiring.names.declarations.items()
    return tuple(name for name, item in declared if (found := words.get(item.word)) and found.call)


def _known(context: Context) -> tuple[str, ...]:
    return context.environment.known


def _last_declaration(context: Context) -> tuple[Place | None, bool]:
    declared = [*context.document.declarations.values()]
    above = declared[-1] if declared else context.document.header
    return above.extent if above else None, bool(declared)


def _is_present(context: Context, step_id: str, path: str) -> bool:
    return context.presence.has(step_id, path)


def _is_tracked(context: Context, path: str) -> bool:
    return context.presence.is_tracked(path)


def _sections(context: Context) -> tuple[str, ...]:
    return tuple(context.document.sections)


def _section_at(context: Context, name: str) -> Place | None:
    section = context.document.sections.get(name)
    return section.name_at if section else None


def _step_ids(context: Context, section: str) -> tuple[str, ...] | None:
    found = context.document.sections.get(section)
    return found.step_ids if found else None


def _all_step_ids(context: Context) -> tuple[str, ...]:
    return tuple(context.steps)


def _flow_type(context: Context) -> str:
    return context.flow_type if context.document.header else ""


def _media(context: Context) -> tuple[str, ...]:
    return context.media

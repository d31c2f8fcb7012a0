"""What a text says and Connect does not, kept beside the JSON of an export (`x.json.flow.json`).

Declarations, the header and whatever else an import could not tell from the actions are kept as
data; a section that the actions say wholly is only named. An import puts them back as long as the
flow still does what they say, section by section: after a change in the console the flow counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from flowlang.catalogue import Catalogue
from flowlang.expressions import Literal
from flowlang.interchange.connect.composing import Composed
from flowlang.interchange.connect.document import Action, ConnectFlow
from flowlang.interchange.connect.equality import equal, facts_of
from flowlang.interchange.connect.exporting import exported_steps
from flowlang.interchange.connect.names import NameMap
from flowlang.interchange.connect.sidecar import Sidecar
from flowlang.model import (
    SCHEMA,
    Declaration,
    Document,
    Header,
    Phrase,
    Section,
    Top,
    word_of,
)

Json = Any
VERSION = 1
ROUNDS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    document: Document = field(default_factory=Document)
    """Without the sections that are only named."""
    order: tuple[int | str, ...] = ()
    """All items as they stood: the number of one that is kept, or the name of a section."""
    names: NameMap = field(default_factory=dict)

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        return tuple(self.document.declarations.values())

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of all sections in their order."""
        kept = [at if isinstance(at, str) else self.document.items[at] for at in self.order]
        names = [item.name if isinstance(item, Section) else item for item in kept]
        return tuple(name for name in names if isinstance(name, str))


def dump(document: Document, read: Document, names: NameMap) -> dict[str, Json]:
    """What is kept of a document of which an import reads `read` from the actions."""
    from flowlang.interchange import native

    known = {name for name, section in document.sections.items() if _same(section, read)}
    kept: list[Top] = []
    order: list[int | str] = []
    for item in document.items:
        if isinstance(item, Section) and item.name in known:
            order.append(item.name)
        else:
            order.append(len(kept))
            kept.append(item)
    data = json.loads(native.write(document.model_copy(update={"items": tuple(kept)})))
    return {
        "flowlang": VERSION,
        "items": data.get("items", []),
        "closing": data.get("closing", []),
        "order": order,
        "names": {word: dict(entries) for word, entries in names.items() if entries},
    }


def _same(section: Section, read: Document) -> bool:
    found = read.sections.get(section.name)
    return found is not None and found.model_copy(update={"gap": section.gap}) == section


def load(data: Mapping[str, Json] | None) -> Beside | None:
    """What was kept; nothing of it counts if it is not as it should be."""
    from flowlang.interchange import native

    if not isinstance(data, Mapping) or data.get("flowlang") != VERSION:
        return None
    plain = {"schema": SCHEMA, "items": data.get("items"), "closing": data.get("closing", [])}
    document, _ = native.read(json.dumps(plain))
    order, names = data.get("order"), data.get("names")
    if document is None or not isinstance(order, list) or not isinstance(names, dict):
        return None
    numbers = [at for at in order if not isinstance(at, str)]
    if numbers != list(range(len(document.items))):
        return None
    return Beside(
        document=document,
        order=tuple(order),
        names={
            word: {name: id_ for name, id_ in entries.items() if isinstance(id_, str)}
            for word, entries in names.items()
            if isinstance(entries, dict)
        },
    )


def restored(
    flow: ConnectFlow, composed: Composed, beside: Beside, catalogue: Catalogue
) -> Composed:
    """The import with everything put back that is still so."""
    read = composed.document
    others = tuple(
        item
        for item in beside.document.items
        if not isinstance(item, (Declaration, Section, Header))
    )
    header = _header(flow, composed, beside)
    spoken = _with_language(header, read.header)
    changed = tuple(_spaced(item, beside) for item in read.declarations.values())
    for around, kept in product(
        (
            (header, *beside.declarations, *others),
            (spoken, *(_with_default(item, beside) for item in changed), *others),
            (spoken, *changed, *others),
        ),
        (Sidecar(), composed.sidecar),
    ):
        if document := _Restoring(flow, composed, beside, catalogue, around, kept).run():
            kept = replace(
                kept, metadata=flow.metadata, settings=flow.settings, order=composed.sidecar.order
            )
            return replace(composed, document=_in_order(document, beside), sidecar=kept)
    routes = read.header.routes if read.header else ()
    bare = spoken.model_copy(update={"routes": routes})
    items = (bare, *changed, *read.sections.values(), *others)
    document = _in_order(Document(items=items, closing=beside.document.closing), beside)
    written, _ = exported_steps(document, catalogue, composed.sidecar, composed.name_map)
    return replace(composed, document=document) if _is(written, flow) else composed


def _is(written: ConnectFlow | None, flow: ConnectFlow) -> bool:
    return (
        written is not None
        and equal(flow, written)
        and written.by_id().keys() == flow.by_id().keys()
    )


def _with_language(header: Header, read: Header | None) -> Header:
    """With the language that the flow now opens with, and no other."""
    if read is None or header.languages[:1] == read.languages[:1]:
        return header
    rest = (item for item in header.settings if not _is_language(item))
    said = (item for item in read.settings if _is_language(item))
    return header.model_copy(update={"settings": (*rest, *said)})


def _is_language(setting: Phrase) -> bool:
    return word_of(setting.words.clauses[0][0]) in ("language", "languages")


def _spaced(item: Declaration, beside: Beside) -> Declaration:
    before = beside.document.declarations.get(item.name)
    return item.model_copy(update={"gap": before.gap}) if before else item


def _with_default(item: Declaration, beside: Beside) -> Declaration:
    """With the default that it had, where an import takes it for a step because it is computed."""
    before = beside.document.declarations.get(item.name)
    if before is None or isinstance(before.value, Literal) or item.value is not None:
        return item
    return item.model_copy(update={"value": before.value})


def _header(flow: ConnectFlow, composed: Composed, beside: Beside) -> Header:
    """As it was, with a title that the console has changed."""
    read, kept = composed.document.header, beside.document.header
    assert read is not None
    if kept is None:
        return read
    unchanged = flow.metadata.get("name") in (None, kept.title or kept.name)
    return kept if unchanged else kept.model_copy(update={"title": read.title})


def _in_order(document: Document, beside: Beside) -> Document:
    """Every item at its place; a new declaration behind the others, a new section at the end.
    What the flow begins with stays in front."""
    kept = beside.document.items
    place = {
        ("Section", at) if isinstance(at, str) else _key(kept[at]): number
        for number, at in enumerate(beside.order)
    }
    declared = [place[_key(item)] for item in kept if isinstance(item, (Header, Declaration))]

    first = next(iter(document.sections.values()), None)
    before = min((place[at] for at in place if at[0] == "Section"), default=0) - 0.5

    def rank(item: Top) -> float:
        if item is first:
            return before
        usual = max(declared) if declared and isinstance(item, Declaration) else len(place)
        return place.get(_key(item), usual + 0.5)

    return document.model_copy(update={"items": tuple(sorted(document.items, key=rank))})


def _key(item: Top) -> tuple[str, str]:
    name = getattr(item, "name", None) or getattr(item, "title", "")
    return type(item).__name__, str(name)


class _Restoring:
    """Puts sections back until the document does what the flow does."""

    def __init__(
        self,
        flow: ConnectFlow,
        composed: Composed,
        beside: Beside,
        catalogue: Catalogue,
        around: tuple[Top, ...],
        kept: Sidecar,
    ) -> None:
        self.flow = flow
        self.composed = composed
        self.beside = beside
        self.catalogue = catalogue
        self.around = around
        self.kept = kept
        self.usable = set(beside.document.sections)
        self.extra: set[str] = set()

    def run(self) -> Document | None:
        for _ in range(ROUNDS_MAX):
            document = self.merged()
            written, steps = exported_steps(
                document, self.catalogue, self.kept, self.composed.name_map
            )
            if _is(written, self.flow):
                return document
            if not self.learn(written, steps):
                break
        return None

    def merged(self) -> Document:
        read, kept = self.composed.document.sections, self.beside.document.sections
        names = [*self.beside.sections, *(name for name in read if name in self.extra)]
        found = (kept.get(name) if name in self.usable else read.get(name) for name in names)
        sections = tuple(section for section in found if section is not None)
        return Document(items=(*self.around, *sections), closing=self.beside.document.closing)

    def learn(self, written: ConnectFlow | None, steps: Mapping[str, tuple[str, ...]]) -> bool:
        """Leave out what the console has changed, and take in what is new; whether that helps."""
        theirs = self.flow.by_id()
        ours = written.by_id() if written else {}
        changed = {
            _section(step_id)
            for step_id, ids in steps.items()
            if any(not _alike(ours.get(id_), theirs.get(id_)) for id_ in ids)
        } & self.usable
        covered = {
            id_ for step_id, ids in steps.items() if _section(step_id) not in changed for id_ in ids
        }
        new = {
            _section(step_id)
            for step_id, ids in self.composed.groups.items()
            if not covered.issuperset(ids)
        } - {*self.beside.sections, *self.extra}
        new &= self.composed.document.sections.keys()
        self.usable -= changed
        self.extra |= new
        return bool(changed or new)


def _section(step_id: str) -> str:
    return step_id.partition(".")[0]


def _alike(ours: Action | None, theirs: Action | None) -> bool:
    return ours is not None and theirs is not None and facts_of(ours) == facts_of(theirs)

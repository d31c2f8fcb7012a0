"""Whatever somebody does on the canvas, in whatever order: the text stays one that can be read,
and all of it can be taken back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.edits import (
    Add,
    Align,
    Annotate,
    Change,
    ChangeDeclaration,
    ChangeHeader,
    ClearParameter,
    Connect,
    Declare,
    Delete,
    Disconnect,
    Distribute,
    Duplicate,
    Edits,
    ExtractModule,
    Fields,
    Flow,
    Insert,
    Move,
    Operation,
    Paste,
    RemoveDeclaration,
    RemoveOutcome,
    RenameSection,
    RenameStep,
    RenameValue,
    SetParameter,
    Tidy,
    apply,
    copied,
    inverse,
    perform,
)
from flowlang.syntax.parser import parse

HERE = Path(__file__).parent
SUPPORT = (HERE / "support.flow").read_text(encoding="utf-8")
OTHERS = sorted((HERE.parent / "flows").glob("*.flow"))
KINDS = ("play", "ask", "branch", "hang_up", "transfer", "crm", "repeat", "set", "voice_id")


PIECES = (
    'play "one"',
    'ask "two"\n  on "1" -> menu\n',
    'queue billing = "Other"\n\n# why\nmenu "M":  # m\n\n  # a\n  play "a"\n\n'
    "  transfer billing  # b\n    # c\n    on full -> menu  # d\n  # e\n"
    "\nlayout\n  menu.transfer 300, 40\n  menu.play 8, 8\n",
    'function crm = "y" (a: text) -> (b: text)\n\nx:\n  found = crm a: "b"\n'
    '    on error -> y\n  play "{found.b} {crm.b}"\n  -> nowhere\n\ny:\n  on error -> x\n'
    "  # z\n  -> hang_up  # q\n",
)
FIELDS = (
    Fields(),
    Fields(value="V"),
    Fields(type="text?", source=None),
    Fields(type="integer", source="3"),
    Fields(entries={"ko-KR": '"안녕 {caller.name}"', "en-US": '"a\\nb"'}),
    Fields(signature="(a: text) -> (b: text?)"),
)
TARGETS = (None, "hang_up", "start")


def any_operation(flow: Flow, chance: random.Random) -> Operation:
    """Something that a person could do now."""
    steps = list(flow.wiring.steps.values())
    sections = list(flow.document.sections)
    kind = chance.choice(KINDS)
    at = {"x": chance.randrange(900), "y": chance.randrange(900)} if chance.random() < 0.3 else {}
    if not steps:
        return Add(kind=kind, **at)
    step = chance.choice(steps)
    wire = chance.choice(step.wires) if step.wires else None
    port = wire.port if wire else "next"
    target = chance.choice([*flow.wiring.steps, *sections, "hang_up", "nowhere"])
    some = tuple(chance.sample(list(flow.wiring.steps), min(len(steps), chance.randint(1, 3))))
    cards = {key: (chance.randrange(900), chance.randrange(900), 200, 80) for key in some}
    name = f"{chance.choice(['a', '가'])}{chance.randrange(1000)}"
    return chance.choice(
        [
            Add(kind=kind, **at),
            Insert(kind=kind, source=step.id, port=port, **at),
            Insert(kind=kind, source=step.id, port=port),
            Connect(source=step.id, port=port, target=target),
            Connect(source=step.id, port=port, target=target),
            Disconnect(source=step.id, port=port),
            RemoveOutcome(source=step.id, port=port),
            Delete(blocks=some),
            Duplicate(blocks=some, **at),
            Move(places={key: chance.choice([None, (8, 16)]) for key in some}),
            RenameSection(section=chance.choice(sections), name=name),
            RenameStep(block=step.id, name=chance.choice([None, name])),
            SetParameter(block=step.id, key="text", value=chance.choice(["안녕", "{x}", 'a\n"b"'])),
            ClearParameter(block=step.id, key="text"),
            Annotate(block=step.id, note=chance.choice(["", "note\nmore"])),
            Paste(text=chance.choice(PIECES), **at),
            Paste(text=chance.choice(PIECES), source=step.id, port=port),
            Paste(text=copied(flow, some), **at),
            Align(cards=cards, edge=chance.choice(["left", "center", "right", "bottom"])),
            Distribute(cards=cards, axis=chance.choice(["horizontal", "vertical"])),
            Tidy(cards=cards),
            ExtractModule(blocks=some, name=name),
            *about_declarations(flow, name, chance),
        ]
    )


def about_declarations(flow: Flow, name: str, chance: random.Random) -> list[Operation]:
    known = list(flow.document.declarations)
    word = chance.choice(["queue", "attribute", "prompt", "function"])
    fields = chance.choice(FIELDS)
    operations: list[Operation] = [
        Declare(word=word, name=name, fields=fields),
        ChangeHeader(title=chance.choice([None, "안녕", 'say "x"'])),
        ChangeHeader(channels=chance.choice([(), ("voice",)]), on_error=chance.choice(TARGETS)),
        ChangeHeader(languages=("ko-KR", "en-US")),
    ]
    if known:
        one = chance.choice(known)
        operations += [
            ChangeDeclaration(name=one, fields=fields),
            RemoveDeclaration(name=one),
            RenameValue(value=one, name=name),
        ]
    return operations


def play_through(source: str, seed: int, count: int) -> None:
    chance = random.Random(seed)
    text = source
    done: list[tuple[Edits, Edits]] = []
    told = []
    for _ in range(count):
        flow = Flow.of(parse(text), catalogue())
        operation = any_operation(flow, chance)
        told.append(operation)
        change = perform(operation, flow)
        if not isinstance(change, Change):
            continue
        after = apply(text, change.edits)
        tree = parse(after)
        assert tree.problems == (), (told, after)
        later = Flow.of(tree, catalogue())
        assert set(change.select) <= set(later.wiring.steps), (told, after)
        placed = (
            {place.id for place in later.document.layout.places} if later.document.layout else set()
        )
        before = (
            {place.id for place in flow.document.layout.places} if flow.document.layout else set()
        )
        strangers = before - set(flow.wiring.steps)
        assert placed - strangers <= set(later.wiring.steps), (told, after)
        done.append((change.edits, inverse(change.edits, text)))
        text = after
    last = text
    for _, back in reversed(done):
        text = apply(text, back)
    assert text == source
    for forth, _ in done:
        text = apply(text, forth)
    assert text == last


@given(st.integers(0, 2**32))
def test_random_edits_of_the_support_flow(seed: int) -> None:
    play_through(SUPPORT, seed, 12)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_random_edits_of_other_flows(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if parse(source).problems:
        pytest.fail("a flow that every test relies on cannot be read")
    for seed in range(3):
        play_through(source, seed, 8)


@given(st.integers(0, 2**32))
def test_edits_of_unformatted_text(seed: int) -> None:
    chance = random.Random(seed)
    wide = SUPPORT.replace("\n    ", "\n        ").replace("\n  ", "\n    ")
    loose = "".join(
        line
        + ("\n" if chance.random() < 0.1 else "")
        + ("    # why\n" if chance.random() < 0.05 else "")
        for line in wide.splitlines(keepends=True)
    )
    if not parse(loose).problems:
        play_through(loose.rstrip("\n") if chance.random() < 0.3 else loose, seed, 6)

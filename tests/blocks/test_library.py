"""Every block is complete: file, card, words, manual page, an example that runs."""

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from blocks.common import flow_types
from blocks.resources import RESOURCES
from flowlang.block import CATEGORIES, Block
from flowlang.checks import check
from flowlang.events import Started
from flowlang.features.manual import page
from flowlang.interchange.connect.facts import KNOWN_TYPES
from flowlang.parameters import specs
from flowlang.project import Texts
from flowlang.syntax.parser import parse
from flowlang.wiring import wire
from runtime.bundle import Bundle
from runtime.engine import World, advance, new_contact
from tests.flowlang.interchange.connect.building import exported, imported

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "blocks"
SPRITE = ROOT / "designer" / "web" / "src" / "style" / "icons.svg"
KINDS = catalogue().kinds()
LANGUAGES = ("en", "ko")
SAYS_MORE_THAN_CONNECT = {"play", "set", "hold", "return"}
"""Their examples work something out, which Amazon Connect cannot."""
LOWERED = {"offer_messenger", "end_flow", "transfer_agent"}
"""What comes back as steps of other blocks."""


def block_of(kind: str) -> type[Block[Any]]:
    block = catalogue().block(kind)
    assert block is not None
    return block


def wordings(block: type[Block[Any]]) -> Iterator[tuple[str, Any]]:
    """Everything of a block that people read, with what it is."""
    yield "card title", block.card.title
    yield "card summary", block.card.summary
    for outcome in block.outcomes:
        yield f"outcome {outcome.name}", outcome.title
    for spec in specs(block.Params):
        yield f"title of {spec.key}", spec.title
        yield f"help of {spec.key}", spec.help


def examples(block: type[Block[Any]]) -> list[str]:
    return re.findall(r"```flow\n(.*?)```", inspect.getdoc(block) or "", re.DOTALL)


def test_every_file_of_a_category_is_a_block() -> None:
    files = {
        path.stem: path.parent.name
        for category in CATEGORIES
        for path in (LIBRARY / category).glob("*.py")
        if path.stem != "__init__"
    }
    assert set(KINDS) == set(files)
    for kind, category in files.items():
        block = block_of(kind)
        assert block.kind == kind
        assert block.card.category == category
        assert block.__module__ == f"blocks.{category}.{kind}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_holds_one_block(kind: str) -> None:
    module = import_module(block_of(kind).__module__)
    own = [item for item in vars(module).values() if inspect.isclass(item)
           and issubclass(item, Block) and item.__module__ == module.__name__]  # fmt: skip
    assert own == [block_of(kind)]
    assert module.__doc__


@pytest.mark.parametrize("kind", KINDS)
def test_words_in_every_language(kind: str) -> None:
    for what, wording in wordings(block_of(kind)):
        assert set(wording) == set(LANGUAGES), what
        assert all(text == text.strip() and text for text in wording.values()), what
    for what in ("title", "summary"):
        assert re.search("[가-힣]", getattr(block_of(kind).card, what)["ko"])
    sentences = [block_of(kind).card.summary, *(spec.help for spec in specs(block_of(kind).Params))]
    for sentence in sentences:
        assert sentence["en"].endswith((".", "…"))
        assert sentence["ko"].endswith(("다.", "요."))


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_can_be_drawn_and_found(kind: str) -> None:
    card = block_of(kind).card
    assert f'id="i-{card.icon}"' in SPRITE.read_text(encoding="utf-8")
    assert len(card.title["en"]) <= 24
    assert len(card.title["ko"]) <= 18
    assert any(re.search("[가-힣]", word) for word in card.search)


def test_titles_are_told_apart() -> None:
    for language in LANGUAGES:
        titles = [block_of(kind).card.title[language] for kind in KINDS]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("kind", KINDS)
def test_outcomes_make_sense(kind: str) -> None:
    block = block_of(kind)
    names = [outcome.name for outcome in block.outcomes]
    assert len(set(names)) == len(names)
    assert all(outcome.like in ("", "otherwise", *names) for outcome in block.outcomes)
    assert set(block.channels) <= {"voice", "chat"}
    if len(block.channels) < 2:
        assert block.elsewhere in names
    assert set(block.flow_types) <= {*flow_types.ALL, flow_types.MODULE}
    assert not (block.ends_flow and names)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_make_sense(kind: str) -> None:
    found = specs(block_of(kind).Params)
    positions = sorted(spec.position for spec in found if spec.position is not None)
    assert positions == list(range(len(positions)))
    assert sum(spec.rest for spec in found) <= 1
    assert sum(spec.free for spec in found) <= 1
    for spec in found:
        assert spec.key not in ("on", "when", "otherwise"), "reserved at the start of a line"
        assert spec.resource is None or spec.resource in RESOURCES


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_has_no_problems(kind: str) -> None:
    sources = examples(block_of(kind))
    assert sources
    for source in sources:
        tree = parse(source)
        wiring = wire(tree.document, catalogue())
        used = {step.block.kind for step in wiring.steps.values() if step.block}
        assert kind in used | set(wiring.endings)
        assert not check(tree, catalogue()).problems


@pytest.mark.parametrize("channel", ["voice", "chat"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_example_runs(kind: str, channel: str) -> None:
    now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    for source in examples(block_of(kind)):
        bundle = Bundle(BESIDE, catalogue())
        program = bundle.compile(parse(source).document, "example.flow")
        event = Started(id="1", at=now, channel=channel, address="+821012345678")
        turn = advance(program, new_contact("c", program, event), event, AlwaysOpen())
        assert turn.effects
        assert not turn.notes
        assert turn.contact.status in ("flow", "ended")
        assert turn.contact.reason in ("", "flow")


BESIDE = Texts(
    {
        "verify.flow": examples(block_of("return"))[0],
        **{
            f"{name}.flow": f'flow {name}\n\nstart:\n  play "{name}"\n  -> hang_up\n'
            for name in ("evening", "music", "survey")
        },
    }
)
"""What stands beside an example: the module is the one in the manual."""


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_goes_to_connect_and_comes_back(kind: str) -> None:
    block = block_of(kind)
    if block.connect is None:
        return
    assert set(block.connect.actions) <= KNOWN_TYPES
    for source in examples(block):
        written = exported(source)
        if written.json_text is None:
            assert kind in SAYS_MORE_THAN_CONNECT
            continue
        back = wire(imported(written.json_text).document, catalogue())
        kinds = {step.block.kind for step in back.steps.values() if step.block}
        assert kind in kinds | set(back.endings) | LOWERED
        assert "connect" not in kinds or kind == "connect"


class AlwaysOpen(World):
    def hours(self, name: str) -> Any:
        return self

    def is_open(self, at: datetime) -> bool:
        return True


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_manual_page_says_everything(kind: str, language: str) -> None:
    block = block_of(kind)
    text = page(block, language)
    assert text.startswith(f"# {block.card.title[language]}: `{kind}`\n")
    assert "```flow\n" in text
    for spec in specs(block.Params):
        assert f"| `{spec.key}` |" in text
        assert spec.help[language] in text
    for outcome in block.outcomes:
        assert f"| `{outcome.name}` | {outcome.title[language]} |" in text
    assert all(day in text for _, day in block.retired)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(row.count("|") in (4, 5) for row in rows)

"""A flow with a mark in it: `¦` is where the cursor stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.diagnostics.words import Language
from flowlang.edits import Flow
from flowlang.features import Completion, complete
from flowlang.features.texts import position_of
from flowlang.places import Position
from flowlang.syntax import parse

EXAMPLES = Path(__file__).parents[3] / "examples"
MARK = "¦"
HEAD = """\
# The number on the card.
flow support "고객센터"
  channels voice, chat
  language ko-KR
  on error -> sorry

attribute tier: "gold" | "silver" | "standard" = "standard"
attribute name: text?
variable visits: integer = 0
queue billing = "Billing"
queue technical = "Technical support"
hours office = "Office hours"
bot assistant = "FaqBot/live" (CheckBalance(account: text), SpeakToAgent)
function crm = "crm-lookup" (phone: phone) -> (level: "gold" | "silver", balance: number)

"""
TAIL = """
sorry:
  found = crm phone: caller.number
  play "잔액은 {found.balance}원입니다."
  -> hang_up
"""


def read(source: str) -> Flow:
    return Flow.of(parse(source), catalogue())


def unmarked(text: str) -> tuple[Flow, Position]:
    """The flow without the mark, and where it was."""
    offset = text.index(MARK)
    source = text.replace(MARK, "", 1)
    return read(source), position_of(source, offset)


@pytest.fixture
def flow_of() -> Callable[[str], Flow]:
    return read


@pytest.fixture
def marked() -> Callable[[str], tuple[Flow, Position]]:
    return unmarked


@pytest.fixture
def offered() -> Callable[..., list[Completion]]:
    """What is offered at the mark in the lines between the declarations and the last section."""

    def offered(lines: str, *, language: Language = "en", whole: bool = False) -> list[Completion]:
        flow, position = unmarked(lines if whole else HEAD + lines + TAIL)
        return complete(flow, position, language)

    return offered


@pytest.fixture
def support() -> Flow:
    return read((EXAMPLES / "support/support.flow").read_text(encoding="utf-8"))


@pytest.fixture
def support_tests() -> Flow:
    return read((EXAMPLES / "support/support.test.flow").read_text(encoding="utf-8"))

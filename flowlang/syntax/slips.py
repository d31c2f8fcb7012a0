"""What is wrong with a line that does not parse, in the writer's terms."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedInput

from flowlang.diagnostics import Edit, Fix, Problem
from flowlang.places import Anchor, Place
from flowlang.syntax.build import Draft
from flowlang.syntax.grammar import Start
from flowlang.model import Section
from flowlang.syntax.transformer import LoneWord

def symbol_below(head: Draft) -> Start:
    is_section = head.cls is Section or isinstance(head, LoneWord) and head.fields["word"] != "layout"
    return "section_line" if is_section else "item_line"


def explain(error: UnexpectedInput, anchor: Anchor, text: str, start: int, end: int, symbol: Start) -> Problem:
    position = getattr(error, "pos_in_stream", None)
    if position is None or position < start: position = end
    return Problem(code="FL001", severity="error", place=Place(anchor, position, end), arguments={"found": text[position:end]})

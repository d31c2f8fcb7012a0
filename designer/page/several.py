"""What can be done with the chosen blocks: in the inspector if they are several, in their menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import get_args

from designer.html import button, icon, tag, text
from designer.page.menu import Choice
from flowlang.edits.align import Edge
from flowlang.edits.distribute import Axis

EDGES: tuple[Edge, ...] = get_args(Edge)
AXES: tuple[Axis, ...] = get_args(Axis)
SYMBOLS: Mapping[str, str] = {
    "right": "rightedge",
    "horizontal": "across",
    "vertical": "downward",
}
"""Icons that are not named as what they stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenActions:
    align: Callable[[Edge], object]
    distribute: Callable[[Axis], object]
    tidy: Callable[[], object]
    copy: Callable[[], object]
    duplicate: Callable[[], object]
    extract: Callable[[], object]
    delete: Callable[[], object]
    close: Callable[[], object]
    note: Callable[[str], object]


def draw_several(count: int, actions: ChosenActions, words: Mapping[str, str]) -> None:
    with tag("div", "fl-inspector-top"):
        icon("tidy", "")
        with tag("div", "fl-grow"):
            text(words["chosen"].format(n=count), "fl-inspector-name fl-cut", tag="div")
        button("", "fl-icon-btn", symbol="x", title=words["close"], on_click=actions.close)
    with tag("section"):
        text(words["arrange"], "fl-label", tag="div")
        with tag("div", "fl-row fl-wrap", role="group", aria_label=words["arrange"]):
            for edge in EDGES:
                act: Callable[[], object] = partial(actions.align, edge)
                _tool(f"align_{edge}", SYMBOLS.get(edge, edge), act, words)
            for axis in AXES if count > 2 else ():
                act = partial(actions.distribute, axis)
                _tool(f"distribute_{axis}", SYMBOLS[axis], act, words)
        with tag("div", "fl-tools"):
            button(words["tidy"], "fl-btn small", symbol="tidy", on_click=actions.tidy,
                   data_role="tidy")  # fmt: skip
    with tag("section"), tag("div", "fl-row fl-wrap"):
        button(words["copy"], "fl-btn small", symbol="copy", on_click=actions.copy,
               data_role="copy")  # fmt: skip
        button(words["duplicate"], "fl-btn small", symbol="plus", on_click=actions.duplicate)
        button(words["extract"], "fl-btn small", symbol="module", on_click=actions.extract,
               data_role="extract")  # fmt: skip
        button(words["delete"], "fl-btn small danger", symbol="x", on_click=actions.delete)


def menu_of(selected: str | None, actions: ChosenActions, words: Mapping[str, str]) -> list[Choice]:
    """What the menu of a block offers; `selected` if no other is chosen."""
    one = (
        [Choice(label=words["note"], symbol="note", act=partial(actions.note, selected))]
        if selected
        else [Choice(label=words["tidy"], symbol="tidy", act=actions.tidy)]
    )
    return [
        *one,
        Choice(label=words["copy"], symbol="copy", keys="Ctrl C", act=actions.copy),
        Choice(label=words["duplicate"], symbol="plus", keys="Ctrl D", act=actions.duplicate),
        Choice(label=words["extract"], symbol="module", act=actions.extract),
        Choice(label=words["delete"], symbol="x", keys="Del", act=actions.delete),
    ]


def _tool(word: str, symbol: str, act: Callable[[], object], words: Mapping[str, str]) -> None:
    button("", "fl-icon-btn", symbol=symbol, title=words[word], on_click=act, data_role=word)

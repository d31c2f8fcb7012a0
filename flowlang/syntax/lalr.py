"""Lark's LALR tables and contextual lexers, driven by a shorter loop.

What a Lark parser spends on counting lines, on blanks and on looking up rules by their symbols is
more than half of its time, and a line of a flow needs none of it. The tables, the terminals and
the callbacks are Lark's own, built from `grammar.lark`. Where a text does not parse this answers
nothing, and Lark itself is asked what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lark import Lark, Token
from lark.parsers.lalr_analysis import Shift

Callback = Callable[..., Any]


Action = tuple[int, Callback | None, int, str]
"""What the table says for a state and a terminal: the next state, what makes a value of the
token or of the children, and for a reduction the number of children and the rule's name. A
reduction without a function leaves its only child as it is."""
Actions = dict[int, dict[str, Action]]


class FastParser:
    """Parses what the given Lark parser parses, or answers that it cannot."""

    def __init__(self, lark: Lark) -> None:
        frontend: Any = lark.parser
        table = frontend.parser._parse_table
        callbacks = frontend.parser.parser.callbacks
        self._starts: dict[str, int] = table.start_states
        self._ends: dict[str, int] = table.end_states
        self._actions: Actions = {
            state: {
                str(name): _action(str(name), kind, argument, callbacks)
                for name, (kind, argument) in row.items()
            }
            for state, row in table.states.items()
        }
        lexers = frontend.lexer.lexers
        self._lexers: dict[int, tuple[Callback, dict[str, Callback]]] = {}
        for state, lexer in lexers.items():
            (pattern,) = lexer.scanner._mres
            self._lexers[state] = (pattern.match, lexer.callback)

    def parse(self, text: str, start: int, end: int, symbol: str) -> Any:
        """What `symbol` builds from this range of the text, or `None`."""
        actions, lexers = self._actions, self._lexers
        states = [self._starts[symbol]]
        values: list[Any] = []
        position = start
        while True:
            while position < end and text[position] == " ":
                position += 1
            if position >= end:
                break
            match_at, keywords = lexers[states[-1]]
            match = match_at(text, position, end)
            if match is None:
                return None
            position = match.end()
            kind = match.lastgroup
            token = Token(kind, match.group(), match.start(), None, None, None, None, position)
            if kind in keywords:
                token = keywords[kind](token)
                kind = token.type
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    return None
                next_state, convert, _, origin = action
                if not origin:
                    states.append(next_state)
                    values.append(token if convert is None else convert(token))
                    break
                _reduce(actions, states, values, action)
        return self._finish(states, values, self._ends[symbol])

    def _finish(self, states: list[int], values: list[Any], end_state: int) -> Any:
        while states[-1] != end_state:
            action = self._actions[states[-1]].get("$END")
            if action is None:
                return None
            _reduce(self._actions, states, values, action)
        return values[-1]


def _reduce(actions: Actions, states: list[int], values: list[Any], action: Action) -> None:
    """Replace the last values with what their rule builds from them."""
    _, convert, size, origin = action
    if convert is None:
        states.pop()
    elif size:
        values[-size:] = [convert(values[-size:])]
        del states[-size:]
    else:
        values.append(convert([]))
    states.append(actions[states[-1]][origin][0])


def _action(name: str, kind: Any, argument: Any, callbacks: dict[Any, Callback]) -> Action:
    if kind is Shift:
        return argument, callbacks.get(name), 0, ""
    size = len(argument.expansion)
    convert = None if _passes_on(argument) else callbacks[argument]
    return -1, convert, size, str(argument.origin.name)


def _passes_on(rule: Any) -> bool:
    """Whether the rule is its only child: `?sum: product`."""
    (child, *others) = rule.expansion or (None,)
    is_kept = child is not None and not getattr(child, "filter_out", False)
    return bool(rule.options.expand1 and rule.alias is None and is_kept and not others)

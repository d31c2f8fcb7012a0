"""The loop that drives the parse tables of the grammar.

Lark computes the tables, and could drive them too. But of its time more than half goes into
counting lines, skipping blanks and looking up rules by their symbols, which a line of a flow does
not need. Which terminals there are, which of them count in a state and what every rule builds
from which children is as in Lark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Callback = Callable[..., Any]
Action = tuple[int, Callback | None, int, str]
"""What the table says for a state and a terminal: the next state, what makes a value of the
token or of the children, and for a reduction the number of children and the rule's name. A
reduction without a function leaves its only child as it is."""
Actions = dict[int, dict[str, Action]]
Scanner = tuple[Callback, dict[str, str]]

END = "$END"


class Token(str):
    """What matched a terminal, and where. Lark has one too, but loading Lark takes longer than
    reading a file."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int


class UnexpectedInput(Exception):
    """The text does not parse: where, what stands there, and which terminals could."""

    def __init__(self, position: int, terminal: str, expected: set[str]) -> None:
        super().__init__(position, terminal)
        self.position = position
        self.terminal = terminal
        """The terminal that does not fit, `END`, or nothing where no terminal begins."""
        self.expected = expected


class Parser:
    """An LALR parser with a contextual lexer; `builder` has a method for each rule."""

    def __init__(self, tables: dict[str, Any], builder: object) -> None:
        self._starts: dict[str, int] = tables["starts"]
        self._ends: dict[str, int] = tables["ends"]
        rules = [_reduction(rule, builder) for rule in tables["rules"]]
        self._actions: Actions = {
            state: {name: _action(name, target, rules, builder) for name, target in row.items()}
            for state, row in enumerate(tables["states"])
        }
        self._scanner_of_state = tables["scanner_of_state"]
        self._scanner_sources = tables["scanners"]
        self._scanner_of_all = tables["scanner_of_all"]
        self._scanners: dict[int, Scanner] = {}

    def parse(self, text: str, start: int, end: int, symbol: str) -> Any:
        """What `symbol` builds from this range of the text; raises `UnexpectedInput`."""
        actions, scanners = self._actions, self._scanners
        states = [self._starts[symbol]]
        values: list[Any] = []
        position = start
        while True:
            while position < end and text[position] == " ":
                position += 1
            if position >= end:
                break
            state = states[-1]
            match_at, keywords = scanners.get(state) or self._scanner(state)
            match = match_at(text, position, end)
            if match is None:
                raise self._unexpected(text, position, end, state)
            first, position = position, match.end()
            word, kind = match.group(), match.lastgroup
            kind = keywords.get(word, kind)
            token = Token(word)
            token.type, token.start_pos, token.end_pos = kind, first, position
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    raise UnexpectedInput(first, kind, set(actions[states[-1]]))
                next_state, convert, _, origin = action
                if not origin:
                    states.append(next_state)
                    values.append(token if convert is None else convert(token))
                    break
                _reduce(actions, states, values, action)
        return self._finish(states, values, end, self._ends[symbol])

    def _finish(self, states: list[int], values: list[Any], end: int, end_state: int) -> Any:
        while states[-1] != end_state:
            action = self._actions[states[-1]].get(END)
            if action is None:
                raise UnexpectedInput(end, END, set(self._actions[states[-1]]))
            _reduce(self._actions, states, values, action)
        return values[-1]

    def _scanner(self, state: int) -> Scanner:
        """What matches the terminals of this state. Compiling a pattern is slow, and most states
        are never reached."""
        number = self._scanner_of_state[state]
        pattern, keywords = self._scanner_sources[number]
        scanner = self._scanners[state] = (re.compile(pattern).match, keywords)
        return scanner

    def _unexpected(self, text: str, position: int, end: int, state: int) -> UnexpectedInput:
        pattern, keywords = self._scanner_of_all
        match = re.compile(pattern).match(text, position, end)
        terminal = keywords.get(match.group(), match.lastgroup) if match else ""
        return UnexpectedInput(position, terminal or "", set(self._actions[state]))


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


def _action(name: str, target: int, rules: list[Action], builder: object) -> Action:
    """Below zero stands the number of a rule, else the next state."""
    return rules[~target] if target < 0 else (target, getattr(builder, name, None), 0, "")


def _reduction(rule: list[Any], builder: object) -> Action:
    origin, method, size, kept, is_lone = rule
    if is_lone and size == 1 and kept == [[0, False]]:
        return -1, None, size, origin
    build = getattr(builder, method, None)
    return -1, _converter(build, size, kept, is_lone), size, origin


def _converter(build: Callback | None, size: int, kept: list[list[Any]], is_lone: bool) -> Callback:
    """What makes the value of a rule of its children. Without a method of its own it is the list
    of those that count; a rule above it takes them in."""
    is_whole = kept == [[number, False] for number in range(size)]
    if is_whole and not is_lone:
        return build or list

    # A repetition takes in the list of its own beginning: with a new one each time, long ones
    # would cost the square of their length.
    grows = build is None and kept[:1] == [[0, True]]
    others = kept[1:] if grows else kept

    def convert(children: list[Any]) -> Any:
        chosen: list[Any] = children[0] if grows else []
        for number, stands_for_several in others:
            if stands_for_several:
                chosen.extend(children[number])
            else:
                chosen.append(children[number])
        if is_lone and len(chosen) == 1:
            return chosen[0]
        return chosen if build is None else build(chosen)

    return convert

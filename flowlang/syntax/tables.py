"""The parse tables of `grammar.lark`, computed by Lark and kept as `tables.json`.

Lark needs a tenth of a second to compute them, as long as everything else that a short command
does. They are plain data: nothing is unpickled. Where they are not those of the grammar at hand
they are computed anew; a test keeps the file fresh, and this writes it:

    python -c "from flowlang.syntax import tables; tables.write()"
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

Json = Any

STARTS = (
    "chunk", "top_line", "section_line", "item_line",
    "expression", "type_only", "target_only", "port_only", "words_only",
)  # fmt: skip
_FILE = "tables.json"


def load() -> dict[str, Json]:
    """The tables of the grammar: from the file, if it is of this grammar."""
    grammar = resources.files("flowlang").joinpath("grammar.lark").read_text(encoding="utf-8")
    kept = resources.files("flowlang.syntax").joinpath(_FILE)
    if kept.is_file():
        tables: dict[str, Json] = json.loads(kept.read_text(encoding="utf-8"))
        if tables["grammar"] == _digest(grammar):
            return tables
    return compute(grammar)


def compute(grammar: str) -> dict[str, Json]:
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(
        grammar, parser="lalr", lexer="contextual", start=list(STARTS), maybe_placeholders=False
    )
    frontend: Any = lark.parser
    table = frontend.parser._parse_table
    numbers = _state_numbers(table)
    rules: list[Json] = []
    rule_numbers: dict[Any, int] = {}
    states: list[Json] = []
    for state in numbers:
        actions: dict[str, int] = {}
        for name, (kind, argument) in sorted(table.states[state].items(), key=_by_name):
            if kind is Shift:
                actions[str(name)] = numbers[argument]
                continue
            if argument not in rule_numbers:
                rule_numbers[argument] = len(rules)
                rules.append(_rule(argument))
            actions[str(name)] = -1 - rule_numbers[argument]
        states.append(actions)
    return {
        "grammar": _digest(grammar),
        "starts": {name: numbers[table.start_states[name]] for name in STARTS},
        "ends": {name: numbers[table.end_states[name]] for name in STARTS},
        "rules": rules,
        "states": states,
        **_lexers(frontend.lexer, list(numbers)),
    }


def _state_numbers(table: Any) -> dict[int, int]:
    """Lark's states, numbered in the order in which they are reached. (Its own numbers differ
    from one run to the next.)"""
    from lark.parsers.lalr_analysis import Shift

    reached = [table.start_states[name] for name in STARTS]
    seen = set(reached)
    for state in reached:
        for _, (kind, target) in sorted(table.states[state].items(), key=_by_name):
            if kind is Shift and target not in seen:
                seen.add(target)
                reached.append(target)
    return {state: number for number, state in enumerate(reached)}


def _by_name(item: tuple[str, Any]) -> str:
    return item[0]


def _digest(grammar: str) -> str:
    return hashlib.sha256(grammar.encode()).hexdigest()


def _rule(rule: Any) -> Json:
    """Name of the rule, name of what builds its value, number of children, those that count (and
    of these the ones that stand for several), and whether a lone child is the value."""
    kept = [
        [number, not symbol.is_term and symbol.name.startswith("_")]
        for number, symbol in enumerate(rule.expansion)
        if not (symbol.is_term and symbol.filter_out)
    ]
    is_lone = bool(rule.options.expand1 and not rule.alias)
    method = str(rule.alias or rule.origin.name)
    return [str(rule.origin.name), method, len(rule.expansion), kept, is_lone]


def _lexers(contextual: Any, states: list[int]) -> dict[str, Json]:
    """A pattern for each set of terminals that some states accept, and their keywords."""
    scanners: list[Json] = []
    numbers: dict[int, int] = {}
    of_state = []
    for state in states:
        lexer = contextual.lexers[state]
        if id(lexer) not in numbers:
            numbers[id(lexer)] = len(scanners)
            scanners.append(_scanner(lexer))
        of_state.append(numbers[id(lexer)])
    return {
        "scanners": scanners,
        "scanner_of_state": of_state,
        "scanner_of_all": _scanner(contextual.root_lexer),
    }


def _scanner(lexer: Any) -> Json:
    (pattern,) = lexer.scanner._mres
    keywords = {
        terminal.pattern.value: terminal.name
        for callback in lexer.callback.values()
        for terminal in callback.scanner.terminals
    }
    return [pattern.pattern, dict(sorted(keywords.items()))]


def write() -> None:
    folder = Path(__file__).parent
    grammar = (folder.parent / "grammar.lark").read_text(encoding="utf-8")
    text = json.dumps(compute(grammar), ensure_ascii=True, separators=(",", ":"))
    (folder / _FILE).write_text(text + "\n", encoding="utf-8")

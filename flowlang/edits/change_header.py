"""Change what the header of a flow says: title, description, channels, where errors go."""

from __future__ import annotations

from collections.abc import Sequence

from flowlang.edits.draft import Draft, RouteDraft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.text import Script, line_end, margin_below, span
from flowlang.interchange.values import SpellingError, read_value, read_words
from flowlang.model import Header, Phrase, WordPort, word_of
from flowlang.syntax import spelling
from flowlang.syntax.build import construct
from flowlang.syntax.parser import parse

SETTINGS = {"channels": ("channels", "channel"), "languages": ("languages", "language"),
            "type": ("type",), "outcomes": ("outcomes",)}  # fmt: skip
"""The fields that have a line of their own, and the words that such a line may begin with."""


class ChangeHeader(Operation):
    """Only the fields that are given change; one that is None or empty goes."""

    title: str | None = None
    description: str = ""
    """The comment above the first line."""
    channels: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    type: str | None = None
    outcomes: tuple[str, ...] | None = None
    signature: str | None = None
    """What a module takes and gives: `(pin: text) -> (verified: boolean)`."""
    on_error: str | None = None
    """A section, the id of a step, or the word of a block that ends the flow."""

    def edit(self, flow: Flow) -> Change:
        header = flow.document.header
        if header is None:
            refuse("FL325")
        draft = Draft(flow)
        script = Script(flow.tree.source)
        if {"title", "signature"} & self.model_fields_set:
            start, end = span(header.at)
            script.replace(start, end, self._head(header))
        if "description" in self.model_fields_set:
            _describe(script, header, self.description)
        for field in SETTINGS.keys() & self.model_fields_set:
            value = getattr(self, field)
            words = (value,) if isinstance(value, str) else value or ()
            _set_line(script, header, field, words)
        if "on_error" in self.model_fields_set:
            self._lead_errors(draft)
        return change(draft, (), script.edits())

    def _head(self, header: Header) -> str:
        title = self.title if "title" in self.model_fields_set else header.title
        signature = spelling.signature(header.takes, header.gives)
        if "signature" in self.model_fields_set:
            signature = self.signature or ""
        quoted = spelling.value(read_value(title)) if title else ""
        head = " ".join(filter(None, [header.word, header.name, quoted, signature]))
        found = parse(f"{head}\n")
        if found.problems or "\n" in head or not isinstance(found.document.header, Header):
            refuse("FL324", field="signature", setting="signature", value=signature)
        return head

    def _lead_errors(self, draft: Draft) -> None:
        known = next((route for route in draft.header_routes if _takes_errors(route)), None)
        if not self.on_error:
            draft.header_routes = [route for route in draft.header_routes if route is not known]
            return
        goal = draft.goal(self.on_error)
        if known:
            known.goal = goal
        else:
            port = construct(WordPort, {"word": "error"})
            draft.header_routes.append(RouteDraft(ports=(port,), goal=goal))


def _describe(script: Script, header: Header, description: str) -> None:
    """Comment lines in the place of those that stand there."""
    lines = description.strip().splitlines()
    text = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    script.replace(span(header.extent)[0], span(header.at)[0], text)


def _takes_errors(route: RouteDraft) -> bool:
    return any(isinstance(port, WordPort) and port.word == "error" for port in route.ports)


def _set_line(script: Script, header: Header, field: str, values: Sequence[str]) -> None:
    old = next((line for line in header.settings if _first_word(line) in SETTINGS[field]), None)
    if not values:
        if old:
            script.delete(*span(old.extent))
        return
    text = _line(field, values)
    if old:
        script.replace(*span(old.at), text)
    else:
        behind = [line for line in header.settings if _rank(line) <= _rank_of(field)]
        at = span(behind[-1].extent)[1] if behind else line_end(script.source, span(header.at)[1])
        margin = margin_below(script.source, (*header.settings, *header.routes))
        script.insert_line(at, f"{margin}{text}\n")


def _line(field: str, values: Sequence[str]) -> str:
    word = "language" if field == "languages" and len(values) == 1 else field
    text = f"{word} {', '.join(values)}"
    try:
        words = read_words(text)
    except SpellingError:
        refuse("FL324", field=field, setting=word, value=", ".join(values))
    sizes = [len(clause) for clause in words.clauses]
    if spelling.words(words) != text or sizes != [2, *([1] * (len(values) - 1))]:
        refuse("FL324", field=field, setting=word, value=", ".join(values))
    return text


def _first_word(line: Phrase) -> str:
    return word_of(line.words.clauses[0][0]) or ""


def _rank(line: Phrase) -> int:
    ranks = [index for index, words in enumerate(SETTINGS.values()) if _first_word(line) in words]
    return ranks[0] if ranks else len(SETTINGS)


def _rank_of(field: str) -> int:
    return list(SETTINGS).index(field)

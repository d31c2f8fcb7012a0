"""The settings of a whole flow, where no block is chosen: a form for its first lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.canvas.sections import TargetSelect
from designer.html import button, on_value, set_value, tag, text
from designer.page.inspected import endings
from designer.session import Session
from designer.words import Language
from flowlang.checks.header import FLOW_TYPES
from flowlang.edits import ChangeHeader
from flowlang.model import BLANK, Header, WordPort
from flowlang.syntax import spelling

MEDIA = ("voice", "chat")
LANGUAGES_EXAMPLE = "ko-KR, en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Where customers come in to a flow."""

    name: str
    channels: tuple[str, ...]
    number: str = ""


def entrances_of(session: Session) -> list[Entrance]:
    """As the project says."""
    project = session.project
    return [
        Entrance(name=name, channels=entry.channels, number=entry.number or "")
        for name, entry in (project.entries.items() if project else ())
        if session.path and session.path.as_posix().endswith(f"/{entry.flow_file}")
    ]


class FlowForm:
    """Each part is drawn anew only when what it shows has changed: somebody may be writing in
    one, or pressing a button of another, while an edit comes back."""

    def __init__(
        self,
        session: Session,
        language: Language,
        words: Mapping[str, str],
        *,
        change: Callable[[ChangeHeader], object],
        close: Callable[[], object],
        entrances: Sequence[Entrance],
    ) -> None:
        self._session = session
        self._language = language
        self._words = words
        self._change = change
        self._close = close
        self._entrances = entrances
        self._parts: dict[str, tuple[Element, object]] = {}
        self._word = self._header.word if self._header else ""
        self.show()

    @property
    def fits(self) -> bool:
        """Whether the flow still has the parts that are shown."""
        return self._word == (self._header.word if self._header else "")

    @property
    def _header(self) -> Header | None:
        return self._session.flow.document.header

    def show(self) -> None:
        header, words = self._header, self._words
        title = (header.title or header.name) if header else ""
        self._part("head", title, lambda: self._draw_head(title))
        if header is None:
            self._part("none", "", lambda: text(words["no_header"], "fl-empty", tag="div"))
            return
        self._line("title", words["flow_title"], header.title or "")
        self._lines("description", words["flow_description"], description_of(header))
        if header.word == "flow":
            types = {word: words[f"type_{word}"] for word in FLOW_TYPES}
            self._one_of("type", words["flow_type"], header.flow_type, types)
        self._some_of("channels", words["channels"], header.channels)
        self._listed("languages", words["languages"], header.languages, LANGUAGES_EXAMPLE)
        self._target("on_error", words["flow_on_error"], error_target(header))
        if header.word == "module":
            self._listed("outcomes", words["outcomes"], header.outcomes)
            signature = spelling.signature(header.takes, header.gives)
            self._line("signature", words["signature"], signature, "fl-mono")
        wiring = self._session.wiring
        counts = len(wiring.document.sections), len(wiring.steps)
        self._part("about", counts, lambda: self._draw_about(*counts))

    # --- parts --------------------------------------------------------------------------------

    def _part(self, name: str, state: object, draw: Callable[[], object]) -> None:
        known = self._parts.get(name)
        if known and known[1] == state:
            return
        box = known[0] if known else tag("div", "", data_field=f"flow-{name}")
        self._parts[name] = box, state
        box.clear()
        with box:
            draw()

    def _draw_head(self, title: str) -> None:
        with tag("div", "fl-inspector-top"):
            with tag("div", "fl-grow"):
                text(self._words[self._word or "flow"], "fl-caps", tag="div")
                text(title, "fl-flow-name fl-cut", tag="div")
            button("", "fl-icon-btn fl-close-flow", symbol="x", title=self._words["close"],
                   on_click=self._close)  # fmt: skip

    def _draw_about(self, sections: int, blocks: int) -> None:
        """What is known of the flow beyond its text."""
        words = self._words
        if self._entrances:
            with tag("section"):
                text(words["flow_entrances"], "fl-label", tag="div")
                with tag("table", "fl-values"), tag("tbody"):
                    for entrance in self._entrances:
                        self._draw_entrance(entrance)
        with tag("section", "fl-soft"):
            word = "canvas_one_block" if blocks == 1 else "canvas_many_blocks"
            text(words[word].format(n=blocks))
            text(" · ", "fl-dim", aria_hidden="true")
            text(words["one_section" if sections == 1 else "many_sections"].format(n=sections))
            text(words["flow_choose_block"], "fl-help", tag="div")

    def _draw_entrance(self, entrance: Entrance) -> None:
        with tag("tr"):
            text(entrance.number or entrance.name, "fl-mono", tag="td")
            text(", ".join(map(self._channel, entrance.channels)), tag="td")

    def _channel(self, name: str) -> str:
        return self._words.get(f"channel_{name}", name)

    # --- fields, each for one line of the header ----------------------------------------------

    def _line(self, field: str, title: str, value: str, look: str = "") -> None:
        def draw() -> None:
            with tag("div", "fl-field"):
                entry = self._entry("input", field, look, type="text")
            set_value(entry, value)
            on_value(entry, "change", lambda typed: self._say(field, typed.strip() or None))

        self._field(field, title, value, draw)

    def _lines(self, field: str, title: str, value: str) -> None:
        def draw() -> None:
            entry = self._entry("textarea", field, "fl-area", rows="2")
            set_value(entry, value)
            on_value(entry, "change", lambda typed: self._say(field, typed.strip()))

        self._field(field, title, value, draw)

    def _listed(self, field: str, title: str, values: Sequence[str], example: str = "") -> None:
        def draw() -> None:
            with tag("div", "fl-field"):
                entry = self._entry("input", field, "fl-mono", type="text", placeholder=example)
            set_value(entry, ", ".join(values))
            on_value(entry, "change", lambda typed: self._say(field, words_of(typed)))

        self._field(field, title, values, draw)

    def _one_of(self, field: str, title: str, value: str, options: Mapping[str, str]) -> None:
        shown = options if value in options else {value: value, **options}

        def draw() -> None:
            with tag("div", "fl-field"), self._entry("select", field, "") as select:
                for name, label in shown.items():
                    text(label, tag="option", value=name, selected=name == value)
            on_value(select, "change", lambda name: self._say(field, name or None))

        self._field(field, title, (value, shown), draw)

    def _target(self, field: str, title: str, value: str) -> None:
        more = endings(self._session, self._language)

        def draw() -> None:
            with tag("div", "fl-field"):
                select = TargetSelect(value, more, self._words["not_set"])
            select._props |= {"aria-labelledby": f"label-flow-{field}", "data-key": f"flow {field}"}
            on_value(select, "change", lambda name: self._say(field, name or None))

        self._field(field, title, (value, more), draw)

    def _some_of(self, field: str, title: str, values: Sequence[str]) -> None:
        def flip(word: str) -> None:
            left = [each for each in values if each != word]
            self._say(field, left if word in values else [*values, word])

        def draw() -> None:
            with tag("div", "fl-row fl-wrap", role="group", aria_labelledby=f"label-flow-{field}"):
                for word in dict.fromkeys((*MEDIA, *values)):
                    is_on = word in values
                    made = button(self._channel(word),
                                  f"fl-btn small{' on' if is_on else ''}",
                                  on_click=lambda word=word: flip(word),
                                  data_key=f"flow {field} {word}")  # fmt: skip
                    made._props["aria-pressed"] = "true" if is_on else "false"

        self._field(field, title, values, draw)

    def _field(self, field: str, title: str, state: object, draw: Callable[[], None]) -> None:
        def draw_all() -> None:
            with tag("section", "fl-form-field"):
                with tag("div", "fl-label"):
                    text(title, id=f"label-flow-{field}")
                if helping := self._words.get(f"flow_{field}_help"):
                    text(helping, "fl-help fl-help-first", tag="div")
                draw()

        self._part(field, state, draw_all)

    def _entry(self, name: str, field: str, look: str, **properties: str) -> Element:
        return tag(name, look, spellcheck="false", aria_labelledby=f"label-flow-{field}",
                   data_key=f"flow {field}", **properties)  # fmt: skip

    def _say(self, field: str, value: str | Sequence[str] | None) -> None:
        self._change(ChangeHeader.model_validate({field: value}))


def description_of(header: Header) -> str:
    """The comment above the first line."""
    return "\n".join("" if line == BLANK else line for line in header.comments).strip("\n")


def error_target(header: Header) -> str:
    """Where everything goes that fails and has no way of its own."""
    for route in header.routes:
        if any(isinstance(port, WordPort) and port.word == "error" for port in route.ports):
            return route.target.spelling
    return ""


def words_of(typed: str) -> list[str]:
    return typed.replace(",", " ").split()

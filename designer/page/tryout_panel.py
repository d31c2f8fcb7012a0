"""The try-out beside the canvas: a phone or a chat, the caller, values, and who answers what.

What a person may be pressing or typing in stays where it is: only what is read is drawn anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nicegui import background_tasks, run
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from designer.html import button, icon, on_value, set_value, tag, text
from designer.page.tryout_answers import AnswersBox
from designer.trying.tryout import Bubble, Crumb, TryOut, Value
from designer.words import Language
from flowlang import effects as out
from flowlang.channels import CHANNELS, MESSENGERS

KEYS = (
    ("1", ""), ("2", "ABC"), ("3", "DEF"), ("4", "GHI"), ("5", "JKL"), ("6", "MNO"),
    ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ"), ("*", ""), ("0", "+"), ("#", ""),
)  # fmt: skip
SEND_FROM = "(e) => {{ const field = {field}; emit(field.value); field.value = ''; }}"
CALLABLE = ("voice", "chat", *MESSENGERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOutActions:
    """What the page does for a try-out."""

    changed: Callable[[], object]
    """Something happened: show it on the canvas."""
    close: Callable[[], object]
    save: Callable[[], object]
    run_tests: Callable[[], Awaitable[object]]
    open: Callable[[Crumb], object]
    """Go on trying at the flow that runs."""


class TryOutPanel:
    """Shows a conversation after whatever a person does to it."""

    def __init__(
        self,
        tryout: TryOut,
        title: str,
        language: Language,
        words: Mapping[str, str],
        actions: TryOutActions,
        here: str = "",
    ) -> None:
        """`here` is the flow of the page, as the try-out calls it."""
        self.tryout = tryout
        self._title = title
        self._language = language
        self._words = words
        self._actions = actions
        self._here = here
        self._asked: set[str] = set()
        self._box = tag("aside", "fl-try", aria_label=words["trying"])
        self._draw()
        self.refresh()

    def refresh(self) -> None:
        """Show what is now."""
        if self._is_call != self._is_drawn_as_call:
            self._draw()
        self._show_state()
        self._show_crumbs()
        self._show_talk()
        self._show_line_buttons()
        self._show_values()
        self._answers.show()
        self._box.client.run_javascript("flowlangRefocus()")
        self._ask_project()

    @property
    def _is_call(self) -> bool:
        return CHANNELS[self.tryout.caller.channel].medium == "voice"

    def _do(self, action: Callable[[], object]) -> None:
        action()
        self.refresh()
        self._actions.changed()

    def _ask_project(self) -> None:
        """Functions of the project take their time, on a thread of their own."""
        for effect in self.tryout.unanswered():
            key = f"{effect.function} {effect.arguments}"
            if key not in self._asked:
                self._asked.add(key)
                background_tasks.create(self._ask(effect, key))

    async def _ask(self, effect: out.CallFunction, key: str) -> None:
        reply = await run.io_bound(self.tryout.ask_project, effect)
        self._asked.discard(key)
        if reply is not None:
            self.tryout.answered(effect, reply)
        if not self._box.is_deleted:
            with self._box:
                self.refresh()
                self._actions.changed()

    # --- parts --------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._is_drawn_as_call = self._is_call
        self._bubbles: Sequence[Bubble] = ()
        self._rows: Sequence[Value] | None = None
        self._crumbs: Sequence[Crumb] = ()
        self._is_queued: bool | None = None
        self._box.clear()
        with self._box:
            self._draw_top()
            self._path = tag("nav", "fl-try-path", aria_label=self._words["runs_now"])
            with tag("div", "fl-try-in"):
                self._draw_phone()
                with tag("div", "fl-try-side"):
                    self._draw_side()

    def _draw_top(self) -> None:
        words, tryout = self._words, self.tryout
        with tag("div", "fl-try-top"):
            text(words["trying"])
            self._state = text("", "fl-pill")
            tag("span", "fl-grow")
            self._back = button("", "fl-icon-btn", symbol="undo", title=words["step_back"],
                                on_click=lambda: self._do(tryout.step_back))  # fmt: skip
            button("", "fl-icon-btn", symbol="repeat", title=words["restart"],
                   on_click=lambda: self._do(tryout.restart))  # fmt: skip
            button("", "fl-icon-btn", symbol="x", title=words["close"],
                   on_click=self._actions.close)  # fmt: skip

    def _draw_phone(self) -> None:
        with tag("div", "fl-phone"):
            with tag("div", "fl-phone-top"):
                icon("phone" if self._is_call else "web", "s20")
                with tag("div", "fl-grow"):
                    text(self._title, "fl-strong fl-cut", tag="div")
                    text(self._words[f"channel_{self.tryout.caller.channel}"], tag="small")
            with tag("div", "fl-chat", role="log", aria_label=self._words["conversation"],
                     aria_live="polite", tabindex="0"):  # fmt: skip
                self._talk = tag("div", "fl-chat-in")
            self._draw_say()
            if self._is_call:
                self._draw_keypad()
            self._line = tag("div", "fl-row fl-line-buttons")

    def _draw_say(self) -> None:
        """What is sent is taken out of the field at once, in the browser."""

        def say(event: GenericEventArguments) -> None:
            self._do(lambda: self.tryout.say(str(event.args)))

        with tag("div", "fl-say"), tag("div", "fl-field"):
            entry = tag("input", "", type="text", placeholder=self._words["say_something"],
                        aria_label=self._words["say_something"], data_role="say",
                        data_key="say", autocomplete="off")  # fmt: skip
            entry.on("keydown.enter", say, js_handler=SEND_FROM.format(field="e.target"))
            send = button("", "fl-icon-btn small", symbol="send", title=self._words["send"])
            send.on("click", say, js_handler=SEND_FROM.format(
                field="e.currentTarget.parentElement.querySelector('input')"))  # fmt: skip

    def _draw_keypad(self) -> None:
        with tag("div", "fl-keypad"):
            for key, letters in KEYS:
                pad = tag("button", "", type="button", data_digit=key)
                with pad:
                    text(key)
                    if letters:
                        text(letters, tag="small")
                pad.on("click", lambda _, key=key: self._do(lambda: self.tryout.press(key)))

    def _draw_side(self) -> None:
        words = self._words
        with tag("div", "fl-try-parts"):
            self._draw_caller()
            self._values = tag("div", "fl-try-part")
            self._answers = AnswersBox(tag("div", "fl-try-answers"), self.tryout, words, self._do)
        with tag("div", "fl-row fl-try-keep"):
            button(words["save_as_test"], "fl-btn fl-grow", symbol="test",
                   on_click=self._actions.save, data_role="save-as-test")  # fmt: skip
            button("", "fl-btn", symbol="run", title=words["run_tests"],
                   on_click=self._actions.run_tests, data_role="try-run-tests")  # fmt: skip

    # --- what is read -------------------------------------------------------------------------

    def _show_state(self) -> None:
        is_over = self.tryout.simulator.is_over
        word = "over" if is_over else "asks_project" if self.tryout.unanswered() else "running"
        self._state.set_text(self._words[word])
        self._state.classes(add="" if is_over else "accent", remove="accent" if is_over else "")
        self._back._props["disabled"] = not self.tryout.can_step_back
        self._back.update()

    def _show_crumbs(self) -> None:
        """Which flow runs, if another than that which is tried does."""
        crumbs = self.tryout.crumbs()
        if crumbs == self._crumbs:
            return
        self._crumbs = crumbs
        self._path.clear()
        if len(crumbs) == 1 and crumbs[0].flow == self._here:
            return
        with self._path:
            for index, crumb in enumerate(crumbs):
                if index:
                    text("›", "fl-dim", aria_hidden="true")
                self._draw_crumb(crumb, is_last=crumb is crumbs[-1])

    def _draw_crumb(self, crumb: Crumb, *, is_last: bool) -> None:
        label = f"{crumb.title} · {crumb.step}" if is_last else crumb.title
        if crumb.flow == self._here:
            text(label, "fl-strong" if is_last else "fl-soft")
            return
        button(label, "fl-btn small", symbol="jump" if is_last else "",
               title=self._words["open_flow"].format(name=crumb.title),
               on_click=lambda: self._actions.open(crumb), data_crumb=crumb.flow)  # fmt: skip

    def _show_talk(self) -> None:
        """What was said stays where it is; what came is put below."""
        bubbles = self.tryout.bubbles(self._language)
        kept = len(self._bubbles)
        if kept and bubbles[:kept] == self._bubbles:
            new = bubbles[kept:]
        else:
            self._talk.clear()
            new = bubbles
        with self._talk:
            if new is bubbles:
                starts = "call_starts" if self._is_call else "chat_starts"
                text(self._words[starts], "fl-event", tag="div")
            for bubble in new:
                self._draw_bubble(bubble)
        self._bubbles = bubbles

    def _draw_bubble(self, bubble: Bubble) -> None:
        match bubble.side:
            case "note" if bubble.word:
                told = self._words[bubble.word].format(queue=bubble.text, name=bubble.text)
                text(told, "fl-event", tag="div")
            case "note":
                text(bubble.text, "fl-event", tag="div")
            case "why":
                text(bubble.text, "fl-event fl-why", tag="div")
            case side:
                text(bubble.text, f"fl-bubble {'me' if side == 'me' else ''}", tag="div")
        if bubble.choices:
            with tag("div", "fl-row fl-wrap"):
                for choice in bubble.choices:
                    self._draw_choice(choice)

    def _draw_choice(self, choice: str) -> None:
        button(choice, "fl-btn small",
               on_click=lambda: self._do(lambda: self.tryout.choose(choice)))  # fmt: skip

    def _show_line_buttons(self) -> None:
        is_queued = self.tryout.simulator.contact.status == "queued"
        if is_queued == self._is_queued:
            return
        self._is_queued = is_queued
        words, tryout = self._words, self.tryout
        self._line.clear()
        with self._line:
            if is_queued:
                button(words["agent_accepts"], "fl-btn fl-grow", symbol="user",
                       on_click=lambda: self._do(tryout.agent_accepts))  # fmt: skip
            button(words["hang_up"], "fl-btn fl-grow", symbol="hangup",
                   on_click=lambda: self._do(tryout.hang_up))  # fmt: skip
            button(words["silence"], "fl-btn fl-grow",
                   on_click=lambda: self._do(tryout.stay_silent))  # fmt: skip

    def _show_values(self) -> None:
        rows = self.tryout.values()
        if rows == self._rows:
            return
        self._rows = rows
        changed = sum(row.is_new for row in rows)
        self._values.clear()
        with self._values:
            with tag("div", "fl-label"):
                text(self._words["values"])
                if changed:
                    text(self._words["values_changed"].format(n=changed))
            if not rows:
                text(self._words["no_values"], "fl-dim", tag="div")
                return
            with tag("table", "fl-values"), tag("tbody"):
                for row in rows:
                    self._draw_value(row)

    def _draw_value(self, row: Value) -> None:
        with tag("tr", "changed" if row.is_new else ""):
            text(row.name, tag="td", title=row.name)
            with tag("td", title=row.now):
                if row.is_new and row.before:
                    text(row.before, tag="del")
                    text(" ")
                text(row.now)

    # --- the caller ---------------------------------------------------------------------------

    def _draw_caller(self) -> None:
        words, tryout = self._words, self.tryout
        caller = tryout.caller
        with tag("div", "fl-try-part", data_part="caller"):
            with tag("div", "fl-label"):
                text(words["caller"])
            self._draw_channel()
            self._field("number", "tel", caller.number,
                        lambda typed: tryout.restart(number=typed.strip()))  # fmt: skip
            self._field("caller_name", "text", caller.name,
                        lambda typed: tryout.restart(name=typed.strip()))  # fmt: skip
            self._field("language", "text", caller.language,
                        lambda typed: tryout.restart(language=typed.strip()),
                        placeholder=tryout.played.program.language,
                        known=tryout.languages)  # fmt: skip
            self._field("time", "datetime-local", f"{caller.at:%Y-%m-%dT%H:%M}", self._set_time)

    def _draw_channel(self) -> None:
        with tag("label", "fl-row fl-map"):
            text(self._words["channel"], "fl-soft")
            with tag("div", "fl-field fl-grow"):
                select = tag("select", "", data_key="caller channel")
                with select:
                    for channel in CALLABLE:
                        text(self._words[f"channel_{channel}"], tag="option", value=channel,
                             selected=channel == self.tryout.caller.channel)  # fmt: skip
        on_value(select, "change",
                 lambda it: self._do(lambda: self.tryout.restart(channel=it)))  # fmt: skip

    def _field(
        self,
        word: str,
        kind: str,
        value: str,
        take: Callable[[str], object],
        *,
        placeholder: str = "",
        known: Sequence[str] = (),
    ) -> Element:
        with tag("label", "fl-row fl-map"):
            text(self._words[word], "fl-soft")
            with tag("div", "fl-field fl-grow"):
                entry = tag("input", "", type=kind, data_key=f"caller {word}",
                            placeholder=placeholder, autocomplete="off",
                            list=f"known-{word}" if known else "")  # fmt: skip
                set_value(entry, value)
                if known:
                    with tag("datalist", id=f"known-{word}"):
                        for name in known:
                            tag("option", value=name)
        on_value(entry, "change", lambda typed: self._do(lambda: take(typed)))
        return entry

    def _set_time(self, typed: str) -> None:
        """On the clock of the place that the call is in; half a date changes nothing."""
        try:
            at = datetime.fromisoformat(typed)
        except ValueError:
            return
        self.tryout.restart(at=at.replace(tzinfo=self.tryout.caller.at.tzinfo))

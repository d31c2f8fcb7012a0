"""The try-out beside the canvas: a phone or a chat, the caller, values, and what services say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from nicegui.events import GenericEventArguments

from designer.html import button, icon, on_value, set_value, tag, text
from designer.tryout import Bubble, HandAnswer, TryOut

KEYS = (
    ("1", ""), ("2", "ABC"), ("3", "DEF"), ("4", "GHI"), ("5", "JKL"), ("6", "MNO"),
    ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ"), ("*", ""), ("0", "+"), ("#", ""),
)  # fmt: skip
SEND_FROM = "(e) => {{ const field = {field}; emit(field.value); field.value = ''; }}"


class TryOutPanel:
    """Shows a conversation afresh after whatever a person does to it."""

    def __init__(
        self,
        tryout: TryOut,
        title: str,
        words: Mapping[str, str],
        *,
        changed: Callable[[], object],
        close: Callable[[], object],
        save: Callable[[], object],
    ) -> None:
        self.tryout = tryout
        self._title = title
        self._words = words
        self._changed = changed
        self._close = close
        self._save = save
        self._box = tag("aside", "fl-try", aria_label=words["trying"])
        self._draw()
        self.refresh()

    def refresh(self) -> None:
        """Show what is now. The keys stay in place, so that they can be pressed quickly."""
        if self._is_call != self._is_drawn_as_call:
            self._draw()
        for box, draw in (
            (self._state, self._draw_state),
            (self._talk, self._draw_talk),
            (self._line, self._draw_line_buttons),
            (self._side, self._draw_side),
        ):
            box.clear()
            with box:
                draw()
        self._box.client.run_javascript("flowlangRefocus()")

    @property
    def _is_call(self) -> bool:
        return self.tryout.caller.channel == "voice"

    def _do(self, action: Callable[[], object]) -> None:
        action()
        self.refresh()
        self._changed()

    # --- parts --------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._is_drawn_as_call = self._is_call
        self._box.clear()
        with self._box:
            self._draw_top()
            with tag("div", "fl-try-in"):
                self._draw_phone()
                self._side = tag("div", "fl-try-side")

    def _draw_top(self) -> None:
        words = self._words
        with tag("div", "fl-try-top"):
            text(words["trying"])
            self._state = tag("span")
            tag("span", "fl-grow")
            button("", "fl-icon-btn", symbol="undo", title=words["step_back"],
                   on_click=lambda: self._do(self.tryout.step_back))  # fmt: skip
            button("", "fl-icon-btn", symbol="repeat", title=words["restart"],
                   on_click=lambda: self._do(self.tryout.restart))  # fmt: skip
            button("", "fl-icon-btn", symbol="x", title=words["close"], on_click=self._close)

    def _draw_state(self) -> None:
        is_over = self.tryout.simulator.is_over
        text(self._words["over" if is_over else "running"],
             f"fl-pill {'' if is_over else 'accent'}")  # fmt: skip

    def _draw_phone(self) -> None:
        is_call = self._is_call
        with tag("div", "fl-phone"):
            with tag("div", "fl-phone-top"):
                icon("phone" if is_call else "web", "s20")
                with tag("div", "fl-grow"):
                    text(self._title, "fl-strong fl-cut", tag="div")
                    text(self._words["channel_voice" if is_call else "channel_chat"], tag="small")
            with tag("div", "fl-chat", role="log", aria_label=self._words["conversation"],
                     aria_live="polite", tabindex="0"):  # fmt: skip
                self._talk = tag("div", "fl-chat-in")
            self._draw_say()
            if is_call:
                self._draw_keypad()
            self._line = tag("div", "fl-row fl-line-buttons")

    def _draw_talk(self) -> None:
        text(self._words["call_starts" if self._is_call else "chat_starts"], "fl-event", tag="div")
        for bubble in self.tryout.bubbles():
            self._draw_bubble(bubble)

    def _draw_side(self) -> None:
        self._draw_caller()
        self._draw_values()
        for answer in self.tryout.by_hand.functions.values():
            self._draw_service(answer)
        button(self._words["save_as_test"], "fl-btn fl-save-test", symbol="test",
               on_click=self._save, data_role="save-as-test")  # fmt: skip

    def _draw_bubble(self, bubble: Bubble) -> None:
        if bubble.side == "note":
            key, _, name = bubble.text.partition(":")
            text(self._words[key].format(queue=name, name=name), "fl-event", tag="div")
            return
        text(bubble.text, f"fl-bubble {'me' if bubble.side == 'me' else ''}", tag="div")
        if bubble.choices:
            with tag("div", "fl-row fl-wrap"):
                for choice in bubble.choices:
                    button(choice, "fl-btn small",
                           on_click=lambda choice=choice: self._do(
                               lambda: self.tryout.say(choice)))  # fmt: skip

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

    def _draw_line_buttons(self) -> None:
        words = self._words
        if self.tryout.simulator.contact.status == "queued":
            button(words["agent_accepts"], "fl-btn fl-grow", symbol="user",
                   on_click=lambda: self._do(self.tryout.agent_accepts))  # fmt: skip
        button(words["hang_up"], "fl-btn fl-grow", symbol="hangup",
               on_click=lambda: self._do(self.tryout.hang_up))  # fmt: skip
        button(words["silence"], "fl-btn fl-grow",
               on_click=lambda: self._do(self.tryout.stay_silent))  # fmt: skip

    def _draw_caller(self) -> None:
        words, caller = self._words, self.tryout.caller
        with tag("div", "fl-try-part"):
            with tag("div", "fl-label"):
                text(words["caller"])
            with tag("div", "fl-seg wide", role="group", aria_label=words["channel"]):
                for channel in ("voice", "chat"):
                    is_on = caller.channel == channel
                    made = button(words[f"channel_{channel}"], "on" if is_on else "",
                                  on_click=lambda channel=channel: self._do(
                                      lambda: self.tryout.restart(channel=channel)))  # fmt: skip
                    made._props["aria-pressed"] = "true" if is_on else "false"
            self._draw_caller_field("number", "tel", caller.number,
                                    lambda typed: self.tryout.restart(number=typed))  # fmt: skip
            self._draw_caller_field("time", "datetime-local", f"{caller.at:%Y-%m-%dT%H:%M}",
                                    self._set_time)  # fmt: skip

    def _draw_caller_field(
        self, word: str, kind: str, value: str, take: Callable[[str], object]
    ) -> None:
        with tag("label", "fl-row fl-map"):
            text(self._words[word], "fl-soft")
            with tag("div", "fl-field fl-grow"):
                entry = tag("input", "", type=kind, data_key=f"caller {word}")
                set_value(entry, value)
        on_value(entry, "change", lambda typed: self._do(lambda: take(typed)))

    def _set_time(self, typed: str) -> None:
        """On the clock of the place that the call is in; half a date changes nothing."""
        try:
            at = datetime.fromisoformat(typed)
        except ValueError:
            return
        self.tryout.restart(at=at.replace(tzinfo=self.tryout.caller.at.tzinfo))

    def _draw_values(self) -> None:
        with tag("div", "fl-try-part"):
            with tag("div", "fl-label"):
                text(self._words["values"])
            rows = self.tryout.values()
            if not rows:
                text(self._words["no_values"], "fl-dim", tag="div")
                return
            with tag("table", "fl-values"), tag("tbody"):
                for name, before, now in rows:
                    self._draw_row(name, before, now)

    def _draw_row(self, name: str, before: str, now: str) -> None:
        with tag("tr", "changed" if before and before != now else ""):
            text(name, tag="td", title=name)
            with tag("td"):
                if before and before != now:
                    text(before, tag="del")
                    text(" ")
                text(now)

    def _draw_service(self, answer: HandAnswer) -> None:
        words = self._words

        def choose(mode: str) -> None:
            answer.mode = mode  # type: ignore[assignment]
            self._do(self.tryout.restart)

        with tag("div", "fl-try-part", data_service=answer.name):
            with tag("div", "fl-label"):
                text(words["with_service"].format(name=answer.name))
            with tag("div", "fl-seg wide", role="group"):
                for mode, label in (("answers", "answer"), ("fails", "fails"), ("slow", "slow")):
                    made = button(words[label], "on" if answer.mode == mode else "",
                                  on_click=lambda mode=mode: choose(mode))  # fmt: skip
                    made._props["aria-pressed"] = "true" if answer.mode == mode else "false"
            if answer.mode == "answers":
                for key in answer.gives:
                    self._draw_answer_value(answer, key)

    def _draw_answer_value(self, answer: HandAnswer, key: str) -> None:
        def change(value: str) -> None:
            answer.values[key] = value
            self._do(self.tryout.restart)

        with tag("div", "fl-row fl-map"):
            text(key, "fl-mono fl-cut", title=key)
            with tag("div", "fl-field fl-grow"):
                if choices := answer.choices(key):
                    with tag("select", "", aria_label=key) as entry:
                        for choice in choices:
                            text(choice, tag="option", value=choice,
                                 selected=choice == answer.values[key])  # fmt: skip
                else:
                    entry = tag("input", "", type="text", aria_label=key)
                    set_value(entry, answer.values[key])
            on_value(entry, "change", change)

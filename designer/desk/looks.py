"""How conversations look, at the desk and for supervisors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from designer.html import icon, tag, text
from designer.scripts import call
from designer.words import Language
from flowlang.project import said
from runtime.serving import Site
from runtime.transcript import Line

KB, MB = 1024, 1024 * 1024
RING_ROUND = 94
"""The length of the countdown's circle."""
ICONS = {
    "voice": "phone", "chat": "web", "whatsapp": "wa", "sms": "messenger", "task": "callback",
}  # fmt: skip


class Looks:
    """What things of a site are called, in one language."""

    def __init__(self, site: Site, language: Language, words: Mapping[str, str]) -> None:
        self.site = site
        self.language = language
        self.words = words
        self.zone = ZoneInfo(site.project.timezone)

    def queue(self, name: str) -> str:
        if name.startswith("@"):
            return self.agent(name[1:])
        queue = self.site.project.queues.get(name)
        return (said(queue.title, self.language) if queue else "") or name

    def agent(self, name: str) -> str:
        agent = self.site.project.agents.get(name)
        return agent.name if agent else name

    def channel(self, channel: str) -> str:
        return self.words.get(f"channel_{channel}", channel)

    def state(self, presence: str) -> str:
        own = self.site.project.states.get(presence)
        if own is not None:
            return said(own.title, self.language) or presence
        return self.words.get(presence, presence)

    def disposition(self, name: str) -> str:
        known = self.site.project.dispositions.get(name)
        return (said(known.title, self.language) if known else "") or name

    def name(self, channel: str, name: str) -> str:
        """A visitor of the chat has no name that anybody would want to read."""
        is_nobody = not name or (channel == "chat" and _is_id(name))
        return self.words["customer"] if is_nobody else name

    def time(self, at: str) -> str:
        return datetime.fromisoformat(at).astimezone(self.zone).strftime("%H:%M")

    def day(self, at: str) -> str:
        return datetime.fromisoformat(at).astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def lasted_s(self, since: str) -> float:
        """From a moment until now."""
        return max(0.0, (self.site.host.clock() - datetime.fromisoformat(since)).total_seconds())

    def left_s(self, until: str) -> float:
        left = datetime.fromisoformat(until) - self.site.host.clock()
        return max(0.0, left.total_seconds())

    # --- what was said ------------------------------------------------------------------------

    def draw_box(self, title: str, lines: Sequence[Line]) -> None:
        with tag("section", "desk-before"):
            with tag("div", "fl-row"):
                icon("bot")
                text(title, "fl-strong fl-grow")
                if lines:
                    text(f"{self.time(lines[0]['at'])}–{self.time(lines[-1]['at'])}", "fl-soft")
            for line in lines:
                self.draw_line(line)

    def draw_line(self, line: Line) -> None:
        if line["who"] == "event":
            told = {
                "joined": self.words["agent_joined"].format(name=line["name"]),
                "left": self.words["customer_left"],
                "queued": self.words["queued"],
                "ended": self.words["ended"],
                "undelivered": self.words["undelivered"].format(reason=line["text"]),
            }
            is_bad = "bad" if line["what"] == "undelivered" else ""
            what = told.get(line["what"], line["what"])
            text(f"{self.time(line['at'])} · {what}", f"desk-event {is_bad}", tag="div")
            return
        with tag("div", f"desk-line {line['who']}"):
            if file := line["file"]:
                href = f"/files/{file['contact']}/{file['id']}"
                with tag("a", "desk-bubble desk-file", href=href, download=file["name"]):
                    icon("clip", "s20")
                    with tag("span", "fl-grow"):
                        text(line["text"], "fl-strong", tag="span", dir="auto")
                        text(spelled_size(file["size"]), "desk-small", tag="span")
            else:
                text(line["text"], "desk-bubble", tag="div", dir="auto")
            text(self.time(line["at"]), "desk-time")


class Log:
    """A conversation that goes on: what is there stays, and what is said comes below it."""

    def __init__(self, looks: Looks, box: Element) -> None:
        self.looks = looks
        self.box = box
        self._before: object = None
        self._lines: list[Line] = []

    @property
    def count(self) -> int:
        return len(self._lines)

    def show(self, before: object, draw_before: Callable[[], None], lines: Sequence[Line]) -> None:
        """`before` is what stands above the lines, drawn anew when it is something else."""
        goes_on = before == self._before and lines[: len(self._lines)] == self._lines
        come = lines[len(self._lines) :] if goes_on else lines
        if goes_on and not come:
            return
        if not goes_on:
            self.box.clear()
        with self.box:
            if not goes_on:
                draw_before()
            for line in come:
                self.looks.draw_line(line)
        self._before, self._lines = before, list(lines)
        self._scroll(is_other=not goes_on)

    def _scroll(self, *, is_other: bool) -> None:
        """To the end, unless somebody reads further up."""
        call(self.box, "deskToEnd", self.box, is_other)


class Countdown:
    """A circle that empties around the seconds that are left."""

    def __init__(self, all_s: float) -> None:
        self.all_s = all_s
        with tag("span", "desk-countdown"):
            with tag("svg", width="36", height="36", viewBox="0 0 36 36", aria_hidden="true"):
                tag("circle", "round", cx="18", cy="18", r="15")
                self.circle = tag(
                    "circle", "left", cx="18", cy="18", r="15", stroke_dasharray=str(RING_ROUND)
                )
            self.number = TextElement(tag="b", text="")

    def show(self, left_s: float) -> None:
        share = min(1.0, left_s / self.all_s)
        self.circle.props["stroke-dashoffset"] = str(round(RING_ROUND * (1 - share)))
        self.number.set_text(str(round(left_s)))
        self.circle.update()


def cleared(box: Element) -> Element:
    box.clear()
    return box


def spelled_size(size_bytes: int) -> str:
    """As people say it: 1.2 MB, 340 KB."""
    if size_bytes < MB:
        return f"{max(1, round(size_bytes / KB))} KB"
    return f"{size_bytes / MB:.1f} MB"


def minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _is_id(name: str) -> bool:
    return len(name) == 24 and all(character in "0123456789abcdef" for character in name)

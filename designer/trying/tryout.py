"""Trying a flow: one conversation with the simulator, and what the page shows of it.

What a person does is kept as a list of deeds. Whatever else changes (the flow, what a service
answers, a step back), the deeds are done again from the start: a conversation is always what the
flow as it is would have made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import orjson

from designer.faces import face_of
from designer.trying.answers import Answerer, Answers
from designer.trying.because import because, cut, plain
from designer.trying.played import Played
from designer.words import Language
from flowlang import effects as out
from flowlang.effects import Effect
from runtime import happenings as seen
from runtime.contact import Contact
from runtime.services.environment import UnusableEnvironment
from runtime.services.simulated import NobodyThere
from runtime.simulator import FirstOf, Reply, Simulator
from runtime.telling import tell
from runtime.testing.projects import Surroundings
from runtime.testing.recorder import as_test
from runtime.testing.subject import Subject
from runtime.testing.suite import ENDING as TEST_SUFFIX

AGENT = "한지우"
Do = Literal["keys", "text", "choice", "silence", "hang_up", "agent_accepts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A line of the conversation as the page shows it."""

    side: Literal["flow", "me", "note", "why"]
    text: str
    choices: tuple[str, ...] = ()
    word: str = ""
    """Of a note: what is said of `text`, among the words of the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, from where and when."""

    number: str = "+821012345678"
    name: str = ""
    channel: str = "voice"
    language: str = ""
    """Empty: that of the flow."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did."""

    do: Do
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """A flow that runs, or waits for the one behind it."""

    flow: str
    """Its path; empty: the one that is tried."""
    title: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    name: str
    before: str
    now: str
    is_new: bool
    """Whether the last deed changed it."""


@dataclass(slots=True)
class Remembered:
    """What functions of the project answered in this conversation: done again, it hears the same
    once more, and nobody is asked twice."""

    replies: dict[bytes, Reply] = field(default_factory=dict)

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        return self.replies.get(_key(effect))


class TryOut:
    def __init__(self, look: Callable[[], Played], around: Surroundings, caller: Caller) -> None:
        """`look` tells what the flow says now."""
        self._look = look
        self.played = look()
        self.caller = caller
        self.around = around
        self.answers = Answers(around.project)
        self.deeds: list[Deed] = []
        self._remembered = Remembered()
        self.answers.follow(self.played.declarations)
        self._again()

    def _again(self) -> None:
        """Do everything again, with the flow and the answers of now."""
        self.keyed = ""
        """Keys that the question at hand has not taken yet."""
        self._before_last: Contact | None = None
        caller, services = self.caller, self.around.services(self.caller.at)
        self.simulator = Simulator(
            self.played.program,
            caller.at,
            world=self.around.world,
            services=FirstOf((self.answers, self._remembered, services, NobodyThere())),
        )
        self.simulator.start(caller=caller.number, channel=caller.channel, name=caller.name,
                             language=caller.language)  # fmt: skip
        for deed in self.deeds:
            if self.simulator.is_over:
                break
            self._perform(deed)
        self._offer_answers()

    def _do(self, do: Do, text: str = "") -> None:
        if self.simulator.is_over:
            return
        deed, before = Deed(do, text), len(self.simulator.happened)
        self._perform(deed)
        if len(self.simulator.happened) > before:
            self.deeds.append(deed)
        self._offer_answers()

    def _perform(self, deed: Deed) -> None:
        simulator = self.simulator
        self._before_last = simulator.contact
        match deed.do:
            case "keys":
                simulator.hear(deed.text, by="digits")
            case "text" | "choice":
                simulator.hear(deed.text, by=deed.do)
            case "silence":
                simulator.silence()
            case "hang_up":
                simulator.hang_up()
            case "agent_accepts":
                simulator.agent_accepts("agent", AGENT)

    def _offer_answers(self) -> None:
        for item in self.simulator.happened:
            match item:
                case seen.Answered(name=name, body={"value": dict(value)}):
                    self.answers[name].offer(value)
                case _:
                    pass

    @property
    def languages(self) -> list[str]:
        """That a caller can be expected to speak."""
        header = self.played.subject.tree.document.header
        project = self.around.project
        own = header.languages if header else ()
        return list(dict.fromkeys((*own, *(project.languages if project else ()))))

    # --- what a person does -------------------------------------------------------------------

    def restart(self, **changes: Any) -> None:
        """Begin again, perhaps as another caller."""
        self.caller = replace(self.caller, **changes)
        self.deeds.clear()
        self._remembered.replies.clear()
        self.answers.forget_asked()
        self._again()

    def press(self, key: str) -> None:
        """Keys are gathered as on a telephone, until the question has as many as it takes."""
        if self.simulator.is_over:
            return
        listen = self.simulator.snapshot().listen if self.simulator.is_listening else None
        self.keyed += key
        if listen and key != listen.ends_with and len(self.keyed) < listen.digits_max:
            return
        self._hear_keyed()

    def _hear_keyed(self) -> None:
        keyed, self.keyed = self.keyed, ""
        self._do("keys", keyed)

    def say(self, text: str) -> None:
        text = text.strip()
        if text:
            is_keys = text.isdecimal() and self.caller.channel == "voice"
            self._do("keys" if is_keys else "text", text)

    def choose(self, text: str) -> None:
        self._do("choice", text)

    def stay_silent(self) -> None:
        """After some keys, silence says that these are all."""
        if self.keyed:
            self._hear_keyed()
        elif self.simulator.next_due is not None:
            self._do("silence")

    def hang_up(self) -> None:
        self._do("hang_up")

    def agent_accepts(self) -> None:
        self._do("agent_accepts")

    @property
    def can_step_back(self) -> bool:
        return bool(self.keyed or self.deeds)

    def step_back(self) -> None:
        if self.keyed:
            self.keyed = self.keyed[:-1]
        elif self.deeds:
            self.deeds.pop()
            self._again()

    def answer(self, answerer: Answerer, *, mode: str = "") -> None:
        """Let somebody answer in another way."""
        answerer.mode = mode or answerer.mode
        self._again()

    def put(self, answerer: Answerer, key: str, value: str) -> None:
        answerer.put(key, value)
        self._again()

    def flow_changed(self) -> None:
        self.played = self._look()
        self.answers.follow(self.played.declarations)
        self._again()

    # --- the project's functions --------------------------------------------------------------

    def unanswered(self) -> list[out.CallFunction]:
        """What the flow waits for, and the project's functions are to say."""
        return [
            effect
            for effect in self.simulator.pending.values()
            if isinstance(effect, out.CallFunction)
            and self.answers[effect.function].mode == "project"
            and _key(effect) not in self._remembered.replies
        ]

    def ask_project(self, effect: out.CallFunction) -> Reply:
        """What the project's own function says. It may take its time."""
        failed = Reply(body={"event": "FunctionFailed"})
        try:
            functions = self.around.functions()
        except UnusableEnvironment as error:
            return Reply(body={"event": "FunctionFailed", "detail": str(error)})
        if functions is None:
            return failed
        try:
            return functions.answer(effect, 0) or failed
        except TimeoutError:
            return Reply(body={"event": "FunctionFailed", "reason": "timeout"})
        finally:
            functions.close()

    def answered(self, effect: out.CallFunction, reply: Reply) -> None:
        self._remembered.replies[_key(effect)] = reply
        self._again()

    # --- the conversation ---------------------------------------------------------------------

    def bubbles(self, language: Language) -> list[Bubble]:
        found: list[Bubble] = []
        answered: seen.Answered | None = None
        for item in self.simulator.happened:
            found += self._bubbles(item, language)
            match item:
                case seen.Entered():
                    answered = None
                case seen.Answered():
                    answered = item
                case seen.Left():
                    found += self._reasons(item, answered, language)
                case _:
                    pass
        if self.keyed:
            found.append(Bubble(side="me", text=f"{self.keyed}…"))
        return found

    def _bubbles(self, item: seen.Happening, language: Language) -> list[Bubble]:
        match item:
            case seen.Said(text=text, choices=choices):
                return [Bubble(side="flow", text=text, choices=choices)]
            case seen.Heard(text=text):
                return [Bubble(side="me", text=text)]
            case seen.TimePassed(silent=True):
                return [Bubble(side="note", word="is_silent", text="")]
            case seen.Queued(queue=queue):
                return [Bubble(side="note", word="waiting_in_queue", text=queue)]
            case seen.AgentCame(agent=agent):
                return [Bubble(side="note", word="agent_joined", text=agent)]
            case seen.Trouble():
                return [Bubble(side="note", text=text) for text in tell(item, language)]
            case seen.Ended():
                return [Bubble(side="note", word="ended", text="")]
            case _:
                return []

    def _reasons(
        self, item: seen.Left, answered: seen.Answered | None, language: Language
    ) -> Iterator[Bubble]:
        step = self.played.step(item.flow, item.step)
        # What a customer did is a bubble of its own.
        if step is None or step.block is None or step.block.waits == "customer":
            return
        if why := because(item, step, answered, language):
            named = step.step.name if item.decided else face_of(step, language).title
            yield Bubble(side="why", text=f"{named} · {why}" if named else why)

    # --- the canvas ---------------------------------------------------------------------------

    def flow_at(self, path: Path) -> str:
        """What the flow of a file is called here."""
        if path.resolve() == self.played.subject.path.resolve():
            return ""
        return path.resolve().relative_to(self.around.folder.resolve()).as_posix()

    def file_of(self, flow: str) -> Path:
        """The inverse."""
        return (self.around.folder / flow if flow else self.played.subject.path).resolve()

    def path(self, flow: str) -> tuple[list[str], list[str]]:
        """The steps and wires of a flow that were travelled."""
        blocks: dict[str, None] = {}
        wires: dict[str, None] = {}
        for item in self.simulator.happened:
            if item.flow != flow:
                continue
            if isinstance(item, seen.Entered):
                blocks[item.step] = None
            elif isinstance(item, seen.Left):
                wires[f"{item.step}>{item.outcome}"] = None
        return list(blocks), list(wires)

    def now(self, flow: str) -> str | None:
        """The step of a flow at which the contact stands: while a module runs, in the flow that
        runs it the step that does."""
        if self.simulator.contact.status == "ended":
            return None
        return next((crumb.step for crumb in reversed(self.crumbs()) if crumb.flow == flow), None)

    def crumbs(self) -> list[Crumb]:
        """The flows at work, the one that runs last."""
        contact = self.simulator.contact
        places = [*((it.flow, it.step) for it in contact.frames), (contact.flow, contact.step)]
        return [Crumb(flow=flow, title=self.played.title(flow), step=step) for flow, step in places]

    def pills(self, flow: str, language: Language) -> dict[str, str]:
        """By step, why it was left as it was the last time, or else the value that it set."""
        found: dict[str, str] = {}
        answered: seen.Answered | None = None
        for item in self.simulator.happened:
            match item:
                case seen.Entered():
                    answered = None
                case seen.Answered():
                    answered = item
                case seen.Left() if item.flow == flow:
                    step = self.played.step(item.flow, item.step)
                    why = because(item, step, answered, language) if step else ""
                    if told := why or _set(item):
                        found[item.step] = told
                case _:
                    pass
        crumbs = self.crumbs()
        for outer, inner in pairwise(crumbs):
            if outer.flow == flow and not self.simulator.is_over:
                found[outer.step] = f"▸ {inner.title} · {inner.step}"
        return found

    # --- values -------------------------------------------------------------------------------

    def values(self) -> list[Value]:
        """What the flow at work knows: what the last deed changed is marked."""
        now, before = self.simulator.contact, self._before_last
        slots, known = self.simulator.flow.slots, now.known
        was = _known_in(now.flow, before) if before else known
        return [
            row
            for name, value in known.items()
            if name not in slots
            for row in _rows(name, was.get(name), value)
        ]


def _known_in(flow: str, contact: Contact) -> dict[str, Any]:
    """What a flow knew, if it was at work then or waited for a module."""
    if contact.flow == flow:
        return contact.known
    local = next((it.local for it in reversed(contact.frames) if it.flow == flow), {})
    return {**contact.values, **local}


def _rows(name: str, before: Any, now: Any) -> Iterator[Value]:
    """Records are shown field by field."""
    if isinstance(now, dict):
        was = before if isinstance(before, dict) else {}
        for key, value in now.items():
            yield from _rows(f"{name}.{key}", was.get(key), value)
        return
    yield Value(name=name, before=_shown(before), now=_shown(now), is_new=before != now)


def _shown(value: Any) -> str:
    return "" if value is None else plain(value)


def _set(item: seen.Left) -> str:
    changes = [(name, after) for name, (_, after) in item.changes.items()]
    plain_ones = [(name, after) for name, after in changes if not isinstance(after, dict)]
    return cut(", ".join(f"{name} = {_shown(after)}" for name, after in plain_ones))


def _key(effect: Effect) -> bytes:
    data = out.to_json(effect)
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS, default=str)


# --- tests --------------------------------------------------------------------------------------


def save_as_test(happened: Sequence[seen.Happening], subject: Subject) -> Path:
    """Put the conversation behind the tests that stand beside the flow; their file."""
    path = subject.path.with_name(f"{subject.path.stem}{TEST_SUFFIX}")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    number = before.count("\ntest ") + before.startswith("test ") + 1
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    test = as_test(happened, subject, f"conversation {number}", {})
    path.write_text(f"{before}{gap}{test}", encoding="utf-8")
    return path

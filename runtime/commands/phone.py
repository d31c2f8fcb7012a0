"""A telephone in the terminal: what is typed becomes what the caller does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flowlang.channels import CHANNELS
from flowlang.diagnostics.words import Language, message
from flowlang.effects import CallFunction, Effect
from flowlang.model import Phrase
from flowlang.syntax import units
from flowlang.syntax.parser import parse
from runtime import happenings as seen
from runtime.engine import World
from runtime.happenings import service_name
from runtime.masks import Masks
from runtime.simulator import By, FirstOf, Services, Simulator
from runtime.telling import shown, tell
from runtime.testing.answers import GivenServices, GivenWorld
from runtime.testing.given import Given, read_given
from runtime.testing.phrases import NotUnderstood, Phrases
from runtime.testing.recorder import as_test
from runtime.testing.subject import Subject
from runtime.testing.suggestions import suggest_answer

WORDS: Mapping[str, Mapping[Language, str]] = {
    "asks": {"en": "{name} is asked {value}. Its answer? (Enter: {example})",
             "ko": "{name}에 {value} 요청. 어떻게 답할까요? (Enter: {example})"},
    "not_understood": {"en": "not understood: {reason}", "ko": "이해하지 못했습니다: {reason}"},
    "how_long": {"en": "how long? /wait 30s, /wait 5min or /wait 2h",
                 "ko": "얼마나 기다릴까요? /wait 30s, /wait 5min, /wait 2h처럼 쓰세요"},
    "fail_whom": {"en": "what fails? /fail crm, with the name that the flow has for it",
                  "ko": "무엇이 실패할까요? /fail crm처럼 흐름에서 쓰는 이름을 적으세요"},
    "time_told": {"en": "/time only tells the time: /wait 2h lets it pass, --time sets it at the "
                        "start",
                  "ko": "/time은 시각만 알려 줍니다. 시간을 보내려면 /wait 2h, 처음부터 정하려면 "
                        "--time을 쓰세요"},
    "unknown": {"en": "unknown command {command}; /help lists them all",
                "ko": "모르는 명령 {command}. /help로 모두 볼 수 있습니다"},
    "over": {"en": "The conversation is over. /back takes the last step back.",
             "ko": "대화가 끝났습니다. /back으로 한 걸음 돌아갈 수 있습니다."},
    "nothing_due": {"en": "Nothing happens by itself here.",
                    "ko": "여기서는 저절로 일어나는 일이 없습니다."},
    "nothing_before": {"en": "Nothing was done before.", "ko": "되돌릴 것이 없습니다."},
    "no_agent": {"en": "No agent is wanted here.", "ko": "지금은 상담사를 기다리지 않습니다."},
    "presumed_open": {"en": "{name} is presumed open; /given {name} closed changes that",
                      "ko": "{name}: 운영 중으로 가정. /given {name} closed로 바꿉니다"},
    "noted": {"en": "From now on: {text}", "ko": "이제부터: {text}"},
    "help": {
        "en": """\
digits or words   press keys, or say something
(empty line)      stay silent
/wait 30s         let time pass
/hangup           hang up
/agent accept     an agent takes the call; /agent say …, /agent leave
/given …          change what services answer: /given crm fails, /given billing full
/fail crm         short for /given crm fails
/values           what the flow knows now
/time             the simulated clock
/back             take the last step back
/quit             end""",
        "ko": """\
숫자나 말          번호를 누르거나 말합니다
(빈 줄)           아무 말도 하지 않습니다
/wait 30s         시간을 보냅니다
/hangup           전화를 끊습니다
/agent accept     상담사가 받습니다. /agent say …, /agent leave
/given …          서비스의 답을 바꿉니다: /given crm fails, /given billing full
/fail crm         /given crm fails와 같습니다
/values           흐름이 지금 아는 값
/time             시뮬레이션 시각
/back             한 걸음 되돌립니다
/quit             끝냅니다""",
    },
}  # fmt: skip

DURATION = re.compile(r"(\d+(\.\d+)?(ms|min|s|h|d))+")
ACTIONS_TO_START = 1


class Misspoken(Exception):
    """What was typed means nothing here; the text says why."""


class OpenWorld(GivenWorld):
    """Presumes that a desk is open whose hours nobody knows, and says so once."""

    def hours(self, name: str) -> Any:
        found = super().hours(name)
        if found is None:
            self.given.hours[name] = True
            return super().hours(name)
        return found


class Phone:
    def __init__(
        self,
        subject: Subject,
        at: datetime,
        *,
        world: World,
        services: Services,
        language: Language,
        write: Callable[[str], None],
    ) -> None:
        self.subject = subject
        self.language = language
        self.write = write
        self.given = Given()
        self.world = OpenWorld(self.given, world)
        self.simulator = Simulator(
            subject.program, at, world=self.world,
            services=FirstOf((GivenServices(self.given), services)),
        )  # fmt: skip
        self.masks = Masks(subject.program)
        self.presumed: dict[str, bool] = {}
        self.is_done = False
        self._told = 0

    # --- a conversation -----------------------------------------------------------------------

    def start(self, *, caller: str, channel: str) -> None:
        self.simulator.start(caller=caller, channel=channel)
        self._tell()

    @property
    def standing(self) -> str:
        """Where the conversation stands, for the prompt."""
        contact = self.simulator.contact
        if self.question is not None:
            return "?"
        return contact.step if contact.status == "flow" else contact.status

    @property
    def question(self) -> tuple[str, Effect] | None:
        """What a person has to answer in a service's place."""
        return next(iter(self.simulator.pending.items()), None)

    def enter(self, line: str) -> None:
        """One line of input. Raises `Misspoken` when it means nothing."""
        text = line.strip()
        if text.startswith("/"):
            self._command(text)
        elif self.question is not None:
            self._answer(*self.question, text)
        elif self.simulator.is_over:
            raise Misspoken(self._word("over"))
        elif text:
            self.simulator.hear(text, by=self._by(text))
        elif not self.simulator.silence():
            raise Misspoken(self._word("nothing_due"))
        self._tell()

    def as_test(self, title: str) -> str:
        return as_test(self.simulator.happened, self.subject, title, self.given.hours)

    def _by(self, text: str) -> By:
        channel = CHANNELS[self.simulator.contact.channel]
        if channel.medium == "voice":
            return "digits" if set(text) <= set("0123456789*#") else "speech"
        said = [item for item in self.simulator.happened if isinstance(item, seen.Said)]
        return "choice" if said and text in said[-1].choices else "text"

    # --- answering for services ---------------------------------------------------------------

    def _answer(self, key: str, effect: Effect, text: str) -> None:
        declared = self.subject.declaration_of(service_name(effect))
        name = self._inside(service_name(effect))
        said = text or suggest_answer(effect, declared)
        if said.startswith("("):
            said = f"returns {said}"
        before = dict(self.given.answers)
        self._give(f"{name} {said}")
        reply = GivenServices(self.given).answer(effect, 0)
        # The next call asks again: this was one answer, not a rule.
        self.given.answers = before
        if reply is None:
            raise Misspoken(self._word("not_understood", reason=said))
        self.simulator.reply(key, reply)

    def _give(self, text: str) -> None:
        """Read what stands behind `given` in a test."""
        tree = parse(f'test "typed"\n  given {text}\n')
        lines = tree.document.tests[0].lines if tree.document.tests else ()
        if tree.problems or len(lines) != 1:
            reason = message(tree.problems[0], self.language) if tree.problems else text
            raise Misspoken(self._word("not_understood", reason=reason))
        try:
            read_given(self._behind_given(lines[0]), self.given, self.subject)
        except NotUnderstood as error:
            reason = message(error.problem, self.language)
            raise Misspoken(self._word("not_understood", reason=reason)) from error

    @staticmethod
    def _behind_given(phrase: Phrase) -> Phrases:
        line = Phrases(phrase)
        line.take()
        return line

    # --- commands -----------------------------------------------------------------------------

    def _command(self, text: str) -> None:
        name, _, rest = text[1:].partition(" ")
        command = self._commands.get(name)
        if command is None:
            raise Misspoken(self._word("unknown", command=f"/{name}"))
        command(rest.strip())

    @property
    def _commands(self) -> Mapping[str, Callable[[str], None]]:
        return {
            "hangup": self._do_hangup,
            "wait": self._do_wait,
            "time": self._do_time,
            "given": self._do_given,
            "fail": self._do_fail,
            "back": self._do_back,
            "agent": self._do_agent,
            "values": self._do_values,
            "help": self._do_help,
            "quit": self._do_quit,
        }

    def _do_hangup(self, _rest: str) -> None:
        if not self.simulator.is_over:
            self.simulator.hang_up()

    def _do_wait(self, rest: str) -> None:
        if not DURATION.fullmatch(rest):
            raise Misspoken(self._word("how_long"))
        self.simulator.pass_time(units.seconds(rest))

    def _do_time(self, rest: str) -> None:
        if rest:
            raise Misspoken(self._word("time_told"))
        local = self.simulator.clock.astimezone(self.world.zone)
        self.write(local.strftime("%Y-%m-%d %H:%M:%S"))

    def _do_given(self, rest: str) -> None:
        self._give(rest)
        self.write(self._word("noted", text=rest))

    def _do_fail(self, rest: str) -> None:
        if not rest:
            raise Misspoken(self._word("fail_whom"))
        self._do_given(f"{rest} fails")

    def _do_back(self, _rest: str) -> None:
        if self.simulator.snapshot().actions <= ACTIONS_TO_START:
            raise Misspoken(self._word("nothing_before"))
        self.simulator.step_back()
        said = [
            index
            for index, item in enumerate(self.simulator.happened)
            if isinstance(item, seen.Said)
        ]
        # Where the conversation stands again is told again.
        self._told = said[-1] if said else len(self.simulator.happened)

    def _do_agent(self, rest: str) -> None:
        word, _, text = rest.partition(" ")
        simulator = self.simulator
        done = {
            "accept": simulator.agent_accepts,
            "say": lambda: simulator.agent_says(text),
            "leave": simulator.agent_leaves,
        }.get(word)
        if done is None or not done():
            raise Misspoken(self._word("no_agent"))

    def _do_values(self, _rest: str) -> None:
        for name, value in self.masks.values(self.simulator.contact.known).items():
            self.write(f"  {name} = {shown(value)}")

    def _do_help(self, _rest: str) -> None:
        self.write(self._word("help"))

    def _do_quit(self, _rest: str) -> None:
        self.is_done = True

    # --- telling ------------------------------------------------------------------------------

    def _tell(self) -> None:
        happened = self.simulator.happened
        for item in happened[self._told :]:
            self.masks.watch(item)
            for line in tell(item, self.language, self.subject.names):
                self.write(f"  {self.masks(line)}")
        self._told = len(happened)
        for name in self.given.hours.keys() - self.presumed.keys():
            self.presumed[name] = True
            self.write("  " + self._word("presumed_open", name=self._inside(name)))
        if self.question is not None:
            _, effect = self.question
            self._tell_question(effect)

    def _tell_question(self, effect: Effect) -> None:
        name = service_name(effect)
        value = (
            effect.arguments if isinstance(effect, CallFunction) else getattr(effect, "text", "")
        )
        self.write(
            self._word(
                "asks",
                name=self._inside(name),
                value=shown(self.masks(value)),
                example=suggest_answer(effect, self.subject.declaration_of(name)),
            )
        )

    def _inside(self, outside: str) -> str:
        return self.subject.names.get(outside, outside)

    def _word(self, key: str, **arguments: object) -> str:
        return WORDS[key][self.language].format(**arguments)

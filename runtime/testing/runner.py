"""Runs one test: the same engine, a simulated clock, the answers that the test gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from flowlang.channels import CHANNELS
from flowlang.diagnostics import Problem
from flowlang.places import Place
from runtime import happenings as seen
from runtime.engine import World
from runtime.happenings import Happening, service_name
from runtime.masks import Masks
from runtime.simulator import FirstOf, NoServices, Services, Simulator
from runtime.telling import Names, shown
from runtime.testing import expected
from runtime.testing.answers import GivenServices, GivenWorld
from runtime.testing.expected import (
    Before,
    Compared,
    Ended,
    Expectation,
    Never,
    Pattern,
    Visited,
    Walked,
)
from runtime.testing.script import Act, Expect, Script
from runtime.testing.subject import Subject
from runtime.testing.suggestions import suggest_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a test went."""

    title: str
    flow: str
    place: Place | None
    failure: Problem | None = None
    heard: tuple[Happening, ...] = ()
    """What happened, for whoever asks why it failed."""
    names: Names = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """What of it must not be seen."""
    path: tuple[str, ...] = ()
    """The sections it went through."""
    blocks: frozenset[str] = frozenset()
    outcomes: frozenset[tuple[str, str]] = frozenset()

    @property
    def passed(self) -> bool:
        return self.failure is None


class _Failed(Exception):
    def __init__(self, code: str, place: Place | None, **arguments: object) -> None:
        super().__init__(code)
        self.problem = Problem(code=code, severity="error", place=place, arguments=arguments)


def run_test(
    script: Script,
    subject: Subject,
    *,
    world: World | None = None,
    services: Services | None = None,
) -> Result:
    """Run a test up to the first line that fails. `world` and `services` are the project's; what
    the test gives comes first."""
    run = _Run(script, subject, world or World(), services or NoServices())
    failure = None
    try:
        run.everything()
    except _Failed as failed:
        failure = failed.problem
    return run.result(failure)


@dataclass(slots=True)
class _Run:
    script: Script
    subject: Subject
    project_world: World
    project_services: Services
    world: GivenWorld = field(init=False)
    simulator: Simulator = field(init=False)
    seen_visits: int = 0
    """The visits that earlier lines expected: order counts."""
    later: list[Expect] = field(default_factory=list)
    """What is true of a conversation as a whole."""

    def __post_init__(self) -> None:
        given = self.script.given
        self.world = GivenWorld(given, self.project_world)
        self.simulator = Simulator(
            self.subject.program,
            given.at(self.project_world),
            world=self.world,
            services=FirstOf((GivenServices(given), self.project_services)),
        )

    def everything(self) -> None:
        given = self.script.given
        self.simulator.start(
            caller=given.caller, channel=given.channel, language=given.language, name=given.name,
            values=given.values,
        )  # fmt: skip
        self._check_services(self.script.test.at)
        for line in self.script.lines:
            match line:
                case Act():
                    self._act(line)
                case Expect(expectation=Never() | Before()):
                    self.later.append(line)
                case Expect():
                    self._expect(line.expectation, line.place)
        for line in self.later:
            self._expect(line.expectation, line.place)

    def result(self, failure: Problem | None) -> Result:
        happened = self.simulator.happened
        visits = expected.visits_of(happened)
        runs = expected.runs_of(visits, self.subject)
        return Result(
            title=self.script.test.title,
            flow=self.subject.name,
            place=self.script.test.at,
            failure=failure,
            heard=tuple(happened) if failure else (),
            names=self.subject.names if failure else {},
            hidden=self._hidden() if failure else frozenset(),
            path=tuple(section for section, _ in runs),
            blocks=frozenset(visit.step for visit in visits if not visit.flow),
            outcomes=frozenset(
                (item.step, item.outcome)
                for item in happened
                if isinstance(item, seen.Left) and not item.flow
            ),
        )

    def _hidden(self) -> frozenset[str]:
        masks = Masks(self.subject.program)
        for item in self.simulator.happened:
            masks.watch(item)
        return masks.hidden

    # --- doing --------------------------------------------------------------------------------

    def _act(self, act: Act) -> None:
        for _ in range(act.times):
            if self.simulator.is_over:
                raise _Failed("FL631", act.place)
            self._act_once(act)
            self._check_services(act.place)

    def _act_once(self, act: Act) -> None:
        simulator = self.simulator
        match act.deed:
            case "presses":
                has_keys = CHANNELS[simulator.contact.channel].digits
                simulator.hear(act.text, by="digits" if has_keys else "text")
            case "says":
                medium = CHANNELS[simulator.contact.channel].medium
                simulator.hear(act.text, by="speech" if medium == "voice" else "text")
            case "chooses":
                self._choose(act)
            case "is silent":
                if not simulator.silence():
                    raise _Failed("FL632", act.place)
            case "hangs up":
                simulator.hang_up()
            case "time passes":
                simulator.pass_time(act.seconds)
            case "agent accepts":
                if not simulator.agent_accepts():
                    raise _Failed("FL633", act.place)
            case "agent says":
                if not simulator.agent_says(act.text):
                    raise _Failed("FL634", act.place)
            case "agent leaves":
                if not simulator.agent_leaves():
                    raise _Failed("FL634", act.place)
            case _:
                assert_never(act.deed)

    def _choose(self, act: Act) -> None:
        offered = next(
            (item.choices for item in reversed(self.simulator.happened)
             if isinstance(item, seen.Said)), (),
        )  # fmt: skip
        if act.text not in offered:
            raise _Failed("FL635", act.place, found=act.text, known=offered)
        self.simulator.hear(act.text, by="choice")

    def _check_services(self, place: Place | None) -> None:
        """What is called and not given fails the test, or it would prove nothing."""
        if self.world.missing:
            name = self.world.missing[0]
            spoken = self.subject.names.get(name, name)
            raise _Failed("FL636", place, name=spoken, step=self._step)
        for effect in self.simulator.pending.values():
            name = service_name(effect)
            declared = self.subject.declaration_of(name)
            spoken = self.subject.names.get(name, name)
            code = "FL638" if name in self.script.given.answers else "FL637"
            example = f"given {spoken} {suggest_answer(effect, declared)}"
            raise _Failed(code, place, name=spoken, step=self._step, example=example)

    @property
    def _step(self) -> str:
        return self.simulator.contact.step

    # --- expecting ----------------------------------------------------------------------------

    def _expect(self, expectation: Expectation, place: Place | None) -> None:
        visits = expected.visits_of(self.simulator.happened)
        match expectation:
            case Visited(pattern=pattern, times=times):
                if times is None:
                    self._expect_visit(pattern, visits, place)
                else:
                    self._expect_times(pattern, times, visits, place)
            case Never(pattern=pattern):
                if (found := self._first(pattern, visits)) is not None:
                    raise _Failed("FL626", place, wanted=pattern.spelling, step=visits[found].step)
            case Before(first=first, second=second):
                self._expect_order(first, second, visits, place)
            case Walked(places=places):
                runs = expected.runs_of(visits, self.subject)
                if not expected.walked(places, runs):
                    raise _Failed("FL628", place, wanted=" → ".join(places))
            case Compared():
                self._expect_value(expectation, place)
            case Ended():
                if not self.simulator.is_over:
                    raise _Failed("FL630", place, step=self._step)
            case _:
                assert_never(expectation)

    def _expect_visit(
        self, pattern: Pattern, visits: Sequence[expected.Visit], place: Place | None
    ) -> None:
        found = self._first(pattern, visits, self.seen_visits)
        if found is None:
            raise self._missed(pattern, visits, place)
        self.seen_visits = found + 1

    def _expect_times(
        self, pattern: Pattern, times: int, visits: Sequence[expected.Visit], place: Place | None
    ) -> None:
        found = [
            index
            for index, visit in enumerate(visits)
            if index >= self.seen_visits and expected.is_match(pattern, visit, self.scope)
        ]
        if len(found) != times:
            raise _Failed("FL625", place, wanted=pattern.spelling, times=times, found=len(found))
        self.seen_visits = found[-1] + 1 if found else self.seen_visits

    def _missed(
        self, pattern: Pattern, visits: Sequence[expected.Visit], place: Place | None
    ) -> _Failed:
        """It did not happen; or not any more; or not quite like that."""
        there = [visit for visit in visits[self.seen_visits :] if visit.step in pattern.steps]
        if there:
            nearest = min(
                (expected.differences(pattern, visit, self.scope) for visit in there), key=len
            )
            return _Failed(
                "FL627", place, wanted=pattern.spelling, step=there[0].step,
                found="; ".join(nearest),
            )  # fmt: skip
        earlier = self._first(pattern, visits) is not None
        return _Failed(
            "FL624", place, wanted=pattern.spelling, reason="earlier" if earlier else "never",
            step=self._step,
        )  # fmt: skip

    def _expect_order(
        self,
        first: Pattern,
        second: Pattern,
        visits: Sequence[expected.Visit],
        place: Place | None,
    ) -> None:
        one, two = self._first(first, visits), self._first(second, visits)
        for pattern, found in ((first, one), (second, two)):
            if found is None:
                raise _Failed("FL624", place, wanted=pattern.spelling, reason="never",
                              step=self._step)  # fmt: skip
        if one is not None and two is not None and one >= two:
            raise _Failed("FL639", place, first=first.spelling, second=second.spelling)

    def _expect_value(self, wanted: Compared, place: Place | None) -> None:
        left, right = wanted.left(self.scope), wanted.right(self.scope)
        if not wanted.compare(left, right):
            raise _Failed("FL629", place, name=wanted.name, found=shown(left))

    def _first(
        self, pattern: Pattern, visits: Sequence[expected.Visit], start: int = 0
    ) -> int | None:
        for index in range(start, len(visits)):
            if expected.is_match(pattern, visits[index], self.scope):
                return index
        return None

    @property
    def scope(self) -> dict[str, object]:
        return dict(self.simulator.values)

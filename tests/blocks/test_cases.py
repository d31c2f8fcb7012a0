"""Runs the cases of the blocks: `cases/<kind>.toml`, turn by turn, as the engine would."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import MISSING, Block, Finish, Leave, Move, Prompt, Wait
from flowlang.channels import CHANNELS, Channel

CASES = Path(__file__).with_name("cases")
ELSEWHERE = {"connect": {"next"}, "module": {"next", "error"}, "continue_in": {"error"},
             "check_voice": {"high_risk", "low_risk"},
             "wait": {"bot_left", "no_bot"}, "hold": {"error"}, "resume_contact": {"next"},
             "authenticate": {"next", "declined", "timeout"}, "set_routing": {"error"},
             "set_callback_number": {"not_dialable"}}  # fmt: skip
"""Outcomes that only Amazon Connect takes, or the engine: it knows the other flows."""
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MEMORY_BYTES_MAX = 4_096
TURN_KEYS = {"event", "then", "effects", "timers", "outcome", "value", "results", "assign",
             "settings", "kept", "queue", "move", "times", "module", "inputs", "flow"}  # fmt: skip


class Table:
    def __init__(self, is_open: bool) -> None:
        self.open = is_open

    def is_open(self, at: datetime) -> bool:
        assert at == NOW
        return self.open


@dataclass
class FakeView:
    channel: Channel
    now: datetime = NOW
    seed: int = 7
    language: str = "ko-KR"
    address: str = "+821012345678"
    target_queue: str = ""
    waiting_since: str = ""
    choices: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    has_typed_ahead: bool = False
    kept: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, bool] = field(default_factory=dict)

    prompts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    flows: tuple[str, ...] = ()

    def hours(self, name: str) -> Table | None:
        return Table(self.tables[name]) if name in self.tables else None

    def prompt(self, name: str) -> Prompt | None:
        return Prompt(**self.prompts[name]) if name in self.prompts else None

    def flow(self, name: str) -> str:
        return name if name in self.flows else ""


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['it']}")


@pytest.mark.parametrize(("kind", "case"), list(cases()))
def test_case(kind: str, case: Mapping[str, Any]) -> None:
    play(kind, case)


def test_every_outcome_of_every_block_is_reached() -> None:
    missed = {}
    for kind in catalogue().kinds():
        block = catalogue().block(kind)
        assert block is not None
        wanted = {outcome.name for outcome in block.outcomes} - ELSEWHERE.get(kind, set())
        path = CASES / f"{kind}.toml"
        found = tomllib.loads(path.read_text(encoding="utf-8"))["case"] if path.exists() else []
        reached = {move for case in found for move in play(kind, case)}
        if not reached or not wanted <= reached:
            missed[kind] = sorted(wanted - reached)
    assert not missed


def play(kind: str, case: Mapping[str, Any]) -> list[str]:
    """The outcomes (or the status) that a case came to, turn by turn."""
    block = catalogue().block(kind)
    assert block is not None
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in case.get("view", {}).items()
    }
    channel = CHANNELS[given.pop("channel", "voice")]
    view = FakeView(channel=channel, tables=given.pop("hours", {}), **given)
    memory: Mapping[str, Any] = {}
    reached = []
    for number, turn in enumerate(case["turn"]):
        assert turn.keys() <= TURN_KEYS, turn
        events = [turn.get("event"), turn["then"]] if "then" in turn else [turn.get("event")]
        for event in events * turn.get("times", 1):
            move = one_turn(block, case.get("params", {}), view, memory, event)
            reached.append(compare(move, turn, f"turn {number + 1} of {case['it']!r}"))
            if isinstance(move, Wait):
                memory = stored(move)
            if isinstance(move, Leave) and move.kept is not MISSING:
                view.kept = json.loads(json.dumps(move.kept))
    return reached


def one_turn(
    block: type[Block[Any]],
    raw: Mapping[str, Any],
    view: FakeView,
    memory: Mapping[str, Any],
    wanted: Mapping[str, Any] | None,
) -> Move:
    try:
        params = block.Params.model_validate(raw)
    except ValidationError:
        return Leave(outcome="error")  # what the engine makes of values that do not fit
    if wanted is None:
        return block.start(params, view)
    ((name, values),) = wanted.items()
    if issubclass(in_.EVENTS[name], in_.Answer):
        values = {"key": "k", **values}
    if name == "TimerFired":
        values = {"wait": 1, **values}
    event = in_.from_json({"event": name, "id": "e", "at": NOW.isoformat(), **values})
    return block.resume(params, memory, event, view)


def stored(move: Wait) -> Mapping[str, Any]:
    """A memory as it comes back from a store."""
    text = json.dumps(move.memory, ensure_ascii=False)
    assert len(text.encode()) <= MEMORY_BYTES_MAX
    return json.loads(text)  # type: ignore[no-any-return]


def compare(move: Move, turn: Mapping[str, Any], where: str) -> str:
    """What a turn says of its move must hold; where it names effects, it names all of them."""
    effects = getattr(move, "effects", ())
    assert all(out.from_json(out.to_json(effect)) == effect for effect in effects), where
    if "effects" in turn:
        names = [next(iter(wanted)) for wanted in turn["effects"]]
        assert [type(effect).__name__ for effect in effects] == names, where
        for effect, wanted in zip(effects, turn["effects"], strict=True):
            (fields,) = wanted.values()
            found = {key: plain(getattr(effect, key)) for key in fields}
            assert found == fields, where
    for key in TURN_KEYS - {"event", "then", "effects", "move", "times"}:
        if key in turn:
            assert plain(getattr(move, key)) == turn[key], where
    verb = type(move).__name__.lower()
    assert turn.get("move", "leave" if "outcome" in turn else verb) == verb, where
    assert "move" in turn or "outcome" in turn, f"{where} says nothing of the move"
    match move:
        case Leave(outcome=outcome):
            return outcome
        case Finish(status=status):
            return status
        case _:
            return verb


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value

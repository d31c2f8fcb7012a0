"""Channels, types of flow, ended services: with blocks of our own."""

from collections.abc import Sequence

import pytest

from blocks.catalogue import Library, catalogue
from flowlang.block import HARMLESS, SERIOUS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.checks import check
from flowlang.parameters import Parameters
from flowlang.syntax import parse

CARD = Card(category="talk", icon="x", title={"en": "x", "ko": "x"}, summary={"en": "", "ko": ""})


class Nothing(Parameters):
    pass


class Sing(Block[Nothing]):
    kind = "sing"
    card = CARD
    Params = Nothing
    outcomes = (SUCCESS, SERIOUS)
    channels = ("voice",)

    @staticmethod
    def start(params: Nothing, view: View) -> Move:
        return Leave()


class Hum(Sing):
    kind = "hum"
    outcomes = (SUCCESS, HARMLESS)


class More(Library):
    def __init__(self, extra: Sequence[type[Block[Parameters]]]) -> None:
        super().__init__(guests=())
        self.extra = {block.kind: block for block in extra}

    def block(self, kind: str) -> type[Block[Parameters]] | None:
        return self.extra.get(kind) or catalogue().block(kind)


@pytest.mark.parametrize(
    ("step", "channels", "severities"),
    [
        ("  sing\n", "voice, chat", ["warning"]),
        ("  sing\n    on error -> hang_up\n", "voice, chat", ["hint"]),
        ("  sing\n", "voice", []),
        ("  sing\n", "sms", ["warning"]),
        ("  hum\n", "voice, chat", []),
        ("  voice_id\n", "voice, chat", []),
    ],
)
def test_a_block_that_does_not_work_on_a_channel(step, channels, severities):
    source = f"flow x\n  channels {channels}\n  on error -> hang_up\n\nstart:\n{step}  -> hang_up\n"
    problems = check(parse(source), More([Sing, Hum])).problems
    assert [item.severity for item in problems] == severities
    assert {item.code for item in problems} <= {"FL501"}


def test_a_flow_that_names_no_channel_is_not_blamed():
    source = "flow x\n  on error -> hang_up\n\nstart:\n  sing\n  -> hang_up\n"
    assert not check(parse(source), More([Sing])).problems


@pytest.mark.parametrize(("target", "expected"), [("runtime", []), ("connect", ["FL510"])])
def test_a_service_that_has_ended(codes, target, expected):
    assert codes("start:\n  voice_id\n  -> hang_up\n", target=target) == expected

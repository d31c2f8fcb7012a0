"""A block's page in the manual, for blocks of other people too."""

from __future__ import annotations

from blocks.talk.play import Play
from flowlang.features.manual import page
from flowlang.parameters import Parameters, parameter


class Plain(Parameters):
    size: int = parameter(title={"en": "Size", "ko": "크기"})


class Guest(Play):
    Params = Plain


def test_a_parameter_without_help_has_a_line_too() -> None:
    assert "Size." in page(Guest, "en")
    assert "크기." in page(Guest, "ko")

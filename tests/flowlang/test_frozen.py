"""Values that nobody changes."""

from __future__ import annotations

from flowlang.block import Leave
from flowlang.effects import Say


def test_what_says_the_same_is_the_same() -> None:
    assert Say(text="a") == Say(text="a") != Say(text="b")
    assert len({Say(text="a"), Say(text="a")}) == 1
    assert not hasattr(Leave(), "__dict__")

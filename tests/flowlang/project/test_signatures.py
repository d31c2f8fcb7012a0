"""What Python functions take, as their text says."""

from __future__ import annotations

import pytest

from flowlang.project.signatures import Signature, signatures_in


def signature(source: str) -> Signature | None:
    return signatures_in(source)["f"]


def test_what_can_be_given_and_what_must() -> None:
    found = signature("def f(a, b=1, *, c, d=2, idempotency_key): pass")
    assert found == Signature(takes=("a", "b", "c", "d", "idempotency_key"), needs=("a", "c"))
    assert signature("async def f(): pass") == Signature(takes=(), needs=())


def test_any_name_is_taken() -> None:
    found = signature("def f(a, **more): pass")
    assert found is not None
    assert found.takes_any


def test_what_cannot_be_given_by_name_is_needed_all_the_same() -> None:
    assert signature("def f(a, /, b): pass") == Signature(takes=("b",), needs=("a", "b"))


@pytest.mark.parametrize(
    "source",
    [
        "from elsewhere import f",
        "import f",
        "f = lambda a: a",
        "f: object = print",
        "class f: pass",
        "@cache\ndef f(a): pass",
        "try:\n    from fast import f\nexcept ImportError:\n    f = None",
    ],
)
def test_what_is_not_known_is_not_guessed(source: str) -> None:
    assert signatures_in(source) == {**signatures_in(source), "f": None}


def test_functions_inside_of_conditions_count() -> None:
    assert signature("if True:\n    def f(a): pass") == Signature(takes=("a",), needs=("a",))


def test_a_star_may_bring_any_name() -> None:
    assert "*" in signatures_in("from elsewhere import *")

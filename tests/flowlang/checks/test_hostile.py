"""Hostile flows: what they cost grows with their length, not with its square.

Nothing here is timed. A check that compares everything with everything takes minutes on these.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flowlang.checking import Report

ENDS = "  -> hang_up\n"
MANY = 4_000


def chained(count: int) -> str:
    """Sections that only lead on."""
    return "".join(f"s{n}:\n  -> s{n + 1}\n" for n in range(count)) + f"s{count}:\n{ENDS}"


def chosen(count: int, possible: int) -> str:
    values = " | ".join(f'"{n}"' for n in range(possible))
    lines = "".join(f'    on "{n}" -> hang_up\n' for n in range(count))
    return f'attribute a: {values} = "0"\n\nstart:\n  branch a\n{lines}'


HOSTILE = {
    "sections that lead on": chained(MANY),
    "sections that lead nowhere": "".join(f"s{n}:\n" for n in range(MANY)),
    "a round of sections": "".join(f"s{n}:\n  -> s{-~n % MANY}\n" for n in range(MANY)),
    "dead sections": f"start:\n{ENDS}" + "".join(
        f's{n}:\n  play "x"\n  -> s{-~n % 2_000}\n' for n in range(2_000)
    ),
    "targets that are not there": "start:\n" + "".join(
        f'  play "x"\n    on error -> s{n}\n' for n in range(1_000)
    ) + ENDS,
    "values that are all taken": chosen(MANY, MANY),
    "values that cannot be": chosen(2 * MANY, MANY),
    "parameters that are not there": 'start:\n  play "x"\n' + "".join(
        f"    k{n}: 1\n" for n in range(MANY)
    ) + ENDS,
    "outcomes that are not there": 'start:\n  play "x"\n' + "".join(
        f"    on k{n} -> hang_up\n" for n in range(MANY)
    ) + ENDS,
    "names that are not there": "start:\n" + "".join(
        f'  play "{{n{n}}}"\n' for n in range(1_000)
    ) + ENDS,
    "everything leads everywhere": "".join(
        f's{n}:\n  branch caller.name\n    on "a" -> s{n * 7 % 1_500}\n'
        f'    on "b" -> s{(n * 13 + 5) % 1_500}\n    otherwise -> s{-~n % 1_500}\n'
        for n in range(1_500)
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_flows(source: str, checked: Callable[..., Report]) -> None:
    problems = checked(source).problems
    assert all(problem.place is not None for problem in problems)

"""Measuring side by side: what is compared takes turns, so that a slow moment hits everybody."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Sample = Callable[[], float]
"""Does a fixed piece of work and returns the seconds that it took."""
Table = Callable[[str, Sequence[str], Sequence[Sequence[object]]], None]


def timed(work: Callable[[], object], times: int = 1) -> Sample:
    def sample() -> float:
        begin = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - begin) / times

    return sample


def interleaved(samples: Mapping[str, Sample], rounds: int = 7) -> dict[str, list[float]]:
    """The samples one after the other, round by round; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in samples}
    for turn in range(rounds + 1):
        for name, sample in samples.items():
            gc.collect()
            seconds = sample()
            if turn:
                taken[name].append(seconds)
    return taken


def least(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """For work without input and output: everything above the least is somebody else's."""
    return {name: min(seconds) for name, seconds in taken.items()}


def middle(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: median(seconds) for name, seconds in taken.items()}


def text_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    cells = [list(map(_cell, row)) for row in [columns, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)

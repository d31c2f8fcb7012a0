"""What every benchmark needs: a way to show its table, and the mark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.benchmarks.measure import Table, text_table


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and not item.get_closest_marker("soak"):
            item.add_marker("benchmark")


@pytest.fixture
def table(capsys: pytest.CaptureFixture[str]) -> Table:
    """Prints a table whatever pytest captures."""

    def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        with capsys.disabled():
            print(f"\n\n{text_table(title, columns, rows)}", end="")

    return show

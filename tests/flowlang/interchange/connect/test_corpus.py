"""Real flows as a conformance table: what comes in goes out as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowlang.interchange.connect.document import is_valid, read
from flowlang.interchange.connect.equality import differences
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import exported, imported


@pytest.fixture(scope="module")
def table(pytestconfig: pytest.Config) -> Iterator[list[str]]:
    rows: list[str] = []
    yield rows
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    if reporter and rows and pytestconfig.get_verbosity() > 0:
        reporter.write_line("")
        for row in rows:
            reporter.write_line(row)


def files(corpus: Path) -> list[Path]:
    return sorted((*(corpus / "flows").glob("*.json"), *(corpus / "legacy").glob("*.json")))


def test_every_flow_goes_in_and_out(corpus: Path, table: list[str]) -> None:
    found = files(corpus)
    assert found
    faults, actions, typed = [], 0, 0
    for path in found:
        source = path.read_text("utf-8")
        result, verdict = round_trip(source)
        actions += result.report.actions
        typed += result.report.typed
        table.append(
            f"{path.parent.name}/{path.name}: {verdict or 'equal'}, "
            f"{result.report.typed} of {result.report.actions} typed"
        )
        if verdict:
            faults.append(table[-1])
    table.append(f"{len(found)} files, {typed} of {actions} actions typed")
    assert faults == []


def round_trip(source: str):  # type: ignore[no-untyped-def]
    """The import, and what is wrong with it; nothing for what Connect would not take either."""
    first, problems = read(source)
    found = imported(source)
    text = to_text(found.document)
    if parse(text).problems:
        return found, "the text cannot be read"
    out = exported(text, sidecar=found.sidecar, name_map=found.name_map)
    second = read(out.json_text)[0] if out.json_text else None
    if first is None or second is None:
        return found, "no flow" if is_valid(first, problems) else ""
    changed = differences(first, second)
    if changed and is_valid(first, problems):
        return found, f"not equal: {changed[0].what} of {changed[0].id}"
    again = to_text(imported(out.json_text, name_map=found.name_map).document)
    return found, "" if again == text else "the second text differs"

"""Text to tree to problems: cold, after one edited line, and as the command."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import lark
import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Report
from flowlang.checks import check
from flowlang.places import Anchor
from flowlang.syntax import Tree, grammar, parse, transformer
from flowlang.syntax.lines import ChunkLines
from tests.benchmarks import flows
from tests.benchmarks.measure import Sample, Table, interleaved, least, middle, timed

SIZES = (10, 300, 3_000)


def test_a_cold_parse(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """The peer gets the chunks of the text, comments blanked out: it would not parse at all
    otherwise. It builds the same nodes, but neither comments nor the structure between lines."""
    rows = []
    for blocks in SIZES:
        source = flows.large(blocks)
        peer = _lark_parse(source, monkeypatch)
        ours = timed(lambda source=source: parse(source))
        found = least(interleaved({"ours": ours, "Lark": timed(peer)}, rounds=5))
        rows.append(
            (blocks, found["ours"] * 1e3, found["Lark"] * 1e3, found["ours"] / found["Lark"])
        )
    table("Cold parse", ("blocks", "ours ms", "plain Lark ms", "x Lark"), rows)


def _lark_parse(source: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    text = resources.files("flowlang").joinpath("grammar.lark").read_text(encoding="utf-8")
    builder = grammar.builder()
    plain = lark.Lark(
        text, parser="lalr", start=["chunk"], transformer=builder, maybe_placeholders=False
    )
    anchors = [Anchor(chunk.text) for chunk in parse(source).chunks]
    texts = [ChunkLines(anchor).clean_text() for anchor in anchors]

    def run() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(transformer, "Token", lark.Token)
            for anchor, chunk in zip(anchors, texts, strict=True):
                builder.anchor = anchor
                plain.parse(chunk)

    return run


def test_one_edited_line_of_a_thousand_blocks(table: Table) -> None:
    source = flows.large(1_000)
    changed = {
        "a prompt says something else": flows.with_other_words(source),
        "an outcome leads elsewhere": flows.with_other_wire(source),
    }
    library = catalogue()

    def cold() -> None:
        check(parse(source), library)

    samples: dict[str, Sample] = {"cold parse and check": timed(cold)}
    for name, text in changed.items():
        samples[f"parse: {name}"] = _edited(source, text, lambda tree, _: None)
        samples[f"parse and check: {name}"] = _edited(
            source, text, lambda tree, report: check(tree, library, previous=report)
        )
    found = least(interleaved(samples, rounds=4))
    all_cold = found["cold parse and check"]
    table(
        "1,000 blocks, one line edited",
        ("", "ms", "x cold"),
        [(name, seconds * 1e3, seconds / all_cold) for name, seconds in found.items()],
    )


Look = Callable[[Tree, Report | None], Report | None]


def _edited(source: str, text: str, look: Look) -> Sample:
    """To and fro between two texts; each parse and each look knows the one before it."""
    tree = parse(source)
    report = look(tree, None)

    def sample() -> float:
        nonlocal tree, report
        other = text if tree.source == source else source
        begin = time.perf_counter()
        tree = parse(other, tree)
        report = look(tree, report)
        return time.perf_counter() - begin

    return sample


def test_growth(table: Table) -> None:
    rows = []
    for blocks in (1_000, 5_000):
        tree = parse(flows.large(blocks))
        checked = timed(lambda tree=tree: check(tree, catalogue()))
        parsed = timed(lambda source=tree.source: parse(source))
        found = least(interleaved({"parse": parsed, "check": checked}, rounds=2))
        rows.append((blocks, *(found[name] / blocks * 1e6 for name in ("parse", "check"))))
    table("Growth", ("blocks", "parse us a block", "check us a block"), rows)


def test_the_command(tmp_path: Path, table: Table) -> None:
    file = tmp_path / "large.flow"
    file.write_text(flows.large(50), encoding="utf-8")
    commands = {
        "flowlang check, 50 blocks": ("-m", "flowlang", "check", str(file)),
        "import lark, pydantic, networkx": ("-c", "import lark, pydantic, networkx"),
        "python alone": ("-c", ""),
    }
    samples = {name: timed(lambda rest=rest: _run(*rest)) for name, rest in commands.items()}
    found = middle(interleaved(samples, rounds=7))
    imports = found["import lark, pydantic, networkx"]
    table(
        "Whole processes",
        ("command", "median ms", "x imports"),
        [(name, seconds * 1e3, seconds / imports) for name, seconds in found.items()],
    )


FILES = 1_000


def test_a_project_of_many_files(
    tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is another flow. One worker: the same command on one processor."""
    sources = [
        flows.large(50).replace("topic", f"topic_{n}").replace("Topic", f"Topic {n}")
        for n in range(FILES)
    ]
    for number, source in enumerate(sources):
        (tmp_path / f"{number}.flow").write_text(source, encoding="utf-8")
    by_lark = [_lark_parse(source, monkeypatch) for source in sources[:10]]
    lark_s = least(interleaved({"Lark": timed(lambda: [run() for run in by_lark])}, rounds=5))
    command = ("-m", "flowlang", "check", str(tmp_path))
    processors = os.sched_getaffinity(0)
    samples = {
        "all processors": timed(lambda: _run_on(processors, *command)),
        "one processor": timed(lambda: _run_on({min(processors)}, *command)),
    }
    found = least(interleaved(samples, rounds=3))
    begin = os.times()
    _run_on(processors, *command)
    end = os.times()
    cpu_s = (end.children_user + end.children_system) - (
        begin.children_user + begin.children_system
    )
    table(
        f"{FILES} files of 50 blocks",
        ("", "s", "x"),
        [
            ("wall, all processors against one", found["all processors"],
             found["all processors"] / found["one processor"]),
            ("processor time against plain Lark parses", cpu_s,
             cpu_s / (lark_s["Lark"] * FILES / len(by_lark))),
        ],
    )  # fmt: skip


def _run_on(processors: set[int], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )  # fmt: skip


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

"""Broken lines: each gives one problem at its place, and hides nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowlang.diagnostics import words
from flowlang.diagnostics.words import en, ko
from flowlang.model import Section
from flowlang.syntax import parse

FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.flow"))


def flow(name: str) -> str:
    return (FLOWS[0].parent / f"{name}.flow").read_text(encoding="utf-8")


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(text).problems]


SLIPS = [
    ("FL001", "a:\n  b x: «*»\n"),
    ("FL002", "a:\n  b x: 1 «+»\n"),
    ("FL003", 'a:\n  play «"hello»\n'),
    ("FL003", 'a:\n  play «"""»\n  hello\n'),
    ("FL004", "a:\n  play «(»a: 1\n    digits: 1\n"),
    ("FL005", "a:\n  play x«]»\n"),
    ("FL006", "a:\n«\t»play x\n"),
    ("FL007", "a«：»\n  play x\n"),
    ("FL007", "a:\n  b x «，» y\n"),
    ("FL048", "a:\n  b\n    on closed «=>» c\n"),
    ("FL007", "a:\n  b\n    on closed «→» c\n"),
    ("FL008", "a:\n  play «“»hi”\n"),
    ("FL009", "menu«»\n  play x\n"),
    ("FL010", 'a:\n  set tier «=» "x"\n'),
    ("FL010", "a:\n  ask\n    digits «=» 1\n"),
    ("FL011", "a:\n  b\n    on x «->»\n"),
    ("FL012", "a:\n  «on» = play\n"),
    ("FL012", "a:\n  play\n    «when»: 3\n"),
    ("FL013", "a:\n  «on timeout -> b»\n"),
    ("FL014", "a:\n  b\n      on x -> c\n    «on y -> c»\n"),
    ("FL014", "a:\n  b\n    «-> c»\n"),
    ("FL014", '  «flow a»\n  channels voice\n\nstart:\n  play "x"\n'),
    ("FL014", '  «flow a»\n    channels voice\n\n  start:\n    play "x"\n'),
    ("FL014", "\ufeff# c\n  «a:»\n    b\nc:\n  d\n"),
    ("FL015", "a:\n  x = play\n  «x» = play\n"),
    ("FL016", "a:\n  play «$»x\n"),
    ("FL016", "flow a«\r»\ra:\r  play x\r"),
    ("FL016", "a:\n  play «\x01»x\n"),
    ("FL017", "a:\n  set x: 1 < 2 «<» 3\n"),
    ("FL018", "a:\n  set x: 3 «s»\n"),
    ("FL018", "a:\n  set x: «5m»\n"),
    ("FL019", 'a:\n  play "a «{»b"\n'),
    ("FL020", 'a «"x {y}"»:\n  play x\n'),
    ("FL021", 'a:\n  play "«\\q»"\n'),
    ("FL022", "a:\n  b at: «2026-13-01»\n"),
    ("FL023", "a:\n  b x: «99999999999999999999»\n"),
    ("FL024", "a:\n  play\n    «data:»\n"),
    ("FL025", "a:\n  «timeout: 5s»\n"),
    ("FL026", "a:\n  show\n    d:\n      - 1\n      «b: 2»\n"),
    ("FL027", "prompt x\n  «play x»\n"),
    ("FL028", "«foo»\n"),
    ("FL029", 'test "x" «of y»\n'),
    ("FL030", "layout\n  «a b»\n"),
    ("FL031", "a:\n  b c«,»\n"),
    ("FL032", "a:\n  b c «d»\n"),
    ("FL033", "«my menu»:\n  play x\n"),
    ("FL033", "«my-menu»:\n  play x\n"),
    ("FL033", "flow «my-flow»\n"),
    ("FL033", "«1menu»:\n  play x\n"),
    ("FL048", "a:\n  «-->» b\n"),
    ("FL048", "a:\n  «//» a remark\n"),
    ("FL048", "a:\n  play x «//» a remark\n"),
    ("FL054", "flow a«:»\n"),
    ("FL054", "flow a\n  channels«:» voice\n"),
    ("FL055", "a:\n  set x: «upper(»tier)\n"),
    ("FL055", 'a:\n  play "{«upper(»tier)}"\n'),
    ("FL056", 'a:\n  play "He said «"»hello" to me"\n'),
    ("FL034", "a:\n  b\n    when x «=» 3 -> b\n"),
    ("FL035", "a: «play x»\n"),
    ("FL036", "a:\n  b\n    «on closed c»\n"),
    ("FL037", "a:\n  b\n    «closed -> c»\n"),
    ("FL048", "a:\n  b\n    on x «- >» b\n"),
    ("FL007", "a:\n  b\n    on «１» -> b\n"),
    ("FL038", "attribute x «text»\n"),
    ("FL038", 'attribute x "a" «|» "b"\n'),
    ("FL038", "function f = 'f' (phone «phone»)\n"),
    ("FL047", "a:\n  b\n    on «->» c\n"),
    ("FL047", "a:\n  b\n    when x or «->» c\n"),
    ("FL048", "a:\n  b\n    «if» x == 1 -> c\n"),
    ("FL048", "a:\n  b\n    «else» -> c\n"),
    ("FL048", "a:\n  b\n    when x «&&» y -> c\n"),
    ("FL048", "a:\n  b\n    when x«||»y -> c\n"),
    ("FL048", "a:\n  b\n    when «!»x -> c\n"),
    ("FL048", "a:\n  b\n    when x «===» 1 -> c\n"),
    ("FL048", "a:\n  b\n    when x «is not» 1 -> c\n"),
    ("FL048", "a:\n  b\n  «go to» c\n"),
    ("FL060", "a:\n  «-» play x\n"),
    ("FL060", "«**»a:**\n  play x\n"),
    ("FL060", "«```flow»\na:\n  play x\n"),
    ("FL060", "a:\n  «1.» play x\n"),
    ("FL061", "a:\n  play x«;»\n"),
    ("FL061", "a:\n  b\n    on x -> c«.»\n"),
    ("FL061", "a: «{»\n  play x\n"),
    ("FL062", "a:\n  b\n    on«: »x -> c\n"),
    ("FL062", "flow a\n  channels« = »voice\n"),
    ("FL063", "a:\n  b\n    on x« or »y -> c\n"),
    ("FL063", "a:\n  b\n    on x«/»y -> c\n"),
    ("FL064", "a:\n  b\n    «on» x > 1 -> c\n"),
    ("FL064", "a:\n  b\n    «when» x, y -> c\n"),
    ("FL037", "a:\n  b\n    «x == 3 -> c»\n"),
    ("FL037", "a:\n  b\n    «x, y -> c»\n"),
    ("FL065", 'a:\n  «x := "b"»\n'),
    ("FL065", "a:\n  «x += 1»\n"),
    ("FL065", "a:\n  «x++»\n"),
    ("FL065", 'a:\n  «set x to "b"»\n'),
    ("FL066", "a:\n  b«(x, y: 1)»\n"),
    ("FL066", "a:\n  b x« { y: 1 }»\n"),
    ("FL054", "a:\n  b«: »x: 1\n"),
    ("FL067", "«[a]»\n  play x\n"),
    ("FL067", "«def a():»\n  play x\n"),
    ("FL067", '«"a":»\n  play x\n'),
    ("FL068", "a:\n  play x «-> c»\n"),
    ("FL068", "a:\n  b «on x -> c»\n"),
    ("FL069", "function f = 'f' (a: text)«: (»b: text)\n"),
    ("FL069", "function f = 'f' (a: text)« (»b: text)\n"),
    ("FL048", "attribute x: «text[]»\n"),
    ("FL048", "attribute x: «list<text>»\n"),
    ("FL048", "attribute x: text« | null»\n"),
    ("FL048", 'attribute x: text «:=» "a"\n'),
    ("FL048", "a:\n  set x: y« ?? »1\n"),
    ("FL048", "a:\n  b\n    when x «in (1, 2)» -> c\n"),
    ("FL048", "a:\n  b\n    «case» x -> c\n"),
    ("FL048", "a:\n  b\n    on x «then ->» c\n"),
    ("FL048", "a:\n  «<!-- x -->»\n"),
    ("FL048", "a:\n  «-- x y»\n"),
    ("FL038", "attribute x«:»\n"),
    ("FL047", "flow a\n  «->» b\n"),
    ("FL049", "a:\n  b\n    on x -> «b.c.2»\n"),
    ("FL049", "a:\n  b\n  -> «'c'»\n"),
    ("FL039", '«policy "x" a before b»\n'),
]


@pytest.mark.parametrize(("code", "marked"), SLIPS)
def test_slips_have_their_own_words_and_place(code: str, marked: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    (problem,) = parse(text).problems
    assert problem.code == code
    assert problem.place is not None
    if "«»" not in marked:
        start, end = problem.place.offsets
        assert text[start:end] == marked[marked.index("«") + 1 : marked.index("»")]


@pytest.mark.parametrize(("code", "marked"), SLIPS)
def test_safe_fixes_leave_nothing_to_mend(code: str, marked: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    (problem,) = parse(text).problems
    if problem.fix is None or not problem.fix.safe:
        return
    for edit in sorted(problem.fix.edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert codes(text) == []


def test_the_words_are_complete_and_fit_their_arguments() -> None:
    for table in ("MESSAGES", "HELPS", "FIXES"):
        assert getattr(en, table).keys() == getattr(ko, table).keys()
    for _, marked in SLIPS:
        (problem,) = parse(marked.replace("«", "").replace("»", "")).problems
        for language in words.LANGUAGES:
            message = words.message(problem, language)
            assert message != problem.code
            assert not any(name in message for name in ("NAME", "STRING", "COMMA", "ANON", "_NL"))
            if problem.fix:
                assert words.fix_title(problem.fix, language) != problem.fix.title


def test_ten_broken_lines_are_ten_problems() -> None:
    lines = [f'  play "{number}"' for number in range(30)]
    broken = range(2, 30, 3)
    for number in broken:
        lines[number] = ["  play x y", '  play "x', "  play (x: 1", "  play x]", "  ->"][number % 5]
    text = "\n".join(["a:", *lines, "b:", "  end", ""])
    tree = parse(text)
    assert [problem.place.first.line for problem in tree.problems if problem.place] == [
        number + 2 for number in broken
    ]
    assert len(tree.document.sections["a"].steps) == 20
    assert len(tree.document.sections["b"].steps) == 1


def test_what_stands_below_a_broken_line_is_still_read() -> None:
    text = "a:\n  play x y\n    on «x -> b\n  end\n"
    assert codes(text) == ["FL032", "FL008"]


def test_a_section_without_its_colon_stays_in_the_model() -> None:
    (section,) = parse("menu\n  play x\n  -> b\n").document.items
    assert isinstance(section, Section)
    assert section.name == "menu"
    assert len(section.body) == 2


def test_a_forgotten_bracket_or_quote_never_swallows_the_file() -> None:
    for opening in ("(", "[", '"""', '"', "'"):
        tree = parse(f"a:\n  play {opening}x\n  -> b\nb:\n  end\n")
        assert [problem.place.first.line for problem in tree.problems if problem.place] == [2]
        assert tree.document.sections["a"].goto is not None
        assert "b" in tree.document.sections


def test_any_text_gives_a_tree() -> None:
    """Each sample, cut and with characters dropped or doubled: problems, never an exception."""
    for path in FLOWS:
        text = path.read_text(encoding="utf-8")
        for position in range(7, len(text), max(len(text) // 12, 1)):
            for mutant in (
                text[:position],
                text[position:],
                text[:position] + text[position + 3 :],
                text[:position] + text[position] * 2 + text[position:],
                text[:position] + "\n" + text[position:],
            ):
                tree = parse(mutant)
                assert "".join(chunk.text for chunk in tree.chunks) == mutant


def test_the_sample_has_no_problems_in_words() -> None:
    assert codes(flow("support")) == []

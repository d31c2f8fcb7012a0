"""Every operation: which lines it writes, which it leaves, and when it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from blocks.catalogue import catalogue
from flowlang.diagnostics import words
from flowlang.edits import (
    OPERATIONS,
    Add,
    Align,
    Annotate,
    Change,
    ChangeDeclaration,
    ChangeHeader,
    ChangeOutcome,
    ClearParameter,
    Connect,
    Declare,
    Delete,
    Disconnect,
    Distribute,
    Duplicate,
    ExtractModule,
    Fields,
    Flow,
    Insert,
    Move,
    Operation,
    Paste,
    RemoveDeclaration,
    RemoveOutcome,
    RenameSection,
    RenameStep,
    RenameValue,
    SetParameter,
    Tidy,
    apply,
    perform,
    read_operation,
)
from flowlang.syntax.parser import parse
from flowlang.syntax.printer import to_text

Edited = Callable[..., str]
Refused = Callable[..., str]
SUPPORT = (Path(__file__).parent / "support.flow").read_text(encoding="utf-8")


def lines(text: str) -> str:
    return dedent(text).strip("\n")


CASES: list[tuple[Operation, str]] = [
    (
        Add(kind="play"),
        """
        +
        + play:
        +   play
        +   -> nowhere
        """,
    ),
    (
        Insert(kind="play", source="start.voice_id", port="next"),
        "+   play",
    ),
    (
        Insert(kind="play", source="start.check_hours", port="closed"),
        "+   play",
    ),
    (
        Insert(kind="ask", source="start.crm", port="error"),
        """
        -     on error -> menu
        +     on error -> ask
        +
        + ask:
        +   ask
        +     on timeout, no_match -> next
        +   -> menu
        """,
    ),
    (
        Insert(kind="play", source="chatbot.talk", port="error"),
        """
        +     on error -> play
        +
        + play:
        +   play
        +   -> sorry
        """,
    ),
    (
        Insert(kind="hang_up", source="start.crm", port="next"),
        """
        +   hang_up
        +
        + set:
        """,
    ),
    (
        Connect(source="menu.ask", port='"1"', target="hang_up"),
        """
        -     on "1" -> billing_desk
        +     on "1" -> hang_up
        """,
    ),
    (
        Connect(source="menu.ask", port='"4"', target="sorry"),
        '+     on "4" -> sorry',
    ),
    (
        Connect(source="menu.ask", port="no_match", target="sorry"),
        """
        -     on timeout, no_match -> retry
        +     on timeout -> retry
        +     on no_match -> sorry
        """,
    ),
    (
        Connect(source="billing_desk.branch", port='"silver"', target="billing_first"),
        '+     on "silver" -> billing_first',
    ),
    (
        Connect(source="start.set", port="next", target="retry"),
        """
        -   -> menu
        +   -> retry
        """,
    ),
    (
        Connect(source="start.play", port="next", target="start.set"),
        """
        +   -> check_hours.set
        +
        + check_hours:
        """,
    ),
    (
        Connect(source="start.set", port="next", target="balance.play"),
        """
        -   -> menu
        +   -> balance.play
        """,
    ),
    (Connect(source="start.play", port="next", target="start.check_hours"), ""),
    (
        Disconnect(source="menu.ask", port='"2"'),
        """
        -     on "2" -> technical_desk
        +     on "2" -> nowhere
        """,
    ),
    (Disconnect(source="start.crm", port="error"), "-     on error -> menu"),
    (
        Disconnect(source="start.play", port="next"),
        """
        +   -> nowhere
        +
        + check_hours:
        """,
    ),
    (RemoveOutcome(source="menu.ask", port='"3"'), '-     on "3" -> chatbot'),
    (
        ChangeOutcome(source="menu.ask", port='"1"', becomes='"9"'),
        """
        -     on "1" -> billing_desk
        +     on "9" -> billing_desk
        """,
    ),
    (
        RenameSection(section="retry", name="다시"),
        """
        -     on timeout, no_match -> retry
        +     on timeout, no_match -> 다시
        - retry:
        + 다시:
        """,
    ),
    (
        RenameStep(block="balance.found", name="account"),
        """
        -   found = crm phone: caller.number
        +   account = crm phone: caller.number
        -   play "{assistant.account} 계좌의 잔액은 {found.balance}원입니다."
        +   play "{assistant.account} 계좌의 잔액은 {account.balance}원입니다."
        """,
    ),
    (
        RenameStep(block="sorry.play", name="goodbye"),
        """
        -   play "죄송합니다. 잠시 후 다시 걸어 주세요."
        +   goodbye = play "죄송합니다. 잠시 후 다시 걸어 주세요."
        """,
    ),
    (
        RenameValue(value="technical", name="기술"),
        """
        - queue technical = "Technical support"
        + queue 기술 = "Technical support"
        -   transfer technical
        +   transfer 기술
        """,
    ),
    (
        RenameValue(value="tier", name="grade"),
        """
        - attribute tier: "gold" | "silver" | "standard" = "standard"
        + attribute grade: "gold" | "silver" | "standard" = "standard"
        -   set tier: crm.tier
        +   set grade: crm.tier
        -   branch tier
        +   branch grade
        """,
    ),
    (
        SetParameter(block="menu.ask", key="timeout", value=8),
        """
        -     timeout: 5s
        +     timeout: 8s
        """,
    ),
    (
        SetParameter(block="sorry.play", key="text", value='"{caller.name}", \\ bye'),
        """
        -   play "죄송합니다. 잠시 후 다시 걸어 주세요."
        +   play "\\"{caller.name}\\", \\\\ bye"
        """,
    ),
    (
        SetParameter(block="billing_line.transfer", key="priority", value=3),
        """
        -   transfer billing
        +   transfer billing, priority: 3
        """,
    ),
    (
        SetParameter(block="billing_line.transfer", key="queue", value="technical"),
        """
        -   transfer billing
        +   transfer technical
        """,
    ),
    (
        SetParameter(block="start.set", key="tier", source='"gold"'),
        """
        -   set tier: crm.tier
        +   set tier: "gold"
        """,
    ),
    (
        ClearParameter(block="start.crm", key="timeout"),
        """
        -   crm phone: caller.number, timeout: 3s
        +   crm phone: caller.number
        """,
    ),
    (ClearParameter(block="start.play", key="ssml"), ""),
    (
        Move(places={"start.play": (80, 40), "menu.ask": (400, 80)}),
        """
        +
        + layout
        +   menu.ask 400, 80
        +   start.play 80, 40
        """,
    ),
    (
        Delete(blocks=("start.voice_id",)),
        "-   voice_id threshold: 90                 # voice only: a chat goes straight on",
    ),
    (
        Delete(blocks=("after_hours.play",)),
        """
        -     on closed -> after_hours
        +     on closed -> hang_up
        - after_hours:
        -   play "지금은 상담 시간이 아닙니다."
        -   -> hang_up
        -
        """,
    ),
    (
        Delete(blocks=("retry.repeat",)),
        """
        -     on timeout, no_match -> retry
        +     on timeout, no_match -> nowhere
        - retry:
        -   repeat 2
        -     on again -> menu
        -     on done -> sorry
        -
        """,
    ),
    (
        Duplicate(blocks=("balance.found",)),
        """
        +
        + balance_2:
        +   found_2 = crm phone: caller.number
        +     on error -> technical_desk
        +   -> nowhere
        """,
    ),
    (
        Paste(text='queue vip = "VIP"\nqueue billing = "B"\n\nretry:\n  transfer billing\n'),
        """
        + queue vip = "VIP"
        + queue billing_2 = "B"
        +
        + retry_2:
        +   transfer billing_2
        """,
    ),
    (
        Paste(text='play "wait"', source="menu.ask", port='"2"'),
        """
        -     on "2" -> technical_desk
        +     on "2" -> play
        +
        + play:
        +   play "wait"
        """,
    ),
    (
        Paste(text='play "wait"', source="start.crm", port="next"),
        '+   play "wait"',
    ),
    (
        Align(cards={"start.play": (80, 40, 200, 64), "menu.ask": (400, 96, 200, 88)}, edge="top"),
        """
        +
        + layout
        +   menu.ask 400, 40
        +   start.play 80, 40
        """,
    ),
    (
        Distribute(
            cards={
                "start.play": (0, 0, 200, 64),
                "menu.ask": (210, 8, 200, 88),
                "retry.repeat": (600, 0, 200, 64),
            },
            axis="horizontal",
        ),
        """
        +
        + layout
        +   menu.ask 300, 8
        +   retry.repeat 600, 0
        +   start.play 0, 0
        """,
    ),
    (
        Tidy(cards={"start.play": (500, 40, 200, 64), "menu.ask": (80, 96, 200, 88)}),
        """
        +
        + layout
        +   menu.ask 424, 40
        +   start.play 80, 40
        """,
    ),
    (
        Declare(word="queue", name="vip", fields=Fields(value="VIP")),
        '+ queue vip = "VIP"',
    ),
    (
        Declare(word="prompt", name="hello", fields=Fields(entries={"ko-KR": '"안녕"'})),
        """
        + prompt hello
        +   ko-KR: "안녕"
        """,
    ),
    (
        ChangeDeclaration(name="tier", fields=Fields(type="text?", source=None)),
        """
        - attribute tier: "gold" | "silver" | "standard" = "standard"
        + attribute tier: text?
        """,
    ),
    (
        ChangeHeader(title="대표", languages=("ko-KR", "en-US"), on_error="hang_up"),
        """
        - flow support "고객센터 대표번호"
        + flow support "대표"
        -   language ko-KR
        +   languages ko-KR, en-US
        -   on error -> sorry
        +   on error -> hang_up
        """,
    ),
    (
        ChangeHeader(description="For everybody.\n\nAnd always."),
        """
        - # The number on the back of every card.
        + # For everybody.
        + #
        + # And always.
        """,
    ),
    (
        ExtractModule(blocks=("start.voice_id", "start.play"), name="greet"),
        """
        + module greet = "greet.flow"
        -   voice_id threshold: 90                 # voice only: a chat goes straight on
        -   play "안녕하세요, 에이콘 고객센터입니다."
        +   greet
        """,
    ),
    (
        Annotate(block="start.play", note="The greeting.\nKeep it short."),
        """
        +   # The greeting.
        +   # Keep it short.
        """,
    ),
]


SPARE = SUPPORT.replace("bot assistant", '# Nobody calls it.\nqueue spare = "Spare"\nbot assistant')
IN_OTHERS: list[tuple[str, Operation, str]] = [
    (
        SPARE,
        RemoveDeclaration(name="spare"),
        """
        - # Nobody calls it.
        - queue spare = "Spare"
        """,
    ),
]


@pytest.mark.parametrize(("operation", "expected"), CASES, ids=lambda case: repr(case)[:60])
def test_an_operation_writes_these_lines_and_no_others(
    edited: Edited, operation: Operation, expected: str
) -> None:
    found = [line.rstrip() for line in edited(operation).splitlines()]
    assert sorted(found) == sorted(lines(expected).splitlines())


@pytest.mark.parametrize(("source", "operation", "expected"), IN_OTHERS)
def test_it_writes_these_lines_in_other_flows(
    edited: Edited, source: str, operation: Operation, expected: str
) -> None:
    found = [line.rstrip() for line in edited(operation, source).splitlines()]
    assert sorted(found) == sorted(lines(expected).splitlines())


def test_every_operation_has_a_case() -> None:
    cases = [operation for operation, _ in CASES] + [operation for _, operation, _ in IN_OTHERS]
    assert {type(operation) for operation in cases} == set(OPERATIONS.values())


@pytest.mark.parametrize("operation", [operation for operation, _ in CASES], ids=repr)
def test_what_it_writes_is_canonical(operation: Operation) -> None:
    change = perform(operation, Flow.of(parse(SUPPORT), catalogue()))
    assert isinstance(change, Change)
    after = apply(SUPPORT, change.edits)
    assert to_text(parse(after).document) == after


REFUSED = [
    (Connect(source="start.gone", port="next", target="menu"), "FL320"),
    (Connect(source="start.play", port="full", target="menu"), "FL121"),
    (Connect(source="start.play", port="next", target="gone"), "FL123"),
    (Add(kind="teleport"), "FL122"),
    (Insert(kind="teleport", source="start.play", port="next"), "FL122"),
    (Insert(kind="hang_up", source="start.check_hours", port="closed"), "FL131"),
    (Disconnect(source="chatbot.talk", port="error"), "FL124"),
    (RenameSection(section="menu", name="start"), "FL126"),
    (RenameSection(section="menu", name="two words"), "FL125"),
    (RenameSection(section="menu", name="nowhere"), "FL125"),
    (RenameSection(section="menu", name="hang_up"), "FL126"),
    (RenameStep(block="start.play", name="crm"), "FL126"),
    (RenameValue(value="gone", name="x"), "FL320"),
    (SetParameter(block="start.play", key="volume", value=3), "FL127"),
    (SetParameter(block="start.crm", key="timeout", source="3 +"), "FL128"),
    (SetParameter(block="start.play", key="text", value="{caller."), "FL128"),
    (ChangeOutcome(source="menu.ask", port='"1"', becomes='"2"'), "FL132"),
    (ChangeOutcome(source="menu.ask", port='"8"', becomes='"2"'), "FL121"),
    (RemoveOutcome(source="menu.ask", port='"8"'), "FL121"),
    (Move(places={"gone.play": (1, 2)}), "FL320"),
    (Declare(word="queue", name="billing"), "FL126"),
    (Declare(word="qeue", name="vip"), "FL321"),
    (Declare(word="attribute", name="x", fields=Fields(type="text\nqueue y")), "FL321"),
    (Declare(word="attribute", name="x", fields=Fields(value=float("nan"))), "FL321"),
    (ChangeDeclaration(name="tier", fields=Fields(type="((")), "FL321"),
    (ChangeDeclaration(name="gone", fields=Fields(type="text")), "FL320"),
    (RemoveDeclaration(name="tier"), "FL322"),
    (RemoveDeclaration(name="gone"), "FL320"),
    (ChangeHeader(channels=("voice chat",)), "FL324"),
    (ChangeHeader(channels=("voice\n  type x",)), "FL324"),
    (ChangeHeader(signature="-> ("), "FL324"),
    (ChangeHeader(on_error="gone"), "FL123"),
    (Paste(text="# nothing"), "FL323"),
    (Paste(text='start:\n  play "x\n'), "FL323"),
    (Paste(text='{"Version": 3}'), "FL323"),
    (ExtractModule(blocks=("start.play",), name="crm"), "FL126"),
    (ExtractModule(blocks=("start.play", "menu.ask"), name="part"), "FL326"),
    (Align(cards={"gone.play": (0, 0, 1, 1)}, edge="left"), "FL320"),
]


@pytest.mark.parametrize(("operation", "code"), REFUSED, ids=lambda case: repr(case)[:60])
def test_the_impossible_is_refused_in_words(
    refused: Refused, operation: Operation, code: str
) -> None:
    assert refused(operation) == code
    problem = perform(operation, Flow.of(parse(SUPPORT), catalogue()))
    assert not isinstance(problem, Change)
    for language in words.LANGUAGES:
        assert words.message(problem, language) != code
        assert "{" not in words.message(problem, language)


def test_an_intention_that_makes_no_sense_is_refused() -> None:
    for name, arguments in (("fly", {}), ("connect", {"source": "start.play"})):
        problem = read_operation(name, arguments)
        assert not isinstance(problem, Operation)
        assert words.message(problem, "en") != problem.code
    assert read_operation("delete", {"blocks": ["a.b"]}) == Delete(blocks=("a.b",))


# --- what an edit carries with it ---------------------------------------------------------------


def run(source: str, operation: Operation) -> tuple[str, Change]:
    change = perform(operation, Flow.of(parse(source), catalogue()))
    assert isinstance(change, Change), change
    return apply(source, change.edits), change


CHAIN = """\
flow chain
  on error -> hang_up

start:
  # The greeting stays the greeting.
  play "one"  # first
  play "two"

  # Only at night.
  play "three"
    on error -> start.play.2
  -> hang_up

layout
  start.play 0, 0
  start.play.2 300, 0
  start.play.3 600, 0
""".replace("    on error -> start.play.2\n", "")


def test_ids_that_shift_keep_their_places() -> None:
    after, change = run(CHAIN, Insert(kind="play", source="start.play", port="next", x=8, y=8))
    assert change.ids == {"start.play.2": "start.play.3", "start.play.3": "start.play.4"}
    assert change.select == ("start.play.2",)
    assert after.endswith(
        "layout\n  start.play 0, 0\n  start.play.2 8, 8\n  start.play.3 300, 0\n"
        "  start.play.4 600, 0\n"
    )


def test_a_deleted_block_takes_its_note_and_its_place_with_it() -> None:
    after, change = run(CHAIN, Delete(blocks=("start.play",)))
    assert "greeting" not in after
    assert "Only at night." in after
    assert change.ids == {"start.play.2": "start.play", "start.play.3": "start.play.2"}
    assert after.endswith("layout\n  start.play 300, 0\n  start.play.2 600, 0\n")


def test_the_last_place_takes_the_layout_with_it() -> None:
    after, _ = run(CHAIN, Delete(blocks=("start.play", "start.play.2", "start.play.3")))
    assert after == "flow chain\n  on error -> hang_up\n\nstart:\n  -> hang_up\n"
    reset = dict.fromkeys(("start.play", "start.play.2", "start.play.3"))
    after, _ = run(CHAIN, Move(places=reset))
    assert after == CHAIN[: CHAIN.index("\nlayout")]


def test_a_step_that_is_led_to_gets_a_name_when_its_id_is_no_target() -> None:
    after, change = run(CHAIN, Connect(source="start.play", port="error", target="start.play.3"))
    assert "    on error -> start.play_2\n" in after
    assert '  # Only at night.\n  play_2 = play "three"\n' in after
    assert change.ids == {"start.play.3": "start.play_2"}
    assert "  start.play_2 600, 0\n" in after


def test_what_is_led_to_is_still_led_to_when_its_id_shifts() -> None:
    source = CHAIN.replace("-> hang_up\n\nlayout", "-> start.play\n\nlayout")
    after, _ = run(source, Insert(kind="play", source="start.play", port="next"))
    assert "  -> start.play\n" in after
    after, _ = run(
        'flow f\n\nstart:\n  voice_id\n  play "x"\n  -> start.play\n',
        Insert(kind="play", source="start.voice_id", port="next"),
    )
    assert '  play\n  play_2 = play "x"\n  -> start.play_2\n' in after


def test_blocks_wired_up_one_by_one_become_one_section() -> None:
    text = "flow f\n"
    for kind in ("play", "voice_id", "play"):
        text, change = run(text, Add(kind=kind, x=0, y=0))
    assert [line for line in text.splitlines() if line.endswith(":")] == [
        "start:", "voice_id:", "play:",
    ]  # fmt: skip
    text, _ = run(text, Connect(source="voice_id.voice_id", port="next", target="play"))
    text, change = run(text, Connect(source="start.play", port="next", target="voice_id"))
    assert change.ids == {"voice_id.voice_id": "start.voice_id", "voice_id.play": "start.play.2"}
    assert text == (
        "flow f\n\nstart:\n  play\n  voice_id\n  play\n  -> nowhere\n\n"
        "layout\n  start.play 0, 0\n  start.play.2 0, 0\n  start.voice_id 0, 0\n"
    )


def test_a_section_that_somebody_named_stays_one() -> None:
    after, _ = run(SUPPORT, Connect(source="start.set", port="next", target="deflect"))
    assert "deflect:" in after
    source = (
        "flow f\n\nstart:\n  play\n  -> nowhere\n\n# Mind the gap.\nplay:\n  play\n  -> hang_up\n"
    )
    after, _ = run(source, Connect(source="start.play", port="next", target="play"))
    assert "# Mind the gap.\nplay:" in after


def test_a_split_keeps_the_handler_of_errors_and_the_comments() -> None:
    source = (
        "flow f\n\nstart:\n  on error -> hang_up\n  voice_id\n    on error -> next\n\n"
        '  # Say hello.\n  play "x"\n  -> hang_up\n  # The end.\n'
    )
    after, _ = run(source, Connect(source="start.voice_id", port="next", target="hang_up"))
    assert after == (
        "flow f\n\nstart:\n  on error -> hang_up\n  voice_id\n    on error -> play\n"
        "  -> hang_up\n\nplay:\n  on error -> hang_up\n"
        '\n  # Say hello.\n  play "x"\n  -> hang_up\n  # The end.\n'
    )


def test_text_of_another_indentation_keeps_its_own() -> None:
    source = 'flow f\n\nstart:\n    ask "x"\n        on "1" -> hang_up\n    -> hang_up\n'
    after, _ = run(source, Connect(source="start.ask", port="timeout", target="hang_up"))
    assert '        on "1" -> hang_up\n        on timeout -> hang_up\n' in after
    after, _ = run(after, Insert(kind="play", source="start.ask", port="timeout"))
    assert parse(after).problems == ()


def test_line_ends_of_the_file_are_kept() -> None:
    source = CHAIN.replace("\n", "\r\n")
    after, _ = run(source, Add(kind="play"))
    assert after.count("\n") == after.count("\r\n")


def test_a_file_without_a_last_line_end_can_be_edited() -> None:
    source = 'flow f\n\nstart:\n  play "x"\n  -> hang_up'
    after, _ = run(source, Add(kind="play"))
    assert after == source + "\n\nplay:\n  play\n  -> nowhere\n"
    after, _ = run(source, Delete(blocks=("start.play",)))
    assert parse(after).problems == ()


def test_a_section_that_cannot_be_read_is_left_alone_and_the_others_are_not() -> None:
    source = SUPPORT.replace("  repeat 2\n", "  repeat ((\n")
    flow = Flow.of(parse(source), catalogue())
    change = perform(Connect(source="start.set", port="next", target="sorry"), flow)
    assert isinstance(change, Change)
    assert "  repeat ((\n" in apply(source, change.edits)
    broken = SUPPORT.replace("  voice_id threshold: 90", "  voice_id threshold: ((")
    problem = perform(Delete(blocks=("start.play",)), Flow.of(parse(broken), catalogue()))
    assert not isinstance(problem, Change)
    assert problem.code == "FL129"


def test_a_section_is_renamed_in_the_tests_of_its_file() -> None:
    source = SUPPORT + (
        '\ntest "t" for support\n  given crm fails\n  expect path menu, retry, menu\n'
        '  expect ask before menu\n\npolicy "p": crm before menu\n'
    )
    after, _ = run(source, RenameSection(section="menu", name="choices"))
    assert "expect path choices, retry, choices" in after
    assert "expect ask before choices" in after
    after, _ = run(source, RenameValue(value="crm", name="customer"))
    assert "given customer fails" in after
    assert 'policy "p": customer before menu' in after


def test_a_word_of_a_parameter_is_no_value() -> None:
    source = (
        "flow f\n\nattribute realtime: text?\n\nstart:\n"
        "  record agent, analytics: realtime\n  play \"{realtime else 'x'}\"\n  -> hang_up\n"
    )
    after, _ = run(source, RenameValue(value="realtime", name="now"))
    assert "analytics: realtime" in after
    assert "{now else 'x'}" in after


def test_a_list_on_lines_of_its_own_stays_there_with_its_comments() -> None:
    text = dedent(
        """\
        flow demo
          on error -> hang_up

        start:
          tag kind: "vip"
            remove:
              - "old"   # from last year
              - "older"
          -> hang_up
        """
    )
    flow = Flow.of(parse(text), catalogue())
    change = perform(
        SetParameter(block="start.tag", key="remove", source='["older", "old", "new"]'), flow
    )
    assert isinstance(change, Change)
    lines = [line.strip() for line in apply(text, change.edits).splitlines()]
    assert lines[5:9] == ["remove:", '- "older"', '- "old"  # from last year', '- "new"']

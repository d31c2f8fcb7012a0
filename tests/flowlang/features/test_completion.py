"""Completion where people type: in lines that do not parse yet."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.diagnostics import Edit
from flowlang.edits import Flow, apply
from flowlang.features import Completion, complete
from flowlang.features.texts import position_of
from flowlang.syntax import parse

Offered = Callable[..., list[Completion]]
ROOT = Path(__file__).parents[3]
SUPPORT = (ROOT / "examples/support/support.flow").read_text(encoding="utf-8")

CASES = {
    # where a step begins
    "step": ("start:\n  ¦\n", "crm ask transfer play ->", "menu gold tier"),
    "step, begun": ("start:\n  tr¦\n", "transfer", "sorry"),
    "step at the end of a section": ('start:\n  play "x"\n  ¦', "transfer crm", "on"),
    "named step": ("start:\n  found = ¦\n", "crm ask", "tier"),
    # arguments
    "resource": ("start:\n  transfer ¦\n", "billing technical priority", "office tier ask"),
    "second argument": ("start:\n  transfer billing, ¦\n", "priority", "queue billing"),
    "keys of a call": ("start:\n  crm ¦\n", "phone timeout", "billing"),
    "keys left": ("start:\n  crm phone: caller.number, ¦\n", "timeout", "phone"),
    "words": ("start:\n  record agent, analytics: ¦\n", "off after realtime", "tier"),
    "words in a list": (
        'start:\n  offer_messenger "x", channels: [whatsapp, ¦\n', "sms telegram", "whatsapp"),
    "values to set": ("start:\n  set ¦\n", "tier name visits", "billing"),
    "literals": ("start:\n  set tier: ¦\n", '"gold" "silver" "standard" crm', "billing ask"),
    "inside quotes": ('start:\n  set tier: "go¦\n', '"gold" "silver" "standard"', "tier name"),
    "inside closed quotes": ('start:\n  set tier: "go¦"\n', '"gold"', "tier"),
    "fitting types first": ("start:\n  set visits: ¦\n", "visits", ""),
    # expressions
    "braces": ('start:\n  play "Hello {¦\n', "tier name crm caller contact", "billing play"),
    "closed braces": ('start:\n  play "Hello {¦}, how are you?"\n', "tier crm", "play"),
    "field of a call": ('start:\n  play "{crm.¦}"\n', "level balance", "tier"),
    "field of a named step": ('start:\n  play "{found.b¦"\n', "level balance", "tier"),
    "field of the system": ("start:\n  crm phone: caller.¦\n", "number name", "tier"),
    "field of a bot": ('start:\n  play "{assistant.¦"\n', "", "level"),
    "behind a name": ('start:\n  play "{name ¦"\n', "else and contains", "tier"),
    "comparison": ("start:\n  branch tier\n    when tier == ¦\n", '"gold" "silver"', "menu"),
    "comment": ("start:\n  # trans¦\n", "", "transfer"),
    "number": ("start:\n  transfer billing, priority: 1¦\n", "", "tier"),
    "prose": ('start:\n  play "Dear ti¦"\n', "", "tier"),
    # below a step
    "below a step": (
        "start:\n  transfer billing\n    ¦\n", "priority on_full on_error", "queue billing"),
    "missing literals": (
        'start:\n  branch tier\n    on "gold" -> sorry\n    on ¦\n',
        '"silver" "standard" > contains', '"gold"'),
    "the line's own literal": ('start:\n  branch tier\n    on "gold¦" -> sorry\n', '"gold"', ""),
    "otherwise": (
        'start:\n  branch tier\n    on "gold" -> sorry\n    ¦\n', "otherwise when", "on_\"gold\""),
    "intents": (
        'start:\n  talk assistant, "x"\n    on SpeakToAgent -> sorry\n    on ¦\n',
        "CheckBalance timeout no_match error", "SpeakToAgent"),
    "second outcome": (
        'start:\n  talk assistant, "x"\n    on timeout, ¦\n', "no_match CheckBalance", "timeout"),
    "keys below": ('start:\n  ask "x"\n    timeout: 5s\n    ¦\n', "digits on_no_match", "timeout"),
    "value below": ("start:\n  record agent\n    analytics: ¦\n", "realtime", "tier"),
    "item below": (
        'start:\n  offer_messenger "x"\n    channels:\n      - ¦\n', "whatsapp sms", "menu"),
    # targets
    "target": ('start:\n  play "x"\n  -> ¦\n', "start sorry hang_up next nowhere", "play tier"),
    "target of an outcome": (
        "start:\n  check_hours office\n    on closed -> ¦\n", "sorry sorry.found", "tier"),
    "target, begun": ("start:\n  check_hours office\n    on closed -> so¦\n", "sorry", "tier"),
    "step of a section": (
        "start:\n  check_hours office\n    on closed -> sorry.¦\n", "found play", "sorry"),
    "otherwise leads": ("start:\n  branch tier\n    otherwise -> ¦\n", "sorry", "tier"),
    "error of a section": ("start:\n  on ¦\n", "error", "timeout"),
    # the margin
    "declaration": ("¦\n", "attribute queue function flow test policy", "play tier"),
    "type": ("attribute other: ¦\n", "text integer phone queue list_of sensitive", "attribute"),
    "type behind sensitive": ("attribute other: sensitive ¦\n", "text", "tier"),
    "type in a signature": ('function f = "f" (a: ¦\n', "text phone", "tier"),
    "default": ('attribute other: "a" | "b" = ¦\n', '"a" "b" visits', "gold"),
    "prompt": ("prompt hello\n  ¦\n", "ko-KR", "en-US"),
    # tests and policies of the same file
    "test line": ('test "x" for support\n  ¦\n', "given caller expect", "play"),
    "test is for": ('test "x" for ¦\n', "support", "start"),
    "given": ('test "x" for support\n  given ¦\n', "crm tier billing office time channel", "ask"),
    "given a function": ('test "x" for support\n  given crm ¦\n', "returns fails takes", "full"),
    "given a queue": ('test "x" for support\n  given billing ¦\n', "full free", "returns"),
    "given a value": ('test "x" for support\n  given tier ¦\n', '"gold"', "returns"),
    "given a bot": (
        'test "x" for support\n  given assistant understands ¦\n', "CheckBalance nothing", "full"),
    "channel": ('test "x" for support\n  given channel ¦\n', "voice whatsapp", "tier"),
    "caller": ('test "x" for support\n  caller ¦\n', "presses says hangs_up", "returns"),
    "expect": ('test "x" for support\n  expect ¦\n', "play crm sorry tier never path", "given"),
    "expect a step": ('test "x" for support\n  expect transfer ¦\n', "billing priority", "office"),
    "expect a value": ('test "x" for support\n  expect tier == ¦\n', '"gold"', "play"),
    "path": ('test "x" for support\n  expect path ¦\n', "start sorry sorry.found", "tier"),
    "policy": ('policy "x": ¦\n', "from_every play record sorry", "given"),
    "policy, first": ('policy "x": record ¦\n', "before or", "reach"),
    "policy, from": ('policy "x": from every ask ¦\n', "reach or", "before"),
    "layout": ("layout\n  ¦\n", "sorry.found sorry.play", "sorry"),
}  # fmt: skip


def labels(found: list[Completion]) -> set[str]:
    return {item.label.replace(" ", "_") for item in found}


@pytest.mark.parametrize("case", CASES)
def test_what_is_offered(case: str, offered: Offered) -> None:
    lines, wanted, unwanted = CASES[case]
    if not lines.startswith(("start:", "¦")) and not case.startswith(("type", "default")):
        lines = f'start:\n  record agent\n  play "x"\n  -> sorry\n\n{lines}'
    found = labels(offered(lines))
    assert set(wanted.split()) <= found
    assert not set(unwanted.split()) & found
    assert wanted or not found or unwanted


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("  ¦", {"channels", "language", "type", "on error"}),
        ("  channels voice, ¦", {"chat", "whatsapp"}),
        ("  type ¦", {"inbound", "customer_queue"}),
        ("  on error -> ¦", {"menu", "hang_up"}),
    ],
)
def test_lines_of_the_header(setting: str, wanted: set[str], offered: Offered) -> None:
    text = f'flow x "x"\n{setting}\n\nmenu:\n  -> hang_up\n'
    assert wanted <= {item.label for item in offered(text, whole=True)}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("return ¦", {"locked", "not_found", "verified"}),
        ("return verified: ¦", {"true", "false", "pin"}),
    ],
)
def test_a_module_returns_its_outcomes_and_results(
    line: str, wanted: set[str], offered: Offered
) -> None:
    text = "module m (pin: text) -> (verified: boolean)\n  outcomes locked, not_found\n\n"
    found = {item.label for item in offered(f"{text}start:\n  {line}\n", whole=True)}
    assert wanted <= found


def test_what_fits_comes_first(offered: Offered) -> None:
    values = [item for item in offered("start:\n  set visits: ¦\n") if item.kind == "value"]
    assert values[0].label == "visits"


def test_titles_are_in_the_language(offered: Offered) -> None:
    def detail(language: str) -> str:
        found = offered("start:\n  ¦\n", language=language)
        return next(item.detail for item in found if item.label == "transfer")

    assert detail("en") == "To a queue"
    assert detail("ko") == "상담사 연결"


def test_types_stand_beside_names(offered: Offered) -> None:
    found = {item.label: item for item in offered('start:\n  play "{¦\n')}
    assert found["visits"].detail == "integer"
    assert found["name"].detail == "text?"
    assert "attribute tier" in found["tier"].info


@pytest.mark.parametrize(
    ("lines", "label", "after"),
    [
        ("start:\n  tr¦\n", "transfer", "  transfer\n"),
        ('start:\n  set tier: "go¦"\n', '"gold"', '  set tier: "gold"\n'),
        ('start:\n  set tier: "go¦\n', '"gold"', '  set tier: "gold"\n'),
        ("start:\n  transfer billing, pr¦\n", "priority", "  transfer billing, priority: \n"),
        ("start:\n  transfer billing\n    o¦\n", "on full", "    on full -> \n"),
        ("start:\n  check_hours office\n    on closed -> sorry.fo¦\n", "found", "-> sorry.found\n"),
    ],
)
def test_what_is_inserted(
    lines: str, label: str, after: str, offered: Offered, marked: Callable[..., tuple[Flow, object]]
) -> None:
    text = f"flow x\n\n{lines}"
    rest = '\nattribute tier: "gold" | "silver"\nqueue billing\nhours office\n\n'
    rest += "sorry:\n  found = play\n"
    item = next(it for it in offered(text + rest, whole=True) if it.label == label)
    flow, _ = marked(text + rest)
    edit = Edit(start=item.start, end=item.end, text=item.insert)
    assert after in apply(flow.tree.source, [edit])


def test_tests_in_a_file_of_their_own(support: Flow, flow_of: Callable[[str], Flow]) -> None:
    text = 'test "x" for support\n  expect path '
    flow = flow_of(text)
    found = complete(flow, position_of(text, len(text)), around={"support": support})
    assert {"menu", "deflect", "balance.found"} <= {item.label for item in found}


@given(st.integers(0, len(SUPPORT)), st.integers(0, 40), st.sampled_from(["", " ", '"', "{", "."]))
def test_anywhere_in_any_state(offset: int, cut: int, typed: str) -> None:
    """With any stretch missing and anything typed, it answers, and replaces up to the cursor."""
    text = SUPPORT[:offset] + typed + SUPPORT[offset + cut :]
    cursor = offset + len(typed)
    flow = Flow.of(parse(text), catalogue())
    for item in complete(flow, position_of(text, cursor)):
        assert item.start <= cursor <= item.end <= len(text)
        assert item.insert

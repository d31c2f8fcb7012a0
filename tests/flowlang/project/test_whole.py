"""Projects as a whole: who leads to whom, and what that shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.project import FILE_NAME, Texts, read
from flowlang.project.checks import WholeReport, check_project
from flowlang.project.map import as_text, map_of
from flowlang.project.picture import to_dot, to_mermaid
from flowlang.project.whole import Whole

from .conftest import problems_of

Check = Callable[[Mapping[str, str]], list[tuple[str, str]]]
ENTRY = 'name = "Shop"\n[entries.phone]\nflow = "main"\nchannels = ["voice"]\n'


def flow(name: str, body: str, header: str = "") -> str:
    """A flow; `body` begins with its declarations."""
    return f"flow {name}\n{header}  on error -> hang_up\n\n{body}"


def to(other: str, way: str = '  play "One moment."\n') -> str:
    """Declares another flow and goes on in it."""
    return f'flow {other} = "{other}.flow"\n\nstart:\n{way}  continue_in {other}\n'


END = 'start:\n  play "Goodbye."\n  -> hang_up\n'
ASK = '  ask "Shall we?"\n    on "1" -> next\n    on timeout, no_match -> hang_up\n'


def whole(texts: Mapping[str, str]) -> Whole:
    files = Texts(texts)
    project, _ = read(texts[FILE_NAME], files=files)
    assert project is not None
    return Whole(project, files, catalogue())


def report(texts: Mapping[str, str]) -> WholeReport:
    return check_project(whole(texts))


# --- loops ------------------------------------------------------------------------------------


def test_a_chain_over_three_flows(found: Check) -> None:
    texts = {
        FILE_NAME: ENTRY,
        "main.flow": flow("main", to("two")),
        "two.flow": flow("two", to("three")),
        "three.flow": flow("three", to("two")),
    }
    assert found(texts) == [("two.flow", "FL535")]
    (problem,) = report(texts).problems["two.flow"]
    assert problem.block == "start.continue_in"
    assert problem.arguments["steps"] == (
        "two.start.continue_in → three.start.continue_in → two.start.continue_in"
    )
    assert report({**texts, "three.flow": flow("three", END)}).problems == {}


def test_a_flow_that_begins_again(found: Check) -> None:
    again = {FILE_NAME: ENTRY, "main.flow": flow("main", to("main"))}
    assert found(again) == [("main.flow", "FL535")]
    asked = {FILE_NAME: ENTRY, "main.flow": flow("main", to("main", ASK))}
    assert found(asked) == [("main.flow", "FL536")]


def test_an_error_of_a_question_does_not_wait(found: Check) -> None:
    body = 'flow main = "main.flow"\n\nstart:\n' + ASK + "    on error -> back\n  -> hang_up\n\n"
    body += "back:\n  continue_in main\n"
    assert found({FILE_NAME: ENTRY, "main.flow": flow("main", body)}) == [("main.flow", "FL535")]


def test_what_repeat_counts_ends_with_its_flow(found: Check) -> None:
    body = 'flow main = "main.flow"\n\nstart:\n  repeat 2\n    on again -> next\n'
    body += "    on done -> hang_up\n  continue_in main\n"
    assert found({FILE_NAME: ENTRY, "main.flow": flow("main", body)}) == [("main.flow", "FL535")]


def test_a_loop_inside_of_a_flow_does_not_hide_the_chain(found: Check) -> None:
    body = 'flow main = "main.flow"\n\nstart:\n  ask "Again?"\n    on "1" -> retry\n'
    body += "    on timeout, no_match -> on_and_on\n\nretry:\n  repeat 2\n    on again -> start\n"
    body += '    on done -> hang_up\n\non_and_on:\n  play "So on."\n  continue_in main\n'
    texts = {FILE_NAME: ENTRY, "main.flow": flow("main", body)}
    assert found(texts) == [("main.flow", "FL536")]
    (problem,) = report(texts).problems["main.flow"]
    assert problem.path == ("main.on_and_on.continue_in", "main.start.ask", "main.on_and_on.play")


def test_a_long_chain_is_told_in_short() -> None:
    count = 12
    texts = {FILE_NAME: ENTRY.replace('"main"', '"f0"')} | {
        f"f{n}.flow": flow(f"f{n}", to(f"f{(n + 1) % count}")) for n in range(count)
    }
    (problem,) = report(texts).problems["f0.flow"]
    steps = str(problem.arguments["steps"]).split(" → ")
    assert steps[7:] == ["f7.start.continue_in", "…", "f0.start.continue_in"]
    assert len(problem.path) == 2 * count


COUNTING = """\
flow main = "main.flow"
{word} rounds: integer = 0

start:
  set rounds: rounds + 1
  branch rounds
    on > 3 -> hang_up
    otherwise -> again

again:
  continue_in main
"""


@pytest.mark.parametrize(("word", "codes"), [("attribute", []), ("variable", ["FL535"])])
def test_an_attribute_counts_from_flow_to_flow(found: Check, word: str, codes: list[str]) -> None:
    texts = {FILE_NAME: ENTRY, "main.flow": flow("main", COUNTING.replace("{word}", word))}
    assert [code for _, code in found(texts)] == codes


def test_an_attribute_that_begins_anew_counts_nothing(found: Check) -> None:
    counting = COUNTING.replace("{word}", "attribute").replace("main", "two")
    resets = 'flow two = "two.flow"\nattribute rounds: integer = 0\n\nstart:\n'
    resets += "  set rounds: 0\n  continue_in two\n"
    counting = counting.replace('flow two = "two.flow"', 'flow two = "main.flow"')
    texts = {FILE_NAME: ENTRY, "main.flow": flow("main", resets), "two.flow": flow("two", counting)}
    assert [code for _, code in found(texts)] == ["FL535"]
    texts["main.flow"] = texts["main.flow"].replace("  set rounds: 0\n", "")
    assert [code for _, code in found(texts)] == []
    texts["two.flow"] = texts["two.flow"].replace("integer = 0", "integer = 0 + 0")
    assert "FL535" in [code for _, code in found(texts)]


# --- links ------------------------------------------------------------------------------------


def test_a_flow_for_another_moment(found: Check) -> None:
    body = 'flow music = "music.flow"\nqueue desk = "Desk"\n\nstart:\n'
    body += "  set_flow {key}: music\n  transfer desk\n    on full -> hang_up\n"
    music = flow("music", 'start:\n  play "La la."\n  -> end_flow\n', "  type customer_whisper\n")
    project = ENTRY + "[queues.Desk]\n"

    def codes(key: str) -> list[tuple[str, str]]:
        main = flow("main", body.replace("{key}", key))
        texts = {FILE_NAME: project, "main.flow": main, "music.flow": music}
        return found({**texts, "music.flow": music.replace("-> end_flow", "-> end_flow")})

    assert codes("customer_whisper") == []
    assert codes("agent_whisper") == [("main.flow", "FL534")]


def test_customers_of_a_channel_that_the_next_flow_does_not_serve(found: Check) -> None:
    texts = {
        FILE_NAME: ENTRY,
        "main.flow": flow("main", to("next_one"), "  channels voice, chat\n"),
        "next_one.flow": flow("next_one", END, "  channels voice\n"),
    }
    assert found(texts) == [("main.flow", "FL532")]


def test_a_module_is_no_flow(found: Check) -> None:
    texts = {
        FILE_NAME: ENTRY,
        "main.flow": flow("main", to("part")),
        "part.flow": "module part\n\nstart:\n  return\n",
    }
    assert found(texts) == [("main.flow", "FL534")]


def test_flows_are_found_by_file_name_and_title(found: Check) -> None:
    for name in ("deep/two.flow", "deep/two", "second", "Second floor"):
        texts = {
            FILE_NAME: ENTRY,
            "main.flow": flow("main", to("two").replace('"two.flow"', f'"{name}"')),
            "deep/two.flow": 'flow second "Second floor"\n  on error -> hang_up\n\n' + END,
        }
        assert found(texts) == []
    near = {
        FILE_NAME: ENTRY,
        "main.flow": flow("main", to("two").replace('"two.flow"', '"deep/two"')),
        "deep/two.flow": flow("two", to("three")),
        "deep/three.flow": flow("three", END),
    }
    assert found(near) == []
    missing = {**near, "deep/two.flow": flow("two", to("thre"))}
    assert found(missing) == [("deep/two.flow", "FL520"), ("deep/three.flow", "FL533")]


def test_files_of_other_folders_are_seen_from_the_flow(found: Check) -> None:
    texts = {
        FILE_NAME: ENTRY.replace('"main"', '"./flows/../flows/main"'),
        "flows/main.flow": flow("main", to("two").replace('"two.flow"', '"../shared/two.flow"')),
        "shared/two.flow": flow("two", END),
    }
    assert found(texts) == []
    beyond = {**texts, "flows/main.flow": texts["flows/main.flow"].replace("../", "../../")}
    assert ("flows/main.flow", "FL520") in found(beyond)


def test_what_only_a_value_says_is_not_guessed() -> None:
    body = 'flow two = "two.flow"\nattribute goal: flow = two\n\nstart:\n  continue_in goal\n'
    texts = {FILE_NAME: ENTRY, "main.flow": flow("main", body), "two.flow": flow("two", END)}
    assert not report(texts).problems


# --- what is proved ---------------------------------------------------------------------------


def test_facts_of_the_whole() -> None:
    good = {FILE_NAME: ENTRY, "main.flow": flow("main", END)}
    assert {fact.check: fact.status for fact in report(good).facts} == dict.fromkeys(
        ("entries", "flows_reached", "links", "transfers"), "proved"
    )
    broken = {FILE_NAME: ENTRY, "main.flow": flow("main", to("main"))}
    statuses = {fact.check: fact.status for fact in report(broken).facts}
    assert statuses["transfers"] == "broken"
    unknown = {FILE_NAME: ENTRY, "main.flow": flow("main", "start:\n  teleport\n  -> hang_up\n")}
    assert {fact.status for fact in report(unknown).facts} == {"unknown"}


def test_a_project_without_flows_or_entries() -> None:
    assert report({FILE_NAME: 'name = "Empty"\n'}) == WholeReport()
    alone = {FILE_NAME: 'name = "Draft"\n', "main.flow": flow("main", END)}
    assert not report(alone).problems


def test_a_flow_that_cannot_be_read_stops_nothing() -> None:
    texts = {FILE_NAME: ENTRY, "main.flow": "flow main\n\nstart\n  ((((\n"}
    assert not report(texts).problems


# --- bots, functions, prompts -----------------------------------------------------------------

PYTHON = 'name = "Shop"\n[functions.crm]\npython = "crm.py:lookup"\n'
CALL = """\
function crm ({takes}) -> (tier: text)

start:
  crm {gives}
  play "{{crm.tier}}"
  -> hang_up
"""


@pytest.mark.parametrize(
    ("python", "takes", "reason"),
    [
        ("def lookup(phone): ...", "phone: phone", None),
        ("def lookup(phone, idempotency_key): ...", "phone: phone", None),
        ("def lookup(**all): ...", "phone: phone", None),
        ("from lib import lookup", "phone: phone", None),
        ("def lookup(phone, city): ...", "phone: phone", "missing"),
        ("def lookup(phones): ...", "phone: phone", ""),
    ],
)
def test_a_function_and_its_declaration(python: str, takes: str, reason: str | None) -> None:
    main = flow("main", CALL.format(takes=takes, gives="phone: caller.number"))
    texts = {FILE_NAME: PYTHON, "main.flow": main, "crm.py": python}
    problems = [problem for _, problem in problems_of(texts)]
    assert [problem.code for problem in problems] == ([] if reason is None else ["FL523"])
    assert [problem.arguments.get("reason", "") for problem in problems] == (
        [] if reason is None else [reason]
    )


def test_python_that_is_none() -> None:
    texts = {FILE_NAME: PYTHON, "crm.py": "def lookup(:\n"}
    ((path, problem),) = problems_of(texts)
    assert (path, problem.code, problem.arguments["reason"]) == (FILE_NAME, "FL524", "syntax")


def test_a_slot_of_another_type(found: Check) -> None:
    project = 'name = "Shop"\n[bots.Helper.intents.Book]\nutterances = ["on {day}"]\n'
    project += '[bots.Helper.intents.Book.slots.day]\ntype = "date"\n'
    body = 'bot helper = "Helper/live" (Book(day: {type}))\n\nstart:\n  talk helper, "When?"\n'
    body += "    on Book, no_match -> hang_up\n"

    def codes(type_: str) -> list[str]:
        main = flow("main", body.replace("{type}", type_))
        return [code for _, code in found({FILE_NAME: project, "main.flow": main})]

    assert codes("date") == []
    assert codes("number") == ["FL522"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('{ ko-KR = "안녕", en-US = "Hello" }', []),
        ('{ ko = "안녕", en = "Hello" }', []),
        ('"Hello"', []),
        ('{ ko-KR = "안녕" }', ["FL110"]),
    ],
)
def test_a_prompt_of_the_project(found: Check, text: str, codes: list[str]) -> None:
    project = f'name = "Shop"\n[prompts.Welcome]\ntext = {text}\n'
    body = 'prompt welcome = "Welcome"\n\nstart:\n  play welcome\n  -> hang_up\n'
    main = flow("main", body, "  languages ko-KR, en-US\n")
    assert [code for _, code in found({FILE_NAME: project, "main.flow": main})] == codes


@pytest.mark.parametrize(
    ("signature", "codes"),
    [
        ("(code: text) -> (staff: integer, lock_version: integer)", []),
        ("(city: text) -> (staff: number)", []),
        ("(code: text) -> (staff: date)", ["FL543"]),
        ("(code: integer) -> (staff: integer)", ["FL543"]),
        ("(cod: text) -> (staf: integer)", ["FL543", "FL543"]),
    ],
)
def test_a_table_and_its_declaration(found: Check, signature: str, codes: list[str]) -> None:
    project = 'name = "Shop"\n[tables.Branches]\nkey = ["code"]\n'
    project += 'columns = { code = "text", city = "text", staff = "integer" }\n'
    key, given = ("city", '"Seoul"') if "city:" in signature else ("code", '"S1"')
    key, given = ("cod", given) if "cod:" in signature else (key, given)
    given = "1" if "code: integer" in signature else given
    body = f'table branches = "Branches" {signature}\n\nstart:\n  branches {key}: {given}\n'
    body += "    on none -> hang_up\n  -> hang_up\n"
    assert [code for _, code in found({FILE_NAME: project, "main.flow": flow("main", body)})] == (
        codes
    )


def test_a_name_of_an_environment_is_known(found: Check) -> None:
    project = 'name = "Shop"\n[environments.live.names.queue]\nDesk = "arn:aws:connect:x"\n'
    body = 'queue desk = "Desk"\n\nstart:\n  transfer desk\n    on full -> hang_up\n'
    assert found({FILE_NAME: project, "main.flow": flow("main", body)}) == []


def test_a_name_that_nobody_has_is_told_once(found: Check) -> None:
    project = 'name = "Shop"\n[queues.Sales]\n[environments.live.names.queue]\nSales = "arn:x"\n'
    body = 'queue desk = "Desk"\n\nstart:\n  transfer desk\n    on full -> hang_up\n'
    assert found({FILE_NAME: project, "main.flow": flow("main", body)}) == [("main.flow", "FL520")]


@pytest.mark.parametrize(
    ("number", "codes"),
    [("+8215880000", []), ("+8225550000", []), ("+8215889999", ["FL525"])],
)
def test_numbers_that_customers_see_are_ours(found: Check, number: str, codes: list[str]) -> None:
    project = 'name = "Shop"\noutbound_numbers = ["+8225550000"]\n[entries.phone]\n'
    project += 'flow = "main"\nchannels = ["voice"]\nnumber = "+8215880000"\n'
    body = f'start:\n  transfer_phone "+821012345678", caller_number: "{number}"\n'
    body += "    on failed -> hang_up\n  -> hang_up\n"
    texts = {FILE_NAME: project, "main.flow": flow("main", body)}
    assert [code for _, code in found(texts)] == codes
    silent = {**texts, FILE_NAME: 'name = "Shop"\n'}
    assert found(silent) == []


# --- the map ----------------------------------------------------------------------------------

MAPPED = {
    FILE_NAME: ENTRY + 'number = "+8215880000"\n[queues.Desk]\n',
    "main.flow": flow(
        "main",
        'flow evening = "evening.flow"\nflow music = "music.flow"\nmodule check = "check.flow"\n'
        'queue desk = "Desk"\n\nstart:\n  check\n  set_flow customer_whisper: music\n'
        "  transfer desk\n    on full -> later\n\nlater:\n  continue_in evening\n",
    ),
    "evening.flow": flow("evening", END),
    "music.flow": flow("music", "start:\n  end_flow\n", "  type customer_whisper\n"),
    "check.flow": "module check\n\nstart:\n  return\n",
}


def test_the_map_in_signs() -> None:
    assert as_text(map_of(whole(MAPPED))) == (
        "Shop\n"
        "  phone  voice +8215880000 → main\n"
        "  main (main.flow)\n"
        "    ⇄ check (start.check)\n"
        "    ⤳ music (start.set_flow)\n"
        "    → evening (later.continue_in)\n"
        "    queue: Desk\n"
        "  evening (evening.flow)\n"
        "  music (music.flow)\n"
        "  check (check.flow)"
    )


def test_the_map_as_data() -> None:
    found = map_of(whole(MAPPED)).as_json()
    assert found["entries"] == (
        {"name": "phone", "channels": ("voice",), "number": "+8215880000", "flow": "main.flow"},
    )
    main = found["flows"][0]
    assert [(way["how"], way["flow"], way["step"]) for way in main["leads"]] == [
        ("call", "check.flow", "start.check"),
        ("hook", "music.flow", "start.set_flow"),
        ("transfer", "evening.flow", "later.continue_in"),
    ]
    assert main["resources"] == {"queue": ("Desk",)}


def test_the_map_as_a_picture() -> None:
    assert to_mermaid(map_of(whole(MAPPED))) == (
        "flowchart LR\n"
        '  n0(["phone<br/>voice #43;8215880000"])\n'
        '  n1["main"]\n'
        '  n2["evening"]\n'
        '  n3["music"]\n'
        '  n4[["check"]]\n'
        '  n5[("Desk")]\n'
        "  n0 --> n1\n"
        "  n1 -.-> n4\n"
        "  n1 -.- n3\n"
        "  n1 --> n2\n"
        "  n1 --> n5\n"
    )
    dot = to_dot(map_of(whole(MAPPED)))
    assert dot.count("->") == 5
    assert "shape=cylinder" in dot
    gone = {**MAPPED, FILE_NAME: ENTRY.replace('"main"', '"gone"')}
    assert '["#63;"]' in to_mermaid(map_of(whole(gone)))


# --- hostile files ----------------------------------------------------------------------------

PIECES = (
    *MAPPED.values(),
    flow("main", to("main")),
    "module main\n\nstart:\n  main\n  return\n",
    'flow a = "b"\nflow a = 3\nmodule m\n\nstart:\n  continue_in 3\n  m\n  set_flow a: m\n',
    'policy "x": record before ((\n',
    "((((",
    "",
)
NAMES = ("main.flow", "evening.flow", "music.flow", "sub/check.flow", "x.policy.flow")


@given(
    toml=st.sampled_from((ENTRY, MAPPED[FILE_NAME], 'name = "Shop"\n')),
    texts=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(PIECES), max_size=5),
)
@settings(max_examples=60, deadline=None)
def test_no_project_is_too_odd(toml: str, texts: dict[str, str]) -> None:
    project = whole({FILE_NAME: toml, **texts})
    for path, problems in check_project(project).problems.items():
        assert path in (FILE_NAME, *texts)
        assert all(problem.place is not None for problem in problems)
    to_mermaid(map_of(project))


# --- loops over modules -----------------------------------------------------------------------

OVER = 'module part = "part.flow"\n\nstart:\n  part\n    on back -> start\n  -> hang_up\n'


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("start:\n  return back\n", ["FL231"]),
        (
            f"start:\n{ASK}    on error -> other\n  return back\n\nother:\n  return back\n",
            ["FL231"],
        ),
        (f"start:\n{ASK}    on error -> hang_up\n  return back\n", []),
        (
            "start:\n  repeat 2\n    on again -> start\n    on done -> next\n  return back\n",
            ["FL231"],
        ),
        ('module inner = "inner.flow"\n\nstart:\n  inner\n  return back\n', ["FL231"]),
        ('module deep = "deep.flow"\n\nstart:\n  deep\n  return back\n', []),
    ],
)
def test_a_loop_over_a_module_is_as_fast_as_the_module(
    found: Check, body: str, codes: list[str]
) -> None:
    texts = {
        FILE_NAME: ENTRY,
        "main.flow": flow("main", OVER),
        "part.flow": f"module part\n  outcomes back\n  on error -> hang_up\n\n{body}",
        "inner.flow": "module inner\n\nstart:\n  return\n",
        "deep.flow": 'module deep\n\nmodule inner = "inner.flow"\n\nstart:\n  inner\n'
        f"{ASK}    on error -> hang_up\n  return\n",
    }
    assert [code for _, code in found(texts) if code == "FL231"] == codes

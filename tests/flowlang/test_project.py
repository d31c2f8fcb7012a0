"""The project file: what it says, and what is wrong with it and where."""

import re
import sys
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.render import to_text
from flowlang.project import FILE_NAME, Hours, Project, load, read, said
from flowlang.project.places import key_places

EXAMPLE = Path(__file__).parents[2] / "examples" / "support"
SEOUL = ZoneInfo("Asia/Seoul")


def only_problem(text: str) -> tuple[str, str, Problem]:
    """The code of the one problem, the text that it marks, the problem."""
    _, problems = read(text)
    (problem,) = problems
    assert problem.place is not None
    start, end = problem.place.offsets
    for language in ("en", "ko"):
        assert "{" not in words.message(problem, language)
        assert words.message(problem, language) != problem.code
    return problem.code, text[start:end], problem


def project_of(text: str) -> Project:
    project, problems = read(text)
    assert not problems
    assert project is not None
    return project


# --- the example ------------------------------------------------------------------------------


def test_the_example_loads() -> None:
    project, problems = load(EXAMPLE)
    assert not problems
    assert project is not None
    entry = project.entry()
    assert entry is not None
    assert entry.flow_file == "support.flow"
    assert said(project.queues["Billing"].title, "ko-KR") == "요금 문의"
    assert {agent.name for agent in project.agents.values()} == {"한지우", "김서연"}
    assert project.entry_at("voice", "+8215880000") == ("hotline", project.entries["hotline"])
    assert project.entry_at("sms", "+8215880000") is None
    assert project.hours["Office hours"].timezone == "Asia/Seoul"


def test_the_example_finds_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = spec_from_file_location("crm", EXAMPLE / "functions" / "crm.py")
    assert spec is not None
    assert spec.loader is not None
    crm: Any = module_from_spec(spec)
    spec.loader.exec_module(crm)
    gold = {"tier": "gold", "balance": 4_820_000}
    assert crm.lookup(phone="+821012345678") == gold
    assert crm.lookup(phone="010-1234-5678") == gold
    assert crm.lookup(phone="+19999999999") == {"tier": "standard", "balance": 0}
    assert crm.lookup(phone="anonymous") == {"tier": "standard", "balance": 0}


# --- hours ------------------------------------------------------------------------------------


def hours(**values: Any) -> Hours:
    return Hours.model_validate({"timezone": "Asia/Seoul", **values})


OFFICE = Hours.model_validate(
    {
        "timezone": "Asia/Seoul",
        **{day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": {"2026-09-25": "추석", "2026-10-05": "개천절 대체공휴일"},
    }
)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20 08:59", False),
        ("2026-11-20 09:00", True),
        ("2026-11-20 17:59", True),
        ("2026-11-20 18:00", False),
        ("2026-11-21 10:00", False),
        ("2026-09-25 10:00", False),
        ("2026-10-05 10:00", False),
    ],
)
def test_an_office_keeps_its_hours(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(datetime.fromisoformat(moment).replace(tzinfo=SEOUL)) is is_open


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def test_hours_count_in_their_own_time_zone() -> None:
    table = hours(fri=["09:00-18:00"])
    assert table.is_open(datetime(2026, 11, 20, 0, 0, tzinfo=UTC))
    assert not table.is_open(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


def test_a_lunch_break() -> None:
    table = hours(fri=["09:00-12:00", "13:00-18:00"])
    assert table.is_open(seoul("2026-11-20 11:59"))
    assert not table.is_open(seoul("2026-11-20 12:30"))
    assert table.next_open(seoul("2026-11-20 12:30")) == seoul("2026-11-20 13:00")


def test_a_night_shift_goes_on_behind_midnight() -> None:
    table = hours(fri=["22:00-02:00"])
    assert table.is_open(seoul("2026-11-20 23:00"))
    assert table.is_open(seoul("2026-11-21 01:59"))
    assert not table.is_open(seoul("2026-11-21 02:00"))
    assert not table.is_open(seoul("2026-11-20 01:00"))


@pytest.mark.parametrize("span", ["00:00-24:00", "00:00-00:00", "00:00 - 24:00"])
def test_the_whole_day(span: str) -> None:
    table = hours(fri=[span])
    assert table.is_open(seoul("2026-11-20 00:00"))
    assert table.is_open(seoul("2026-11-20 23:59"))
    assert not table.is_open(seoul("2026-11-21 00:00"))


def test_special_days_count_before_holidays_and_the_week() -> None:
    table = hours(
        thu=["09:00-18:00"],
        holidays={"2026-12-31": "종무일"},
        special={"2026-12-31": ["09:00-13:00"], "2027-01-02": ["10:00-12:00"]},
    )
    assert table.is_open(seoul("2026-12-31 12:00"))
    assert not table.is_open(seoul("2026-12-31 14:00"))
    assert table.next_open(seoul("2026-12-31 14:00")) == seoul("2027-01-02 10:00")


def test_when_it_is_open_next() -> None:
    table = hours(mon=["09:00-18:00"], fri=["09:00-18:00"], holidays=[date(2026, 11, 23)])
    at = seoul("2026-11-20 10:00")
    assert table.next_open(at) == at
    assert table.next_open(seoul("2026-11-20 07:00")) == seoul("2026-11-20 09:00")
    assert table.next_open(seoul("2026-11-20 19:00")) == seoul("2026-11-27 09:00")
    assert hours().next_open(at) is None


def test_an_opening_that_the_clock_skips() -> None:
    table = Hours.model_validate({"timezone": "Europe/Berlin", "sun": ["02:30-04:00"]})
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    opening = table.next_open(before)
    assert opening is not None
    assert (opening.date(), opening.time()) == (date(2026, 3, 29), time(3, 30))


@given(
    week=st.lists(st.sampled_from(["", "09:00-18:00", "22:00-03:00", "00:00-24:00"]),
                  min_size=7, max_size=7),
    minutes=st.integers(0, 60 * 24 * 14),
)  # fmt: skip
def test_the_next_opening_is_open_and_the_first(week: list[str], minutes: int) -> None:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    table = hours(**{name: [span] for name, span in zip(names, week, strict=True) if span})
    at = seoul("2026-11-20 00:00") + timedelta(minutes=minutes)
    opening = table.next_open(at)
    if opening is None:
        assert not any(week)
        return
    assert table.is_open(opening)
    assert opening >= at
    if opening > at:
        assert not table.is_open(opening - timedelta(minutes=1))
        halfway = at + (opening - at) / 2
        assert not table.is_open(halfway)


# --- what is wrong ----------------------------------------------------------------------------

START = 'name = "Shop"\n'


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ('name = "x"\nlanguages = [', "FL353", ""),
        ("name = 'x'\nname = 'y'", "FL353", ""),
        ("", "FL355", ""),
        (START + 'langauges = ["ko-KR"]', "FL354", "langauges"),
        (START + '[queues."Billing"]\ncapcity = 3', "FL354", "capcity"),
        (START + '[queues."Billing"]\ncapacity = "many"', "FL356", "capacity"),
        (START + "[queues.Billing]\ncapacity = -1", "FL356", "capacity"),
        (START + 'timezone = "Asia/Soul"', "FL356", "timezone"),
        (START + 'timezone = "../../etc/passwd"', "FL356", "timezone"),
        (START + 'timezone = "Asia/Soul"\n[hours.a]\nmon = ["09:00-10:00"]', "FL356", "timezone"),
        (START + '[hours."Office hours"]\nmon = ["9-18"]', "FL356", "mon"),
        (START + '[hours.a]\nmon = ["25:00-26:00"]', "FL356", "mon"),
        (START + "[hours.a.holidays]\n2026-02-30 = 'x'", "FL356", "2026-02-30"),
        (START + "[hours.a]\nholidays = [[2026-01-01]]", "FL356", "holidays"),
        (START + '[entries.web]\nflow = "a"\nchannels = ["fax"]', "FL356", "channels"),
        (START + '[entries.web]\nflow = "a"\nchannels = [["chat"]]', "FL356", "channels"),
        (START + '[entries.web]\nflow = "a"\nchannels = []', "FL356", "channels"),
        (START + '[entries.web]\nchannels = ["chat"]', "FL355", "entries.web"),
        (
            START + '[entries.a]\nflow = "a"\nchannels = ["sms"]\nnumber = "1588-0000"',
            "FL356",
            "number",
        ),
        (START + '[functions.crm]\npython = "os.system"', "FL356", "python"),
        (START + '[functions.crm]\nurl = "ftp://x"', "FL356", "url"),
        (START + "[functions.crm]\ntimeout_s = 3", "FL356", "functions.crm"),
        (START + '[functions.crm]\npython = "a.py:b"\ntimeout_s = 9', "FL356", "timeout_s"),
        (START + '[bots.a.intents.Hello]\nutterances = 3', "FL356", "utterances"),
        (START + '[bots.a]\nfallback = "?"', "FL355", "bots.a"),
        (START + 'default_entry = "web"', "FL357", "default_entry"),
        (START + '[queues.a]\nhours = "Office"\n[hours."Office hours"]', "FL357", "hours"),
        (START + '[agents.kim]\nname = "Kim"\nqueues = ["Biling"]\n[queues.Billing]', "FL357",
         "queues"),
        (START + 'agents = 3', "FL356", "agents"),
        (START + 'hours = 3', "FL356", "hours"),
        (START + 'hours = { a = 3 }', "FL356", "hours"),
    ],
)  # fmt: skip
def test_a_problem_stands_at_its_key(text: str, code: str, marked: str) -> None:
    found_code, found, _ = only_problem(text)
    assert found_code == code
    if marked:
        assert found == marked


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (START + 'langauges = ["ko-KR"]', "languages"),
        (START + "[queues.Billing]\ncapcity = 3", "capacity"),
        (START + '[entries.web]\nflow = "a"\nchannels = ["chat"]\nnumbr = "+8215880000"', "number"),
        (START + "[hours.a]\nholydays = [2026-01-01]", "holidays"),
        (START + '[bots.a.intents.Hello]\nutterances = ["hi"]\nslot = {}', "slots"),
        (START + '[agents.kim]\nname = "K"\nqueues = ["Biling"]\n[queues.Billing]', "Billing"),
        (START + "[queues.Billing]\n[qeues.Sales]", "queues"),
        (START + "languages = ['ko-KR']\nlangauges = ['en-US']", None),
        (START + "something_else_entirely = 1", None),
    ],
)
def test_did_you_mean(text: str, suggestion: str | None) -> None:
    _, _, problem = only_problem(text)
    assert problem.arguments["suggestion"] == suggestion


def test_of_a_file_that_is_not_there_no_line_is_shown(tmp_path: Path) -> None:
    _, (problem,) = load(tmp_path)
    told = to_text(problem, "", "shop/flowlang.toml", "en").splitlines()
    assert problem.code == "FL352"
    assert told[1:-1] == ["  --> shop/flowlang.toml"]


def test_problems_do_not_hide_each_other() -> None:
    text = START + "[queues.a]\ncapacity = -1\nrings = 3\n[agents.b]\nqueues = 4\n"
    _, problems = read(text)
    assert sorted(problem.code for problem in problems) == ["FL354", "FL355", "FL356", "FL356"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('default_entry = "web"\n[queues.a]\ncapacity = -1\n', ["FL356", "FL357"]),
        ('[queues.a]\ncapacity = -1\nhours = "Office"\n[hours.a]\n', ["FL356"]),
        ('[queues.a]\nhours = "Office"\n[hours.b]\nmon = ["x"]\n', ["FL356"]),
        (
            '[queues.a]\noutbound_number = "+8215880000"\n[entries.b]\nflow = "b"\n',
            ["FL355"],
        ),
        ('timezone = "Mars"\n[agents.a]\nname = "A"\nqueues = ["b"]\n', ["FL356", "FL357"]),
        ('[functions.a]\nurl = "https://a.b/c"\n[http]\nhosts = 3\n', ["FL356"]),
    ],
)
def test_a_table_that_does_not_fit_hides_no_other(text: str, codes: list[str]) -> None:
    project, problems = read(START + text)
    assert project is None
    assert sorted(problem.code for problem in problems) == codes


def test_the_place_of_what_is_not_toml() -> None:
    _, _, problem = only_problem('name = "x"\nlanguages = nonsense\n')
    assert problem.place is not None
    assert problem.place.first.line == 2


def test_the_project_is_there_although_a_name_is_unknown() -> None:
    project, problems = read(START + 'default_entry = "web"')
    assert project is not None
    assert [problem.code for problem in problems] == ["FL357"]


# --- files ------------------------------------------------------------------------------------


def write(folder: Path, text: str) -> None:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


def test_no_file(tmp_path: Path) -> None:
    project, (problem,) = load(tmp_path)
    assert project is None
    assert problem.code == "FL352"
    assert FILE_NAME in words.message(problem, "ko")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'name = "\xff\xfe"')
    assert [problem.code for problem in load(tmp_path)[1]] == ["FL351"]
    write(tmp_path, "#" * 1_100_000)
    assert [problem.code for problem in load(tmp_path)[1]] == ["FL350"]
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    assert [problem.code for problem in load(tmp_path)[1]] == ["FL352"]


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xef\xbb\xbf" + START.encode())
    assert not load(tmp_path)[1]


def test_files_of_the_project_exist_inside_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (tmp_path / "outside.py").touch()
    (folder / "web.flow").touch()
    text = (
        START
        + """
[entries.web]
flow = "web"
channels = ["chat"]
[entries.phone]
flow = "phone.flow"
channels = ["voice"]
[functions.crm]
python = "crm.py:lookup"
[functions.other]
python = "../outside.py:lookup"
"""
    )
    write(folder, text)
    _, problems = load(folder)
    assert [problem.code for problem in problems] == ["FL358"] * 3
    assert [problem.arguments["path"] for problem in problems] == [
        "phone.flow", "crm.py", "../outside.py",
    ]  # fmt: skip
    lines = [problem.place.first.line for problem in problems if problem.place]
    assert lines == [7, 10, 12]


# --- small things -----------------------------------------------------------------------------


def test_a_text_for_every_language() -> None:
    both = {"ko": "안녕", "en": "Hello"}
    assert said(both, "ko-KR") == "안녕"
    assert said(both, "en-GB") == "Hello"
    assert said(both, "fr-FR") == "안녕"
    assert said({"ko-KR": "안녕", "": "Hello"}, "ko") == "Hello"
    assert said({"en-US": "Hello", "ko-KR": "안녕"}, "ko") == "안녕"
    assert said({}, "ko") == ""


def test_short_spellings() -> None:
    project = project_of(
        START
        + """
[queues.a]
title = "Sales"
[bots.b.intents.Hello]
utterances = ["hi"]
slots = { colour = { values = ["red", "blue"] } }
"""
    )
    assert project.queues["a"].title == {"": "Sales"}
    hello = project.bots["b"].intents["Hello"]
    assert hello.utterances == {"": ("hi",)}
    assert hello.slots["colour"].values == {"red": (), "blue": ()}


def test_the_entry_without_a_name() -> None:
    entries = '[entries.a]\nflow = "a"\nchannels = ["chat"]\n[entries.b]\nflow = "b"\n'
    entries += 'channels = ["chat"]\n'
    first, second = (
        project_of(START + entries),
        project_of(START + 'default_entry = "b"\n' + entries),
    )
    assert first.entry() == first.entries["a"]
    assert second.entry() == second.entries["b"]
    assert second.entry("a") == second.entries["a"]
    assert second.entry("c") is None
    assert project_of(START).entry() is None


# --- places of keys ---------------------------------------------------------------------------


def test_keys_are_found_behind_strings_lists_and_comments() -> None:
    text = '''
a = """
b = 1
""" # c = 2
d.e = [
  "x = 1", # y = 2
  { z = 3 },
]
'f g' = 4
["h".'i']
j = '[k]'
[[l]]
m = 1
[[l]]
m = 2
'''
    places = key_places(text)
    assert set(places.found) == {
        ("a",), ("d",), ("d", "e"), ("f g",), ("h",), ("h", "i"), ("h", "i", "j"),
        ("l",), ("l", 0), ("l", 0, "m"), ("l", 1), ("l", 1, "m"),
    }  # fmt: skip
    assert places.nearest(("l", 1, "m")).first.line == 15
    assert places.nearest(("h", "i", "unknown")).first.line == 10
    assert places.nearest(("unknown",)).offsets == (0, 0)


KEYS = st.one_of(st.sampled_from(["name", "hours", "queues", "Office hours", "한글", "a.b"]),
                 st.text(max_size=4))  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def toml(value: Any) -> str:
    match value:
        case None:
            return "1.5"
        case bool():
            return str(value).lower()
        case str():
            escaped = "".join(f"\\U{ord(letter):08X}" for letter in value)
            return f'"{escaped}"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{toml(key)} = {toml(item)}' for key, item in value.items())}}}"
        case _:
            return str(value)


@given(data=st.dictionaries(st.sampled_from(list(Project.model_fields)), VALUES, max_size=5))
@example(data={"hours": {"a": {"timezone": 3}}, "name": ""})
def test_no_file_is_too_odd(data: dict[str, Any]) -> None:
    text = "\n".join(f"{key} = {toml(value)}" for key, value in data.items())
    tomllib.loads(text)
    project, problems = read(text)
    assert (project is None) <= bool(problems)
    for problem in problems:
        for language in ("en", "ko"):
            assert not re.search(r"\{\w*\}", words.message(problem, language))


@given(st.text(alphabet="ab=[]{}\"'#\n.\\ 1,", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    key_places(text)
    _, problems = read(text)
    assert problems, "a project has a name at least"

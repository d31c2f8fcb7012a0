"""Trying a flow, with the engine that serves live contacts."""

from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from designer.page.trying import address_of, keep_as_test, new_tryout, path_of
from designer.session import Session
from designer.trying.answers import Answerer
from designer.trying.tryout import TryOut
from designer.words import Language
from designer.workspace import Workspace
from runtime.testing.suite import find_files, run_files

PROJECT = """\
name = "Acorn"
languages = ["en-US", "ko-KR"]
timezone = "Asia/Seoul"

[queues."Bills"]

[functions."crm-lookup"]
python = "crm.py:find"

[tables."Rates"]
key = ["product"]
columns = { product = "text", rate = "text" }
rows = [{ product = "loan", rate = "4.9" }]
"""
CRM = """\
def find(phone):
    return {"tier": "silver", "balance": 7}
"""
FLOW = """\
flow demo "Demo"
  channels voice, chat
  language en-US
  on error -> sorry

attribute limit: number = 50
queue bills = "Bills"
function crm = "crm-lookup" (phone: phone) -> (tier: "gold" | "silver", balance: number)
table rates = "Rates" (product: text) -> (rate: text)
bot helper = "Helper" (Pay(sum: number), Ask)
module verify = "verify.flow"

start:
  crm phone: caller.number
  branch crm.tier
    on "gold" -> gold
    on "silver" -> silver

gold:
  branch crm.balance
    on > limit -> rich
    otherwise -> menu

rich:
  play "You are rich."
  -> menu

silver:
  branch
    when caller.name == "Kim" -> kim
    otherwise -> menu

kim:
  play "Hello Kim."
  -> menu

menu:
  ask "Press a key."
    on "1" -> price
    on "2" -> talking
    on "3" -> person
    on "4" -> checked
    on "5" -> voice
    on "6" -> profile
    on timeout, no_match -> sorry

price:
  rates product: "loan"
    on none -> sorry
  play "It is {rates.rate}."
  -> menu

talking:
  talk helper, "What for?"
    on Pay -> paid
    on Ask, no_match -> sorry

paid:
  play "Paid {helper.sum}."
  -> menu

person:
  transfer bills
    on full -> busy

busy:
  play "All are busy."
  -> hang_up

checked:
  verify
    on failed -> sorry
  play "Thank you."
  -> menu

voice:
  check_voice identity, threshold: 90
    on authenticated -> known
    on not_authenticated, inconclusive, not_enrolled, opted_out -> sorry

known:
  play "It is you."
  -> menu

profile:
  found = find_profile phone: caller.number
    on none, several -> sorry
  play "Hello {found.first_name}."
  -> menu

sorry:
  play "Sorry."
  -> hang_up
"""
VERIFY = """\
module verify "Who it is"
  outcomes failed
  on error -> unknown

start:
  ask "Your PIN, please.", digits: 4
    on "1234" -> known
    on timeout, no_match -> unknown

known:
  play "Right."
  return

unknown:
  return failed
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "demo.flow").write_text(FLOW, encoding="utf-8")
    (tmp_path / "verify.flow").write_text(VERIFY, encoding="utf-8")
    (tmp_path / "crm.py").write_text(CRM, encoding="utf-8")
    return tmp_path


@pytest.fixture
def session(folder: Path) -> Session:
    return Session(folder / "demo.flow", catalogue())


@pytest.fixture
def tried(session: Session, folder: Path) -> TryOut:
    return new_tryout(session, folder / "demo.flow")


def answerer(tried: TryOut, name: str) -> Answerer:
    return next(it for it in tried.answers if it.name == name)


def said(tried: TryOut, side: str = "flow", language: Language = "en") -> list[str]:
    return [bubble.text for bubble in tried.bubbles(language) if bubble.side == side]


def last(tried: TryOut) -> str:
    return said(tried)[-1]


# --- why ----------------------------------------------------------------------------------------


def test_a_value_says_why_a_way_was_taken(tried: TryOut) -> None:
    assert 'crm.tier = "gold" → gold' in said(tried, "why")
    assert "crm.balance = 100, limit = 50 → > limit" in said(tried, "why")
    assert tried.pills("", "en")["start.branch"] == 'crm.tier = "gold" → gold'


def test_conditions_say_what_they_read(tried: TryOut) -> None:
    tried.put(answerer(tried, "crm"), "tier", "silver")
    assert 'caller.name = "" → otherwise' in said(tried, "why")
    tried.restart(name="Kim")
    assert 'caller.name = "Kim" → when caller.name == "Kim"' in said(tried, "why")
    assert "Hello Kim." in said(tried)


def test_a_service_says_why_in_both_languages(tried: TryOut) -> None:
    tried.press("5")
    [english] = [why for why in said(tried, "why") if "score" in why]
    assert english == 'identity · state = "authenticated", score = 95 → recognised'
    [korean] = [why for why in said(tried, "why", "ko") if "score" in why]
    assert korean.endswith("→ 본인")


def test_opening_hours_say_when_it_was(folder: Path) -> None:
    hours = 'hours office = "Office"\n\nstart:\n  check_hours office\n    on closed -> sorry\n'
    text = FLOW.replace("start:\n", hours, 1)
    (folder / "demo.flow").write_text(text, encoding="utf-8")
    project = PROJECT + '\n[hours."Office"]\nfri = ["09:00-18:00"]\n'
    (folder / "flowlang.toml").write_text(project, encoding="utf-8")
    tried = new_tryout(Session(folder / "demo.flow", catalogue()), folder / "demo.flow")
    assert "Office · 2026-11-20 10:00 → open" in said(tried, "why")
    tried.restart(at=tried.caller.at.replace(hour=20))
    assert "Office · 2026-11-20 20:00 → closed" in said(tried, "why")


# --- who answers --------------------------------------------------------------------------------


def test_a_function_answers_by_hand_fails_and_takes_too_long(tried: TryOut) -> None:
    crm = answerer(tried, "crm")
    assert crm.modes == ("answers", "project", "fails", "slow")
    tried.put(crm, "balance", "10")
    assert "You are rich." not in said(tried)
    for mode in ("fails", "slow"):
        tried.answer(crm, mode=mode)
        assert last(tried) == "Sorry."
    tried.answer(crm, mode="answers")
    assert last(tried) == "Press a key."


def test_the_projects_own_function_answers(tried: TryOut) -> None:
    tried.answer(answerer(tried, "crm"), mode="project")
    [effect] = tried.unanswered()
    assert said(tried) == []
    tried.answered(effect, tried.ask_project(effect))
    assert tried.unanswered() == []
    assert 'crm.tier = "silver" → silver' in said(tried, "why")
    tried.press("1")
    assert tried.unanswered() == [], "nobody is asked the same twice"
    tried.answer(answerer(tried, "crm"), mode="answers")
    assert answerer(tried, "crm").entries[0].value == "silver", "from there one goes on"


def test_a_table_answers_from_the_project_by_hand_or_not_at_all(tried: TryOut) -> None:
    rates = answerer(tried, "rates")
    tried.press("1")
    assert said(tried)[-2:] == ["It is 4.9.", "Press a key."]
    tried.answer(rates, mode="answers")
    assert said(tried)[-2] == "It is 4.9.", "what the project said is there to be changed"
    tried.put(rates, "rate", "5.5")
    assert said(tried)[-2] == "It is 5.5."
    tried.answer(rates, mode="refuses")
    assert last(tried) == "Sorry."


def test_a_bot_understands_by_hand(tried: TryOut) -> None:
    helper = answerer(tried, "helper")
    assert helper.modes == ("understands", "misses", "fails"), "the project has no such bot"
    tried.press("2")
    tried.put(helper, "sum", "30")
    tried.say("I want to pay")
    assert said(tried)[-2] == "Paid 30."
    tried.put(helper, "", "Ask")
    assert last(tried) == "Sorry."


def test_a_voice_is_recognised_by_its_score(tried: TryOut) -> None:
    tried.press("5")
    assert "It is you." in said(tried)
    voice = answerer(tried, "voice_identity")
    tried.put(voice, "score", "41")
    assert last(tried) == "Sorry."
    tried.answer(voice, mode="state")
    tried.put(voice, "state", "authenticated")
    assert "It is you." in said(tried)


def test_a_service_that_was_asked_can_be_answered_by_hand(tried: TryOut) -> None:
    assert "profiles" not in [it.name for it in tried.answers]
    tried.press("6")
    assert last(tried) == "Sorry.", "there is no such profile yet"
    profiles = answerer(tried, "profiles")
    tried.answer(profiles, mode="answers")
    tried.put(profiles, "first_name", "Kim")
    assert "Hello Kim." in said(tried)
    tried.put(profiles, "first_name", "")
    assert "Hello Kim." not in said(tried)
    tried.answer(profiles, mode="refuses")
    tried.put(profiles, "reason", "multiple_found")
    assert last(tried) == "Sorry."


def test_a_queue_is_full(tried: TryOut) -> None:
    tried.press("3")
    tried.agent_accepts()
    assert "한지우" in [bubble.text for bubble in tried.bubbles("en")]
    tried.answer(answerer(tried, "bills"), mode="full")
    assert last(tried) == "All are busy."


# --- going back and on --------------------------------------------------------------------------


def test_a_step_back_takes_the_last_deed_back(tried: TryOut) -> None:
    assert not tried.can_step_back
    tried.press("1")
    tried.press("5")
    tried.step_back()
    assert "It is you." not in said(tried)
    assert "It is 4.9." in said(tried)
    tried.step_back()
    assert said(tried)[-1:] == ["Press a key."]
    assert not tried.can_step_back


def test_one_goes_on_in_the_changed_flow(tried: TryOut, session: Session) -> None:
    tried.put(answerer(tried, "crm"), "balance", "70")
    tried.press("1")
    session.replace_text(session.text.replace("It is {", "Now it is {").replace("50", "80"))
    tried.flow_changed()
    assert "You are rich." not in said(tried)
    assert "Now it is 4.9." in said(tried)
    assert answerer(tried, "crm").entries[1].value == "70", "answers stay"


def test_what_changed_is_marked(tried: TryOut) -> None:
    tried.press("1")
    rows = {row.name: row for row in tried.values()}
    assert rows["rates.rate"].is_new
    assert rows["rates.rate"].now == "4.9"
    assert not rows["crm.tier"].is_new
    tried.press("5")
    assert not any(row.is_new for row in tried.values() if row.name.startswith("rates"))


def test_the_caller_is_somebody_else(tried: TryOut) -> None:
    tried.press("1")
    tried.restart(channel="whatsapp", name="Kim", number="+821000000000", language="ko-KR")
    assert tried.deeds == []
    contact = tried.simulator.contact
    assert (contact.channel, contact.name, contact.language) == ("whatsapp", "Kim", "ko-KR")
    assert tried.languages == ["en-US", "ko-KR"]


# --- modules ------------------------------------------------------------------------------------


def test_a_module_that_runs_is_shown(tried: TryOut, folder: Path) -> None:
    assert [crumb.title for crumb in tried.crumbs()] == ["Demo"]
    tried.press("4")
    assert [(it.flow, it.title, it.step) for it in tried.crumbs()] == [
        ("", "Demo", "checked.verify"),
        ("verify.flow", "Who it is", "start.ask"),
    ]
    caller = path_of(tried, folder / "demo.flow", "en")
    assert caller["now"] == "checked.verify"
    assert caller["pills"]["checked.verify"] == "▸ Who it is · start.ask"
    inside = path_of(tried, folder / "verify.flow", "en")
    assert (inside["now"], inside["blocks"]) == ("start.ask", ["start.ask"])
    for key in "1234":
        tried.press(key)
    assert path_of(tried, folder / "verify.flow", "en")["now"] is None
    assert said(tried)[-3:] == ["Right.", "Thank you.", "Press a key."]
    assert not any(row.is_new for row in tried.values()), "what comes back did not change"


def test_the_page_of_a_module_is_found(folder: Path) -> None:
    [listed, *_] = Workspace(folder.parent, catalogue()).flows()
    place = (folder / "verify.flow").resolve()
    assert address_of(place, listed) == f"{folder.name}/verify.flow"
    assert address_of(Path("/elsewhere/verify.flow"), listed) is None


# --- tests --------------------------------------------------------------------------------------


def test_a_conversation_becomes_a_test_that_passes(tried: TryOut, folder: Path) -> None:
    tried.restart(language="ko-KR", number="+821022223333")
    tried.put(answerer(tried, "crm"), "tier", "gold")
    tried.answer(answerer(tried, "rates"), mode="answers")
    tried.put(answerer(tried, "rates"), "rate", "3.3")
    for key in "15":
        tried.press(key)
    tried.press("4")
    for key in "1234":
        tried.press(key)
    tried.press("3")
    assert keep_as_test(tried) == "demo.test.flow"
    [report] = run_files(find_files([folder]))
    assert [str(it.failure) for it in report.results if it.failure] == []
    assert len(report.results) == 1
    assert not report.problems

"""Outcomes that one click adds."""

from blocks.catalogue import catalogue
from designer.page.adopting import adoptable
from flowlang.edits import Change, Flow, apply, perform
from flowlang.project import Project
from flowlang.syntax.parser import parse
from flowlang.wiring import WiredStep

FLOW = """\
flow demo
  on error -> hang_up

bot helper = "Helper" (Ask)

start:
  talk helper, "What for?"
    on no_match -> hang_up
  -> hang_up
"""
PROJECT = Project.model_validate(
    {
        "name": "Acorn",
        "bots": {
            "Helper": {
                "intents": {
                    "Ask": {"utterances": ["ask"]},
                    "Pay": {
                        "utterances": ["pay"],
                        "slots": {"by": {"values": {"card": [], "cash": []}, "prompt": "How?"}},
                    },
                }
            }
        },
    }
)


def step(text: str) -> tuple[Flow, WiredStep]:
    flow = Flow.of(parse(text), catalogue())
    return flow, flow.wiring.steps["start.talk"]


def adopted(text: str, project: Project | None) -> str:
    flow, wired = step(text)
    found = adoptable(wired, project)
    assert found is not None
    change = perform(found.operation, flow)
    assert isinstance(change, Change)
    return apply(text, change.edits)


def test_each_intent_gets_an_outcome_line() -> None:
    text = adopted(FLOW, None)
    assert "on Ask -> nowhere" in text
    assert adoptable(step(text)[1], None) is None


def test_the_flow_learns_what_the_projects_bot_understands() -> None:
    text = adopted(FLOW, PROJECT)
    assert 'bot helper = "Helper" (Ask, Pay(by: "card" | "cash"))' in text
    assert "on Ask -> nowhere" in text
    assert "on Pay -> nowhere" in text
    assert adoptable(step(text)[1], PROJECT) is None

"""What only the text says, kept beside the JSON of an export and put back by an import."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang.interchange.connect.equality import differences
from flowlang.interchange.connect.importing import Imported, beside, import_flow
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import as_flow, exported, imported

EXAMPLE = Path(__file__).parents[4] / "examples" / "support" / "support.flow"
RICH = """\
# About it.
flow router "Router"
  channels voice
  language en-US
  on error -> sorry

# Who it is.
attribute age: number = 20
attribute vip "is_vip": boolean = false   # remark
attribute who: text
variable n: number = 3
variable m: text = "{caller.number}"
queue a = "A"
queue unused = "U"
bot b = "B/live" (Pay(amount: number, when_: text), Ask)
function f = "f-x" (phone: phone) -> (x: number)

start:
  branch
    when age > 65 and vip == true -> one
    when who in ["a", "b"] -> two
    otherwise -> next
  set who: "c", n: 4
  b1 = talk b, "Hi"
    on Pay -> one
    on Ask -> two
    on no_match -> two
  -> one

# The first.
one:
  f phone: caller.number
  play "{n} {m}"
  -> hang_up

two:
  transfer a, priority: 2
    on full -> hang_up

sorry:
  play "Sorry"
    on error -> hang_up
  -> hang_up

test "x"
  call
  expect play "Sorry"

unreached:
  play "z"
  -> hang_up

# The end.
"""
SOURCES = {"showcase": EXAMPLE.read_text("utf-8"), "rich": RICH}
Json = Any


def export_of(source: str) -> tuple[str, Json]:
    """The JSON and what stands beside it, as files have it."""
    out = exported(source)
    assert out.json_text is not None
    kept = beside(parse(source).document, out.json_text, catalogue())
    return out.json_text, json.loads(json.dumps(kept))


def read_back(source: str, kept: Json) -> Imported:
    return import_flow(source, catalogue(), beside=kept)


def exported_again(found: Imported) -> str:
    text = to_text(found.document)
    out = exported(text, sidecar=found.sidecar, name_map=found.name_map)
    assert out.json_text is not None
    return out.json_text


@pytest.mark.parametrize("name", SOURCES)
def test_text_comes_back_byte_for_byte(name: str) -> None:
    written, kept = export_of(SOURCES[name])
    assert to_text(read_back(written, kept).document) == SOURCES[name]
    assert to_text(imported(written).document) != SOURCES[name]


def test_sections_that_the_actions_say_are_only_named() -> None:
    _, kept = export_of(EXAMPLE.read_text("utf-8"))
    data = [item["name"] for item in kept["items"] if item["is"] == "section"]
    named = [at for at in kept["order"] if isinstance(at, str)]
    assert data == ["start", "menu", "deflect", "sorry"]
    assert named[:4] == ["retry", "chatbot", "balance", "billing_desk"]


@pytest.mark.parametrize("name", SOURCES)
def test_after_a_change_in_the_console_the_flow_counts(name: str) -> None:
    """Whatever branch leads elsewhere: what comes back does what the flow now does."""
    written, kept = export_of(SOURCES[name])
    ids = [action["Identifier"] for action in json.loads(written)["Actions"]]
    for number, id_ in enumerate(ids):
        changed = redirected(written, id_, ids[(number * 7 + 3) % len(ids)])
        if changed is None:
            continue
        found = read_back(changed, kept)
        assert found.report.exact
        assert differences(as_flow(changed), as_flow(exported_again(found))) == [], id_


def redirected(written: str, id_: str, target: str) -> str | None:
    """The flow with one branch of one action leading to another."""
    data = json.loads(written)
    action = next(item for item in data["Actions"] if item["Identifier"] == id_)
    transitions = action["Transitions"]
    if not transitions:
        return None
    branch = transitions["Errors"][0] if transitions.get("Errors") else transitions
    branch["NextAction"] = target
    return json.dumps(data)


def test_a_change_leaves_the_other_sections_as_they_were() -> None:
    source = EXAMPLE.read_text("utf-8")
    written, kept = export_of(source)
    data = json.loads(written)
    offer = next(it for it in data["Actions"] if it["Identifier"] == "deflect.offer_messenger")
    offer["Parameters"]["Text"] = "Changed"
    text = to_text(read_back(json.dumps(data), kept).document)
    before, after = source.splitlines(), text.splitlines()
    deflect = before.index("deflect:")
    assert [line for line in before if line not in after] == before[deflect + 1 : deflect + 4]
    assert '  ask "Changed", timeout: 10s' in after


def test_a_changed_default_is_the_flow_s() -> None:
    written, kept = export_of(RICH)
    text = to_text(read_back(written.replace('"20"', '"30"'), kept).document)
    assert text == RICH.replace("number = 20", "number = 30")


def test_a_changed_title_stays_changed() -> None:
    written, kept = export_of(RICH)
    text = to_text(read_back(written.replace('"Router"', '"New"'), kept).document)
    assert text == RICH.replace('"Router"', '"New"')


def test_names_of_resources_come_back_without_a_name_map() -> None:
    source = 'flow a\n\nqueue q = "Sales"\n\nstart:\n  transfer q\n    on full -> hang_up\n'
    name_map = {"queue": {"Sales": "arn:aws:connect:x:1:instance/i/queue/q"}}
    out = exported(source, name_map=name_map)
    kept = beside(parse(source).document, out.json_text or "", catalogue(), name_map=name_map)
    found = read_back(out.json_text or "", kept)
    assert to_text(found.document) == source
    assert found.name_map == name_map


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: [],
        lambda kept: kept | {"flowlang": 2},
        lambda kept: kept | {"items": [{"is": "nothing"}]},
        lambda kept: kept | {"items": None},
        lambda kept: kept | {"order": [99]},
        lambda kept: kept | {"order": [None]},
        lambda kept: kept | {"names": 1},
    ],
)
def test_what_is_not_as_it_should_be_counts_as_absent(spoil: Callable[[Json], Json]) -> None:
    written, kept = export_of(RICH)
    found = read_back(written, spoil(kept))
    assert to_text(found.document) == to_text(imported(written).document)


def test_what_belongs_to_another_flow_does_no_harm() -> None:
    written, _ = export_of(EXAMPLE.read_text("utf-8"))
    _, kept = export_of(RICH)
    found = read_back(written, kept)
    assert differences(as_flow(written), as_flow(exported_again(found))) == []

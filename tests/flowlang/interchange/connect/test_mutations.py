"""Whatever is in the JSON: problems, never a traceback, and a text that can be read."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from tests.flowlang.interchange.connect.building import (
    ERROR,
    UNMATCHED,
    action,
    end,
    exported,
    flow,
    imported,
    play,
)

SEED = flow(
    play("hello", "Hi $.Attributes.name.", "menu", "end"),
    action(
        "menu",
        "GetParticipantInput",
        {"Text": "1?", "StoreInput": "False", "InputTimeLimitSeconds": "5"},
        next_="call",
        equals={"1": "call", "2": "bot"},
        errors={UNMATCHED: "loop", ERROR: "end", "InputTimeLimitExceeded": "loop"},
    ),
    action("loop", "Loop", {"LoopCount": "2"}, next_="end",
           equals={"ContinueLooping": "menu", "DoneLooping": "end"}),
    action("call", "InvokeLambdaFunction",
           {"LambdaFunctionARN": "arn:x", "InvocationTimeLimitSeconds": "3",
            "LambdaInvocationAttributes": {"a": "$.Attributes.b"}},
           next_="set", errors={ERROR: "end"}),
    action("set", "UpdateContactAttributes", {"Attributes": {"tier": "$.External.tier"}},
           next_="test", errors={ERROR: "end"}),
    action("test", "Compare", {"ComparisonValue": "$.Attributes.tier"},
           tests=[("NumberGreaterThan", "3", "queue")], errors={UNMATCHED: "end"}, next_="end"),
    action("bot", "ConnectParticipantWithLexBot",
           {"Text": "What?", "LexV2Bot": {"AliasArn": "arn:bot"}},
           next_="end", equals={"Buy": "queue"}, errors={UNMATCHED: "end", ERROR: "end"}),
    action("queue", "UpdateContactTargetQueue", {"QueueId": "q"}, next_="go",
           errors={ERROR: "end"}),
    action("go", "TransferContactToQueue", next_="end",
           errors={"QueueAtCapacity": "end", ERROR: "end"}),
    action("odd", "ShowView", {"ViewData": {"Cards": [{"x": True}]}}, next_="end"),
    end(),
    Metadata={"name": "Seed", "ActionMetadata": {"queue": {"queue": {"text": "Q"}}}},
)  # fmt: skip

VALUES: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, "", "$.", "$.Attributes.x", "$.External.a.b", "{x}", '"""',
    "'\"\n", "\x00", "\ud800", "환영 합니다", "a" * 20_000, [], {}, [[]], {"": {"": None}}, "on",
    "next", "menu",
]  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        inside = isinstance(item, (dict, list))
        found += paths(item, (*path, key)) if inside else [(*path, key)]
    return found


PATHS = paths(json.loads(SEED))


@st.composite
def mutants(draw: st.DrawFn) -> str:
    data = json.loads(SEED)
    for _ in range(draw(st.integers(1, 4))):
        *above, last = draw(st.sampled_from(PATHS))
        place = data
        try:
            for key in above:
                place = place[key]
            match draw(st.sampled_from(["drop", "put", "rename"])):
                case "drop":
                    del place[last]
                case "put":
                    place[last] = draw(st.sampled_from(VALUES))
                case _:
                    place[draw(st.sampled_from(["", "on", "a b", "$.q", "Type"]))] = place.pop(last)
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(data)


@given(mutants())
def test_mutants_are_imported(source: str) -> None:
    found = imported(source)
    text = to_text(found.document)
    codes = {problem.code for problem in parse(text).problems}
    assert codes <= {"FL042"}
    if not codes:
        out = exported(text, sidecar=found.sidecar, name_map=found.name_map)
        assert out.json_text is not None or out.problems


@given(st.text(max_size=200))
def test_any_text_is_answered(source: str) -> None:
    assert imported(source).problems


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_any_sidecar_is_survived(junk: Any) -> None:
    found = imported(SEED)
    text = to_text(found.document)
    for key in ("steps", "endings", "loose", "order", "names", "metadata", "settings"):
        out = exported(text, sidecar={**found.sidecar, key: junk}, name_map=found.name_map)
        assert out.json_text is not None

"""Functions of a project run in real processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.services.functions import FunctionError, Functions
from runtime.services.local.functions import LocalFunctions
from runtime.stores import Parcel

CODE = '''
import os, sys, time
import helper

calls = 0

def lookup(phone):
    """The usual case."""
    return {"name": helper.name(phone), "tier": "gold"}

async def slow(seconds):
    import asyncio
    await asyncio.sleep(seconds)
    return {"slept": seconds}

def hangs():
    while True:
        pass

def prints():
    print("this is no answer")
    return {"printed": True}

def fails():
    raise RuntimeError("the CRM is down")

def dies():
    os._exit(3)

def count():
    global calls
    calls += 1
    return {"calls": calls}

def text():
    return "text"

def nan():
    return {"x": float("nan")}

def big(size):
    return {"x": "a" * size}

def environment():
    return dict(os.environ)

def once(idempotency_key):
    return {"key": idempotency_key}

number = 5
'''
NAMES = "lookup slow hangs prints fails dies count text nan big environment once number missing"


@pytest.fixture
async def functions(tmp_path: Path) -> AsyncIterator[LocalFunctions]:
    folder = tmp_path / "functions"
    folder.mkdir()
    (folder / "crm.py").write_text(CODE, encoding="utf-8")
    (folder / "helper.py").write_text("def name(phone):\n    return '김' + phone[-4:]\n")
    (tmp_path.parent / "outside.py").write_text("def f():\n    return {}\n")
    targets = {name: f"functions/crm.py:{name}" for name in NAMES.split()}
    targets["outside"] = "../outside.py:f"
    local = LocalFunctions(tmp_path, targets, workers_max=2)
    yield local
    await local.close()


async def reason(
    functions: LocalFunctions, name: str, timeout_s: float = 3, **values: object
) -> str:
    with pytest.raises(FunctionError) as caught:
        await functions.call(name, values, timeout_s=timeout_s)
    return caught.value.reason


async def test_a_function_answers(functions: LocalFunctions) -> None:
    value = await functions.call("lookup", {"phone": "+821012345678"})
    assert value == {"name": "김5678", "tier": "gold"}


async def test_a_coroutine_answers(functions: LocalFunctions) -> None:
    assert await functions.call("slow", {"seconds": 0}) == {"slept": 0}


async def test_a_worker_is_used_again(functions: LocalFunctions) -> None:
    assert await functions.call("count", {}) == {"calls": 1}
    assert await functions.call("count", {}) == {"calls": 2}


async def test_calls_run_side_by_side(functions: LocalFunctions) -> None:
    one, two = asyncio.Event(), asyncio.Event()

    async def call(name: str, mine: asyncio.Event, seconds: float) -> None:
        await functions.call("slow", {"seconds": seconds}, timeout_s=8)
        mine.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(call("slow", one, 1.5))
        group.create_task(call("slow", two, 0))
        await two.wait()
        assert not one.is_set()


async def test_the_time_limit_ends_a_call_and_its_process(functions: LocalFunctions) -> None:
    assert await reason(functions, "hangs", timeout_s=0.5) == "timeout"
    assert await functions.call("lookup", {"phone": "1234"})


async def test_waiting_for_a_worker_counts(functions: LocalFunctions) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(functions.call("slow", {"seconds": 1}))
        await asyncio.sleep(0.1)
        assert await reason(functions, "lookup", timeout_s=0.2, phone="1") == "timeout"


async def test_a_process_that_dies_is_replaced(functions: LocalFunctions) -> None:
    assert await reason(functions, "dies") == "failed"
    assert await functions.call("lookup", {"phone": "1234"})


async def test_what_a_function_prints_is_no_answer(functions: LocalFunctions) -> None:
    assert await functions.call("prints", {}) == {"printed": True}


async def test_one_value_is_read_as_value(functions: LocalFunctions) -> None:
    assert await functions.call("text", {}) == {"value": "text"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("fails", "failed"),
        ("nan", "bad_answer"),
        ("nobody", "unknown"),
        ("missing", "unknown"),
        ("number", "unknown"),
        ("outside", "unknown"),
    ],
)
async def test_a_failure_has_a_reason(functions: LocalFunctions, name: str, why: str) -> None:
    assert await reason(functions, name) == why


async def test_wrong_arguments_fail(functions: LocalFunctions) -> None:
    assert await reason(functions, "lookup", telephone="1") == "failed"


async def test_an_answer_has_a_limit(functions: LocalFunctions) -> None:
    frame = len('{"x": ""}')
    assert await functions.call("big", {"size": 32_768 - frame})
    assert await reason(functions, "big", size=32_769 - frame) == "bad_answer"


async def test_our_environment_is_not_theirs(
    functions: LocalFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TWILIO_AUTH_TOKEN", "secret")
    assert "TWILIO_AUTH_TOKEN" not in await functions.call("environment", {})


async def test_a_changed_file_is_read_again(functions: LocalFunctions) -> None:
    assert await functions.call("count", {})
    file = functions.root / "functions/crm.py"
    file.write_text("def count():\n    return {'new': True}\n")
    os.utime(file, (1, 1))
    assert await functions.call("count", {}) == {"new": True}


async def test_an_effect_is_answered_by_an_event(functions: LocalFunctions) -> None:
    routed = Functions({"once": functions, "fails": functions})
    body = {"effect": "CallFunction", "function": "once"}
    answer = await routed.perform(Parcel("c/1/0", "contact/c", "function", body, tried=False))
    assert answer == {"event": "FunctionReturned", "value": {"key": "c/1/0"}}
    body = {"effect": "CallFunction", "function": "fails"}
    answer = await routed.perform(Parcel("c/1/0", "contact/c", "function", body, tried=False))
    assert answer == {
        "event": "FunctionFailed",
        "reason": "failed",
        "detail": "RuntimeError: the CRM is down",
    }
    body = {"effect": "CallFunction", "function": "nobody"}
    answer = await routed.perform(Parcel("c/1/0", "contact/c", "function", body, tried=False))
    assert answer["reason"] == "unknown"

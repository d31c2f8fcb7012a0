"""The process in which a project's functions run. It is started by file name, without the rest of
the package: JSON lines in, JSON lines out, one call at a time."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ANSWER_BYTES_MAX = 32_768

loaded: dict[Path, tuple[float, Any]] = {}


class BadAnswer(Exception):
    """What a function gave is not what a flow can read."""


class Unknown(Exception):
    """There is no such function."""


def find(root: Path, target: str) -> Callable[..., Any]:
    file, _, name = target.partition(":")
    path = (root / file).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Unknown(f"{file} is not a file of the project")
    function = getattr(load(path), name, None)
    if not callable(function):
        raise Unknown(f"{file} has no function {name}")
    return function  # type: ignore[no-any-return]


def load(path: Path) -> Any:
    """The module, anew when its file was changed."""
    changed = path.stat().st_mtime
    if path in loaded and loaded[path][0] == changed:
        return loaded[path][1]
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise Unknown(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loaded[path] = changed, module
    return module


def call(function: Callable[..., Any], arguments: dict[str, Any], key: str) -> str:
    if "idempotency_key" in inspect.signature(function).parameters:
        arguments = {**arguments, "idempotency_key": key}
    value = function(**arguments)
    if inspect.iscoroutine(value):
        value = asyncio.run(value)
    if not isinstance(value, dict):
        value = {"value": value}
    try:
        answer = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadAnswer(str(error)) from error
    if len(answer.encode()) > ANSWER_BYTES_MAX:
        raise BadAnswer(f"the answer is longer than {ANSWER_BYTES_MAX} bytes")
    return answer


def answer_to(root: Path, line: str) -> str:
    request = json.loads(line)
    try:
        function = find(root, request["target"])
        return f'{{"value": {call(function, request["arguments"], request["key"])}}}'
    except Unknown as error:
        return json.dumps({"reason": "unknown", "detail": str(error)})
    except BadAnswer as error:
        return json.dumps({"reason": "bad_answer", "detail": str(error)})
    except Exception as error:  # noqa: BLE001  whatever a project's function raises is its answer
        return json.dumps({"reason": "failed", "detail": f"{type(error).__name__}: {error}"[:500]})


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    # What a function prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path.insert(0, str(root))
    for line in sys.stdin:
        answers.write(answer_to(root, line) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

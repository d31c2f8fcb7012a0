"""No clock, chance, network, process or environment in `flowlang` and `blocks`.

Time, ids and random numbers come in with the event, so that a recorded contact replays step for
step. The command line and the language server talk with the world; they are left out.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MODULES = {
    # clock and chance
    "time", "sched", "random", "secrets", "uuid", "numpy.random",
    # network
    "socket", "socketserver", "ssl", "select", "selectors", "http.client", "http.server",
    "urllib.request", "smtplib", "ftplib", "imaplib", "poplib", "xmlrpc", "webbrowser",
    "requests", "httpx", "httpcore", "aiohttp", "urllib3", "websockets",
    "boto3", "botocore", "twilio", "playwright",
    "nicegui", "fastapi", "starlette", "uvicorn",
    # concurrency and processes
    "asyncio", "anyio", "trio", "threading", "_thread", "concurrent", "multiprocessing",
    "subprocess", "signal", "pty", "ctypes",
    # state of the machine
    "sqlite3", "dbm", "shelve", "tempfile", "getpass", "pwd", "platform",
}  # fmt: skip

NAMES = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "datetime.date.today",
    "os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv",
    "os.urandom", "os.getrandom", "os.getpid", "os.getppid", "os.getlogin", "os.times",
    "os.system", "os.popen", "os.fork", "os.kill", "os.getcwd", "os.chdir", "os.uname",
    "os.path.expanduser", "os.path.expandvars", "os.path.abspath",
    "pathlib.Path.cwd", "pathlib.Path.home",
    "builtins.input", "input",
}  # fmt: skip

# A lock only waits for those who share a value; it starts nothing.
ALLOWED = {"threading.RLock"}

# Pure with its argument, a look at this machine's time zone without it.
ARGUMENTS_LEAST = {"astimezone": 1, "fromtimestamp": 2}


def impurities(source: str) -> Iterator[str]:
    """What in a module reads the world, as `line: name`."""
    tree = ast.parse(source)
    local: dict[str, str] = {}  # what the module's own names stand for
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    local[name.asname or name.name.partition(".")[0]] = (
                        name.name if name.asname else name.name.partition(".")[0]
                    )
                    yield from forbidden(node.lineno, name.name)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for name in names:
                    full = f"{module}.{name.name}"
                    local[name.asname or name.name] = full
                    yield from forbidden(node.lineno, full)
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            if isinstance(getattr(node, "ctx", None), ast.Load) and (full := dotted(node, local)):
                yield from forbidden(node.lineno, full)
        elif isinstance(node, ast.Call):
            yield from calls(node, local)


def calls(node: ast.Call, local: dict[str, str]) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=args, keywords=keywords) if (
            name in ARGUMENTS_LEAST and len(args) + len(keywords) < ARGUMENTS_LEAST[name]
        ):
            yield f"{node.lineno}: {name} without a time zone"
        case ast.Call(func=func, args=[ast.Constant(value=str(module)), *_]) if dotted(
            func, local
        ) in ("__import__", "importlib.import_module"):
            yield from forbidden(node.lineno, module)


def dotted(node: ast.expr, local: dict[str, str]) -> str | None:
    match node:
        case ast.Name(id=name):
            return local.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            head = dotted(value, local)
            return head and f"{head}.{attr}"
    return None


def forbidden(line: int, full: str) -> Iterator[str]:
    if full in ALLOWED:
        return
    parts = full.split(".")
    heads = {".".join(parts[: n + 1]) for n in range(len(parts))}
    if heads & MODULES or heads & NAMES:
        yield f"{line}: {full}"


def is_exempt(path: Path) -> bool:
    first = path.relative_to(ROOT).parts[1]
    return path.parts[-2:] == ("flowlang", "__main__.py") or (
        path.is_relative_to(ROOT / "flowlang") and (first.startswith("cli") or first == "lsp")
    )


def test_core_and_blocks_are_pure() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{what}"
        for package in ("flowlang", "blocks")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not is_exempt(path)
        for what in sorted(set(impurities(path.read_text(encoding="utf-8"))))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from time import monotonic as tick",
        "import http.client",
        "from urllib import request",
        "from concurrent.futures import ThreadPoolExecutor",
        "def late():\n    import random",
        "import datetime\nstamp = datetime.datetime.now()",
        "import datetime as dt\nstamp = dt.datetime.utcnow",
        "from datetime import datetime\nstamp = datetime.now(tz)",
        "from datetime import date as day\nstamp = day.today()",
        "local = moment.astimezone()",
        "moment = datetime.fromtimestamp(5)",
        "import os\nhome = os.environ['HOME']",
        "from os import getenv",
        "from pathlib import Path\nhere = Path.cwd() / 'x'",
        "import importlib\nimportlib.import_module('socket')",
        "__import__('random')",
        "name = input('?')",
    ],
)
def test_an_impurity_is_found(source: str) -> None:
    assert list(impurities(source))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, date, datetime, time, timedelta",
        "import datetime\nzero = datetime.timedelta()",
        "from datetime import datetime\nmoment = datetime.fromtimestamp(5, tz=UTC)",
        "local = moment.astimezone(zone)",
        "import os.path\nname = os.path.basename(path)",
        "from urllib.parse import urlsplit",
        "from pathlib import Path\ntext = Path(name).read_text()",
        "def f(event):\n    return event.time, event.random, event.input",
        "def f(input):\n    input = 3",
        "from importlib import import_module\nimport_module(name)",
        "from flowlang import time",
    ],
)
def test_what_is_pure_passes(source: str) -> None:
    assert not list(impurities(source))

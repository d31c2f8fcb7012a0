"""Words that no file of the repository may hold."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = {".py", ".pyi", ".js", ".mjs", ".ts", ".vue", ".css", ".lark"}

# Written in pieces, so that this file is like any other.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
EVERYWHERE = {
    "a path of one machine": re.compile(
        r"(?<![\w.:/~{}$-])/(?:home|root|work|Users)/[\w.]|\b[A-Z]:\\\\?Users\\"
    ),
    "a download address": re.compile(
        r"\bpypi\." r"org|\bpythonhosted\." r"org|\bregistry\.(?:npmjs|yarnpkg)\." r"(?:org|com)"
        r"|\bdeb\.debian\." r"org|\barchive\.ubuntu\." r"com"
    ),
    "a mark of an unsolved merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "a private key": re.compile(r"-----BEGIN (?:\w+ )?PRIVATE " r"KEY-----"),
}  # fmt: skip
# Account numbers and keys, where they can be told from telephone numbers and hashes.
ACCOUNT = re.compile(
    r"arn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12})\b"
    r"|(?i:\baccount[\s_-]*(?:id|number)?)[\"']?\s*[:=]\s*[\"']?(\d{12})\b"
    r"|\b(\d{12})\.dkr\.ecr\b"
    r"|amazonaws\.com/(\d{12})/"
)
ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")
# The numbers that Amazon's own documentation uses.
DUMMIES = {
    "000000000000", "012345678901", "111111111111", "111122223333", "123456789012",
    "210987654321", "222222222222", "333333333333", "444455556666", "555555555555",
    "777788889999", "999999999999",
}  # fmt: skip


def tracked() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name]
    hidden = {"node_modules", "dist", "__pycache__"}  # an unpacked archive
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not any(part in hidden or part == ".venv" for part in path.relative_to(ROOT).parts)
    ]


def findings(text: str, suffix: str) -> Iterator[str]:
    def at(what: str, found: re.Match[str]) -> str:
        return f"{text.count(chr(10), 0, found.start()) + 1}: {what}: {found[0]}"

    if suffix in CODE:
        for found in UNFINISHED.finditer(text):
            yield at("unfinished", found)
    for what, pattern in EVERYWHERE.items():
        for found in pattern.finditer(text):
            yield at(what, found)
    for found in ACCOUNT.finditer(text):
        if next(filter(None, found.groups())) not in DUMMIES:
            yield at("an account number", found)
    for found in ACCESS_KEY.finditer(text):
        if not found[0].endswith("EXAMPLE"):
            yield at("an access key", found)


def test_no_file_holds_them() -> None:
    found = []
    for path in tracked():
        if not path.is_file() or b"\0" in (data := path.read_bytes())[:8_000]:
            continue
        text = data.decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}:{what}" for what in findings(text, path.suffix)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "# TO" "DO: later",
        "raise NotImplemented" "Error",
        "see /ho" "me/someone/flows",
        'open("/wo' 'rk/main/x")',
        "resolved: https://registry.npm" "js.org/vue",
        "arn:aws:lambda:eu-west-1:2345" "67890123:function:x",
        '"accountId": "2345' '67890123"',
        "AKIA" "ABCDEFGHIJKLMNOP",
    ],
)  # fmt: skip
def test_a_word_is_found(text: str) -> None:
    assert list(findings(text, ".py"))


@pytest.mark.parametrize(
    "text",
    [
        "a method may be a stub of nothing",
        'visit("/api/work/1"), https://example.com/home/page, ./root/x',
        "arn:aws:lambda:eu-west-1:123456789012:function:x",
        "phone = 821012345678",
        "AKIAIOSFODNN7EXAMPLE",
    ],
)
def test_what_is_harmless_passes(text: str) -> None:
    assert not list(findings(text, ".py"))

"""Continuous integration sees every skip, also under xdist, and refuses those not on the list."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

def test_passes(): pass

@pytest.mark.parametrize("n", [1, 2])
def test_skips(n): pytest.skip(f"no {n}")

@pytest.mark.xfail(reason="known", strict=True)
def test_is_known_to_fail(): assert False
"""


@pytest.fixture
def skips(tmp_path: Path) -> Path:
    return tmp_path / "skips.txt"


@pytest.mark.parametrize("workers", [0, 2])
def test_every_skip_is_written(tmp_path: Path, skips: Path, workers: int) -> None:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    module = "import pytest\npytest.skip('not here', allow_module_level=True)"
    (tmp_path / "test_whole.py").write_text(module, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"-n{workers}", "--rootdir=.", "."],
        cwd=tmp_path,
        env=inherited | {"FLOWLANG_SKIPS_FILE": str(skips)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    assert set(skips.read_text(encoding="utf-8").splitlines()) == {
        "test_some.py::test_skips[1]\tno 1",
        "test_some.py::test_skips[2]\tno 2",
        "test_whole.py\tnot here",
    }


@pytest.mark.parametrize(
    ("allowed", "code"),
    [
        ("# nothing\n", 1),
        ("tests/x.py::test_one | no *\n", 0),
        ("tests/x.py::test_one | another reason\n", 1),
        ("tests/x.py::test_two | no *\n", 1),
        ("tests/x.py::test_one\n", 1),
    ],
)
def test_a_skip_needs_a_line_in_the_list(
    tmp_path: Path, skips: Path, allowed: str, code: int
) -> None:
    skips.write_text("tests/x.py::test_one[a-b]\tno Chromium\n", encoding="utf-8")
    (tmp_path / "allowed.txt").write_text(allowed, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/check_skips.py", skips, tmp_path / "allowed.txt"],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == code

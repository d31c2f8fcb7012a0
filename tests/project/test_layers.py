"""The layers, and the blocks' ignorance of each other, as pyproject.toml states them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> tuple[int, str]:
    """Runs the contracts over the packages in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_contracts_are_kept() -> None:
    code, output = lint(ROOT)
    assert code == 0, output


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A tree like ours in which every allowed import is made."""
    files = {
        "pyproject.toml": CONTRACTS,
        "flowlang/__init__.py": "",
        "flowlang/cli.py": "import designer.app, runtime.engine, blocks.catalogue",
        "flowlang/block.py": "",
        "blocks/__init__.py": "",
        "blocks/catalogue.py": "",
        "blocks/common/__init__.py": "",
        "blocks/common/retry.py": "",
        "blocks/common/prompt.py": "import blocks.common.retry",
        "blocks/talk/__init__.py": "",
        "blocks/talk/play.py": "import flowlang.block, blocks.common.prompt",
        "blocks/talk/ask.py": "from blocks.common import prompt",
        "runtime/__init__.py": "",
        "runtime/engine.py": "import blocks.catalogue, flowlang.block",
        "designer/__init__.py": "",
        "designer/app.py": "import nicegui, runtime.engine",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_allowed_imports_pass(toy: Path) -> None:
    code, output = lint(toy)
    assert code == 0, output


@pytest.mark.parametrize(
    ("module", "imports"),
    [
        ("flowlang/block.py", "import blocks.talk.play"),
        ("flowlang/block.py", "import runtime.engine"),
        ("blocks/talk/play.py", "import runtime.engine"),
        ("blocks/talk/play.py", "from blocks.talk import ask"),
        ("blocks/talk/play.py", "def late():\n    import blocks.talk.ask"),
        ("blocks/common/retry.py", "import blocks.talk.ask"),
        ("runtime/engine.py", "import designer.app"),
        ("runtime/engine.py", "import nicegui"),
    ],
)
def test_a_forbidden_import_is_found(toy: Path, module: str, imports: str) -> None:
    (toy / module).write_text(imports, encoding="utf-8")
    code, output = lint(toy)
    assert code == 1, output
    assert "BROKEN" in output

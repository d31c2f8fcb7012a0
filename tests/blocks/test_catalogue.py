"""The catalogue: blocks are found without importing them, and strangers cannot break it."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from blocks.catalogue import GROUP, Library, catalogue
from flowlang.block import CATEGORIES
from flowlang.diagnostics import words

GUEST = '''
from flowlang.block import Block, Card, Leave
from flowlang.parameters import Parameters

class WaveParams(Parameters):
    pass

class Wave(Block[WaveParams]):
    """Waves."""
    kind = "{kind}"
    card = Card(category="know", icon="play", title={{"en": "Wave"}}, summary={{"en": "Waves."}})
    Params = WaveParams

    @staticmethod
    def start(params, view):
        return Leave()
'''


@pytest.fixture
def guest_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "guest_wave.py").write_text(GUEST.format(kind="wave"))
    (tmp_path / "guest_broken.py").write_text("import there_is_no_such_module")
    (tmp_path / "guest_exits.py").write_text("raise SystemError('out of paper')")
    return tmp_path


def entry(kind: str, target: str) -> EntryPoint:
    return EntryPoint(name=kind, value=target, group=GROUP)


def test_kinds_by_category_and_name() -> None:
    kinds = catalogue().kinds()
    order = [(CATEGORIES.index(block.card.category), kind) for kind in kinds
             if (block := catalogue().block(kind))]  # fmt: skip
    assert order == sorted(order)
    assert len(order) == len(kinds) > 10


def test_an_unknown_kind_is_none() -> None:
    assert catalogue().block("wave_goodbye") is None
    assert catalogue().block("../play") is None
    assert catalogue().block("__init__") is None


def test_only_the_module_that_is_asked_for_is_imported() -> None:
    program = (
        "import sys\n"
        "from blocks.catalogue import Library\n"
        "library = Library()\n"
        "library.resources['queue']\n"
        "library.block('repeat')\n"
        "print(sorted(n for n in sys.modules if n.startswith('blocks.') and n.count('.') == 2))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['blocks.decide.repeat']"


def test_calls_stand_for_blocks_that_exist() -> None:
    for resource in catalogue().resources.values():
        assert resource.call == "" or catalogue().block(resource.call)
    assert catalogue().resources["function"].call == "function"
    assert "tomato" not in catalogue().resources


def test_a_guest_takes_its_place(guest_folder: Path) -> None:
    library = Library([entry("wave", "guest_wave:Wave")])
    block = library.block("wave")
    assert block is not None
    assert block.card.title == {"en": "Wave"}
    kinds = list(library.kinds())
    assert kinds.index("set") < kinds.index("wave") < kinds.index("branch")
    assert not library.problems()


def test_a_guest_does_not_replace_ours(guest_folder: Path) -> None:
    library = Library([entry("play", "guest_wave:Wave")])
    block = library.block("play")
    assert block is not None
    assert block.__module__ == "blocks.talk.play"
    (problem,) = library.problems()
    assert (problem.code, problem.severity) == ("FL190", "warning")


@pytest.mark.parametrize(
    ("target", "code", "detail"),
    [
        ("guest_broken:Wave", "FL191", "there_is_no_such_module"),
        ("guest_exits:Wave", "FL191", "out of paper"),
        ("guest_wave:Waive", "FL191", "Waive"),
        ("guest_absent:Wave", "FL191", "guest_absent"),
        ("guest_wave:GUEST", "FL191", "GUEST"),
        ("guest_wave:WaveParams", "FL192", "guest_wave"),
        ("guest_wave:Wave", "FL193", "`wave`"),
    ],
)
def test_a_guest_that_cannot_be_used_is_a_problem(
    guest_folder: Path, target: str, code: str, detail: str
) -> None:
    library = Library([entry("salute", target)])
    assert library.block("salute") is None
    assert "salute" not in library.kinds()
    assert library.block("play")
    (problem,) = library.problems()
    assert problem.code == code
    assert detail in words.message(problem, "en")
    assert detail in words.message(problem, "ko")
    assert words.help_(problem, "en")
    assert words.help_(problem, "ko")


def test_two_guests_of_one_name(guest_folder: Path) -> None:
    library = Library([entry("wave", "guest_wave:Wave"), entry("wave", "guest_broken:Wave")])
    assert library.block("wave")
    assert [problem.code for problem in library.problems()] == ["FL190"]

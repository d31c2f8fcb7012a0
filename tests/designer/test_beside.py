"""A module that comes of an edit is a file beside the flow, and undo knows it."""

from __future__ import annotations

from pathlib import Path

from blocks.catalogue import catalogue
from designer.session import Session
from flowlang.edits import ExtractModule


def test_a_module_comes_and_goes_with_its_edit(tmp_path: Path) -> None:
    path = tmp_path / "flow.flow"
    source = 'flow f\n\nstart:\n  play "a"\n  play "b"\n  -> hang_up\n'
    path.write_text(source)
    session = Session(path, catalogue())
    module = tmp_path / "part.flow"
    extract = ExtractModule(blocks=("start.play",), name="part")
    assert session.apply(extract) is None
    made = module.read_text()
    assert made.startswith("module part\n")
    assert 'module part = "part.flow"\n' in path.read_text()
    session.undo()
    assert path.read_text() == source
    assert not module.exists()
    session.redo()
    assert module.read_text() == made
    module.write_text(made + "# mine\n")
    session.undo()
    assert module.read_text() == made + "# mine\n"
    refused = session.apply(extract)
    assert refused is not None
    assert refused.code == "FL328"
    assert path.read_text() == source


def test_a_text_that_is_kept_nowhere_has_no_modules() -> None:
    source = 'flow f\n\nstart:\n  play "a"\n  play "b"\n  -> hang_up\n'
    refused = Session(source, catalogue()).apply(ExtractModule(blocks=("start.play",), name="part"))
    assert refused is not None
    assert refused.code == "FL329"

"""A flow as a file to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flowlang.catalogue import Catalogue
from flowlang.cli.beside import CONNECT_SUFFIX, read_beside
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import Language
from flowlang.interchange import native
from flowlang.interchange.connect.exporting import export_flow
from flowlang.interchange.pictures import to_mermaid
from flowlang.interchange.svg import to_svg
from flowlang.model import Document
from flowlang.syntax import to_text

Form = Literal["flow", "connect", "json", "svg", "mermaid"]
ENDINGS: Mapping[Form, str] = {
    "flow": ".flow", "connect": ".connect-flow.json", "json": ".json", "svg": ".svg",
    "mermaid": ".mmd",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    file: str
    text: str | None
    """None: it cannot be said in this form, and the problems tell why."""
    problems: tuple[Problem, ...] = ()


def take(
    document: Document, form: Form, path: Path, catalogue: Catalogue, language: Language
) -> Taken:  # fmt: skip
    file = path.stem + ENDINGS[form]
    match form:
        case "flow":
            return Taken(file=file, text=to_text(document))
        case "json":
            return Taken(file=file, text=native.write(document))
        case "svg":
            return Taken(file=file, text=to_svg(document, catalogue, language))
        case "mermaid":
            return Taken(file=file, text=to_mermaid(document, catalogue, language))
        case "connect":
            sidecar: Mapping[str, Any] = read_beside(str(path), CONNECT_SUFFIX)[0]
            made = export_flow(document, catalogue, sidecar=sidecar)
            return Taken(file=file, text=made.json_text, problems=tuple(made.problems))

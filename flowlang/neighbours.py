"""The other flows of a project, as a flow sees them: whoever wires a flow says where they are."""

from __future__ import annotations

from collections.abc import Callable

from flowlang.model import Declaration, Document, Header

Neighbours = Callable[[str], Document | None]
"""Other flows, by what the flow calls them: `module verify = "verify.flow"`."""


def nobody(name: str) -> Document | None:
    """The neighbours of a text that stands nowhere."""
    return None


def module_header(document: Document | None) -> Header | None:
    """How a module begins; None if it is none."""
    header = document.header if document else None
    return header if header and header.word == "module" else None


def signed(declared: Declaration, header: Header) -> Declaration:
    """The declaration of a module with what its own file says that it takes and gives."""
    return declared.model_copy(
        update={"takes": header.takes or (), "gives": header.gives or (), "gives_type": None}
    )

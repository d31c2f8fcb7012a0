"""What an editor can do for somebody who writes a flow: pure functions of the flow and a position.

The language server and the designer's text editor are thin shells around these.
"""

from flowlang.features.actions import Action, actions, fix_all, formatting
from flowlang.features.around import Around
from flowlang.features.colours import Colour, colours
from flowlang.features.completion import Completion, complete
from flowlang.features.hover import Hover, hover
from flowlang.features.navigation import (
    Location,
    Project,
    Renameable,
    Renaming,
    definition,
    highlights,
    references,
    rename,
    renameable,
)
from flowlang.features.outline import Fold, Symbol, folds, symbols, symbols_named
from flowlang.features.signature import Signature, signature

__all__ = [
    "Action",
    "Around",
    "Colour",
    "Completion",
    "Fold",
    "Hover",
    "Location",
    "Project",
    "Renameable",
    "Renaming",
    "Signature",
    "Symbol",
    "actions",
    "colours",
    "complete",
    "definition",
    "fix_all",
    "folds",
    "formatting",
    "highlights",
    "hover",
    "references",
    "rename",
    "renameable",
    "signature",
    "symbols",
    "symbols_named",
]

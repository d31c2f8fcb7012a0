"""The canvas as a NiceGUI element. It fills its nearest positioned parent.

The server holds the flow and all geometry. The canvas asks for the document when it is ready,
gets small patches, and tells what the person means: it changes nothing but positions by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NotRequired, TypedDict

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from designer.web import CANVAS

Category = Literal["talk", "know", "decide", "secure", "integrate", "transfer"]
Intent = Literal[
    "ready",
    "moved",
    "connect",
    "disconnect",
    "remove",
    "drop",
    "void",
    "select",
    "open",
    "fold",
    "menu",
    "copy",
    "duplicate",
    "paste",
    "large",
    "annotate",
]
"""What a person meant, with these arguments:

ready       nothing; the document has been sent by then
moved       moves: [{id, x, y}]
connect     source, port, target
disconnect  wire
remove      nodes: [id], wires: [id]
drop        kind, x, y of the card's corner, and wire where it fell on one
void        source, port, x, y of a card whose input is there, clientX, clientY; a double click on
            the empty canvas has neither source nor port
select      ids, wires
open        id
fold        section
menu        id or wire or neither, clientX, clientY
copy        nodes: [{id, x, y}]; the text is for `hold`
duplicate   nodes: [{id, x, y}]
paste       text, x, y, and wire if one is chosen
large       bytes; what was to be pasted is too long to be sent
annotate    id, note
"""


class Port(TypedDict):
    id: str
    label: str
    key: str | None
    x: float
    y: float
    role: Literal["outcome", "next", "error"]


class Problem(TypedDict):
    level: Literal["error", "warning"]
    count: int
    text: str


class Node(TypedDict):
    """A card. In its lines `{name}` is shown as a value and `` `name` `` as code."""

    id: str
    section: str
    kind: str
    category: Category
    icon: str
    label: str
    title: str
    lines: list[str]
    note: str
    """Empty: none. Otherwise it is shown below the lines, in the room that `h` has for it."""
    x: float
    y: float
    w: float
    h: float
    ports: list[Port]
    problem: Problem | None


class Wire(TypedDict):
    id: str
    source: str
    port: str
    target: str
    label: str | None
    faint: bool


class Section(TypedDict):
    id: str
    label: str
    count: int
    folded: bool


class Document(TypedDict):
    nodes: list[Node]
    wires: list[Wire]
    sections: list[Section]
    entry: str | None


class Changes(TypedDict, total=False):
    """What to put in place of what has the same id, and the ids of what is gone."""

    nodes: list[Node]
    wires: list[Wire]
    sections: list[Section]
    drop_nodes: list[str]
    drop_wires: list[str]
    drop_sections: list[str]
    entry: str | None


class Path(TypedDict):
    """The way of a running contact; pills are short texts below blocks."""

    blocks: list[str]
    wires: list[str]
    now: NotRequired[str | None]
    pills: NotRequired[dict[str, str]]
    label: NotRequired[str]
    """What the tick of a block on the way says; else that it was visited."""


Look = Literal["added", "removed", "changed", "reached", "missed", "failed", "live"]


class Mark(TypedDict):
    """What a page says of a block or a wire, in a look and in words."""

    look: Look
    text: NotRequired[str]
    """On the card, or at the beginning of the wire."""
    pill: NotRequired[str]
    """Below the card."""
    count: NotRequired[str]
    """Instead of the sign of the look, where there is no room for words."""
    level: NotRequired[int]
    """How hot: 1 to 4 colour a card, and make a wire thicker."""


class Marks(TypedDict):
    """By id. Those without a mark stand back if the rest is to be quiet."""

    blocks: dict[str, Mark]
    wires: dict[str, Mark]
    quiet: bool


class FlowCanvas(Element, component="flow_canvas.js", esm={"flowlang-canvas": str(CANVAS)}):
    """Draws a flow and lets a person change it."""

    def __init__(
        self,
        document: Callable[[], Document],
        *,
        on_intent: Callable[[str, dict[str, Any]], object] | None = None,
        words: Mapping[str, str] | None = None,
        readonly: bool = False,
    ) -> None:
        """`document` is asked for whenever a browser has shown the canvas afresh.

        `words` replace the English ones of `web/src/canvas/words.js`.
        """
        super().__init__()
        self._document = document
        self._on_intent = on_intent
        self._props["words"] = dict(words or {})
        self._props["readonly"] = readonly
        self.on("intent", self._handle)

    def load(self, document: Document, *, fit: bool = True) -> None:
        """Show another document."""
        self.run_method("load", {**document, "fit": fit})

    def reload(self, *, fit: bool = False) -> None:
        """Show the document afresh, by default without moving the view."""
        self.load(self._document(), fit=fit)

    def patch(self, changes: Changes | None = None, /, **more: Any) -> None:
        """Show what has changed."""
        self.run_method("patch", {**(changes or {}), **more})

    def fit(self) -> None:
        """Bring the whole flow into view."""
        self.run_method("fit")

    def focus(self, block: str) -> None:
        """Bring a block to the middle, close enough to read, and select it."""
        self.run_method("focus", block)

    def select(self, blocks: Iterable[str]) -> None:
        """Select blocks as if the person had; no intent comes back."""
        self.run_method("select", list(blocks))

    def light(self, path: Path | None) -> None:
        """Light the way of a running contact; None ends it."""
        self.run_method("light", path)

    def show_marks(self, marks: Marks | None) -> None:
        """Show what is said of blocks and wires; None ends it."""
        self.run_method("mark", marks)

    def hold(self, text: str) -> None:
        """Put a text on the clipboard of whoever just asked for it."""
        self.run_method("hold", text)

    def write_note(self, block: str) -> None:
        """Let the person write on a card."""
        self.run_method("writeNote", block)

    def set_words(self, words: Mapping[str, str]) -> None:
        """Speak another language."""
        self._props["words"] = dict(words)
        self.update()

    def set_readonly(self, readonly: bool) -> None:
        self._props["readonly"] = readonly
        self.update()

    def _handle(self, event: GenericEventArguments) -> object:
        name, args = str(event.args["name"]), dict(event.args["args"])
        if name == "ready":
            self.load(self._document())
        return self._on_intent(name, args) if self._on_intent else None

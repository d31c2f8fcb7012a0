"""A page with both elements and a server that does what they ask, for the browser tests."""

import json
import sys
from typing import Any

from designer.web import build

build.ensure()

import flows  # noqa: E402
from nicegui import app, ui  # noqa: E402

from designer.canvas import FlowCanvas  # noqa: E402  the elements' addresses need the bundle
from designer.text import FlowText  # noqa: E402
from designer.web import FONTS, STYLE  # noqa: E402

TEXT = """\
# The number on the back of every card.
flow support "고객센터 대표번호"
  channels voice, chat
  on error -> sorry

attribute tier: "gold" | "standard" = "standard"

start:
  record agent, customer
    analytics: realtime
  found = crm phone: caller.number, timeout: 3s
  play "{caller.name} 고객님, 잔액은 {found.balance}원입니다."
  -> menu

menu:
  ask "요금 문의는 1번, 기술 지원은 2번을 눌러 주세요."
    digits: 1
    timeout: 5s
    on "1" -> billing
    on timeout, no_match -> retry
    otherwise -> sorry

retry:
  repeat 2
    on again -> menu
    on done -> sorry

sorry:
  play \"\"\"
    죄송합니다.
    다시 걸어 주세요.
  \"\"\"
  -> hang_up
"""

app.add_static_files("/style", str(STYLE))
app.add_static_files("/fonts", str(FONTS))


class Server:
    """Applies intents to a document and patches the canvas, as the designer's server does."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.intents: list[tuple[str, dict[str, Any]]] = []
        self.canvas: FlowCanvas
        self.fresh = 0

    @property
    def nodes(self) -> dict[str, dict[str, Any]]:
        return {node["id"]: node for node in self.document["nodes"]}

    def handle(self, name: str, args: dict[str, Any]) -> None:
        self.intents.append((name, args))
        match name:
            case "moved":
                for move in args["moves"]:
                    self.nodes[move["id"]].update(x=move["x"], y=move["y"])
                self.canvas.patch(nodes=[self.nodes[move["id"]] for move in args["moves"]])
            case "connect":
                self.connect(args["source"], args["port"], args["target"])
            case "disconnect":
                self.drop([], [args["wire"]])
            case "remove":
                self.drop(args["nodes"], args["wires"])
            case "drop":
                self.add(args)
            case "fold":
                self.fold(args["section"])

    def connect(self, source: str, port: str, target: str) -> None:
        made = flows.wire(source, port, target)
        self.drop([], [made["id"]])
        self.document["wires"].append(made)
        self.canvas.patch(wires=[made])

    def drop(self, nodes: list[str], wires: list[str]) -> None:
        gone = set(wires) | {
            wire["id"]
            for wire in self.document["wires"]
            if wire["source"] in nodes or wire["target"] in nodes
        }
        self.document["nodes"] = [n for n in self.document["nodes"] if n["id"] not in nodes]
        self.document["wires"] = [w for w in self.document["wires"] if w["id"] not in gone]
        self.canvas.patch(drop_nodes=nodes, drop_wires=sorted(gone))

    def add(self, args: dict[str, Any]) -> None:
        self.fresh += 1
        made = flows.card(f"new{self.fresh}", args["kind"], "New block", args["x"], args["y"])
        self.document["nodes"].append(made)
        self.canvas.patch(nodes=[made])
        if "wire" in args:
            cut = next(wire for wire in self.document["wires"] if wire["id"] == args["wire"])
            target = cut["target"]
            self.connect(cut["source"], cut["port"], made["id"])
            self.connect(made["id"], "next", target)

    def fold(self, section_id: str) -> None:
        section = next(one for one in self.document["sections"] if one["id"] == section_id)
        section["folded"] = not section["folded"]
        self.canvas.patch(sections=[section])


def head(dark: bool) -> None:
    ui.add_head_html(
        '<link rel="stylesheet" href="/fonts/fonts.css">'
        '<link rel="stylesheet" href="/style/app.css">'
        "<style>.nicegui-content{padding:0;gap:0}</style>"
    )
    if dark:
        ui.add_head_html("<script>document.documentElement.dataset.theme='dark'</script>")


@ui.page("/canvas")
def canvas_page(n: int = 0, dark: bool = False) -> None:
    head(dark)
    server = Server(flows.generated(n) if n else flows.support())
    log = ui.label().classes("hidden").mark("log").props("data-log")

    def handle(name: str, args: dict[str, Any]) -> None:
        server.handle(name, args)
        log.set_text(json.dumps(server.intents, ensure_ascii=False))

    with ui.element("div").classes("fl-page").style("display:flex;width:100vw;height:100vh"):
        with ui.element("nav").classes("fl-palette").style("width:216px"):
            for kind in ("play", "ask"):
                category, icon = flows.KINDS[kind]
                with (
                    ui.element("div")
                    .classes(f"fl-palette-item c-{category}")
                    .props(f'draggable=true data-kind="{kind}"')
                    .on(
                        "dragstart",
                        js_handler="(e) => e.dataTransfer.setData("
                        f"'application/x-flow-block', '{kind}')",
                    )
                ):
                    ui.html(
                        '<span class="fl-tile small"><svg class="fl-tile-shape">'
                        f'<use href="#t-{category}"/></svg><svg class="fl-icon">'
                        f'<use href="#{icon}"/></svg></span>',
                        sanitize=False,
                    )
                    ui.label(kind)
            if not n:
                ui.button("light", on_click=lambda: server.canvas.light(TRAVELLED))
                ui.button("unlight", on_click=lambda: server.canvas.light(None))
                ui.button("focus", on_click=lambda: server.canvas.focus("hang"))
        with ui.element("main").classes("fl-canvas fl-grow"):
            server.canvas = FlowCanvas(lambda: server.document, on_intent=handle)  # type: ignore[arg-type, return-value]


TRAVELLED = {
    "blocks": ["record", "voice", "play", "hours", "crm", "set", "ask"],
    "wires": [
        "record.next", "voice.next", "play.next", "hours.open", "crm.next", "set.next",
        "ask.상담 챗봇",
    ],
    "now": "bot",
    "pills": {"voice": "voice.match = 94", "set": "tier = gold"},
}  # fmt: skip


@ui.page("/text")
def text_page(dark: bool = False) -> None:
    head(dark)
    log = ui.label().classes("hidden").props("data-log")
    events: list[tuple[str, Any]] = []
    texts = [TEXT]

    def note(name: str, args: Any) -> None:
        events.append((name, args))
        log.set_text(json.dumps(events, ensure_ascii=False))

    def edited(text: str) -> None:
        texts.append(text)
        note("edited", text)
        show_problems(text)

    def show_problems(text: str) -> None:
        editor.problems(
            [
                {
                    "start": {"line": n, "column": line.index("menuu") + 1},
                    "end": {"line": n, "column": line.index("menuu") + 6},
                    "severity": "error",
                    "message": "no section or step named `menuu`",
                    "code": "FL203",
                    "fix": {"title": "Replace with menu"},
                }
                for n, line in enumerate(text.splitlines(), 1)
                if "menuu" in line
            ]
        )

    async def complete(place: Any, text: str) -> Any:
        return [{"label": "balance", "detail": "number"}, {"label": "billing", "detail": "section"}]

    def hover(place: Any) -> str | None:
        return f"line {place['line']}, column {place['column']}"

    with ui.element("div").classes("fl-page").style("width:100vw;height:100vh;position:relative"):
        with ui.element("div").style("position:absolute;inset:0 0 40px 0"):
            editor = FlowText(lambda: texts[-1], on_edited=edited, complete=complete, hover=hover)
        for name in ("cursor", "undo", "redo", "fix"):
            editor.on(name, lambda event, name=name: note(name, event.args))
        with ui.row().style("position:absolute;bottom:0"):
            ui.button(
                "edit",
                on_click=lambda: editor.apply(
                    [
                        {
                            "start": {"line": 3, "column": 12},
                            "end": {"line": 3, "column": 17},
                            "text": "email\n  # inserted by the server",
                        }
                    ]
                ),
            )
            ui.button("mark", on_click=lambda: editor.mark_lines(16, 21))
            ui.button("reveal", on_click=lambda: editor.reveal(23))


if __name__ in {"__main__", "__mp_main__"}:
    ui.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        reload=False,
        show=False,
        show_welcome_message=False,
        title="Elements",
    )

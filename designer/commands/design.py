"""`flowlang design`: the designer on a folder of flows."""

from __future__ import annotations

import argparse
import secrets
import socket
import sys
import threading
import webbrowser
from pathlib import Path

from designer.commands.listening import CannotListen, bound
from flowlang.cli.options import Help, Parser
from flowlang.diagnostics.words import Language

ABOUT: Help = {
    "en": "Draw the flows of a folder in the browser.",
    "ko": "폴더의 흐름을 브라우저에서 그립니다.",
}
EXIT_FINE, EXIT_MISUSED = 0, 2
HOST = "127.0.0.1"
FIRST_PORT = 8080
OPEN_AFTER_S = 1.0
WORDS: dict[str, dict[Language, str]] = {
    "nothing": {"en": "there is nothing at {path}", "ko": "{path}에는 아무것도 없습니다"},
    "ready": {
        "en": "the designer is at {address}  (Ctrl+C ends it)",
        "ko": "디자이너 주소: {address} (Ctrl+C로 끝냅니다)",
    },
}


def run(arguments: list[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    language: Language = options.lang
    folder = Path(options.path)
    if not folder.exists():
        print(WORDS["nothing"][language].format(path=folder), file=sys.stderr)
        return EXIT_MISUSED
    try:
        listening = bound(HOST, options.port) if options.port else _any_port()
    except CannotListen as error:
        print(error.said(language), file=sys.stderr)
        return EXIT_MISUSED
    address = f"http://{HOST}:{listening.getsockname()[1]}{options.page}"
    print(WORDS["ready"][language].format(address=address), flush=True)
    if options.open:
        threading.Timer(OPEN_AFTER_S, webbrowser.open, [address]).start()
    serve(folder, listening)
    return EXIT_FINE


def serve(folder: Path, listening: socket.socket) -> None:
    """Run the designer until it is stopped. Heavy imports stand here: `--help` is quick."""
    from designer.web.build import ensure

    ensure()
    import uvicorn
    from fastapi import FastAPI
    from nicegui import ui

    from blocks.catalogue import catalogue
    from designer.app import HOME, mount
    from designer.pages import AWAY_S, TAILWIND, serve_assets
    from designer.workspace import Workspace

    server = FastAPI(title="Flowlang designer", docs_url=None, redoc_url=None, openapi_url=None)
    serve_assets(server)
    mount(server, Workspace(folder, catalogue()))

    @server.get("/", include_in_schema=False)
    def entrance() -> object:
        from fastapi.responses import RedirectResponse

        return RedirectResponse(HOME)

    # Choices of language and theme are all that a session keeps, so a new secret may forget them.
    ui.run_with(
        server,
        storage_secret=secrets.token_urlsafe(32),
        title="Flowlang",
        reconnect_timeout=AWAY_S,
        tailwind=TAILWIND,
    )
    uvicorn.Server(uvicorn.Config(server, log_level="warning")).run(sockets=[listening])


def _any_port() -> socket.socket:
    """The usual port, or any other that is free."""
    try:
        return bound(HOST, FIRST_PORT)
    except CannotListen:
        return bound(HOST, 0)


def _parser(arguments: list[str]) -> Parser:
    parser = Parser("design", ABOUT, arguments)
    said = parser.said
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help=said(
        {"en": "a folder of flows, or one flow", "ko": "흐름이 든 폴더, 또는 흐름 하나"}
    ))  # fmt: skip
    parser.add_argument("--port", type=int, default=0, metavar="N", help=said(
        {"en": "default: 8080, else a free one", "ko": "없으면 8080, 쓰고 있으면 빈 번호"}
    ))  # fmt: skip
    parser.add_argument("--open", action="store_true", help=said(
        {"en": "open the browser", "ko": "브라우저를 엽니다"}
    ))  # fmt: skip
    parser.add_argument("--page", default="/designer", help=argparse.SUPPRESS)
    return parser

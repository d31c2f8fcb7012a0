"""`flowlang design`: the designer on a folder of flows."""

from __future__ import annotations

import argparse
import secrets
import socket
import threading
import webbrowser
from pathlib import Path

SUMMARY = {
    "en": "draw the flows of a folder in the browser",
    "ko": "폴더의 흐름을 브라우저에서 그립니다",
}
FIRST_PORT = 8080
OPEN_AFTER_S = 1.0


def run(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    folder = Path(options.path)
    if not folder.exists():
        print(f"flowlang design: there is nothing at {folder}")
        return 2
    port = options.port or free_port()
    address = f"http://127.0.0.1:{port}{options.page}"
    print(f"Flowlang designer: {address}  (Ctrl+C ends it)", flush=True)
    if options.open:
        threading.Timer(OPEN_AFTER_S, webbrowser.open, [address]).start()
    serve(folder, port)
    return 0


def serve(folder: Path, port: int) -> None:
    """Run the designer until it is stopped. Heavy imports stand here: `--help` is quick."""
    from designer.web.build import ensure

    ensure()
    import uvicorn
    from fastapi import FastAPI
    from nicegui import ui

    from blocks.catalogue import catalogue
    from designer.app import HOME, mount
    from designer.pages import serve_assets
    from designer.workspace import Workspace

    server = FastAPI(title="Flowlang designer", docs_url=None, redoc_url=None, openapi_url=None)
    serve_assets(server)
    mount(server, Workspace(folder, catalogue()))

    @server.get("/", include_in_schema=False)
    def entrance() -> object:
        from fastapi.responses import RedirectResponse

        return RedirectResponse(HOME)

    # Choices of language and theme are all that a session keeps, so a new secret may forget them.
    ui.run_with(server, storage_secret=secrets.token_urlsafe(32), title="Flowlang")
    uvicorn.run(server, host="127.0.0.1", port=port, log_level="warning")


def free_port() -> int:
    """The usual port, or any other that is free."""
    for wanted in (FIRST_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flowlang design", description=SUMMARY["en"])
    parser.add_argument("path", nargs="?", default=".", help="a folder of flows, or one flow")
    parser.add_argument("--port", type=int, default=0, help="default: 8080, else a free one")
    parser.add_argument("--open", action="store_true", help="open the browser")
    parser.add_argument("--page", default="/designer", help=argparse.SUPPRESS)
    return parser

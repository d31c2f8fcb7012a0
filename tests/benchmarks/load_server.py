"""A served project, or a bare echo over WebSocket beside it: run as a process of its own."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from blocks.catalogue import catalogue
from flowlang.cli.giving_way import announce, withdraw
from flowlang.project import load
from runtime.http import create_app
from runtime.http.server import at_rest, server_config
from runtime.serving import open_site
from runtime.versions import Sources


def echo() -> FastAPI:
    app = FastAPI()

    @app.websocket("/echo")
    async def answer(websocket: WebSocket) -> None:
        await websocket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                await websocket.send_text(await websocket.receive_text())

    return app


async def serve_project(folder: Path, port: int) -> None:
    project, problems = load(folder)
    assert project is not None, problems
    site = open_site(project, folder, catalogue(), environment={}, show=lambda text: None)
    source = (folder / "load.flow").read_text("utf-8")
    await site.start(Sources.alone(dict.fromkeys(project.entries, source)))
    at_rest()
    mark = announce()
    try:
        await uvicorn.Server(server_config(create_app([site]), port=port)).serve()
    finally:
        withdraw(mark)
        await site.stop()


def main(kind: str, port: int, folder: Path) -> None:
    if kind == "echo":
        uvicorn.Server(server_config(echo(), port=port)).run()
        return
    with asyncio.Runner(loop_factory=server_config(None).get_loop_factory()) as runner:
        runner.run(serve_project(folder, port))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

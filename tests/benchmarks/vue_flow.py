"""Plain Vue Flow with the graph of a large flow: its own nodes and edges, as its manual would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from blocks.catalogue import catalogue
from designer.session import Session
from tests.benchmarks import flows, peers
from tests.benchmarks.browsing import Cost, Watched

PATIENCE_MS = 180_000
VUE, VUE_FLOW = "vue@3.5.22", "@vue-flow/core@1.48.2"
PAGE = """<!doctype html>
<title>Vue Flow</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/node_modules/@vue-flow/core/dist/style.css">
<link rel="stylesheet" href="/node_modules/@vue-flow/core/dist/theme-default.css">
<style>body { margin: 0 } #app { width: 100vw; height: 100vh }</style>
<script type="importmap">{"imports": {
    "vue": "/node_modules/vue/dist/vue.esm-browser.prod.js",
    "flow": "/node_modules/@vue-flow/core/dist/vue-flow-core.mjs"}}</script>
<div id="app"></div>
<script>window.process = { env: { NODE_ENV: "production" } };</script>
<script type="module">
    import { createApp, h } from "vue";
    import { VueFlow, useVueFlow } from "flow";
    const graph = await (await fetch("/graph.json")).json();
    createApp({
        setup() {
            const flow = useVueFlow();
            window.flow = flow;
            return () => h(VueFlow, { ...graph, minZoom: 0.01, maxZoom: 2,
                defaultViewport: { x: 40, y: 40, zoom: 0.7 } });
        },
    }).mount("#app");
</script>
"""


def install(folder: Path) -> str:
    """Why it cannot be had here; nothing if it is there."""
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    return peers.install(folder, VUE, VUE_FLOW)


def write_graph(folder: Path, blocks: int) -> None:
    session = Session(flows.large(blocks), catalogue(), later=lambda *_check: None)
    document = session.document("en")
    nodes = [
        {
            "id": node["id"],
            "position": {"x": node["x"], "y": node["y"]},
            "label": "\n".join([node["label"], node["title"], *node["lines"]]),
            "style": {"width": f"{node['w']}px", "height": f"{node['h']}px"},
            "sourcePosition": "right",
            "targetPosition": "left",
        }
        for node in document["nodes"]
    ]
    edges = [
        {"id": wire["id"], "source": wire["source"], "target": wire["target"],
         "type": "smoothstep", "label": wire["label"]}
        for wire in document["wires"]
    ]  # fmt: skip
    graph = json.dumps({"nodes": nodes, "edges": edges})
    (folder / "graph.json").write_text(graph, encoding="utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map: ClassVar = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not told."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/index.html"
        finally:
            server.shutdown()


def measured(watched: Watched, address: str) -> Iterator[tuple[str, Cost]]:
    page = watched.page

    def opened() -> float:
        page.goto(address)
        page.locator(".vue-flow__node").first.wait_for(timeout=PATIENCE_MS)
        shown: float = page.evaluate("performance.now()")
        return shown

    yield "open", watched.opening(opened)
    page.evaluate("flow.fitView()")
    yield "pan, the whole", watched.frames(lambda: watched.pan("#app"))
    page.evaluate("flow.setViewport({x: 40, y: 40, zoom: 0.8})")
    yield "pan, near", watched.frames(lambda: watched.pan("#app"))
    yield "zoom out and in", watched.frames(lambda: watched.wheel("#app"))
    page.evaluate("flow.setViewport({x: 40, y: 40, zoom: 0.8})")
    box = page.locator(".vue-flow__node").first.bounding_box()
    assert box is not None
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    yield "drag", watched.frames(lambda: watched.drag(start))

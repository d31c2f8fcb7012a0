"""An editor for tests: talks with a real `flowlang lsp` over its standard input and output."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60
Json = Any


class Editor:
    """One server process, and a JSON-RPC client of a few lines."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flowlang", "lsp", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.uri = "untitled:flow"
        """Of the text that most tests are about."""
        self._last = 0
        self._messages: queue.Queue[Json] = queue.Queue()
        self.notifications: list[Json] = []
        self.log: list[bytes] = []
        self.versions: dict[str, int] = {}
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._read_log, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    # --- the wire -----------------------------------------------------------------------------

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = stream.readline()
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)

    def _read_log(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        self.log.extend(stream)

    def write(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method: str, params: Json) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def ask(self, method: str, params: Json) -> Json:
        """The whole answer, with `result` or `error`."""
        self._last += 1
        asked = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": params}
        self.write(json.dumps(asked).encode())
        return self._wait(lambda message: message.get("id") == self._last)

    def request(self, method: str, params: Json) -> Json:
        answer = self.ask(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def _wait(self, is_wanted: Callable[[Json], bool]) -> Json:
        while True:
            message = self._messages.get(timeout=PATIENCE_S)
            assert message is not None, b"".join(self.log).decode()
            if "method" in message:
                self._heard(message)
            if is_wanted(message):
                return message

    def _heard(self, message: Json) -> None:
        self.notifications.append(message)
        if "id" in message:
            answer = {"jsonrpc": "2.0", "id": message["id"], "result": None}
            self.write(json.dumps(answer).encode())

    # --- what editors do ----------------------------------------------------------------------

    def start(self, folder: Path | None = None, **more: Json) -> Json:
        folders = [{"uri": folder.as_uri(), "name": folder.name}] if folder else None
        params = {"processId": None, "rootUri": None, "capabilities": {}} | more
        result = self.request("initialize", params | {"workspaceFolders": folders})
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str) -> list[Json]:
        """Open a text; the answer is what is wrong with it."""
        self.versions[uri] = 1
        item = {"uri": uri, "languageId": "flow", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.diagnostics(uri, 1)

    def change(self, uri: str, *changes: Json) -> int:
        self.versions[uri] += 1
        named = {"uri": uri, "version": self.versions[uri]}
        self.notify(
            "textDocument/didChange", {"textDocument": named, "contentChanges": list(changes)}
        )
        return self.versions[uri]

    def diagnostics(self, uri: str, version: int | None) -> list[Json]:
        """Those that the server tells of this version, now or soon."""

        def is_wanted(message: Json) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and params.get("version") == version
            )

        told = self._wait(is_wanted)
        return list(told["params"]["diagnostics"])

    def at(self, uri: str, line: int, character: int, **more: Json) -> Json:
        place = {"line": line, "character": character}
        return {"textDocument": {"uri": uri}, "position": place} | more

    def stop(self) -> int:
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()


@pytest.fixture
def launch() -> Iterator[Callable[..., Editor]]:
    editors: list[Editor] = []

    def launch(*arguments: str) -> Editor:
        editors.append(Editor(*arguments))
        return editors[-1]

    yield launch
    for editor in editors:
        editor.close()


@pytest.fixture(scope="session")
def shared_editor() -> Iterator[Editor]:
    """One that has no folder open. Starting a server takes a second or more."""
    editor = Editor("--lang", "en")
    editor.start()
    yield editor
    editor.close()


@pytest.fixture
def editor(shared_editor: Editor, request: pytest.FixtureRequest) -> Iterator[Editor]:
    """With a text of its own for each test."""
    shared_editor.uri = f"untitled:{request.node.name}"
    yield shared_editor
    shared_editor.notify("textDocument/didClose", {"textDocument": {"uri": shared_editor.uri}})

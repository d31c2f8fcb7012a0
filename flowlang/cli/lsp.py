"""`flowlang lsp`: the language server on standard input and output."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from blocks.catalogue import catalogue
from flowlang.cli.options import EXIT_FAILED, EXIT_FINE, EXIT_MISUSED, Help, Parser, version
from flowlang.diagnostics import Problem
from flowlang.syntax import Tree

ABOUT: Help = {
    "en": "Language server for editors, on standard input and output.",
    "ko": "편집기를 위한 언어 서버입니다. 표준 입력과 출력으로 대화합니다.",
}
MISSING: Help = {
    "en": "flowlang lsp needs a package more: pip install 'flowlang[lsp]'",
    "ko": "flowlang lsp에 필요한 패키지를 설치하세요: pip install 'flowlang[lsp]'",
}


def run(arguments: list[str]) -> int:
    parser = Parser("lsp", ABOUT, arguments)
    # Editors pass it by custom; there is no other way to talk.
    parser.add_argument("--stdio", action="store_true", help=parser.said(
        {"en": "has no effect", "ko": "아무 효과가 없습니다"}
    ))  # fmt: skip
    parser.add_argument("--log", choices=("error", "warning", "info", "debug"), default="warning",
        help=parser.said({"en": "what to tell on standard error",
                          "ko": "표준 오류에 남길 것"}))  # fmt: skip
    options = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=options.log.upper())
    if options.log in ("error", "warning"):
        # Its errors come to the server, which tells them in one line.
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
    try:
        from flowlang.lsp.server import Server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        print(parser.said(MISSING), file=sys.stderr)
        return EXIT_MISUSED
    server = Server(
        catalogue(), version=version(), language=options.lang, read_tests=_test_problems
    )
    # The server closes its output at the end, and whatever else is printed must not get there.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output, redirect_stdout(sys.stderr):
        server.start_io(stdout=output)
    return EXIT_FINE if server.protocol.is_shut_down else EXIT_FAILED


def _test_problems(tree: Tree, path: Path) -> Iterator[Problem]:
    """What is wrong with tests beyond their syntax. Flows are read anew: they change meanwhile."""
    from runtime.testing.script import read_script
    from runtime.testing.suite import Flows

    flows = Flows()
    for test in tree.document.tests:
        subject = flows.find(test, tree, path)
        if isinstance(subject, Problem):
            yield subject
        elif not subject.errors:
            yield from read_script(test, subject).problems

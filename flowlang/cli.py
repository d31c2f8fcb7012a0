"""The one command: its subcommands are imported when they are called, each from its owner."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "check": "flowlang.commands.check",
    "fmt": "flowlang.commands.fmt",
    "convert": "flowlang.commands.convert",
    "schema": "flowlang.commands.schema",
    "blocks": "flowlang.commands.blocks",
    "test": "runtime.commands.test",
    "run": "runtime.commands.run",
    "new": "runtime.commands.new",
    "serve": "designer.commands.serve",
    "design": "designer.commands.design",
}


def main() -> int:
    name, *arguments = sys.argv[1:] or [""]
    if name not in COMMANDS:
        print(f"flowlang {' | '.join(COMMANDS)}", file=sys.stderr)
        return 2
    code: int = import_module(COMMANDS[name]).main(arguments)
    return code

"""What the Python functions of a project take, read from their text: nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

GIVEN = "idempotency_key"
"""Whoever calls a function gives this by itself, if it is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    takes: tuple[str, ...]
    """What can be given by name."""
    needs: tuple[str, ...]
    """What has no default."""
    takes_any: bool = False


def signatures_in(source: str) -> Mapping[str, Signature | None]:
    """The names that a module defines; None where it is not known what a name takes.

    `*` is among them if more names may come from elsewhere. Raises `SyntaxError`.
    """
    found: dict[str, Signature | None] = {}
    for node in _statements(ast.parse(source).body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                # A decorator may give it other parameters.
                found[name] = None if node.decorator_list else _signature(node.args)
            case ast.ClassDef(name=name):
                found[name] = None
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= dict.fromkeys(item.asname or item.name for item in names)
            case ast.Assign(targets=targets):
                found |= dict.fromkeys(it.id for it in targets if isinstance(it, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = None
            case _:
                pass
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of a module, also inside of its conditions."""
    for node in body:
        yield node
        for inner in ("body", "orelse", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from _statements(getattr(node, inner, []))
        for handler in getattr(node, "handlers", ()):
            yield from _statements(handler.body)


def _signature(arguments: ast.arguments) -> Signature:
    named = [item.arg for item in arguments.args]
    only_named = [item.arg for item in arguments.kwonlyargs]
    unnamed = [item.arg for item in arguments.posonlyargs]
    positional = [*unnamed, *named]
    needed = positional[: len(positional) - len(arguments.defaults)]
    needed += [
        name
        for name, default in zip(only_named, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return Signature(
        takes=(*named, *only_named),
        needs=tuple(name for name in needed if name != GIVEN),
        takes_any=arguments.kwarg is not None,
    )

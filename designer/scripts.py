"""The one way to call a function of our scripts with values: they go as data, never as code."""

from __future__ import annotations

from typing import Any

import orjson
from nicegui.client import Client
from nicegui.element import Element


def call(where: Element | Client, function: str, *values: Any) -> None:
    """Call one of our functions in the browser that shows an element, or is this one. What is an
    element among the values is that element there."""
    client = where.client if isinstance(where, Element) else where
    told = ", ".join(map(_spelled, values))
    client.run_javascript(f"{function}({told})")


def _spelled(value: Any) -> str:
    if isinstance(value, Element):
        return f"getHtmlElement({value.id})"
    # A text that holds `</script>` or U+2028 ends nothing, wherever the call is written.
    plain = orjson.dumps(value).decode()
    return plain.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

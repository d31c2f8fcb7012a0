"""Small building stones of the pages: native elements in our own looks.

Everything a person typed goes out as text or as a property, never as markup. The only markup is
the icon sprite, which is ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from designer.web import STYLE
from flowlang.block import Category

Handler = Callable[..., Any]


def add_icons() -> None:
    """Put the icon sprite into the page, once."""
    ui.add_body_html((STYLE / "icons.svg").read_text(encoding="utf-8"))


def tag(name: str, classes: str = "", /, **properties: Any) -> Element:
    return _with(ui.element(name), classes, properties)


def text(words: str, classes: str = "", /, *, tag: str = "span", **properties: Any) -> TextElement:
    found = TextElement(tag=tag, text=words)
    _with(found, classes, properties)
    return found


def prose(words: str, classes: str = "", /, *, tag: str = "span", **properties: Any) -> Element:
    """Words in which what stands between backticks is shown as code."""
    found = _with(ui.element(tag), classes, properties)
    with found:
        for index, part in enumerate(words.split("`")):
            if part:
                text(part, "fl-word" if index % 2 else "")
    return found


def icon(name: str, size: str = "s14") -> Element:
    with tag("svg", f"fl-icon {size}", aria_hidden="true") as found:
        tag("use", href=f"#i-{name}")
    return found


def tile(category: Category, symbol: str, size: str = "") -> Element:
    """A category's shape with a block's icon on it."""
    with tag("span", f"fl-tile c-{category} {size}", aria_hidden="true") as found:
        with tag("svg", "fl-tile-shape"):
            tag("use", href=f"#t-{category}")
        icon(symbol)
    return found


def button(
    label: str = "",
    classes: str = "fl-btn",
    *,
    symbol: str = "",
    on_click: Handler | None = None,
    title: str = "",
    **properties: Any,
) -> Element:
    """A button with a label, an icon, or both; one without a label is named by its title."""
    named = {"aria_label": title} if title and not label else {}
    with tag("button", classes, type="button", title=title, **named, **properties) as found:
        if symbol:
            icon(symbol)
        if label:
            text(label)
    if on_click:
        found.on("click", lambda _: on_click())  # a coroutine is awaited by NiceGUI
    return found


def set_value(field: Element, value: str) -> None:
    """What a field shows at first. As `value`, Vue would put it back whenever anything on the
    page changes, over what a person is just typing."""
    field._props[".defaultValue"] = value


def on_value(element: Element, event: str, take: Callable[[str], object]) -> None:
    """Tell the value of a field when `event` happens to it."""
    element.on(event, lambda told: take(str(told.args)), js_handler="(e) => emit(e.target.value)")


def _with(element: Element, classes: str, properties: dict[str, Any]) -> Element:
    if classes:
        element.classes(classes)
    for key, value in properties.items():
        if value is not None and value is not False and value != "":
            # Set as data, not through a string of props, so that quotes cannot end it.
            element._props[key.removesuffix("_").replace("_", "-")] = value
    return element

"""A question over the page that is answered with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui.element import Element

from designer.html import button, on_value, prose, tag, text


def ask_name(
    layer: Element,
    words: Mapping[str, str],
    *,
    title: str,
    helping: str = "",
    agree: str,
    take: Callable[[str], object],
) -> None:
    """`take` says whether the name will do; as long as it will not, the question stands."""
    typed = {"name": ""}

    def submit() -> None:
        if typed["name"].strip() and take(typed["name"].strip()):
            layer.clear()

    layer.clear()
    with layer:
        scrim = tag("div", "fl-scrim fl-over")
        scrim.on("click.self", lambda _: layer.clear())
        with scrim, tag("div", "fl-dialog narrow", role="dialog", aria_modal="true",
                        aria_label=title):  # fmt: skip
            with tag("header"):
                text(title, "fl-strong fl-grow", tag="h2")
                button("", "fl-icon-btn", symbol="x", title=words["close"], on_click=layer.clear)
            with tag("div", "fl-dialog-in"):
                if helping:
                    prose(helping, "fl-soft", tag="p")
                with tag("label", "fl-field"):
                    entry = tag("input", "fl-mono", type="text", spellcheck="false",
                                aria_label=words["name"], placeholder=words["name"],
                                data_role="asked-name")  # fmt: skip
            with tag("footer"):
                tag("span", "fl-grow")
                button(agree, "fl-btn primary", on_click=submit, data_role="agree")
        on_value(entry, "input", lambda name: typed.update(name=name))
        entry.on("keydown.enter", lambda _: submit())
    layer.client.run_javascript("flowlangFocus('[data-role=asked-name]')")

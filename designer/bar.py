"""The bar at the top of every page: where one is and may go, language, theme, and who one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from nicegui import ui

from designer.html import button, icon, tag, text
from designer.visitor import ADDRESSES, Place, Visitor, initials
from designer.words import LANGUAGES, Language, words

LANGUAGE_NAMES: Mapping[Language, str] = {"en": "EN", "ko": "한국어"}
SYMBOLS: Mapping[Place, str] = {
    "entrance": "split", "designer": "pen", "desk": "messenger", "supervisor": "ear",
}  # fmt: skip


@contextmanager
def top(
    here: Place,
    visitor: Visitor,
    language: Language,
    *,
    speak: Callable[[Language], object] | None = None,
) -> Iterator[None]:
    """The bar; what is drawn within stands between the place and the person."""
    said = words(language)
    with tag("header", "fl-bar"):
        home = said[f"to_{visitor.home}"]
        with tag("a", "fl-logo", href=ADDRESSES[visitor.home], title=home, aria_label=home):
            icon("split")
        _draw_place(here, visitor, said)
        yield
        tag("span", "fl-rule")
        _draw_choices(language, said, speak=speak or _speak)
        if visitor.names:
            _draw_person(visitor, said)


def draw_told(told: str, here: Place, visitor: Visitor, language: Language) -> None:
    """A page that only says something: that one has to sign in, say."""
    with tag("div", "fl-page"):
        with top(here, visitor, language):
            tag("span", "fl-grow")
        with tag("main", "fl-home"):
            text(told, "fl-empty", tag="p")
            home = visitor.home
            with tag("a", "fl-btn", href=ADDRESSES[home]):
                icon(SYMBOLS[home])
                text(words(language)[f"to_{home}"])


def _draw_place(here: Place, visitor: Visitor, said: Mapping[str, str]) -> None:
    """Where one is; with a menu, if there is anywhere else."""
    if len(visitor.places) == 1:
        return
    title = "span" if here == "designer" else "h1"  # there the flow is what the page is about
    with tag("details", "fl-pop", data_role="places"):
        with tag("summary", "fl-btn bare fl-here", title=said["go_elsewhere"]):
            text(said[f"to_{here}"], "fl-strong", tag=title)
            icon("down", "s12")
        with tag("nav", "fl-menu", aria_label=said["go_elsewhere"]):
            for place in visitor.places:
                current = {"aria_current": "page"} if place == here else {}
                with tag("a", "fl-menu-item", href=ADDRESSES[place], **current):
                    icon(SYMBOLS[place])
                    text(said[f"to_{place}"])


def _draw_choices(
    language: Language, said: Mapping[str, str], *, speak: Callable[[Language], object]
) -> None:
    shade = tag("button", "fl-icon-btn fl-shade", type="button", title=said["theme"],
                aria_label=said["theme"], data_role="theme")  # fmt: skip
    with shade:
        icon("moon")
        icon("sun")
    shade.on("click", js_handler="() => flowlangShade()")
    with tag("span", "fl-seg", role="group", aria_label=said["language"]):
        for offered in LANGUAGES:
            made = button(
                LANGUAGE_NAMES[offered],
                "on" if offered == language else "",
                on_click=lambda offered=offered: speak(offered),
                lang=offered,
            )
            made._props["aria-pressed"] = "true" if offered == language else "false"


def _draw_person(visitor: Visitor, said: Mapping[str, str]) -> None:
    names = ", ".join(visitor.names)
    with tag("details", "fl-pop right", data_role="person"):
        with tag("summary", "fl-who", title=said["signed_in_as"].format(name=names)):
            text(initials(visitor.names[0]), "fl-avatar")
            text(names, "fl-cut fl-who-name")
            icon("down", "s12")
        with tag("div", "fl-menu"):
            text(said["signed_in_as"].format(name=names), "fl-dim fl-menu-told", tag="div")
            with tag("a", "fl-menu-item", href="/account"):
                icon("lock")
                text(said["to_account"])
            with (
                tag("form", method="post", action="/sign-out"),
                tag("button", "fl-menu-item", type="submit", data_role="sign-out"),
            ):
                icon("right")
                text(said["sign_out"])


def _speak(language: Language) -> None:
    ui.navigate.to(f"?lang={language}")

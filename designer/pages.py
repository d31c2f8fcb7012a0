"""What all our pages share: looks, icons, language and theme."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Literal, TypeVar

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from designer.html import add_icons
from designer.web import DIST
from designer.words import LANGUAGES, Language

ASSETS = "/_flowlang"
"""Where the styles and fonts of the bundle are served."""
REGIONS: Mapping[Language, Literal["en-US", "ko-KR"]] = {"en": "en-US", "ko": "ko-KR"}
THEMES = ("light", "dark")
TAILWIND = False
"""NiceGUI's own looks for every class that somebody might use: whenever a page shows a new one, all
of it is styled and laid out afresh, which takes a large flow a tenth of a second."""
LANGUAGE_COOKIE, THEME_COOKIE = "flowlang-language", "flowlang-theme"
AWAY_S = 120.0
"""So long a page that has lost its line may come back and go on, with what was written since."""
REMEMBERED_S = 365 * 24 * 60 * 60
SHADE = (
    "window.flowlangShade=()=>{const r=document.documentElement,"
    "to=r.dataset.theme==='dark'?'light':'dark';r.dataset.theme=to;"
    f"document.cookie='{THEME_COOKIE}='+to+';path=/;max-age={REMEMBERED_S};samesite=lax';}};"
)
"""Switch between light and dark where one is, and remember it."""
FOLD_MENUS = (
    "addEventListener('click',e=>document.querySelectorAll('.fl-pop[open]').forEach("
    "d=>d.contains(e.target)||(d.open=false)));"
    "addEventListener('keydown',e=>{const d=e.key==='Escape'&&e.target.closest?.('.fl-pop[open]');"
    "if(d){d.open=false;d.firstElementChild.focus();}});"
)
"""A menu of the bar closes when something else is clicked, or by Escape."""
Word = TypeVar("Word", bound=str)


def serve_assets(server: FastAPI) -> None:
    server.mount(ASSETS, StaticFiles(directory=DIST), name="flowlang-assets")


def open_page(title: str, lang: str = "", theme: str = "") -> Language:
    """Begin a page; a choice in its address is remembered by the browser.

    `lang` and `theme` serve a person who has not chosen yet.
    """
    language = _language(lang)
    shade = _theme(theme)
    _speak(language)
    ui.page_title(title)
    for sheet in ("fonts/fonts.css", "style/app.css"):
        ui.add_head_html(f'<link rel="stylesheet" href="{ASSETS}/{sheet}">')
    # Before the first paint, so that a dark page does not flash. All of these words are ours.
    ui.add_head_html(
        f"<script>document.documentElement.dataset.theme='{shade}';"
        f"{_remember('lang', LANGUAGE_COOKIE, language)}"
        f"{_remember('theme', THEME_COOKIE, shade)}{SHADE}{FOLD_MENUS}</script>"
    )
    add_icons()
    ui.context.client.content.style("width: 100%; padding: 0; gap: 0")
    return language


def _speak(language: Language) -> None:
    """The words that NiceGUI says by itself. Its page object serves every visitor, so that this
    one gets a copy."""
    client = ui.context.client
    client.page = copy(client.page)
    client.page.language = REGIONS[language]


def _language(wish: str = "") -> Language:
    wishes = (wish, _request().headers.get("accept-language", "")[:2])
    return _chosen("lang", LANGUAGE_COOKIE, wishes, LANGUAGES)


def _theme(wish: str = "") -> str:
    return _chosen("theme", THEME_COOKIE, (wish,), THEMES)


def _chosen(
    name: str, cookie: str, wishes: tuple[str, ...], possible: tuple[Word, ...]
) -> Word:  # fmt: skip
    """By this address, else as this browser remembers it, else by what is wished for."""
    request = _request()
    asked = (request.query_params.get(name), request.cookies.get(cookie), *wishes)
    return next((word for wish in asked for word in possible if word == wish), possible[0])


def _remember(name: str, cookie: str, value: str) -> str:
    """Keep a choice of the address, for this browser and for longer than the server runs."""
    if _request().query_params.get(name) != value:
        return ""
    return f"document.cookie='{cookie}={value};path=/;max-age={REMEMBERED_S};samesite=lax';"


def _request() -> Request:
    return ui.context.client.request

"""What all our pages share: looks, icons, language and theme."""

from __future__ import annotations

from typing import TypeVar

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import app, ui

from designer.html import add_icons
from designer.web import DIST
from designer.words import LANGUAGES, Language

ASSETS = "/_flowlang"
"""Where the styles and fonts of the bundle are served."""
THEMES = ("light", "dark")
Word = TypeVar("Word", bound=str)


def serve_assets(server: FastAPI) -> None:
    server.mount(ASSETS, StaticFiles(directory=DIST), name="flowlang-assets")


def open_page(title: str, lang: str = "", theme: str = "") -> Language:
    """Begin a page; `lang` and `theme` of the address are remembered for this browser."""
    language = _remembered("language", lang, LANGUAGES)
    shade = _remembered("theme", theme, THEMES)
    ui.page_title(title)
    for sheet in ("fonts/fonts.css", "style/app.css"):
        ui.add_head_html(f'<link rel="stylesheet" href="{ASSETS}/{sheet}">')
    # Before the first paint, so that a dark page does not flash. Both words are ours.
    ui.add_head_html(
        f"<script>document.documentElement.dataset.theme='{shade}';"
        f"document.documentElement.lang='{language}'</script>"
    )
    add_icons()
    ui.context.client.content.classes("p-0 gap-0 w-full")
    return language


def is_dark() -> bool:
    return app.storage.user.get("theme") == "dark"


def _remembered(key: str, wanted: str, possible: tuple[Word, ...]) -> Word:
    """The choice of this address, else that of this browser, else the first."""
    if wanted in possible:
        app.storage.user[key] = wanted
    kept = app.storage.user.get(key)
    return next((word for word in possible if word == kept), possible[0])

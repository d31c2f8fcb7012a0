"""What routes share: which project is meant, and pages of a few words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fastapi import HTTPException
from fastapi.responses import HTMLResponse
from starlette.requests import HTTPConnection

from runtime.channels.entries import Entry
from runtime.serving import Site

LANGUAGES = ("en", "ko")


def sites_of(connection: HTTPConnection) -> Sequence[Site]:
    sites: Sequence[Site] = connection.app.state.sites
    return sites


def chat_entry(connection: HTTPConnection, name: str) -> tuple[Site, Entry]:
    """The entry of a web chat, and its project."""
    for site in sites_of(connection):
        entry = site.entries.get(name)
        if entry is not None and "chat" in entry.channels:
            return site, entry
    raise HTTPException(404, "no such chat")


def language_of(connection: HTTPConnection) -> str:
    """The first language of the browser that we have words in."""
    accepted = connection.headers.get("accept-language", "")
    for part in accepted.split(","):
        family = part.split(";")[0].strip().casefold().partition("-")[0]
        if family in LANGUAGES:
            return family
    return "en"


def page(
    title: str, body: str, *, language: str, head: str = "", status: int = 200
) -> HTMLResponse:
    """A small page; `body` and `head` are markup of ours, with everything else escaped."""
    return HTMLResponse(
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/web/page.css">'
        f"<title>{escape(title)}</title>{head}</head><body>{body}</body></html>",
        status_code=status,
    )


def notice(text: str, *, language: str, status: int = 200, more: str = "") -> HTMLResponse:
    """A page that says one thing."""
    body = f'<main class="notice"><p>{escape(text)}</p>{more}</main>'
    return page(text, body, language=language, status=status)

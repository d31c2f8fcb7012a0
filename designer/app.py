"""The designer's pages on a web server."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui

from designer.html import icon, tag, text
from designer.page.flow_page import FlowPage
from designer.pages import open_page, serve_assets
from designer.words import Language, words
from designer.workspace import Workspace

HOME = "/designer"


def mount(server: FastAPI, workspace: Workspace) -> None:
    """Put the designer's pages on a server. The caller runs NiceGUI on it (`ui.run_with`)."""
    serve_assets(server)

    @ui.page(HOME)
    def overview(lang: str = "", theme: str = "") -> None:
        language = open_page("Flowlang", lang, theme)
        _draw_overview(workspace, language)

    @ui.page(HOME + "/{address:path}")
    def flow(address: str, lang: str = "", theme: str = "") -> None:
        file = next((item for item in workspace.flows() if item.address == address), None)
        language = open_page(file.title if file else "Flowlang", lang, theme)
        session = workspace.session(address)
        if session is None or file is None:
            _draw_missing(language)
        else:
            FlowPage(session, file, language, home=HOME).draw()


def _draw_overview(workspace: Workspace, language: Language) -> None:
    said = words(language)
    with tag("div", "fl-page"), tag("main", "fl-home"):
        text(said["flows"], tag="h2")
        with tag("div", "fl-cards"):
            for file in workspace.flows():
                with tag("a", "fl-card", href=f"{HOME}/{file.address}"):
                    text(file.title, tag="strong")
                    text(f"{file.project} · {file.address}", "fl-dim")
        if not workspace.flows():
            text(said["no_flows"], "fl-empty", tag="p")


def _draw_missing(language: Language) -> None:
    said = words(language)
    with tag("div", "fl-page"), tag("main", "fl-home"):
        text(said["not_found"], "fl-empty", tag="p")
        with tag("a", "fl-btn", href=HOME):
            icon("right")
            text(said["flows"])

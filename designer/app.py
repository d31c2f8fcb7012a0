"""The designer's pages on a web server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from nicegui import ui

from designer.page.flow_page import FlowPage
from designer.page.overview import draw_overview, draw_told
from designer.pages import open_page
from designer.workspace import Workspace

HOME = "/designer"
MayDesign = Callable[[Request], Awaitable[bool]]


async def _everybody(request: Request) -> bool:
    return True


def mount(server: FastAPI, workspace: Workspace, *, may_design: MayDesign = _everybody) -> None:
    """Put the designer's pages on a server. The caller serves the assets and runs NiceGUI on it
    (`ui.run_with`)."""

    @ui.page(HOME)
    async def overview(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page("Flowlang", lang, theme)
        if await may_design(request):
            draw_overview(workspace, language, HOME)
        else:
            draw_told("sign_in_first", language, HOME)

    @ui.page(HOME + "/{address:path}")
    async def flow(request: Request, address: str, lang: str = "", theme: str = "") -> None:
        if not await may_design(request):
            draw_told("sign_in_first", open_page("Flowlang", lang, theme), HOME)
            return
        file = next((item for item in workspace.flows() if item.address == address), None)
        language = open_page(file.title if file else "Flowlang", lang, theme)
        session = workspace.session(address)
        if session is None or file is None:
            draw_told("not_found", language, HOME)
        else:
            page = FlowPage(session, file, language, home=HOME, publish=workspace.publish)
            page.draw()

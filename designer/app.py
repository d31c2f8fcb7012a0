"""The designer's pages on a web server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import unquote

from fastapi import FastAPI, Request, Response
from nicegui import ui

from designer.bar import draw_told
from designer.page.diff_page import DiffPage
from designer.page.files import FILE_HEADER
from designer.page.flow_page import FlowPage
from designer.page.overview import draw_overview
from designer.pages import open_page
from designer.session import Session
from designer.versions.shelf import NOW, Shelf
from designer.visitor import NOBODY, Visitor
from designer.words import Language, words
from designer.workspace import Listed, Workspace
from flowlang.limits import JSON_BYTES_MAX

HOME = "/designer"
WhoMay = Callable[[Request, str], Awaitable[str | None]]
"""The person in a browser who has a permission, if there is one."""
WhoIs = Callable[[Request, Language], Awaitable[Visitor]]


async def _everybody(request: Request, permission: str) -> str | None:
    return ""


async def _nobody(request: Request, language: Language) -> Visitor:
    return NOBODY


def mount(
    server: FastAPI, workspace: Workspace, *,
    who_may: WhoMay = _everybody, who_is: WhoIs = _nobody,
) -> None:  # fmt: skip
    """Put the designer's pages on a server. The caller serves the assets and runs NiceGUI on it
    (`ui.run_with`)."""

    @ui.page(HOME)
    async def overview(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page("Flowlang", lang, theme)
        visitor = await who_is(request, language)
        if await who_may(request, "flows.edit") is not None:
            draw_overview(workspace, language, HOME, visitor)
        else:
            draw_told(words(language)["sign_in_first"], "designer", visitor, language)

    @server.post(HOME, include_in_schema=False)
    async def file(request: Request) -> Response:
        """Keep a file until its page asks for it with the ticket that is the answer."""
        if FILE_HEADER not in request.headers or await who_may(request, "flows.edit") is None:
            return Response(status_code=403)
        data = b""
        async for part in request.stream():
            data += part
            if len(data) > JSON_BYTES_MAX:
                return Response(status_code=413)
        name = unquote(request.headers[FILE_HEADER])
        return Response(workspace.handed_in.put(name, data), media_type="text/plain")

    @ui.page(HOME + "/{address:path}")
    async def flow(request: Request, address: str, lang: str = "", theme: str = "") -> None:
        editor = await who_may(request, "flows.edit")
        files = workspace.flows() if editor is not None else []
        file = next((item for item in files if item.address == address), None)
        language = open_page(file.title if file else "Flowlang", lang, theme)
        visitor = await who_is(request, language)
        if editor is None:
            draw_told(words(language)["sign_in_first"], "designer", visitor, language)
            return
        session = workspace.session(address)
        if session is None or file is None:
            draw_told(words(language)["not_found"], "designer", visitor, language)
        else:
            publisher = await who_may(request, "flows.publish")
            shown = workspace.published_for(editor, file.path)
            shelf = Shelf(session, shown)
            if await draw_versions(request, session, file, language, shelf, visitor):
                return
            published = (
                workspace.published_for(publisher, file.path) if publisher is not None else None
            )
            viewer = await who_may(request, "contacts.view")
            watching = workspace.watching(session, file.path) if viewer is not None else None
            bring = partial(workspace.bring_in, folder=file.path.parent)
            page = FlowPage(
                session, file, language, home=HOME, bring=bring, shelf=shelf, who=editor,
                published=published, watching=watching, visitor=visitor,
                room=workspace.room(file.path),
            )  # fmt: skip
            page.draw()
            page.go_on(request.query_params.get("on", ""))


async def draw_versions(
    request: Request, session: Session, file: Listed, language: Language, shelf: Shelf,
    visitor: Visitor,
) -> bool:  # fmt: skip
    """Show what the address asks for: one version, or how two differ. False: it asks for none."""
    asked = request.query_params
    if "version" in asked:
        old, new = None, shelf.find(asked["version"])
    elif "compare" in asked:
        old, new = shelf.find(asked["compare"]), shelf.find(asked.get("to", NOW))
    else:
        return False
    if new is None or ("compare" in asked and old is None):
        draw_told(words(language)["no_version"], "designer", visitor, language)
    else:
        # To compare large flows takes longer than others should wait.
        page = await asyncio.to_thread(
            DiffPage, session, file, language, old, new, home=HOME, visitor=visitor
        )
        page.draw()
    return True

"""`flowlang serve`: everything of a project, live."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.commands.listening import CannotListen, bound
from flowlang.cli.options import Help, Parser
from flowlang.diagnostics.words import Language
from runtime.services.environment import UnusableEnvironment
from runtime.stores.refusals import Refusal

if TYPE_CHECKING:
    from runtime.serving import Site
    from runtime.versions import Sources

EXIT_FINE, EXIT_ERRORS, EXIT_MISUSED = 0, 1, 2
ABOUT: Help = {
    "en": "Serve a project: its channels, the designer and the agents' desk.",
    "ko": "프로젝트를 서비스합니다. 채널, 디자이너, 상담 데스크가 함께 열립니다.",
}
PORT = 8080

WORDS: dict[str, dict[Language, str]] = {
    "refused": {"en": "nothing is served while there are errors",
                "ko": "오류가 있는 동안에는 시작하지 않습니다"},
    "twice": {"en": "two projects have an entry {name}",
              "ko": "두 프로젝트에 입구 {name}이(가) 있습니다"},
    "one_store": {"en": "--store is for one project", "ko": "--store는 프로젝트 하나에만 씁니다"},
    "store": {"en": "`{text}` is no store that is known here; write sqlite:///path",
              "ko": "`{text}`은(는) 알 수 없는 저장소입니다. sqlite:///경로로 쓰세요"},
    "link": {"en": "sign in as {name} (works once): {link}",
             "ko": "{name} 로그인(한 번만 쓸 수 있음): {link}"},
    "chat": {"en": "chat of {name}: {link}", "ko": "{name} 채팅: {link}"},
    "nobody": {"en": "there is no agent {name}", "ko": "{name}이라는 상담원이 없습니다"},
    "loopback": {"en": "no Twilio account: text messages are shown here",
                 "ko": "Twilio 계정이 없어 문자를 여기에 보여 줍니다"},
    "ready": {"en": "ready on {link}  (Ctrl+C ends it)",
              "ko": "{link}에서 시작했습니다 (Ctrl+C로 끝냅니다)"},
}  # fmt: skip


class Misused(Exception):
    """The command cannot be carried out as it was given."""


def main(arguments: Sequence[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    language: Language = options.lang
    try:
        sites = _sites(options, language)
        if sites is None:
            print(WORDS["refused"][language], file=sys.stderr)
            return EXIT_ERRORS
        _serve(sites, options, language)
    except Misused as error:
        print(error, file=sys.stderr)
        return EXIT_MISUSED
    except Refusal as refusal:
        print(refusal.said(language), file=sys.stderr)
        return EXIT_MISUSED
    except (CannotListen, UnusableEnvironment) as error:
        print(error.said(language), file=sys.stderr)
        return EXIT_MISUSED
    return EXIT_FINE


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("serve", ABOUT, arguments)
    said = parser.said
    parser.add_argument("projects", nargs="+", type=Path, metavar="PROJECT", help=said(
        {"en": "a folder with a flowlang.toml", "ko": "flowlang.toml이 있는 폴더"}
    ))  # fmt: skip
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=said(
        {"en": f"default: {PORT}", "ko": f"없으면 {PORT}"}
    ))  # fmt: skip
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=said(
        {"en": "default: this machine alone", "ko": "없으면 이 컴퓨터에서만 열립니다"}
    ))  # fmt: skip
    parser.add_argument("--public-url", default="", metavar="URL", help=said(
        {"en": "how customers and vendors reach us", "ko": "고객과 공급자가 들어오는 주소"}
    ))  # fmt: skip
    parser.add_argument("--store", default="", metavar="URL", help=said(
        {"en": "sqlite:///path, instead of the project's own",
         "ko": "프로젝트의 저장소 대신 쓸 sqlite:///경로"}
    ))  # fmt: skip
    parser.add_argument("--sign-in", default="", metavar="NAME", help=said(
        {"en": "print a new sign-in link", "ko": "새 로그인 주소를 보여 줍니다"}
    ))  # fmt: skip
    parser.add_argument("--open", action="store_true", help=said(
        {"en": "open the browser, signed in as admin", "ko": "관리자로 로그인한 브라우저를 엽니다"}
    ))  # fmt: skip
    return parser


# --- projects -----------------------------------------------------------------------------------


def _sites(options: Any, language: Language) -> list[tuple[Site, Sources]] | None:
    """The projects with their flows; None if one has errors, which are printed."""
    if options.store and len(options.projects) > 1:
        raise Misused(WORDS["one_store"][language])
    from blocks.catalogue import catalogue
    from runtime.commands.publish import show
    from runtime.publishing import checked

    all_found = [checked(folder, catalogue()) for folder in options.projects]
    for found in all_found:
        show(found.errors, language)
    if any(found.sources is None for found in all_found):
        return None
    from runtime.serving import open_site

    public_url = options.public_url or f"http://{options.host}:{options.port}"
    store = _store_path(options.store, language) if options.store else None
    sites = []
    names: set[str] = set()
    for folder, found in zip(options.projects, all_found, strict=True):
        project, sources = found.project, found.sources
        if project is None or sources is None:
            continue
        if twice := names & set(project.entries):
            raise Misused(WORDS["twice"][language].format(name=min(twice)))
        names |= set(project.entries)
        site = open_site(
            project, folder.resolve(), catalogue(), public_url=public_url, store=store, show=_show
        )
        sites.append((site, sources))
    return sites


def _store_path(url: str, language: Language) -> Path:
    from runtime.place import store_path

    path = store_path(url)
    if path is None:
        raise Misused(WORDS["store"][language].format(text=url))
    return path


# --- the server ---------------------------------------------------------------------------------


def _serve(sites: list[tuple[Site, Sources]], options: Any, language: Language) -> None:
    from contextlib import asynccontextmanager

    import uvicorn

    from flowlang.cli.giving_way import announce, withdraw
    from runtime.http.server import at_rest, server_config

    # Before anything is said: links to a server that cannot listen would mislead.
    listening = bound(options.host, options.port)
    app = _app([site for site, _ in sites])
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(server: Any) -> Any:
        async with inner(server):
            for site, sources in sites:
                await site.start(sources)
                await _greet(site, options, language)
            at_rest()
            mark = announce()
            try:
                yield
            finally:
                withdraw(mark)
                for site, _ in sites:
                    await site.stop()

    app.router.lifespan_context = lifespan

    class Server(uvicorn.Server):
        async def shutdown(self, *args: Any, **kwargs: Any) -> None:
            # Browsers that listen are let go first; they come back to the next process.
            for site, _ in sites:
                site.chat.close()
            await super().shutdown(*args, **kwargs)

    Server(server_config(app)).run(sockets=[listening])


def _app(sites: list[Site]) -> Any:
    """Routes of the runtime, and the pages of the team on them."""
    from designer.web.build import ensure

    ensure()
    from nicegui import ui

    from designer import app as designer
    from designer import desk, entrance, supervisor
    from designer.entrance import visitor_of
    from designer.pages import AWAY_S, TAILWIND, serve_assets
    from runtime.http import create_app
    from runtime.http.access import who_may
    from runtime.place import FOLDER
    from runtime.security.tokens import Signer, installation_secret

    async def may(request: Any, permission: str) -> str | None:
        found = await who_may(request, sites, permission)
        return found[1] if found else None

    app = create_app(sites)
    serve_assets(app)
    desk.mount(app, sites)
    supervisor.mount(app, sites)
    workspace = _workspace(sites)
    entrance.mount(app, sites, lambda site: workspace.flows_in(site.folder))
    designer.mount(
        app,
        workspace,
        who_may=may,
        who_is=partial(visitor_of, sites=sites),
    )
    secret = installation_secret(sites[0].folder / FOLDER / "secret.key")
    ui.run_with(
        app,
        storage_secret=Signer(secret, "pages").code("cookie", 32),
        title="Flowlang",
        reconnect_timeout=AWAY_S,
        tailwind=TAILWIND,
    )
    return app


def _workspace(sites: list[Site]) -> Any:
    """The flows of the projects; to publish one is to publish its project with it."""
    from blocks.catalogue import catalogue
    from designer.live.watching import Watching
    from designer.session import Session
    from designer.versions.published import Published
    from designer.workspace import Workspace

    def of(path: Path) -> Site | None:
        return next((site for site in sites if path.is_relative_to(site.folder)), None)

    def published(who: str, path: Path) -> Published | None:
        site = of(path)
        return Published(site=site, who=who) if site else None

    def watching(session: Session, path: Path) -> Watching | None:
        site = of(path)
        return Watching(site, session, path) if site else None

    folders = [site.folder for site in sites]
    folder = folders[0] if len(folders) == 1 else Path(os.path.commonpath(folders))
    return Workspace(folder, catalogue(), published=published, watching=watching)


async def _greet(site: Site, options: Any, language: Language) -> None:
    """What one has to know to begin."""
    from runtime.security.permissions import ADMIN

    for name, entry in site.entries.items():
        if "chat" in entry.channels:
            _show(WORDS["chat"][language].format(name=name, link=f"{site.public_url}/chat/{name}"))
    if any(site.is_shown_here(name) for entry in site.entries.values() for name in entry.numbers):
        _show(WORDS["loopback"][language])
    links = await site.new_links()
    if options.sign_in:
        if not site.people.knows(options.sign_in):
            _show(WORDS["nobody"][language].format(name=options.sign_in))
        else:
            links[options.sign_in] = await site.sign_in_link(options.sign_in)
    for name, link in links.items():
        _show(WORDS["link"][language].format(name=name, link=link))
    _show(WORDS["ready"][language].format(link=site.public_url))
    if options.open:
        link = await site.sign_in_link(ADMIN)
        # A browser may take its time to start, and nobody waits for it.
        threading.Thread(target=webbrowser.open, args=[link], daemon=True).start()


def _show(text: str) -> None:
    print(text, flush=True)

"""Signing in by a one-time link."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.requests import HTTPConnection

from runtime.http.sites import language_of, notice, sites_of
from runtime.security.signin import ADMIN, COOKIE, SESSION_S
from runtime.serving import Site

router = APIRouter(include_in_schema=False)
SESSIONS_MAX = 2
"""How many people one browser can be at a time."""

WORDS = {
    "welcome": {"en": "Sign in on this browser", "ko": "이 브라우저에서 로그인"},
    "gone": {
        "en": "This link was used or is too old. Ask for a new one.",
        "ko": "이미 사용했거나 오래된 링크입니다. 새 링크를 요청해 주세요.",
    },
    "slow": {"en": "Please wait a minute.", "ko": "잠시 후 다시 시도해 주세요."},
    "out": {"en": "You are signed out.", "ko": "로그아웃했습니다."},
}


async def people_of(connection: HTTPConnection, sites: Sequence[Site]) -> list[tuple[Site, str]]:
    """Who is signed in in this browser, and where they belong. One person may be two: the
    administrator of a small company answers at the desk too."""
    return [
        (site, person)
        for session in _sessions(connection)
        for site in sites
        if (person := await site.sign_ins.person(session))
    ]


async def agent_of(connection: HTTPConnection, sites: Sequence[Site]) -> tuple[Site, str] | None:
    """The agent who is signed in in this browser."""
    people = await people_of(connection, sites)
    return next(((s, person) for s, person in people if person in s.project.agents), None)


async def is_admin(connection: HTTPConnection, sites: Sequence[Site]) -> bool:
    return any(person == ADMIN for _, person in await people_of(connection, sites))


def _sessions(connection: HTTPConnection) -> list[str]:
    kept = connection.cookies.get(COOKIE, "").split(".")
    return [session for session in kept if session][:SESSIONS_MAX]


@router.get("/sign-in/{token}")
async def ask(request: Request, token: str) -> Response:
    """Only the button signs in: machines that look at links press none."""
    language = language_of(request)
    button = escape(WORDS["welcome"][language])
    form = f'<form method="post" action="/sign-in/{escape(token)}"><button>{button}</button></form>'
    return notice("Flowlang", language=language, more=form)


@router.post("/sign-in/{token}")
async def enter(request: Request, token: str) -> Response:
    language = language_of(request)
    address = request.client.host if request.client else ""
    if sites_of(request)[0].sign_ins.guesses.wait_s(address):
        return notice(WORDS["slow"][language], language=language, status=429)
    for site in sites_of(request):
        if (entered := await site.sign_ins.enter(token)) is not None:
            person, session = entered
            answer = RedirectResponse("/" if person == ADMIN else "/desk", 303)
            answer.set_cookie(
                COOKIE,
                ".".join([session, *_sessions(request)][:SESSIONS_MAX]),
                max_age=SESSION_S,
                httponly=True,
                samesite="lax",
                secure=site.public_url.startswith("https:"),
            )
            return answer
    return notice(WORDS["gone"][language], language=language, status=403)


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    for site in sites_of(request):
        for session in _sessions(request):
            await site.sign_ins.leave(session)
    answer = notice(WORDS["out"][language_of(request)], language=language_of(request))
    answer.delete_cookie(COOKIE)
    return answer

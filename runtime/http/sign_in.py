"""Signing in: by a one-time link, or by name, password and second factor; and one's account."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from runtime.http.access import (
    SESSIONS_MAX,
    address_of,
    from_own_page,
    people_of,
    sessions_in,
)
from runtime.http.sites import language_of, notice, sites_of
from runtime.security import passwords
from runtime.security.permissions import ADMIN
from runtime.security.signin import COOKIE, SESSION_S, Refused
from runtime.serving import Site

router = APIRouter(include_in_schema=False)
own_page = Depends(from_own_page)

WORDS: Mapping[str, Mapping[str, str]] = {
    "welcome": {"en": "Sign in on this browser", "ko": "이 브라우저에서 로그인"},
    "sign_in": {"en": "Sign in", "ko": "로그인"},
    "name": {"en": "Name", "ko": "이름"},
    "password": {"en": "Password", "ko": "비밀번호"},
    "code": {"en": "Code of your app, if you have one", "ko": "인증 앱의 번호(있으면)"},
    "first": {
        "en": "No password yet? Open the link that the server printed when it started, or ask an "
        "administrator for one.",
        "ko": "아직 비밀번호가 없으면 서버가 시작할 때 보여 준 링크를 열거나, 관리자에게 링크를 "
        "요청해 주세요.",
    },
    "app_code": {"en": "Code that the app shows", "ko": "앱에 보이는 번호"},
    "wrong": {
        "en": "Name, password or code are not right.",
        "ko": "이름, 비밀번호, 인증 번호 가운데 틀린 것이 있습니다.",
    },
    "locked": {
        "en": "Too many wrong attempts. Please wait, or ask for a link.",
        "ko": "여러 번 틀렸습니다. 잠시 기다리거나 로그인 링크를 요청해 주세요.",
    },
    "gone": {
        "en": "This link was used or is too old. Ask for a new one.",
        "ko": "이미 사용했거나 오래된 링크입니다. 새 링크를 요청해 주세요.",
    },
    "slow": {"en": "Please wait a minute.", "ko": "잠시 후 다시 시도해 주세요."},
    "leave": {"en": "Sign out", "ko": "로그아웃"},
    "out": {"en": "You are signed out.", "ko": "로그아웃했습니다."},
    "account": {"en": "Your account", "ko": "내 계정"},
    "new_password": {
        "en": "New password, at least {min} characters",
        "ko": "새 비밀번호({min}자 이상)",
    },
    "old_password": {"en": "Password until now", "ko": "지금 비밀번호"},
    "keep": {"en": "Save", "ko": "저장"},
    "weak": {
        "en": "A password needs at least {min} characters, not all the same.",
        "ko": "비밀번호는 {min}자 이상이어야 하고, 같은 글자만 쓸 수 없습니다.",
    },
    "saved": {"en": "Saved.", "ko": "저장했습니다."},
    "second": {
        "en": "Second factor: read the picture with an authenticator app, then type its code.",
        "ko": "2단계 인증: 인증 앱으로 그림을 읽고 번호를 입력하세요.",
    },
    "has_second": {"en": "Your second factor is on.", "ko": "2단계 인증을 쓰고 있습니다."},
    "manage": {"en": "To work", "ko": "돌아가기"},
}


# --- coming in ----------------------------------------------------------------------------------


@router.get("/sign-in")
async def sign_in_form(request: Request) -> Response:
    return _form(language_of(request))


@router.post("/sign-in", dependencies=[own_page])
async def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1_000)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    language, sites = language_of(request), sites_of(request)
    if sites[0].sign_ins.guesses.wait_s(address_of(request)):
        return notice(WORDS["slow"][language], language=language, status=429)
    reason = "wrong"
    for site in sites:
        if not site.people.knows(name):
            continue
        try:
            session = await site.sign_ins.sign_in(name, password, code)
        except Refused as refused:
            reason = refused.reason if refused.reason == "locked" else "wrong"
            site.audit.note("", "sign-in.refused", name, address=address_of(request))
        else:
            site.audit.note(name, "sign-in", name, address=address_of(request))
            return _let_in(request, site, name, session)
    return _form(language, WORDS[reason][language], status=403)


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
    if sites_of(request)[0].sign_ins.guesses.wait_s(address_of(request)):
        return notice(WORDS["slow"][language], language=language, status=429)
    for site in sites_of(request):
        if (entered := await site.sign_ins.enter(token)) is not None:
            person, session = entered
            site.audit.note(person, "sign-in.link", person, address=address_of(request))
            return _let_in(request, site, person, session)
    return notice(WORDS["gone"][language], language=language, status=403)


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    for site in sites_of(request):
        for session in sessions_in(request):
            await site.sign_ins.leave(session)
    answer = notice(WORDS["out"][language_of(request)], language=language_of(request))
    answer.delete_cookie(COOKIE)
    return answer


def _let_in(request: Request, site: Site, person: str, session: str) -> Response:
    is_agent_only = site.people.may_somewhere(person, "desk.use") and person != ADMIN
    answer = RedirectResponse("/desk" if is_agent_only else "/", 303)
    answer.set_cookie(
        COOKIE,
        ".".join([session, *sessions_in(request)][:SESSIONS_MAX]),
        max_age=SESSION_S,
        httponly=True,
        samesite="lax",
        secure=site.public_url.startswith("https:"),
    )
    return answer


# --- one's account ------------------------------------------------------------------------------


@router.get("/account")
async def account(request: Request) -> Response:
    people = await people_of(request, sites_of(request))
    if not people:
        return _form(language_of(request), status=401)
    return await _account(request, *people[0])


@router.post("/account/password", dependencies=[own_page])
async def change_password(
    request: Request,
    new: Annotated[str, Form(max_length=1_000)],
    old: Annotated[str, Form(max_length=1_000)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    site, person = await _somebody(request)
    language = language_of(request)
    if await site.sign_ins.has_password(person):
        try:
            await site.sign_ins.leave(await site.sign_ins.sign_in(person, old, code))
        except Refused:
            return await _account(request, site, person, WORDS["wrong"][language], 403)
    try:
        await site.sign_ins.set_password(person, new)
    except passwords.Weak:
        weak = WORDS["weak"][language].format(min=passwords.LENGTH_MIN)
        return await _account(request, site, person, weak, 400)
    site.audit.note(person, "password.set", person, address=address_of(request))
    return await _account(request, site, person, WORDS["saved"][language])


@router.post("/account/second-factor", dependencies=[own_page])
async def add_second_factor(
    request: Request,
    secret: Annotated[str, Form(max_length=64, pattern=r"^[A-Z2-7]{16,64}$")],
    code: Annotated[str, Form(max_length=20)],
) -> Response:
    site, person = await _somebody(request)
    language = language_of(request)
    if await site.sign_ins.has_second_factor(person):
        raise HTTPException(409)
    if not await site.sign_ins.set_second_factor(person, secret, code):
        return await _account(request, site, person, WORDS["wrong"][language], 403)
    site.audit.note(person, "second-factor.set", person, address=address_of(request))
    return await _account(request, site, person, WORDS["saved"][language])


async def _somebody(request: Request) -> tuple[Site, str]:
    people = await people_of(request, sites_of(request))
    if not people:
        raise HTTPException(401)
    return people[0]


# --- pages --------------------------------------------------------------------------------------


def _form(language: str, told: str = "", status: int = 200) -> Response:
    fields = (
        _field("name", WORDS["name"][language], autocomplete="username")
        + _field("password", WORDS["password"][language], "password", "current-password")
        + _field("code", WORDS["code"][language], autocomplete="one-time-code", needed=False)
    )
    hint = f"<p>{escape(WORDS['first'][language])}</p>"
    more = _told(told) + _posting("/sign-in", fields, WORDS["sign_in"][language]) + hint
    return notice(WORDS["sign_in"][language], language=language, more=more, status=status)


async def _account(
    request: Request, site: Site, person: str, told: str = "", status: int = 200
) -> Response:
    language = language_of(request)
    has_password = await site.sign_ins.has_password(person)
    label = WORDS["new_password"][language].format(min=passwords.LENGTH_MIN)
    fields = ""
    if has_password:
        fields += _field("old", WORDS["old_password"][language], "password", "current-password")
    fields += _field("new", label, "password", "new-password")
    if await site.sign_ins.has_second_factor(person):
        fields += _field("code", WORDS["code"][language], autocomplete="one-time-code")
        second = f"<p>{escape(WORDS['has_second'][language])}</p>"
    else:
        second = _second_factor(site, person, language)
    more = (
        _told(told)
        + _posting("/account/password", fields, WORDS["keep"][language])
        + second
        + _posting("/sign-out", "", WORDS["leave"][language])
        + f'<p><a href="/">{escape(WORDS["manage"][language])}</a></p>'
    )
    title = f"{WORDS['account'][language]}: {person}"
    return notice(title, language=language, more=more, status=status)


def _second_factor(site: Site, person: str, language: str) -> str:
    secret = passwords.new_secret()
    link = passwords.setup_link(secret, person, site.project.name)
    picture = f'<img alt="{escape(secret)}" src="{escape(passwords.picture_of(link))}">'
    hidden = f'<input type="hidden" name="secret" value="{escape(secret)}">'
    code = _field("code", WORDS["app_code"][language], autocomplete="one-time-code")
    form = _posting("/account/second-factor", hidden + code, WORDS["keep"][language])
    return (
        f"<h2>{escape(WORDS['second'][language])}</h2>{picture}<p><code>{secret}</code></p>{form}"
    )


def _posting(action: str, fields: str, label: str) -> str:
    return f'<form method="post" action="{action}">{fields}<button>{escape(label)}</button></form>'


def _field(
    name: str, label: str, kind: str = "text", autocomplete: str = "off", *, needed: bool = True
) -> str:
    required = " required" if needed else ""
    return (
        f'<label>{escape(label)}<input name="{name}" type="{kind}" '
        f'autocomplete="{autocomplete}"{required}></label>'
    )


def _told(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>' if text else ""

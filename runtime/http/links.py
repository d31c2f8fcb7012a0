"""One-time links to go on elsewhere."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from runtime.http.sites import language_of, notice, sites_of

router = APIRouter(include_in_schema=False)

WORDS = {
    "used": {
        "en": "This link was used already. Please go on where you opened it first.",
        "ko": "이미 사용한 링크입니다. 처음 여신 곳에서 상담을 이어 가 주세요.",
    },
    "expired": {
        "en": "This link is no longer valid. Please contact us again.",
        "ko": "링크의 유효 시간이 지났습니다. 번거로우시겠지만 다시 문의해 주세요.",
    },
    "unknown": {
        "en": "We do not know this link. Please check that it is complete.",
        "ko": "찾을 수 없는 링크입니다. 주소가 끝까지 들어 있는지 확인해 주세요.",
    },
    "open": {"en": "Go on by text message", "ko": "문자로 이어 가기"},
}
STATUS = {"used": 410, "expired": 410, "unknown": 404}


@router.get("/go/{code}")
async def go(request: Request, code: str) -> Response:
    """Opening the link uses nothing up: machines that look at links do that too. Only the message
    or the chat behind it counts."""
    for site in sites_of(request):
        state = await site.invitations.state(code)
        if state == "unknown":
            continue
        language = (await site.invitations.language(code)).partition("-")[0]
        language = language if language in ("en", "ko") else language_of(request)
        target = await site.invitations.target(code)
        # The one who came first may come back to the chat: their browser knows who they are.
        if target.startswith("/") and state != "expired":
            return RedirectResponse(target, 303)
        if state == "open" and target:
            return _into_messenger(target, language)
        return notice(WORDS[state][language], language=language, status=STATUS.get(state, 404))
    language = language_of(request)
    return notice(WORDS["unknown"][language], language=language, status=404)


def _into_messenger(target: str, language: str) -> Response:
    if target.startswith("https:"):
        return RedirectResponse(target, 303)
    words = WORDS["open"][language]
    more = f'<p><a class="button" href="{escape(target)}">{escape(words)}</a></p>'
    return notice(words, language=language, more=more)

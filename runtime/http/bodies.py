"""How much may be sent to us: counted while it comes, whatever its sender says of its length."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime import limits
from runtime.http.problems import Problem, problem

BOUNDED: Mapping[str, int] = {
    "/api/": limits.API_BYTES_MAX,
    "/chat/": limits.API_BYTES_MAX,
}
"""How many bytes a request under a path may have, unless the route itself counts."""
COUNTED_BY_ROUTE = "/files"


class BoundedBodies:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = _limit(scope)
        if limit is None:
            await self.app(scope, receive, send)
            return
        detail = f"A request has at most {limit} bytes."
        if _announced(scope) > limit:
            await problem(413, "too_large", detail)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise Problem(413, "too_large", detail)
            return message

        await self.app(scope, counted, send)


def _limit(scope: Scope) -> int | None:
    if scope["type"] != "http" or scope["path"].endswith(COUNTED_BY_ROUTE):
        return None
    return next((most for path, most in BOUNDED.items() if scope["path"].startswith(path)), None)


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0

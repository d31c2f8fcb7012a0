"""What programs are told when something is not done: JSON with a reason, as RFC 9457 says."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

PROBLEM_JSON = "application/problem+json"
API = "/api/"
FAULTS_SHOWN_MAX = 10


class Problem(HTTPException):
    """A refusal with a word that programs understand and a sentence for who writes them."""

    def __init__(
        self, status: int, reason: str, detail: str = "", *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, detail, headers)
        self.reason = reason


def too_many(wait_s: int, detail: str) -> Problem:
    return Problem(429, "too_many", detail, headers={"Retry-After": str(wait_s)})


def problem(
    status: int, reason: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status,
            "reason": reason, "detail": detail, **more}  # fmt: skip
    return JSONResponse(body, status, headers, PROBLEM_JSON)


async def tell(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if not request.url.path.startswith(API):
        return await http_exception_handler(request, error)
    status = HTTPStatus(error.status_code)
    reason = error.reason if isinstance(error, Problem) else status.name.casefold()
    detail = error.detail or status.description
    return problem(status, reason, detail, dict(error.headers or {}))


async def tell_faults(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if not request.url.path.startswith(API):
        return await request_validation_exception_handler(request, error)
    faults = [
        {"at": ".".join(str(part) for part in fault["loc"][1:]), "detail": fault["msg"]}
        for fault in error.errors()[:FAULTS_SHOWN_MAX]
    ]
    detail = "What was sent does not fit; `faults` says where."
    return problem(422, "invalid", detail, faults=faults)


def install(app: FastAPI) -> None:
    app.add_exception_handler(StarletteHTTPException, tell)
    app.add_exception_handler(RequestValidationError, tell_faults)

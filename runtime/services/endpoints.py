"""Functions behind web addresses, and the service `http`: JSON out, JSON in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from runtime.services.asked import Question, Refused, Value
from runtime.services.functions import ANSWER_BYTES_MAX, TIMEOUT_S_MAX, FunctionError
from runtime.services.web import METHODS, Answer, Method, NoAnswer, NotAllowed, Web, WebhookSigner

HEADERS_MAX = 32
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]{0,1024}")


class Endpoints:
    """Posts the arguments of a function to its address, signed."""

    def __init__(
        self,
        web: Web,
        urls: Mapping[str, str],
        signer: WebhookSigner,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self.web = web
        self.urls = urls
        self.signer = signer
        self.clock = clock

    async def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        *,
        key: str = "",
        contact: str = "",
        timeout_s: float = 3,
    ) -> Mapping[str, Any]:
        """What the address answers, or `FunctionError`."""
        url = self.urls.get(function)
        if url is None:
            raise FunctionError("unknown", f"the project has no function {function}")
        try:
            answer = await self._post(url, arguments, key, min(timeout_s, TIMEOUT_S_MAX))
        except TimeoutError:
            raise FunctionError("timeout", f"no answer within {timeout_s:g} s") from None
        except (NotAllowed, NoAnswer) as trouble:
            raise FunctionError("failed", str(trouble)) from trouble
        if not 200 <= answer.status < 300:
            raise FunctionError("failed", f"the service answered with status {answer.status}")
        return _record(answer)

    async def _post(
        self, url: str, arguments: Mapping[str, Any], key: str, timeout_s: float
    ) -> Answer:
        body = orjson.dumps(dict(arguments))
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "idempotency-key": key,
            **self.signer.headers(key, self.clock(), body),
        }
        return await self.web.request(
            "post", url, headers=headers, body=body, timeout_s=timeout_s, bytes_max=ANSWER_BYTES_MAX
        )


def _record(answer: Answer) -> Mapping[str, Any]:
    if not answer.body:
        return {}
    try:
        value = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise FunctionError("bad_answer", "the answer is not JSON") from error
    return value if isinstance(value, dict) else {"value": value}


class HttpService:
    """The service `http`: one request to a host that the project lists."""

    def __init__(self, web: Web, signer: WebhookSigner) -> None:
        self.web = web
        self.signer = signer

    async def answer(self, question: Question) -> Value:
        if question.operation != "request":
            raise Refused("unknown", f"http has no operation {question.operation}")
        method, url = _method(question.arguments), question.arguments.get("url")
        if not isinstance(url, str):
            raise Refused("invalid", "there is no url")
        headers, body = _headers(question.arguments), _body(question.arguments)
        own = {"idempotency-key": question.key} if question.key else {}
        if body:
            own |= {"content-type": "application/json"}
            own |= self.signer.headers(question.key, question.at, body)
        try:
            answer = await self.web.request(
                method, url, headers={**own, **headers}, body=body, timeout_s=question.timeout_s
            )
        except NotAllowed as reason:
            raise Refused("unknown", str(reason)) from reason
        except NoAnswer as reason:
            raise Refused("failed", str(reason)) from reason
        return {"status": answer.status, "body": _content(answer)}


def _method(arguments: Mapping[str, Any]) -> Method:
    wanted = str(arguments.get("method", "post")).lower()
    for method in METHODS:
        if method == wanted:
            return method
    raise Refused("invalid", f"method is one of {', '.join(METHODS)}")


def _headers(arguments: Mapping[str, Any]) -> dict[str, str]:
    headers = arguments.get("headers", {})
    if not isinstance(headers, Mapping) or len(headers) > HEADERS_MAX:
        raise Refused("invalid", f"headers are at most {HEADERS_MAX} names and texts")
    for name, value in headers.items():
        fits = isinstance(value, str) and _HEADER_VALUE.fullmatch(value)
        if not (fits and _HEADER_NAME.fullmatch(name)):
            raise Refused("invalid", f"{name} is no header")
    return {name.lower(): value for name, value in headers.items()}


def _body(arguments: Mapping[str, Any]) -> bytes:
    body = arguments.get("body")
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else orjson.dumps(body)


def _content(answer: Answer) -> Any:
    """What JSON says, else the text."""
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return answer.body.decode(errors="replace")

"""Ask a web service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from blocks.common import asking
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Outcome, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.parameters import Anything, Parameters, Seconds, Text, parameter
from flowlang.types import Type

OK_BELOW = 400


class HttpParams(Parameters):
    url: Text = parameter(
        title={"en": "Address", "ko": "주소"},
        help={
            "en": "Its host must be on the list of the project file.",
            "ko": "호스트가 프로젝트 파일의 목록에 있어야 합니다.",
        },
        position=0,
        min_length=1,
        max_length=2048,
    )
    method: Literal["get", "post", "put", "patch", "delete"] = parameter(
        title={"en": "Method", "ko": "방식"},
        help={
            "en": "`get` only reads; the others send the body.",
            "ko": "조회(GET)는 읽기만 하고, 나머지는 본문을 보냅니다.",
        },
        default="get",
    )
    body: Anything = parameter(
        title={"en": "Body", "ko": "본문"},
        help={"en": "What is sent, as JSON.", "ko": "JSON으로 보낼 내용입니다."},
        default=None,
    )
    headers: Anything = parameter(
        title={"en": "Headers", "ko": "헤더"},
        help={
            "en": "Names with values; secrets belong into the project's environment.",
            "ko": "이름과 값을 적습니다. 비밀 값은 프로젝트의 환경에 두세요.",
        },
        default=None,
    )
    timeout: Seconds = parameter(
        title={"en": "Time limit", "ko": "제한 시간"},
        help={"en": "After this the outcome is `error`.", "ko": "이 시간이 지나면 오류로 갑니다."},
        default=3,
        gt=0,
        le=8,
    )


class Http(Block[HttpParams]):
    """Asks a web service and reads its answer: `http.status` and `http.body`. Only hosts that the
    project file lists are asked, never addresses of the own network, and no redirect is followed.
    An answer of 400 or above is `refused`. A function is often the better choice: it names what it
    takes and gives.

    ```flow
    flow example
      on error -> hang_up

    start:
      http "https://api.example.com/orders/4711"
        on refused -> hang_up
      play "Your order is {http.body.state}."
      -> hang_up
    ```
    """

    kind = "http"
    card = Card(
        category="integrate",
        icon="globe",
        title={"en": "Ask a web service", "ko": "웹 서비스 요청"},
        summary={
            "en": "Sends a request to a listed host and reads the answer.",
            "ko": "허용된 호스트에 요청하고 답을 읽습니다.",
        },
        search=("HTTP request", "HTTP 요청", "REST", "API", "webhook"),
    )
    Params = HttpParams
    slot = "http"
    waits = "service"
    outcomes = (
        SUCCESS,
        SERIOUS,
        Outcome(name="refused", title={"en": "refused", "ko": "거절"}, like="error"),
    )

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return {"status": types.INTEGER, "body": types.ANY}

    @staticmethod
    def start(params: HttpParams, view: View) -> Move:
        given: dict[str, Any] = {"url": params.url, "method": params.method}
        if params.body is not None:
            given["body"] = params.body
        if isinstance(params.headers, Mapping):
            given["headers"] = params.headers
        return asking.ask("http", "request", timeout_s=params.timeout, **given)

    @staticmethod
    def resume(params: HttpParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if isinstance(event, ServiceAnswered):
            status = event.value.get("status", 0)
            is_ok = isinstance(status, int) and status < OK_BELOW
            return Leave(outcome="next" if is_ok else "refused", results=event.value)
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

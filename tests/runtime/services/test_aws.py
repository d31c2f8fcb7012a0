"""Amazon's side: the real SDK against a server of ours, or against moto where it knows the
service."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from runtime.contact import Contact
from runtime.services.asked import Question, Refused, Service, Value
from runtime.services.aws.bots import LexBots
from runtime.services.aws.cases import ConnectCases
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.aws.functions import Lambdas, contact_event
from runtime.services.aws.profiles import ConnectProfiles
from runtime.services.aws.sentiment import Comprehend
from runtime.services.aws.speech import Polly
from runtime.services.aws.voice_identity import VoiceId
from runtime.services.functions import FunctionError
from runtime.services.voice_identity import VoiceIdentity
from runtime.stores import Parcel

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
WHO = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "ap-northeast-2",
}  # fmt: skip
Reply = tuple[int, dict[str, str], bytes]


class Amazon:
    """A server that the SDK takes for Amazon."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.reply: Callable[[], Reply] = lambda: (200, {}, b"{}")
        self.done = threading.Event()
        amazon = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                amazon.requests.append((self.command, self.path, headers, body))
                status, headers, answer = amazon.reply()
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    return

            do_GET = do_POST = do_PUT = answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def says(self, value: Any, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        body = value if isinstance(value, bytes) else orjson.dumps(value)
        self.reply = lambda: (status, named, body)

    def hangs(self) -> None:
        def wait() -> Reply:
            self.done.wait(20)
            return 200, {}, b"{}"

        self.reply = wait


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    amazon = Amazon()
    yield amazon
    amazon.done.set()
    amazon.server.shutdown()
    amazon.server.server_close()


@pytest.fixture
def clients(amazon: Amazon) -> Iterator[Clients]:
    clients = Clients({**WHO, "AWS_ENDPOINT_URL": amazon.url})
    yield clients
    clients.close()


# --- functions --------------------------------------------------------------------------------

CONTACT = Contact(
    id="c-1", program="p", channel="voice", address="+821012345678", entry="hotline",
    language="ko-KR", values={"tier": "gold", "count": 3, "vip": True, "nothing": None},
    queue="Billing", settings={"tags": {"team": "a"}, "description": "about a bill"},
)  # fmt: skip
ARN = "arn:aws:lambda:ap-northeast-2:123456789012:function:crm"


def lambdas(clients: Clients) -> Lambdas:
    async def contact_of(contact_id: str) -> Contact | None:
        return CONTACT if contact_id == "c-1" else None

    return Lambdas(clients, {"crm-lookup": ARN}, contact_of)


async def call(clients: Clients, timeout_s: float = 3, **arguments: Any) -> Mapping[str, Any]:
    return await lambdas(clients).call(
        "crm-lookup", arguments, key="c-1/2/0", contact="c-1", timeout_s=timeout_s
    )


async def test_a_lambda_is_called_as_connect_calls_it(amazon: Amazon, clients: Clients) -> None:
    amazon.says({"tier": "gold", "balance": 12})
    assert await call(clients, phone="+82", deep={"a": [1]}, yes=True) == {
        "tier": "gold", "balance": 12,
    }  # fmt: skip
    method, path, headers, body = amazon.requests[0]
    assert (method, path.split("?")[0]) == (
        "POST", f"/2015-03-31/functions/{ARN.replace(':', '%3A')}/invocations",
    )  # fmt: skip
    assert headers["x-amz-invocation-type"] == "RequestResponse"
    context = orjson.loads(base64.b64decode(headers["x-amz-client-context"]))
    assert context["custom"] == {"idempotency_key": "c-1/2/0"}
    event = orjson.loads(body)
    assert event["Name"] == "ContactFlowEvent"
    assert event["Details"]["Parameters"] == {"phone": "+82", "deep": '{"a":[1]}', "yes": "true"}
    data = event["Details"]["ContactData"]
    assert data["Attributes"] == {"tier": "gold", "count": "3", "vip": "true"}
    assert (data["Channel"], data["ContactId"], data["LanguageCode"]) == ("VOICE", "c-1", "ko-KR")
    assert data["CustomerEndpoint"] == {"Address": "+821012345678", "Type": "TELEPHONE_NUMBER"}
    assert (data["Queue"]["Name"], data["Tags"]) == ("Billing", {"team": "a"})


def test_the_event_of_a_chat_and_of_nobody() -> None:
    chat = Contact(id="c", program="p", channel="whatsapp", continues="b")
    data = contact_event(chat, {}, "us-east-1")["Details"]["ContactData"]
    assert (data["Channel"], data["InitiationMethod"], data["PreviousContactId"]) == (
        "CHAT", "TRANSFER", "b",
    )  # fmt: skip
    assert contact_event(None, {"a": 1}, "x")["Details"] == {
        "ContactData": {}, "Parameters": {"a": "1"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (b"null", {}),
        (b"", {}),
        (b'"text"', {"value": "text"}),
        (b'{"a": "b", "c": "d"}', {"a": "b", "c": "d"}),
        (b'{"a": {"b": [1]}}', {"a": {"b": [1]}}),
    ],
)
async def test_what_a_lambda_gives(
    amazon: Amazon, clients: Clients, answer: bytes, value: object
) -> None:
    amazon.says(answer)
    assert await call(clients) == value


async def reason(clients: Clients, timeout_s: float = 3) -> tuple[str, str]:
    with pytest.raises(FunctionError) as caught:
        await call(clients, timeout_s)
    return caught.value.reason, caught.value.detail


async def test_an_error_of_the_function_fails(amazon: Amazon, clients: Clients) -> None:
    amazon.says({"errorMessage": "the CRM is down", "errorType": "CrmError"},
                x_amz_function_error="Unhandled")  # fmt: skip
    assert await reason(clients) == ("failed", "Unhandled: the CRM is down")


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (404, "ResourceNotFoundException", "unknown"),
        (429, "TooManyRequestsException", "failed"),
        (500, "ServiceException", "failed"),
        (403, "AccessDeniedException", "failed"),
    ],
)
async def test_a_refusal_has_a_reason_and_is_not_tried_again(
    amazon: Amazon, clients: Clients, status: int, code: str, why: str
) -> None:
    amazon.says({"Message": "no"}, status, x_amzn_errortype=code)
    assert (await reason(clients))[0] == why
    assert len(amazon.requests) == 1


async def test_a_long_or_broken_answer_is_bad(amazon: Amazon, clients: Clients) -> None:
    amazon.says(b'"' + b"a" * 32_766 + b'"')
    assert await call(clients)
    amazon.says(b'"' + b"a" * 32_767 + b'"')
    assert (await reason(clients))[0] == "bad_answer"
    amazon.says(b"not json")
    assert (await reason(clients))[0] == "bad_answer"


async def test_a_slow_lambda_runs_out_of_time_and_is_called_once(
    amazon: Amazon, clients: Clients
) -> None:
    amazon.hangs()
    assert (await reason(clients, timeout_s=0.2))[0] == "timeout"
    assert len(amazon.requests) <= 1


async def test_a_server_that_is_not_there_fails() -> None:
    clients = Clients({**WHO, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert (await reason(clients))[0] == "failed"
    clients.close()


async def test_calls_run_side_by_side(amazon: Amazon, clients: Clients) -> None:
    """All are under way before the first is answered."""
    together = threading.Barrier(8, timeout=20)

    def wait() -> Reply:
        together.wait()
        return 200, {}, b"{}"

    amazon.reply = wait
    await asyncio.gather(*(call(clients, timeout_s=8) for _ in range(8)))
    assert len(amazon.requests) == 8


# --- bots -------------------------------------------------------------------------------------

ALIAS = "arn:aws:lex:ap-northeast-2:123456789012:bot-alias/BOT1234567/ALIAS12345"


async def ask_lex(clients: Clients, bot: str = "FaqBot/live", **effect: Any) -> Mapping[str, Any]:
    body = {"effect": "AskBot", "bot": bot, "text": "잔액", "language": "ko-KR", **effect}
    lex = LexBots(clients, {"FaqBot/live": ALIAS})
    return await lex.perform(Parcel("c-1/2/0", "contact/c-1", "bot", body, tried=False))


def lex_says(state: str, name: str = "CheckBalance", **more: Any) -> dict[str, Any]:
    intent = {"name": name, "state": state, "slots": more.pop("slots", {})}
    found = {"intent": intent, "nluConfidence": {"score": 0.87},
             "sentimentResponse": {"sentiment": "NEGATIVE"}}  # fmt: skip
    return {"sessionState": {"intent": intent}, "interpretations": [found], **more}


SLOTS = {
    "account": {"value": {"originalValue": "적금", "interpretedValue": "savings"}},
    "days": {"shape": "List", "values": [{"value": {"interpretedValue": "mon"}},
                                         {"value": {"originalValue": "화"}}]},
    "none": None,
}  # fmt: skip


@pytest.mark.parametrize("state", ["Fulfilled", "ReadyForFulfillment"])
async def test_lex_understands(amazon: Amazon, clients: Clients, state: str) -> None:
    amazon.says(lex_says(state, slots=SLOTS, messages=[
        {"contentType": "PlainText", "content": "네."},
        {"contentType": "SSML", "content": "<speak>잠시만<break/>요</speak>"},
        {"contentType": "CustomPayload", "content": "{}"},
    ]))  # fmt: skip
    answer = await ask_lex(clients)
    assert answer == {
        "event": "BotAnswered", "ready": True, "intent": "CheckBalance",
        "messages": ["네.", "잠시만요"], "slots": {"account": "savings", "days": ["mon", "화"]},
        "session": {}, "confidence": 0.87, "sentiment": "negative",
    }  # fmt: skip
    _, path, _, body = amazon.requests[0]
    assert path.startswith("/bots/BOT1234567/botAliases/ALIAS12345/botLocales/ko_KR/sessions/")
    assert orjson.loads(body)["text"] == "잔액"


async def test_lex_asks_on_in_the_same_session(amazon: Amazon, clients: Clients) -> None:
    question = {"contentType": "PlainText", "content": "어느 계좌인가요?"}
    amazon.says(lex_says("InProgress", messages=[question]))
    first = await ask_lex(clients)
    assert (first["ready"], first["messages"]) == (False, ["어느 계좌인가요?"])
    await ask_lex(clients, session=first["session"])
    await ask_lex(clients)
    paths = [path for _, path, _, _ in amazon.requests]
    assert paths[0] == paths[1] == paths[2]
    body = {"effect": "AskBot", "bot": ALIAS, "text": "x"}
    lex = LexBots(clients, {})
    await lex.perform(Parcel("c-1/9/0", "contact/c-1", "bot", body, tried=False))
    assert amazon.requests[3][1] != paths[0]


async def test_lex_is_told_what_the_flow_knows_when_it_begins(
    amazon: Amazon, clients: Clients
) -> None:
    amazon.says(lex_says("InProgress"))
    first = await ask_lex(clients, attributes={"tier": "gold", "count": 3})
    await ask_lex(clients, session=first["session"], attributes={"tier": "gold"})
    bodies = [orjson.loads(body) for _, _, _, body in amazon.requests]
    assert bodies[0]["sessionState"] == {"sessionAttributes": {"tier": "gold", "count": "3"}}
    assert "sessionState" not in bodies[1]


async def test_lex_does_not_understand(amazon: Amazon, clients: Clients) -> None:
    for state in ("ReadyForFulfillment", "Failed", "InProgress"):
        amazon.says(lex_says(state, name="FallbackIntent"))
        answer = await ask_lex(clients)
        assert (answer["event"], answer["intent"], answer["ready"]) == ("BotAnswered", "", False)


async def test_lex_fails(amazon: Amazon, clients: Clients) -> None:
    amazon.says(lex_says("Failed"))
    assert (await ask_lex(clients))["event"] == "BotFailed"
    amazon.requests.clear()
    for code in ("ThrottlingException", "ResourceNotFoundException", "DependencyFailedException"):
        amazon.says({"message": "no"}, 400, x_amzn_errortype=code)
        assert (await ask_lex(clients))["event"] == "BotFailed"
    # A turn of a dialogue is not said twice.
    assert len(amazon.requests) == 3
    assert (await ask_lex(clients, bot="Nobody"))["event"] == "BotFailed"


# --- feelings and speech ----------------------------------------------------------------------


def question(operation: str, **arguments: Any) -> Question:
    return Question(operation=operation, arguments=arguments, at=NOW, timeout_s=5, key="k")


async def refusal(service: Service, asked: Question) -> str:
    with pytest.raises(Refused) as caught:
        await service(asked)
    return caught.value.reason


async def test_comprehend_reads_feelings() -> None:
    with mock_aws():
        clients = Clients(WHO)
        answer = await Comprehend(clients).answer(
            question("detect", text="좋아요", language="ko-KR")
        )
        clients.close()
    assert answer["sentiment"] in ("positive", "negative", "neutral", "mixed")
    assert -1 <= answer["score"] <= 1


async def test_comprehend_says_what_amazon_said(amazon: Amazon, clients: Clients) -> None:
    scores = {"Positive": 0.1, "Negative": 0.8, "Neutral": 0.05, "Mixed": 0.05}
    amazon.says({"Sentiment": "NEGATIVE", "SentimentScore": scores})
    answer = await Comprehend(clients).answer(
        question("detect", text="가" * 4_000, language="ko-KR")
    )
    assert answer == {"sentiment": "negative", "score": -0.7, "confidence": 0.8}
    asked = orjson.loads(amazon.requests[0][3])
    assert asked["LanguageCode"] == "ko"
    assert len(asked["Text"].encode()) <= 5_000
    service = Comprehend(clients).answer
    assert await refusal(service, question("detect", text="x", language="tlh")) == "invalid"
    assert await refusal(service, question("explode", text="x")) == "unknown"


async def test_what_is_read_only_is_tried_again(amazon: Amazon, clients: Clients) -> None:
    amazon.says({"__type": "InternalServerException"}, 500)
    assert await refusal(Comprehend(clients).answer, question("detect", text="x")) == "failed"
    assert len(amazon.requests) == 3


async def test_polly_speaks_each_text_once(
    amazon: Amazon, clients: Clients, tmp_path: Path
) -> None:
    amazon.says(b"ID3 audio", content_type="audio/mpeg")
    polly = Polly(clients, tmp_path / "speech")
    asked = question("synthesize", text="안녕하세요", language="ko-KR")
    first = await polly.answer(asked)
    assert Path(first["file"]).read_bytes() == b"ID3 audio"
    assert await polly.answer(asked) == first
    assert len(amazon.requests) == 1
    sent = orjson.loads(amazon.requests[0][3])
    assert (sent["VoiceId"], sent["TextType"], sent["LanguageCode"]) == ("Seoyeon", "text", "ko-KR")
    ssml = await polly.answer(question("synthesize", ssml="<speak>Hi</speak>", voice="Joanna"))
    assert ssml["hash"] != first["hash"]
    assert orjson.loads(amazon.requests[1][3])["TextType"] == "ssml"
    assert not [path for path in (tmp_path / "speech").iterdir() if path.suffix != ".mp3"]


async def test_polly_refuses(amazon: Amazon, clients: Clients, tmp_path: Path) -> None:
    service = Polly(clients, tmp_path).answer
    assert await refusal(service, question("synthesize", text="x", language="tlh")) == "invalid"
    amazon.says({"message": "bad"}, 400, x_amzn_errortype="InvalidSsmlException")
    assert await refusal(service, question("synthesize", ssml="<x>")) == "invalid"
    assert list(tmp_path.iterdir()) == []


# --- profiles and cases -----------------------------------------------------------------------

HANA = {
    "ProfileId": "p1", "FirstName": "Hana", "MobilePhoneNumber": "+8210",
    "Address": {"City": "Seoul"}, "Attributes": {"tier": "gold"},
}  # fmt: skip
HANA_HERE = {
    "id": "p1", "first_name": "Hana", "mobile_phone": "+8210", "city": "Seoul",
    "attributes": {"tier": "gold"},
}  # fmt: skip


async def test_a_profile_of_amazon_is_found(amazon: Amazon, clients: Clients) -> None:
    service = ConnectProfiles(clients, "acorn").answer
    amazon.says({"Items": [HANA]})
    assert await service(question("search", by="phone", value="+8210")) == HANA_HERE
    _, path, _, body = amazon.requests[0]
    assert path.startswith("/domains/acorn/profiles/search")
    assert orjson.loads(body) == {"KeyName": "_phone", "Values": ["+8210"]}
    amazon.says({"Items": []})
    assert await refusal(service, question("get", id="p1")) == "none_found"
    amazon.says({"Items": [HANA, HANA]})
    assert await refusal(service, question("search", by="email", value="x")) == "multiple_found"
    assert await refusal(service, question("search", by="email", value="")) == "none_found"


async def test_a_profile_of_amazon_is_made_and_changed(amazon: Amazon, clients: Clients) -> None:
    service = ConnectProfiles(clients, "acorn").answer
    fields = {key: value for key, value in HANA_HERE.items() if key != "id"}
    amazon.says({"ProfileId": "p1"})
    made = await service(question("create", fields={**fields, "nickname": "H"}))
    assert made == {**HANA_HERE, "nickname": "H"}
    assert orjson.loads(amazon.requests[0][3]) == {
        **{key: value for key, value in HANA.items() if key != "ProfileId"},
        "Attributes": {"tier": "gold", "nickname": "H"},
    }
    amazon.says({"__type": "InternalServerException"}, 500)
    amazon.requests.clear()
    assert await refusal(service, question("create", fields=fields)) == "failed"
    assert len(amazon.requests) == 1
    amazon.says({"ProfileId": "p1", "Items": [HANA]})
    assert await service(question("update", id="p1", fields={"city": "Busan"})) == HANA_HERE
    amazon.requests.clear()
    assert await service(question("delete", id="p1")) == {"id": "p1"}
    assert amazon.requests[0][1] == "/domains/acorn/profiles/delete"
    assert orjson.loads(amazon.requests[0][3]) == {"ProfileId": "p1"}
    assert await refusal(service, question("associate", id="p1")) == "failed"
    assert await refusal(service, question("create")) == "invalid"
    assert await refusal(service, question("explode")) == "unknown"


FIELDS = [
    {"id": "title", "value": {"stringValue": "Refund"}},
    {"id": "status", "value": {"stringValue": "open"}},
    {"id": "reference_number", "value": {"stringValue": "1007"}},
    {"id": "amount", "value": {"doubleValue": 5.0}},
    {"id": "summary", "value": {"emptyValue": {}}},
]


async def test_a_case_of_amazon_is_made(amazon: Amazon, clients: Clients) -> None:
    service = ConnectCases(clients, "d", "t").answer
    amazon.says({"caseId": "c1", "caseArn": "arn", "fields": FIELDS, "templateId": "t"})
    asked = question("create", profile="arn:p1", fields={"title": "Refund", "amount": 5})
    assert await service(asked) == {
        "id": "c1", "title": "Refund", "status": "open", "reference": "1007", "amount": 5.0,
    }  # fmt: skip
    await service(asked)
    made = [orjson.loads(body) for _, path, _, body in amazon.requests if path.endswith("/cases")]
    assert made[0]["clientToken"] == made[1]["clientToken"]
    assert {"id": "customer_id", "value": {"stringValue": "arn:p1"}} in made[0]["fields"]
    assert {"id": "amount", "value": {"doubleValue": 5.0}} in made[0]["fields"]


async def test_a_case_of_amazon_is_found_and_changed(amazon: Amazon, clients: Clients) -> None:
    service = ConnectCases(clients, "d", "t").answer
    amazon.says({"cases": [], "fields": FIELDS})
    assert await refusal(service, question("get", fields={"title": "x"})) == "none_found"
    found = {"caseId": "c1", "templateId": "t", "fields": []}
    amazon.says({"cases": [found, found], "fields": FIELDS, "templateId": "t"})
    assert await refusal(service, question("get", profile="p")) == "multiple_found"
    assert (await service(question("get", profile="p", newest=True)))["id"] == "c1"
    assert (await service(question("update", id="c1", fields={"summary": ""})))["id"] == "c1"
    assert await refusal(service, question("link", id="c1")) == "failed"
    assert await refusal(service, question("get", linked=True, profile="p")) == "none_found"
    assert (await service(question("update", id="c1", link=True)))["linked"] is False
    assert await refusal(service, question("get")) == "invalid"
    amazon.says({"message": "no"}, 404, x_amzn_errortype="ResourceNotFoundException")
    assert await refusal(service, question("get", id="c9")) == "none_found"


# --- the rest ---------------------------------------------------------------------------------


async def test_voice_id_says_at_once_that_it_ended() -> None:
    with pytest.raises(Refused, match="2026-05-20"):
        await VoiceIdentity(VoiceId()).answer(question("check", threshold=90))


async def test_troubles_are_told_by_kind() -> None:
    clients = Clients(WHO)
    client = clients.client("comprehend", 3, 1)
    with Stubber(client) as stub:
        for code, kind in [
            ("ResourceNotFoundException", "not_found"), ("ValidationException", "invalid"),
            ("ConflictException", "conflict"), ("ThrottlingException", "failed"),
        ]:  # fmt: skip
            stub.add_client_error("detect_sentiment", code, "told")
            with pytest.raises(Trouble) as caught:
                await clients.call(
                    "comprehend",
                    lambda c: c.detect_sentiment(Text="x", LanguageCode="en"),
                    timeout_s=3,
                )
            assert (caught.value.kind, caught.value.code) == (kind, code)
    with pytest.raises(Trouble) as caught:
        await clients.call("comprehend", lambda c: c.detect_sentiment(), timeout_s=3)
    assert caught.value.kind == "invalid"
    clients.close()


async def test_a_service_takes_any_question(clients: Clients) -> None:
    services: list[Service] = [Comprehend(clients).answer, Polly(clients, Path("unused")).answer]
    for service in services:
        strange: list[dict[str, Any]] = [{}, {"text": 5.5}, {"text": []}, {"ssml": {}}]
        for arguments in strange:
            asked: Question = question("detect", **arguments)
            value: Value | None = None
            with pytest.raises(Refused):
                value = await service(asked)
            assert value is None

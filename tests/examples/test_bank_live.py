"""The bank example, live: a caller and a visitor, the bot, the queue, an agent, the record."""

from __future__ import annotations

from websockets.asyncio.client import connect

from tests.examples.conftest import Shown, spoken
from tests.runtime.http.conftest import TOKEN, Browser, sign

NUMBER, CALLER = "+8215771000", "+821012345678"


async def test_a_caller_asks_for_a_rate_and_then_for_a_person(bank: Shown) -> None:
    heard = await bank.ring(CALLER, NUMBER)
    assert "녹취되고 분석됩니다" in " ".join(spoken(heard))
    await bank.settle()
    assert bank.twilio.recorded == ["CA0"]
    gather = heard.find("Gather")
    assert gather is not None
    assert gather.attrib["language"] == "ko-KR"
    heard = await bank.answer(heard, CALLER, NUMBER, SpeechResult="전세대출 금리가 궁금해요")
    assert "연 3.6퍼센트" in " ".join(spoken(heard))
    said = await bank.answer(heard, CALLER, NUMBER, Digits="0")
    assert said.find("Redirect") is not None
    contact = await bank.accept("haeun")
    assert (await bank.contact(contact)).status == "connected"
    assert (await bank.contact(contact)).address == CALLER
    over = {"CallSid": "CA0", "From": CALLER, "To": NUMBER, "CallStatus": "completed"}
    answer = await bank.client.post(
        "/webhooks/twilio/over", data=over, headers=_signed(bank, "/webhooks/twilio/over", over)
    )
    assert answer.status_code == 204
    await bank.settle()
    ended = await bank.contact(contact)
    assert (ended.status, ended.reason) == ("ended", "customer")


async def test_nobody_hears_a_result_without_a_voice_that_fits(bank: Shown) -> None:
    """No provider listens here, so a person has to ask who is calling."""
    heard = await bank.ring(CALLER, NUMBER)
    said = await bank.answer(heard, CALLER, NUMBER, SpeechResult="대출 심사 결과 알려 주세요")
    assert "승인" not in " ".join(spoken(said))
    assert said.find("Redirect") is not None


async def test_a_visitor_chats_with_the_bot_and_an_agent(bank: Shown) -> None:
    url = f"{bank.url.replace('http', 'ws')}/ws/chat/loan_chat"
    async with connect(url) as socket:
        visitor = Browser(socket, "")
        await visitor.send(type="hello", token="")
        await visitor.start()
        await visitor.hear("도와드릴까요")
        await visitor.say("신용대출 한도가 얼마예요", "m1")
        await visitor.hear("1억 원")
        await visitor.say("0", "m2")
        await bank.settle()
        contact = await bank.accept("doyun")
        host = bank.site.host
        hello = host.event("Say", id="s1", contact=contact, text="안녕하세요, 최도윤입니다.")
        await host.post("agent/doyun", hello)
        await visitor.hear("최도윤입니다")
        await visitor.say("감사합니다", "m3")
        await bank.settle()
        chat = (await bank.agent("doyun")).chats[contact]
        assert chat.state == "open"
    told = [line["text"] for line in await bank.lines(contact) if line["what"] == "said"]
    assert told[-2:] == ["안녕하세요, 최도윤입니다.", "감사합니다"]


def _signed(bank: Shown, path: str, form: dict[str, str]) -> dict[str, str]:
    return {"X-Twilio-Signature": sign(f"{bank.url}{path}", form, TOKEN)}

"""Feelings are read from sentences that the word list was not made from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from runtime.services.asked import Question, Refused
from runtime.services.local.sentiment import Feeling, Sentiment, feeling

ENGLISH: list[tuple[str, Feeling]] = [
    ("Your agent was so helpful, thank you very much", "positive"),
    ("I have been waiting for forty minutes and nobody answers", "negative"),
    ("What time do you close on Fridays?", "neutral"),
    ("The parcel arrived broken and nobody cares", "negative"),
    ("Everything worked at the first try, brilliant", "positive"),
    ("I would like to change my address", "neutral"),
    ("This is the third time I call about the same problem", "negative"),
    ("She explained everything clearly and was very kind", "positive"),
    ("My order number is 55 12 87", "neutral"),
    ("I am really disappointed with your service", "negative"),
    ("Not bad at all, I'd come back", "positive"),
    ("The app keeps crashing whenever I log in", "negative"),
    ("Can you tell me my balance please", "neutral"),
    ("You people are useless", "negative"),
    ("That was quick, great job", "positive"),
    ("I want to speak to a person", "neutral"),
    ("I am not happy with this bill", "negative"),
    ("The refund came on time, no complaints", "positive"),
    ("Your website doesn't work", "negative"),
    ("Please send me the contract by e-mail", "neutral"),
    ("I was treated rudely by your staff", "negative"),
    ("Could not be happier with the new plan", "positive"),
    ("You charged me twice, this is unacceptable", "negative"),
    ("I need the opening hours of the Busan branch", "neutral"),
    ("The technician was friendly but the line still fails", "mixed"),
    ("Good product, terrible delivery", "mixed"),
    ("What a waste of time", "negative"),
    ("Thanks, that solved it", "positive"),
    ("I moved to another city last week", "neutral"),
    ("Why does it take so long to get an answer", "negative"),
    ("Wonderful, exactly what I needed", "positive"),
    ("Is my card blocked?", "neutral"),
    ("I feel cheated", "negative"),
    ("It is a nice surprise to reach someone this fast", "positive"),
    ("My internet has been down since yesterday and I'm furious", "negative"),
    ("How do I reset the router", "neutral"),
    ("I appreciate your patience with me", "positive"),
    ("Nothing but trouble since I signed up", "negative"),
    ("Transfer two hundred dollars to savings", "neutral"),
    ("I will never use this company again", "negative"),
]
KOREAN: list[tuple[str, Feeling]] = [
    ("상담사분이 정말 친절하게 알려 주셨어요", "positive"),
    ("삼십 분째 기다리는데 아무도 안 받네요", "negative"),
    ("영업시간이 몇 시까지인가요", "neutral"),
    ("물건이 다 깨져서 왔어요", "negative"),
    ("덕분에 바로 해결됐습니다 감사합니다", "positive"),
    ("주소를 변경하려고 합니다", "neutral"),
    ("같은 문제로 벌써 세 번째 전화하는 거예요", "negative"),
    ("설명이 아주 꼼꼼해서 좋았어요", "positive"),
    ("주문 번호는 오오일이팔칠입니다", "neutral"),
    ("서비스에 너무 실망했어요", "negative"),
    ("생각보다 나쁘지 않네요", "positive"),
    ("로그인만 하면 앱이 꺼져서 짜증 나요", "negative"),
    ("잔액 조회해 주세요", "neutral"),
    ("일 처리가 이게 뭡니까", "negative"),
    ("처리가 빨라서 놀랐어요 최고예요", "positive"),
    ("상담원과 통화하고 싶어요", "neutral"),
    ("요금이 마음에 안 들어요", "negative"),
    ("환불이 제때 들어와서 다행이에요", "positive"),
    ("홈페이지가 안 열려요 도대체 왜 이러죠", "negative"),
    ("계약서를 메일로 보내 주세요", "neutral"),
    ("직원이 무례하게 굴었어요", "negative"),
    ("새 요금제가 정말 마음에 듭니다", "positive"),
    ("두 번이나 결제가 됐잖아요 말이 됩니까", "negative"),
    ("부산 지점 전화번호 알려 주세요", "neutral"),
    ("기사님은 친절했는데 인터넷은 여전히 먹통이에요", "mixed"),
    ("제품은 좋은데 배송이 최악이에요", "mixed"),
    ("시간만 낭비했네요", "negative"),
    ("고맙습니다 잘 처리됐어요", "positive"),
    ("지난주에 이사했습니다", "neutral"),
    ("왜 이렇게 오래 걸려요", "negative"),
    ("정말 훌륭한 서비스입니다", "positive"),
    ("카드가 정지됐나요", "neutral"),
    ("속은 기분이에요", "negative"),
    ("이렇게 빨리 연결될 줄 몰랐는데 기분 좋네요", "positive"),
    ("어제부터 인터넷이 안 돼서 화가 나요", "negative"),
    ("공유기 초기화는 어떻게 하나요", "neutral"),
    ("끝까지 들어 주셔서 감사해요", "positive"),
    ("가입하고 나서 문제만 생기네요", "negative"),
    ("적금 통장으로 이십만 원 보내 주세요", "neutral"),
    ("다시는 이 회사 안 써요", "negative"),
]


@pytest.mark.parametrize(("said", "least"), [(ENGLISH, 0.8), (KOREAN, 0.8)], ids=["en", "ko"])
def test_held_back_sentences(
    said: list[tuple[str, Feeling]], least: float, record_property: object
) -> None:
    wrong = [(text, wanted, *feeling(text)[:2]) for text, wanted in said]
    wrong = [item for item in wrong if item[1] != item[2]]
    accuracy = 1 - len(wrong) / len(said)
    print(f"sentiment: {accuracy:.0%} of {len(said)} held-back sentences; wrong: {wrong}")
    opposite = [item for item in wrong if {item[1], item[2]} == {"positive", "negative"}]
    assert accuracy >= least
    assert len(opposite) <= 2


@pytest.mark.parametrize("text", ["", " ", "?!", "12345", "ㅋ", "x" * 100_000, "\x00", "�"])
def test_what_says_nothing_is_neutral(text: str) -> None:
    assert feeling(text)[0] == "neutral"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I am happy", "I am not happy"),
        ("It is bad", "It is not bad"),
        ("마음에 들어요", "마음에 들지 않아요"),
        ("친절하세요", "친절하지 않아요"),
        ("좋아요", "안 좋아요"),
    ],
)
def test_a_not_turns_it(one: str, other: str) -> None:
    assert feeling(one)[1] * feeling(other)[1] < 0


def test_the_service() -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    asked = Question(operation="detect", arguments={"text": "Thank you so much"}, at=now)
    answer = Sentiment().answer(asked)
    assert answer["sentiment"] == "positive"
    assert 0 < answer["score"] <= 1
    with pytest.raises(Refused):
        Sentiment().answer(Question(operation="detect", at=now))

"""What people call the words that a parameter takes: `realtime` is "real time".

A word means the same wherever it is taken; one that a block of somebody else's brings along is
shown as it is spelt.
"""

from __future__ import annotations

from collections.abc import Mapping

from designer.words import Language

CHOICES: Mapping[str, tuple[str, str]] = {
    "address": ("address", "주소"),
    "after": ("after", "대화 후"),
    "age": ("age", "나이"),
    "agent": ("agent", "상담원"),
    "all": ("all", "모두"),
    "any": ("any", "아무 채널"),
    "anything": ("anything", "아무 값"),
    "available": ("available", "상담 가능"),
    "bank_account": ("bank account", "계좌 번호"),
    "bank_routing": ("bank routing", "은행 코드"),
    "bot_left": ("the bot has left", "챗봇이 나감"),
    "both": ("both", "둘 다"),
    "card_cvv": ("card CVV", "카드 보안 코드"),
    "card_expiry": ("card expiry", "카드 유효 기간"),
    "card_number": ("card number", "카드 번호"),
    "chat": ("chat", "채팅"),
    "conversational": ("conversational", "대화체"),
    "customer": ("customer", "고객"),
    "customer_returned": ("the customer is back", "고객이 돌아옴"),
    "date": ("date", "날짜"),
    "date_time": ("date and time", "날짜와 시각"),
    "delete": ("DELETE", "DELETE 삭제"),
    "driver_id": ("driver ID", "운전면허 번호"),
    "email": ("e-mail", "이메일"),
    "enrolment": ("enrolment", "등록"),
    "everything": ("everything", "전부"),
    "fraud": ("fraud", "사기 여부"),
    "from": ("from the customer", "고객의 소리"),
    "generative": ("generative", "생성형"),
    "get": ("GET", "GET 조회"),
    "identity": ("identity", "본인 여부"),
    "ip_address": ("IP address", "IP 주소"),
    "kakao": ("KakaoTalk", "카카오톡"),
    "kind": ("kind", "정보의 종류"),
    "last_part": ("last part", "마지막 부분"),
    "licence_plate": ("licence plate", "차량 번호"),
    "line": ("LINE", "라인"),
    "longest_wait": ("longest wait", "가장 긴 대기"),
    "mac_address": ("MAC address", "MAC 주소"),
    "messenger": ("Messenger", "페이스북 메신저"),
    "name": ("name", "이름"),
    "neural": ("neural", "신경망"),
    "newscaster": ("newscaster", "뉴스 낭독체"),
    "nobody": ("nobody", "없음"),
    "none": ("none", "없음"),
    "number": ("number", "숫자"),
    "off": ("off", "끔"),
    "on": ("on", "켬"),
    "online": ("online", "접속 중"),
    "original": ("original", "원본"),
    "passport": ("passport", "여권 번호"),
    "password": ("password", "비밀번호"),
    "patch": ("PATCH", "PATCH 일부 변경"),
    "phone": ("phone", "전화번호"),
    "pin": ("PIN", "핀 번호"),
    "post": ("POST", "POST 전송"),
    "put": ("PUT", "PUT 저장"),
    "realtime": ("real time", "실시간"),
    "redacted": ("redacted", "가린 것"),
    "screen": ("screen", "화면"),
    "sms": ("text message", "문자"),
    "ssn": ("SSN", "사회보장번호"),
    "staffed": ("staffed", "근무 중"),
    "standard": ("standard", "표준"),
    "stars": ("stars", "별표"),
    "telegram": ("Telegram", "텔레그램"),
    "to": ("to the customer", "고객에게 가는 소리"),
    "url": ("URL", "웹 주소"),
    "username": ("user name", "사용자 이름"),
    "usual": ("usual", "보통"),
    "vehicle_id": ("vehicle ID", "차대 번호"),
    "voice": ("voice", "통화"),
    "waiting": ("waiting", "대기 수"),
    "whatsapp": ("WhatsApp", "왓츠앱"),
    "x": ("X", "엑스(X)"),
}


def choice(word: str, language: Language) -> str:
    english, korean = CHOICES.get(word, (word, word))
    return korean if language == "ko" else english

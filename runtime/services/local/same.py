"""Words that mean the same to whoever calls a contact centre, in English and Korean.

A bot's examples cannot name them all: whoever says `operator` wants what `agent` means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENGLISH = """
agent|agents|representative|operator|human|person|people|somebody|someone|advisor|adviser|staff
login|log-in|signin|logon|log in|sign in|sign on
password|passcode|pin
parcel|parcels|package|packages|shipment|delivery|shipping|shipped|delivered|dispatch|dispatched
refund|refunds|refunded|reimburse|reimbursement|money back
return|returns|returned|returning|send back
cancel|cancelled|canceled|cancelling|cancellation|undo|withdraw
order|orders|ordered|purchase|purchased|bought|buy
pay|pays|paid|paying|payment|payments|installments|installment
coupon|coupons|voucher|vouchers|promo|promotion|discount|discounts
store|stores|shop|shops|branch|branches
open|opens|opening|close|closes|closed|closing|hours
broken|defective|damaged|faulty|cracked
address|addresses
account|accounts|profile
change|changes|changed|edit|update|modify|different|another|new
charge|charged|charges|bill|billed|invoice
lost|lose|missing|stolen|stole|theft
error|errors|failed|fails|fail|problem|problems|issue|declined|rejected|trouble
forgot|forgotten|forget|remember
twice|double
"""
_KOREAN = """
상담원|상담사|상담 직원|직원|담당자|안내원
비밀번호|비번|암호|패스워드
잊|까먹|기억이 안|기억 안|생각이 안
택배|소포|배송|배달|운송장|화물
환불|돌려받|돌려주|돌려줘
반품|반송|돌려보내
취소|철회|무르
주문|구매|구입|샀
결제|지불|납부|계산
쿠폰|할인권|할인 코드|바우처
포인트|적립금|마일리지
매장|가게|점포|지점
영업|여나|여는|열어|열려|열리|닫|문 여|마감|개점|폐점
불량|고장|파손|깨졌|깨져|망가
주소|배송지
바꾸|바꿔|바꿀|변경|수정|고치|고칠|갱신
로그인|접속
오류|에러|안 돼|안돼|안 되|안되|실패
분실|잃어버|도난
두 번|이중|중복
계정|아이디|회원
"""


def _patterns(lines: str, spelling: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    groups = [line.split("|") for line in lines.strip().splitlines()]
    return tuple(
        (words[0], re.compile(spelling.format("|".join(map(re.escape, words))))) for words in groups
    )


# Korean words take endings and stand in other words.
_GROUPS = (*_patterns(_ENGLISH, r"(?<!\w)(?:{})(?!\w)"), *_patterns(_KOREAN, "{}"))


def meanings(text: str) -> Iterator[str]:
    """The groups of words that a text has one of, each named by its first word."""
    return (name for name, words in _GROUPS if words.search(text))

"""대출 심사 상태: 예제에서는 표가 심사 시스템을 대신합니다."""

APPLICATIONS = {
    "+821012345678": {"state": "approved", "product": "전세대출"},
    "+821098765432": {"state": "review", "product": "신용대출"},
}


def status(phone: str) -> dict[str, str]:
    """신청이 없으면 `none`입니다."""
    return APPLICATIONS.get(phone, {"state": "none", "product": ""})

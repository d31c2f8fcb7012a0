"""Taking an address before anything is promised about it."""

from __future__ import annotations

import socket

from flowlang.cli.options import reason_of
from flowlang.diagnostics.words import Language

WORDS: dict[Language, str] = {
    "en": "cannot listen on {host}:{port}: {reason}. Choose another one with --port.",
    "ko": "{host}:{port}을(를) 열 수 없습니다: {reason}. --port로 다른 번호를 고르세요.",
}


class CannotListen(Exception):
    """Somebody else has the address, or it is none."""

    def __init__(self, host: str, port: int, error: Exception) -> None:
        super().__init__(str(error))
        self.host, self.port = host, port
        self.error = error

    def said(self, language: Language) -> str:
        return WORDS[language].format(
            host=self.host, port=self.port, reason=reason_of(self.error, language)
        )


def bound(host: str, port: int) -> socket.socket:
    """The address, taken but not listened on yet; port 0 takes any that is free."""
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except (OSError, OverflowError) as error:
        taken.close()
        raise CannotListen(host, port, error) from error
    return taken

"""Talking with a vendor over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from runtime.channels.provider import Undeliverable
from runtime.host import NotNow
from runtime.tls import trusted

TIMEOUT_S = 10.0
ANSWER_BYTES_MAX = 200_000
REASON_MAX = 300


class Vendor:
    """Posts JSON to one vendor, and tells for ever from not now."""

    def __init__(self, name: str, api: str, headers: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.api = api.rstrip("/")
        self.headers = dict(headers or {})
        self._client: httpx.AsyncClient | None = None

    async def post(
        self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The vendor's answer. Raises `NotNow` for what may work later, `Undeliverable` for what
        never will. The address is never shown: some carry their secret in it."""
        try:
            answer = await self._http().post(
                f"{self.api}{path}", json=body, headers={**self.headers, **(headers or {})}
            )
        except httpx.HTTPError as error:
            raise NotNow(f"{self.name} cannot be reached: {type(error).__name__}") from None
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            raise NotNow(f"{self.name} answers {answer.status_code}")
        if answer.status_code == 409:
            # Accepted before, under the same key.
            return {}
        if not answer.is_success:
            reason = answer.text[:REASON_MAX]
            raise Undeliverable(f"{self.name} answers {answer.status_code}: {reason}")
        if len(answer.content) > ANSWER_BYTES_MAX:
            return {}
        try:
            found = answer.json()
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                verify=trusted(), timeout=TIMEOUT_S, follow_redirects=False
            )
        return self._client

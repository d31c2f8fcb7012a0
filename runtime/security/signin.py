"""Signing in: by a link that works once, then by a cookie.

There are no passwords and no account that is there from the beginning. Only digests are stored:
who reads the store can sign in as nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import orjson

from runtime.security.rates import Rate
from runtime.stores import Store

COOKIE = "flowlang_session"
SESSION_S = 12 * 3600
LINK_S = 24 * 3600
ADMIN = "admin"
GUESSES_MAX = 10
GUESSES_WINDOW_S = 60.0


class SignIns:
    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.clock = clock
        self.guesses = Rate(GUESSES_MAX, GUESSES_WINDOW_S)
        """By address: a token cannot be guessed, but nobody shall try."""

    async def new_link(self, person: str) -> str:
        """A token that lets a person in, once."""
        token = secrets.token_urlsafe(24)
        await self._keep("sign-in link", token, person, LINK_S)
        return token

    async def has_come(self, person: str) -> bool:
        """Whether a person has ever been here."""
        return await self.store.note("signed in", person) is not None

    async def enter(self, token: str) -> tuple[str, str] | None:
        """Who a link lets in, and the session of theirs that begins."""
        kept = await self.store.take_note("sign-in link", _digest(token))
        person = self._person(kept)
        if person is None:
            return None
        session = secrets.token_urlsafe(32)
        await self._keep("session", session, person, SESSION_S)
        await self.store.put_note("signed in", person, self.clock().isoformat().encode())
        return person, session

    async def person(self, session: str) -> str | None:
        """Who a cookie stands for."""
        return self._person(await self.store.note("session", _digest(session)))

    async def leave(self, session: str) -> None:
        await self.store.take_note("session", _digest(session))

    async def _keep(self, kind: str, token: str, person: str, valid_s: float) -> None:
        until = self.clock() + timedelta(seconds=valid_s)
        value = orjson.dumps({"person": person, "until": until.isoformat()})
        await self.store.put_note(kind, _digest(token), value)

    def _person(self, kept: bytes | None) -> str | None:
        value = orjson.loads(kept) if kept else None
        if value is None or datetime.fromisoformat(value["until"]) < self.clock():
            return None
        return str(value["person"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

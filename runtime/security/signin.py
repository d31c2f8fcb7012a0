"""Signing in: by a one-time link, or by a password with a second factor; then by a cookie.

There is no account that is there from the beginning, only the link that the first start prints.
Only digests are stored: who reads the store can sign in as nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from runtime.security import passwords
from runtime.security.keys import MasterKeys
from runtime.security.rates import Rate
from runtime.stores import Store

COOKIE = "flowlang_session"
SESSION_S = 12 * 3600
LINK_S = 24 * 3600
GUESSES_MAX = 10
GUESSES_WINDOW_S = 60.0
FAILURES_MAX = 5
"""Wrong passwords in a row before somebody has to wait, each time twice as long."""
LOCK_FIRST_S = 60.0
LOCK_LAST_S = 3600.0
PASSWORD = "password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    digest: str = ""
    secret: str = ""
    """The second factor's, wrapped by the master key; empty without one."""
    last_step: int = 0
    """The last code that was used: none is good twice."""
    failures: int = 0
    locked_until: str = ""


class Refused(Exception):
    """Not signed in. `reason`: `wrong`, `code` (the second factor is missing), `locked`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SignIns:
    def __init__(self, store: Store, clock: Callable[[], datetime], keys: MasterKeys) -> None:
        self.store = store
        self.clock = clock
        self.keys = keys
        self.guesses = Rate(GUESSES_MAX, GUESSES_WINDOW_S)
        """By address: a token cannot be guessed, but nobody shall try."""

    # --- links --------------------------------------------------------------------------------

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
        return None if person is None else (person, await self._begin(person))

    # --- passwords ----------------------------------------------------------------------------

    async def sign_in(self, person: str, password: str, code: str = "") -> str:
        """The session that begins; raises `Refused`. A name that nobody has takes as long as one
        that somebody has."""
        known = await self._credentials(person)
        if known.locked_until and datetime.fromisoformat(known.locked_until) > self.clock():
            raise Refused("locked")
        if not passwords.fits(password, known.digest):
            await self._note_failure(person, known)
            raise Refused("wrong")
        step = 0
        if known.secret:
            if not code:
                raise Refused("code")
            secret = self._unwrapped(person, known.secret)
            found = passwords.step_of(secret, code, self.clock().timestamp())
            if found is None or found <= known.last_step:
                await self._note_failure(person, known)
                raise Refused("wrong")
            step = found
        fine = replace(known, failures=0, locked_until="", last_step=max(step, known.last_step))
        await self._put(person, fine)
        return await self._begin(person)

    async def has_password(self, person: str) -> bool:
        return bool((await self._credentials(person)).digest)

    async def has_second_factor(self, person: str) -> bool:
        return bool((await self._credentials(person)).secret)

    async def set_password(self, person: str, password: str) -> None:
        """Raises `passwords.Weak`."""
        digest = passwords.digest_of(password)
        known = await self._credentials(person)
        await self._put(person, replace(known, digest=digest, failures=0, locked_until=""))

    async def set_second_factor(self, person: str, secret: str, code: str) -> bool:
        """Take a secret that an app knows, if its code proves that it does."""
        step = passwords.step_of(secret, code, self.clock().timestamp())
        if step is None:
            return False
        wrapped = self.keys.wrap(secret.encode(), person.encode()).hex()
        known = await self._credentials(person)
        await self._put(person, replace(known, secret=wrapped, last_step=step))
        return True

    async def forget(self, person: str) -> None:
        """Take password and second factor back: the next way in is a link."""
        await self.store.take_note(PASSWORD, person)

    async def _note_failure(self, person: str, known: Credentials) -> None:
        if not known.digest:
            return
        failures = known.failures + 1
        locked_until = ""
        if failures >= FAILURES_MAX:
            wait_s = min(LOCK_FIRST_S * 2 ** (failures - FAILURES_MAX), LOCK_LAST_S)
            locked_until = (self.clock() + timedelta(seconds=wait_s)).isoformat()
        await self._put(person, replace(known, failures=failures, locked_until=locked_until))

    async def _credentials(self, person: str) -> Credentials:
        found = await self.store.note(PASSWORD, person)
        return Credentials(**orjson.loads(found)) if found else Credentials()

    async def _put(self, person: str, known: Credentials) -> None:
        await self.store.put_note(PASSWORD, person, orjson.dumps(asdict(known)))

    def _unwrapped(self, person: str, wrapped: str) -> str:
        return self.keys.unwrap(bytes.fromhex(wrapped), person.encode()).decode()

    # --- sessions -----------------------------------------------------------------------------

    async def person(self, session: str) -> str | None:
        """Who a cookie stands for."""
        return self._person(await self.store.note("session", _digest(session)))

    async def leave(self, session: str) -> None:
        await self.store.take_note("session", _digest(session))

    async def _begin(self, person: str) -> str:
        session = secrets.token_urlsafe(32)
        await self._keep("session", session, person, SESSION_S)
        await self.store.put_note("signed in", person, self.clock().isoformat().encode())
        return session

    async def _keep(self, kind: str, token: str, person: str, valid_s: float) -> None:
        until = self.clock() + timedelta(seconds=valid_s)
        value: dict[str, Any] = {"person": person, "until": until.isoformat()}
        await self.store.put_note(kind, _digest(token), orjson.dumps(value))

    def _person(self, kept: bytes | None) -> str | None:
        value = orjson.loads(kept) if kept else None
        if value is None or datetime.fromisoformat(value["until"]) < self.clock():
            return None
        return str(value["person"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

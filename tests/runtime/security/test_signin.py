"""Passwords, second factors, and how often one may be wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from runtime.security import passwords
from runtime.security.keys import MasterKeys
from runtime.security.signin import FAILURES_MAX, Refused, SignIns
from runtime.stores.sqlite import SqliteStore

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Clock:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sign_ins(tmp_path: Path, clock: Clock) -> AsyncIterator[SignIns]:
    store = SqliteStore(tmp_path / "store.db")
    yield SignIns(store, clock, MasterKeys(b"k" * 32))
    await store.close()


async def refused(sign_ins: SignIns, password: str, code: str = "", person: str = "ann") -> str:
    with pytest.raises(Refused) as found:
        await sign_ins.sign_in(person, password, code)
    return found.value.reason


async def test_a_password_lets_in(sign_ins: SignIns) -> None:
    await sign_ins.set_password("ann", PASSWORD)
    session = await sign_ins.sign_in("ann", PASSWORD)
    assert await sign_ins.person(session) == "ann"
    assert await refused(sign_ins, PASSWORD + "x") == "wrong"
    assert await refused(sign_ins, PASSWORD, person="bob") == "wrong"
    assert await refused(sign_ins, "", person="bob") == "wrong"


async def test_nothing_that_lets_in_is_stored(sign_ins: SignIns, tmp_path: Path) -> None:
    await sign_ins.set_password("ann", PASSWORD)
    await sign_ins.set_second_factor("ann", SECRET, pyotp.TOTP(SECRET).at(sign_ins.clock()))
    session = await sign_ins.sign_in(
        "ann", PASSWORD, pyotp.TOTP(SECRET).at(sign_ins.clock() + timedelta(seconds=30))
    )
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (PASSWORD, SECRET, session):
        assert secret.encode() not in stored
    kept = await sign_ins.store.note("password", "ann")
    assert kept is not None
    assert b"$argon2id$" in kept


async def test_the_second_factor_is_wanted_and_good_once(sign_ins: SignIns, clock: Clock) -> None:
    await sign_ins.set_password("ann", PASSWORD)
    totp = pyotp.TOTP(SECRET)
    assert not await sign_ins.set_second_factor("ann", SECRET, "000000")
    assert await sign_ins.set_second_factor("ann", SECRET, totp.at(clock.now))
    assert await refused(sign_ins, PASSWORD) == "code"
    # The code that proved the app was used with that.
    assert await refused(sign_ins, PASSWORD, totp.at(clock.now)) == "wrong"
    clock.now += timedelta(seconds=60)
    code = totp.at(clock.now)
    assert await sign_ins.sign_in("ann", PASSWORD, f"{code[:3]} {code[3:]}")
    assert await refused(sign_ins, PASSWORD, code) == "wrong"


async def test_whoever_guesses_has_to_wait_longer_and_longer(
    sign_ins: SignIns, clock: Clock
) -> None:
    await sign_ins.set_password("ann", PASSWORD)
    for _ in range(FAILURES_MAX):
        assert await refused(sign_ins, "wrong password") == "wrong"
    assert await refused(sign_ins, PASSWORD) == "locked"
    clock.now += timedelta(seconds=61)
    assert await refused(sign_ins, "wrong password") == "wrong"
    clock.now += timedelta(seconds=61)
    assert await refused(sign_ins, PASSWORD) == "locked"
    clock.now += timedelta(seconds=61)
    assert await sign_ins.sign_in("ann", PASSWORD)
    assert await refused(sign_ins, "wrong password") == "wrong"


async def test_a_forgotten_password_is_taken_back(sign_ins: SignIns) -> None:
    await sign_ins.set_password("ann", PASSWORD)
    await sign_ins.forget("ann")
    assert await refused(sign_ins, PASSWORD) == "wrong"
    assert not await sign_ins.has_password("ann")


@pytest.mark.parametrize("weak", ["", "short", "aaaaaaaaaaaaaaaa", "x" * 257])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(passwords.Weak):
        passwords.digest_of(weak)


def test_a_password_is_the_same_on_every_keyboard() -> None:
    import unicodedata

    digest = passwords.digest_of("가나다라마바사아자차카타")
    assert passwords.fits(unicodedata.normalize("NFD", "가나다라마바사아자차카타"), digest)
    assert not passwords.fits("가나다라마바사아자차카하", digest)
    assert not passwords.fits("", "")

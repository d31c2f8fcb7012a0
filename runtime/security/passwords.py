"""Passwords and the second factor. Only what cannot be turned back is kept of a password."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LENGTH_MIN = 12
LENGTH_MAX = 256
CODE_VALID_STEPS = 1
"""A code of half a minute ago still counts: clocks differ."""


class Weak(ValueError):
    """Too short, too long, or nothing but one character."""


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # argon2id, with the library's present costs


def digest_of(password: str) -> str:
    """What is kept; raises `Weak`."""
    text = _normal(password)
    if not LENGTH_MIN <= len(text) <= LENGTH_MAX or len(set(text)) < 4:
        raise Weak
    return _hasher().hash(text)


def fits(password: str, digest: str) -> bool:
    """Whether it is the password. Without a digest it takes as long, and is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(digest or _nobody(), _normal(password)[:LENGTH_MAX])
    except (VerificationError, InvalidHashError):
        return False
    return bool(digest)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def _normal(password: str) -> str:
    """The same password on every keyboard."""
    return unicodedata.normalize("NFKC", password)


# --- the second factor --------------------------------------------------------------------------


def new_secret() -> str:
    import pyotp

    return pyotp.random_base32()


def setup_link(secret: str, person: str, project: str) -> str:
    """What an authenticator app reads from a picture."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=project)


def picture_of(link: str) -> str:
    """The link as an SVG picture, for a camera."""
    import segno

    return str(segno.make(link, error="m").svg_data_uri(scale=4, border=2))


def step_of(secret: str, code: str, now: float) -> int | None:
    """The half minute that a code belongs to, if it is one of now; a step is good once."""
    import pyotp

    totp = pyotp.TOTP(secret)
    digits = "".join(filter(str.isdecimal, code))
    here = int(now) // totp.interval
    for step in range(here - CODE_VALID_STEPS, here + CODE_VALID_STEPS + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            return step
    return None

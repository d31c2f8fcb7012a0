"""Signed tokens, and the secret of an installation that signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from runtime.stores.refusals import Refusal

SECRET_BYTES = 32


class Signer:
    """Signs texts for one purpose; a token for one is worth nothing for another."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()

    def sign(self, text: str) -> str:
        return f"{text}.{self._proof(text)}"

    def read(self, token: str) -> str | None:
        """The signed text, or None if the token is not ours."""
        text, _, proof = token.rpartition(".")
        good = hmac.compare_digest(proof.encode(), self._proof(text).encode())
        return text if text and good else None

    def code(self, text: str, length: int) -> str:
        """A code that only we can derive from a text, in letters that are not mistaken."""
        digest = hmac.new(self._key, text.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode()[:length]

    def _proof(self, text: str) -> str:
        digest = hmac.new(self._key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:24]).decode()


def installation_secret(path: Path) -> bytes:
    """The secret of this installation; without it all sign-ins end."""
    return secret_file(path)


def secret_file(path: Path) -> bytes:
    """The secret in a file, made at the first start and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # Whole or not at all, also where two processes start at once.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise Refusal("secret", path=path, bytes=SECRET_BYTES)
    return secret

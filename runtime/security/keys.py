"""The master keys of an installation: whoever reads the store without one of them reads nothing.

They wrap the keys that data is encrypted with, and stand in the environment or in a file of their
own, never in the store. The first one wraps; the others, from before a rotation, still unwrap.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.security.tokens import secret_file
from runtime.stores.refusals import Refusal

ENVIRONMENT = "FLOWLANG_MASTER_KEY"
"""Base64 of 32 bytes; after a comma, older ones."""
FILE_ENVIRONMENT = "FLOWLANG_MASTER_KEY_FILE"
KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 4


class BadMasterKey(Refusal):
    """There is no key here that opens what is stored."""


class MasterKeys:
    def __init__(self, *keys: bytes) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise BadMasterKey("key_length", bytes=KEY_BYTES)
        self._keys = {_name(key): AESGCM(key) for key in keys}
        self._first = _name(keys[0])

    def wrap(self, key: bytes, owner: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self._first + nonce + self._keys[self._first].encrypt(nonce, key, owner)

    def unwrap(self, wrapped: bytes, owner: bytes) -> bytes:
        master = self._keys.get(wrapped[:NAME_BYTES])
        if master is None:
            raise BadMasterKey("key_other", variable=ENVIRONMENT)
        nonce, rest = wrapped[NAME_BYTES:][:NONCE_BYTES], wrapped[NAME_BYTES + NONCE_BYTES :]
        try:
            return master.decrypt(nonce, rest, owner)
        except InvalidTag:
            raise BadMasterKey("key_altered") from None

    @classmethod
    def of_file(cls, path: Path) -> MasterKeys:
        """The key in a file, which is made if it is not there."""
        return cls(secret_file(path))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], fallback: Path) -> MasterKeys:
        """As the environment says; without a word there, a key file for development."""
        if text := environment.get(ENVIRONMENT, ""):
            return cls(*map(_read, text.split(",")))
        if name := environment.get(FILE_ENVIRONMENT, ""):
            try:
                return cls(*map(_read, Path(name).read_text("ascii").split()))
            except (OSError, UnicodeDecodeError) as error:
                raise BadMasterKey("key_file", variable=FILE_ENVIRONMENT, path=name) from error
        return cls.of_file(fallback)


def _read(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        return b""


def _name(key: bytes) -> bytes:
    """What a wrapped key says of the key that opens it."""
    return hashlib.sha256(b"flowlang master key" + key).digest()[:NAME_BYTES]

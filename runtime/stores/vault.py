"""What is stored is encrypted: AES-256-GCM, a key for each contact, wrapped by a master key.

A sealed value names the slot of its key and is bound to its place, so that rows cannot be swapped.
To destroy a contact is to destroy its key: a slot has the same size for ever, so it is overwritten
where it stands, and no older copy of it is left behind in the file.

Queues and agents live for ever and speak of many contacts: they get a new key every day.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.security.keys import KEY_BYTES, NONCE_BYTES, MasterKeys
from runtime.stores import Damaged

DAY_S = 86_400
STORE_SLOT = 1
"""The key for what belongs to nobody."""
SLOT_BYTES = 8
KEYS_AT_HAND = 1_024
DESTROYED = b"\0"


class Vault:
    """Keys are looked up in the connection that the caller works on."""

    def __init__(self, master: MasterKeys) -> None:
        self._master = master
        self._at_hand: dict[int, AESGCM] = {}
        self._digest_key = b""

    def open(self, db: sqlite3.Connection) -> None:
        """Have the store's own key, made the first time; `BadMasterKey` if it is not ours."""
        found = db.execute("select wrapped from secret where slot = ?", (STORE_SLOT,)).fetchone()
        if found is None:
            self.new_slot(db, 0)
            (found,) = db.execute("select wrapped from secret").fetchall()
        key = self._master.unwrap(found[0], _owner(STORE_SLOT))
        self._digest_key = hashlib.sha256(b"names of notes" + key).digest()

    def new_slot(self, db: sqlite3.Connection, at: float) -> int:
        """A new key. If the transaction fails, `forget` must be called: its number will be
        another's."""
        key = AESGCM.generate_key(8 * KEY_BYTES)
        # The number is known before the row is there: both in one statement, in one place.
        (slot,) = db.execute("select coalesce(max(slot), 0) + 1 from secret").fetchone()
        wrapped = self._master.wrap(key, _owner(slot))
        db.execute("insert into secret values(?, ?, ?)", (slot, int(at // DAY_S), wrapped))
        self._keep(slot, AESGCM(key))
        return int(slot)

    def forget(self) -> None:
        self._at_hand.clear()

    def seal(self, db: sqlite3.Connection, slot: int, place: str, data: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._key(db, slot).encrypt(nonce, data, place.encode())
        return slot.to_bytes(SLOT_BYTES, "big") + nonce + sealed

    def unseal(self, db: sqlite3.Connection, place: str, sealed: bytes) -> bytes:
        slot = int.from_bytes(sealed[:SLOT_BYTES], "big")
        nonce, rest = sealed[SLOT_BYTES:][:NONCE_BYTES], sealed[SLOT_BYTES + NONCE_BYTES :]
        try:
            return self._key(db, slot).decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError):
            raise Damaged("altered", place=place) from None

    def digest(self, text: str) -> bytes:
        """A name under which a text is found again and that tells nothing of it."""
        return hashlib.blake2b(text.encode(), key=self._digest_key, digest_size=16).digest()

    def _key(self, db: sqlite3.Connection, slot: int) -> AESGCM:
        key = self._at_hand.get(slot)
        if key is None:
            found = db.execute("select wrapped from secret where slot = ?", (slot,)).fetchone()
            if found is None or not found[0].strip(DESTROYED):
                raise Damaged("destroyed", slot=slot)
            key = AESGCM(self._master.unwrap(found[0], _owner(slot)))
            self._keep(slot, key)
        return key

    def _keep(self, slot: int, key: AESGCM) -> None:
        if len(self._at_hand) >= KEYS_AT_HAND:
            self._at_hand.clear()
        self._at_hand[slot] = key


def slot_of(sealed: bytes) -> int:
    return int.from_bytes(sealed[:SLOT_BYTES], "big")


def destroy(db: sqlite3.Connection, slots: list[int]) -> None:
    """Overwrite keys where they stand."""
    db.executemany(
        "update secret set wrapped = zeroblob(length(wrapped)) where slot = ?",
        [(slot,) for slot in slots],
    )


def _owner(slot: int) -> bytes:
    return b"slot %d" % slot

"""Files that customers and agents send each other in a chat.

A file is sealed with a key of its own, and that key stands in the contact's journal alone: when
retention destroys the contact's key, nobody opens the file any more, and it is removed. What a file
is, its content says, not its name; what is not on the list is not taken.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime import limits

KEY_BYTES, NONCE_BYTES, ID_BYTES = 32, 12, 12
NAME_LENGTH_MAX = 100
BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"%PDF-", "application/pdf", ".pdf"),
)
OFFICE = {
    b"word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    b"xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    b"ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
ENDINGS = {"image/jpeg": (".jpg", ".jpeg"), "text/plain": (".txt", ".csv", ".md", ".log")}
_ID = re.compile(r"[0-9a-f]{24}")
_CONTACT = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Unwanted(Exception):
    """A file that is not taken, in one word: `file_large`, `file_type`, `file_empty`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """As it stands in the journal, its key included."""

    id: str
    contact: str
    name: str
    type: str
    size: int
    key: str

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Attachments:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def keep(self, contact: str, name: str, data: bytes) -> Attachment:
        """Seal a file and write it; raises `Unwanted`."""
        kind, ending = kind_of(data)
        key = AESGCM.generate_key(8 * KEY_BYTES)
        kept = Attachment(
            id=os.urandom(ID_BYTES).hex(),
            contact=contact,
            name=safe_name(name, kind, ending),
            type=kind,
            size=len(data),
            key=base64.b64encode(key).decode(),
        )
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, data, _place(contact, kept.id))
        await asyncio.to_thread(_write, self._path(contact, kept.id), sealed)
        return kept

    async def open(self, contact: str, kept: Attachment) -> bytes | None:
        """What was sent; None if it is gone, or not what was written."""
        try:
            sealed = await asyncio.to_thread(self._path(contact, kept.id).read_bytes)
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            key = AESGCM(base64.b64decode(kept.key))
            return key.decrypt(nonce, rest, _place(contact, kept.id))
        except (OSError, InvalidTag, ValueError):
            return None

    async def tidy(self, contacts: Collection[str]) -> None:
        """Remove what belongs to none of these."""
        await asyncio.to_thread(self._tidy, contacts)

    def known(self) -> list[str]:
        """The contacts that have files here."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir())

    def _tidy(self, contacts: Collection[str]) -> None:
        for name in self.known():
            if name not in contacts:
                shutil.rmtree(self.folder / name, ignore_errors=True)

    def _path(self, contact: str, id_: str) -> Path:
        if not _CONTACT.fullmatch(contact) or not _ID.fullmatch(id_):
            raise ValueError("no name of ours")
        return self.folder / contact / id_


def attachments_in(journal: Iterable[Mapping[str, Any]]) -> dict[str, Attachment]:
    """The files of a contact, by id."""
    found = (entry["event"].get("file") for entry in journal)
    return {file["id"]: Attachment(**file) for file in found if file}


def described(file: Mapping[str, Any]) -> dict[str, Any]:
    """What people are told of a file: all but its key."""
    return {name: value for name, value in file.items() if name != "key"}


def kind_of(data: bytes) -> tuple[str, str]:
    """What it is, by its content, and how its name shall end."""
    if not data:
        raise Unwanted("file_empty")
    if len(data) > limits.FILE_BYTES_MAX:
        raise Unwanted("file_large")
    for beginning, kind, ending in BEGINNINGS:
        if data.startswith(beginning):
            return kind, ending
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if data.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in data:
        for part, (kind, ending) in OFFICE.items():
            # Those with macros in them are not taken.
            if part in data and b"vbaProject" not in data:
                return kind, ending
    if _is_text(data):
        return "text/plain", ".txt"
    raise Unwanted("file_type")


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t\ufeff" for character in text)


def safe_name(name: str, kind: str, ending: str) -> str:
    """A name without a path, without what cannot be seen, with an ending that says the truth."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem, _, last = name.strip(" .").rpartition(".")
    given = f".{last.casefold()}"
    if stem and given in ENDINGS.get(kind, (ending,)):
        return f"{stem[:NAME_LENGTH_MAX]}{given}"
    return f"{name.strip(' .')[:NAME_LENGTH_MAX] or 'file'}{ending}"


def _place(contact: str, id_: str) -> bytes:
    return f"file {contact} {id_}".encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(file, data)
        os.fsync(file)
    finally:
        os.close(file)

"""Where a project keeps what its contacts leave."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from runtime.security.keys import MasterKeys
from runtime.stores.sqlite import KEY_FILE, SqliteStore

FOLDER = ".flowlang"
"""Inside of the project's own folder."""
STORE_FILE = "store.db"


def own_folder(folder: Path) -> Path:
    """Made where it is missing, and kept out of version control: keys are in it."""
    own = folder / FOLDER
    own.mkdir(parents=True, exist_ok=True)
    ignored = own / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
    return own


def store_file(folder: Path) -> Path:
    return folder / FOLDER / STORE_FILE


def open_store(
    folder: Path, path: Path | None = None, environment: Mapping[str, str] = os.environ
) -> SqliteStore:
    """The store of a project, with the master keys of the environment; without any there, with
    those of a key file beside the store."""
    path = path or own_folder(folder) / STORE_FILE
    return SqliteStore(path, master_keys(path, environment))


def master_keys(store: Path, environment: Mapping[str, str] = os.environ) -> MasterKeys:
    return MasterKeys.from_environment(environment, store.with_name(KEY_FILE))


def services_file(store: Path) -> Path:
    """What services keep, beside a store or a copy of it."""
    return store.with_name(f"{store.stem}-services.db")


def store_path(url: str) -> Path | None:
    """The file of `sqlite:///path`; None if it is not one."""
    scheme, separator, path = url.partition("///")
    return Path(path) if scheme == "sqlite:" and separator and path else None

"""A disk that fails when it is told to: SQLite's own way to the file system, with a counter.

It stands below everything that SQLite does, so a failure comes where a real one would: in the
middle of a page, before the log is synced, while the log moves into the file.
"""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable
from typing import Any, Literal

FULL, SYNC_FAILED, TRUNCATE_FAILED, WRITE_FAILED = 13, 10 | 4 << 8, 10 | 6 << 8, 10 | 3 << 8

Manner = Literal["error", "torn", "full"]
"""Once, with nothing done; once, with half of it done; from then on."""

_File, _Address, _Int64 = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64
_Open = ctypes.CFUNCTYPE(
    ctypes.c_int, _Address, _Address, _File, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_Write = ctypes.CFUNCTYPE(ctypes.c_int, _File, _Address, ctypes.c_int, _Int64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, _File, ctypes.c_int)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, _File, _Int64)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("path_max", ctypes.c_int),
        ("next", _Address),
        ("name", ctypes.c_char_p),
        ("data", _Address),
        ("open", _Open),
        ("rest", _Address * 14),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("close", _Address),
        ("read", _Address),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("rest", _Address * 13),
    )


class FailingDisk:
    """Every database that this process opens from now on lies on it. There is no way back, so
    children of a fork use it."""

    def __init__(self) -> None:
        self.operations = 0
        self.fail_at = 0
        self.manner: Manner = "error"
        self._kept: list[Any] = []
        self._tables: dict[int, _Methods] = {}

    def install(self) -> None:
        library = ctypes.CDLL("libsqlite3.so.0")
        library.sqlite3_libversion.restype = ctypes.c_char_p
        assert library.sqlite3_libversion().decode() == sqlite3.sqlite_version
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        usual = library.sqlite3_vfs_find(None)
        own = _Vfs.from_buffer_copy(usual.contents)
        own.name, own.next = b"failing", None
        opened = _Open(self._opener(usual))
        own.open = opened
        self._kept += [usual, own, opened]
        assert library.sqlite3_vfs_register(ctypes.byref(own), 1) == 0

    def _opener(self, usual: Any) -> Callable[..., int]:
        address = ctypes.cast(usual, _Address)

        def open_(_vfs: Any, name: Any, file: Any, flags: int, out_flags: Any) -> int:
            result = int(usual.contents.open(address, name, file, flags, out_flags))
            if result == 0:
                # A file begins with the address of its methods.
                place = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
                place[0] = ctypes.addressof(self._methods(place[0]))
            return result

        return open_

    def _methods(self, address: int) -> _Methods:
        if address not in self._tables:
            usual = _Methods.from_address(address)
            own = _Methods.from_buffer_copy(usual)
            own.write = _Write(self._writer(usual))
            own.sync = _Sync(
                lambda file, flags: self._fails(SYNC_FAILED) or usual.sync(file, flags)
            )
            own.truncate = _Truncate(
                lambda file, size: self._fails(TRUNCATE_FAILED) or usual.truncate(file, size)
            )
            self._kept += [usual, own.write, own.sync, own.truncate]
            self._tables[address] = own
        return self._tables[address]

    def _writer(self, usual: _Methods) -> Callable[..., int]:
        def write(file: Any, data: Any, amount: int, offset: int) -> int:
            failed = self._fails(FULL if self.manner == "full" else WRITE_FAILED)
            if failed and self.manner == "torn":
                usual.write(file, data, amount // 2, offset)
            return failed or int(usual.write(file, data, amount, offset))

        return write

    def _fails(self, code: int) -> int:
        self.operations += 1
        is_now = self.operations == self.fail_at
        is_over = self.manner == "full" and 0 < self.fail_at <= self.operations
        return code if is_now or is_over else 0

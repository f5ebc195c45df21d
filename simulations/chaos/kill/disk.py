"""Disk: puts down every write and every fsync that SQLite asks of the system, in their order.

SQLite reaches files through a table of functions, its VFS (https://sqlite.org/vfs.html). Here
the system's own is copied, and what writes is put down on its way. Nothing else is changed.
"""

import _sqlite3
import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes were handed to the system."""

    path: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncated:
    """A file was cut off."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """A file was taken out of its folder."""

    path: str


@dataclass(frozen=True, slots=True)
class Synced:
    """All that was written to the file before is on the disk."""

    path: str


@dataclass(frozen=True, slots=True)
class Told:
    """The program was told that something is committed.

    Attributes:
        what: Whatever the program makes of it.
    """

    what: Any


Operation: TypeAlias = Wrote | Truncated | Deleted | Synced | Told

_open_t = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_delete_t = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_write_t = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_truncate_t = CFUNCTYPE(c_int, c_void_p, c_int64)
_sync_t = CFUNCTYPE(c_int, c_void_p, c_int)


class _Methods(Structure):
    """sqlite3_io_methods, as far as it is looked at; the rest is copied as it is."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", c_void_p),
        ("truncate", c_void_p),
        ("sync", c_void_p),
        ("others", c_void_p * 13),
    )


class _File(Structure):
    """sqlite3_file."""

    _fields_ = (("methods", POINTER(_Methods)),)


class _Vfs(Structure):
    """sqlite3_vfs, as far as it is looked at."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("others", c_void_p * 13),
    )


@dataclass
class Disk:
    """The system's files with a memory.

    Attributes:
        operations: All since the recording began; a program may append what it was told.
    """

    operations: list[Operation] = field(default_factory=list)
    _paths: dict[int, str] = field(default_factory=dict)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Files that SQLite opens from now on are recorded, also after the block; it opens all through us."""
        library = _library()
        assert library is not None, "asked for before"
        system = library.sqlite3_vfs_find(None)
        ours = _Vfs.from_buffer_copy(ctypes.string_at(system, ctypes.sizeof(_Vfs)))
        ours.name = b"recording %d" % id(self)
        ours.open = ctypes.cast(self._keep(_open_t(self._opener(_open_t(ours.open), system))), c_void_p).value
        ours.delete = ctypes.cast(
            self._keep(_delete_t(self._deleter(_delete_t(ours.delete), system))), c_void_p
        ).value
        self._keep(ours)
        library.sqlite3_vfs_register(ctypes.byref(ours), 1)
        try:
            yield
        finally:
            library.sqlite3_vfs_register(c_void_p(system), 1)

    def _opener(self, opens: Any, system: int) -> Any:
        tables: dict[int, _Methods] = {}

        def open_(_vfs: int, path: int | None, file: int, flags: int, out: int | None) -> int:
            status = int(opens(system, path, file, flags, out))
            opened = _File.from_address(file)
            if status == 0 and path and opened.methods:
                self._paths[file] = ctypes.string_at(path).decode()
                at = ctypes.addressof(opened.methods.contents)
                if at not in tables:
                    tables[at] = self._recorded(opened.methods.contents)
                opened.methods = ctypes.pointer(tables[at])
            return status

        return open_

    def _deleter(self, deletes: Any, system: int) -> Any:
        def delete(_vfs: int, path: int, sync: int) -> int:
            status = int(deletes(system, path, sync))
            if status == 0:
                self.operations.append(Deleted(ctypes.string_at(path).decode()))
            return status

        return delete

    def _recorded(self, system: _Methods) -> _Methods:
        """The same table, whose writes are put down."""
        writes, truncates, syncs = _write_t(system.write), _truncate_t(system.truncate), _sync_t(system.sync)

        def write(file: int, content: int, size: int, offset: int) -> int:
            self.operations.append(Wrote(self._paths[file], offset, ctypes.string_at(content, size)))
            return int(writes(file, content, size, offset))

        def truncate(file: int, size: int) -> int:
            self.operations.append(Truncated(self._paths[file], size))
            return int(truncates(file, size))

        def sync(file: int, flags: int) -> int:
            status = int(syncs(file, flags))
            self.operations.append(Synced(self._paths[file]))
            return status

        ours = _Methods.from_buffer_copy(system)
        for name, function in (
            ("write", _write_t(write)),
            ("truncate", _truncate_t(truncate)),
            ("sync", _sync_t(sync)),
        ):
            setattr(ours, name, ctypes.cast(self._keep(function), c_void_p).value)
        return self._keep(ours)  # type: ignore[no-any-return]  # the same

    def _keep(self, one: Any) -> Any:
        """What SQLite calls must not be collected."""
        _KEPT.append(one)
        return one


_KEPT: list[Any] = []
"""For the life of the process: an open connection still calls them."""


def can_record() -> bool:
    """Whether Python's SQLite is a library of its own, whose functions can be found."""
    return _library() is not None


def _library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = c_void_p
        library.sqlite3_vfs_find.argtypes = [c_char_p]
        library.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
    except (AttributeError, OSError):
        return None
    return library

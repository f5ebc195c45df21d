"""Holders: which process holds the lock of a SQLite file, where the system tells (Linux)."""

import os
from collections.abc import Iterator
from pathlib import Path

_LOCKS = Path("/proc/locks")


def holders(path: Path) -> str:
    """The processes that keep others from writing, as "sqlite3 (process 123)"; "" when nobody can tell."""
    try:
        files = (Path(f"{path}{side}") for side in ("", "-wal", "-shm"))
        inodes = {file.stat().st_ino for file in files if file.exists()}
        pids = sorted(set(_writers(inodes)) - {os.getpid()})
    except (OSError, ValueError):
        return ""
    return ", ".join(f"{_name(pid)} (process {pid})" for pid in pids)


def _writers(inodes: set[int]) -> Iterator[int]:
    """Lines of the kernel: "1: POSIX  ADVISORY  WRITE 123 08:02:4567 120 120"."""
    for line in _LOCKS.read_text(encoding="ascii").splitlines():
        words = line.split()
        if "->" not in words and words[3] == "WRITE" and int(words[5].rsplit(":", 1)[1]) in inodes:
            yield int(words[4])


def _name(pid: int) -> str:
    """The program's name alone: its arguments may hold what nobody should read."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "somebody"

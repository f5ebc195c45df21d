"""On SQLite: a schedule whose ledger is a file, opened anew by each process that follows a crash."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from agent.ledger.open import ledger_again, open_database
from agent.ports.ledger import Ledger
from simulations.chaos.chance import Luck
from simulations.chaos.invariants import Book
from simulations.chaos.schedule import Schedule
from simulations.chaos.shape import FIVE


def on_sqlite(seed: int, tell: Callable[[str], None], crashes: int = 20) -> Book:
    """One schedule by chance on a ledger file of its own."""
    file = _file()
    file.empty()
    try:
        return Schedule(
            file.open(),
            Luck(seed),
            seed=seed,
            crashes=crashes,
            tell=tell,
            reopened=file.open,
            shape=FIVE,
        ).run()
    finally:
        file.close()


class _File:
    """A ledger file that one process of the schedule at a time has open.

    What SQLAlchemy has once made of each statement is kept for the next process, and for the next
    schedule: to work it out again would take longer than all that is tried here.
    """

    def __init__(self, folder: Path) -> None:
        self._path, self._made = folder / "ledger.sqlite", folder / "made.sqlite"
        self._database = open_database(f"sqlite:///{self._path}")
        self._database.close()
        self._path.rename(self._made)  # made once: migrations are tried elsewhere

    def empty(self) -> None:
        """Put a ledger that holds nothing in the place of what was there."""
        for side in ("-wal", "-shm"):
            Path(f"{self._path}{side}").unlink(missing_ok=True)
        shutil.copy(self._made, self._path)

    def open(self) -> Ledger:
        """Open it as the next process does, after the one before has ended."""
        return ledger_again(self._database)

    def close(self) -> None:
        """Close each connection, and with the last one the file."""
        self._database.close()


@cache
def _file() -> _File:
    """This process's own; gone with it."""
    folder = tempfile.TemporaryDirectory(prefix="gebot-chaos-")
    atexit.register(folder.cleanup)
    return _File(Path(folder.name))

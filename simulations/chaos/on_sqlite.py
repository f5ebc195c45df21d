"""On SQLite: a schedule whose ledger is a file, opened anew by each process that follows a crash."""

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from agent.ledger.open import open_ledger
from agent.ports.ledger import Ledger
from simulations.chaos.chance import Luck
from simulations.chaos.invariants import Book
from simulations.chaos.schedule import Schedule
from simulations.chaos.shape import FIVE


def on_sqlite(seed: int, tell: Callable[[str], None], crashes: int = 20) -> Book:
    """One schedule by chance on a ledger file of its own."""
    with tempfile.TemporaryDirectory(prefix="gebot-chaos-") as folder:
        path = Path(folder) / "ledger.sqlite"
        shutil.copy(_empty(), path)
        file = _File(f"sqlite:///{path}")
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
    """A ledger file that one process at a time has open."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: Any = None

    def open(self) -> Ledger:
        """Open it as the next process does, after the one before has ended."""
        self.close()
        self._opened = open_ledger(self._url)
        return cast(Ledger, self._opened)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()


@cache
def _empty() -> Path:
    """A ledger with its tables, made once in a process; migrations are tried elsewhere."""
    path = Path(tempfile.mkdtemp(prefix="gebot-chaos-")) / "empty.sqlite"
    file = _File(f"sqlite:///{path}")
    file.open()
    file.close()
    return path

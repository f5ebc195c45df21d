"""Stores: where the ledger of a schedule is kept, and what parts two gebots on it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

from agent.daemon.leader import LOCK_FILE
from agent.domain.seal import Seal
from agent.ledger.anchor import Anchor
from agent.ledger.open import open_leases, open_ledger
from agent.ledger.sql.database import Database
from agent.ledger.sql.ledger import SqlLedger
from agent.ledger.sql.migrate import migrate
from agent.ports.leases import Leases
from agent.ports.ledger import Ledger
from simulations.chaos.chance import Luck
from simulations.chaos.kill.process import Machine
from simulations.chaos.kill.server import Server
from simulations.chaos.schedule import Schedule

_SEAL = Seal(b"chaos")
TTL_S = 0.5
"""How long a process may stand still before the server gives its lease to another one."""


@dataclass(frozen=True, slots=True)
class Store:
    """A ledger that processes may open, and no process of the harness keeps open.

    Attributes:
        state: The folder of the stop file, the lock and the anchor, which all machines share.
        database: Of no connection; who is forked finds it warm, as a process that runs for a while does.
        leases: What parts two gebots; None: the lock in the state folder.
        loses_lead_s: Real seconds until a process that stands still has lost the lead after `frees_lead`.
        file: Of SQLite.
        ends_leases: Has the server end the sessions that keep leases; None: there is no server.
    """

    name: str
    state: Path
    database: Database
    leases: Callable[[], Leases] | None = None
    loses_lead_s: float = 0.0
    file: Path | None = None
    ends_leases: Callable[[], None] | None = None

    def machine(self, skew: timedelta) -> Machine:
        """Where a process may run whose clock is so far ahead."""
        return Machine(self.state, skew, self._open, self.leases)

    @contextmanager
    def opened(self) -> Iterator[Ledger]:
        """Open for as long as the block lasts; nobody must be forked meanwhile."""
        with closing(self._ledger()) as ledger:
            yield ledger

    def frees_lead(self) -> None:
        """Let another process take the lead from one that stands still.

        Of a file: it holds the lock of one that is no longer there, as after a folder was put
        back. A database ends a session that stands still by itself.
        """
        if self.leases is None:
            (self.state / LOCK_FILE).unlink(missing_ok=True)

    def hands_over(self) -> None:
        """Take the lead from whoever has it: the next process that ticks takes it."""
        (self.frees_lead if self.ends_leases is None else self.ends_leases)()

    def faults(self) -> list[str]:
        """What is broken of the file itself, in words."""
        if self.file is None:
            return []
        with closing(sqlite3.connect(self.file)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        return [one for one in found if one != "ok"]

    def _open(self) -> SqlLedger:
        """As a process of the product does: it looks first whether the tables are those it knows."""
        migrate(self.database, create=False)
        return self._ledger()

    def _ledger(self) -> SqlLedger:
        return SqlLedger(self.database, _SEAL, Anchor(self.state / "anchor.jsonl"))


@dataclass
class Stores:
    """All that one worker needs, made once: a file, and a database where there is a server."""

    folder: Path
    server: Server | None
    name: str
    busy_timeout_s: float = 30.0

    def store(self, *, database: bool) -> Store:
        """An empty ledger, in the place of the one before."""
        shutil.rmtree(self._state, ignore_errors=True)
        self._state.mkdir(parents=True)
        if database and self.server is not None:
            self.server.emptied(self._url)
            leases = partial(open_leases, self._url, ttl_s=TTL_S)
            return Store(
                "PostgreSQL",
                self._state,
                self._postgresql,
                leases,
                2.5 * TTL_S,
                ends_leases=partial(self.server.ends_leases, self._url),
            )
        found = self._sqlite
        shutil.copy(self._empty, self._file)
        return Store("SQLite", self._state, found, file=self._file)

    @property
    def _state(self) -> Path:
        return self.folder / self.name

    @property
    def _file(self) -> Path:
        return self._state / "ledger.db"

    @cached_property
    def _empty(self) -> Path:
        path = self.folder / f"{self.name}.empty.db"
        _opened(f"sqlite:///{path}", self.busy_timeout_s).close()
        return path

    @cached_property
    def _sqlite(self) -> Database:
        shutil.copy(self._empty, self._file)
        warm = _warmed(f"sqlite:///{self._file}", self.busy_timeout_s)
        for path in self._state.glob("ledger.db*"):
            path.unlink()
        return warm

    @cached_property
    def _url(self) -> str:
        assert self.server is not None, "a database is asked for where there is a server"
        url = self.server.made(self.name)
        _opened(url, self.busy_timeout_s).close()
        return url

    @cached_property
    def _postgresql(self) -> Database:
        warm = _warmed(self._url, self.busy_timeout_s)
        assert self.server is not None, "a database is asked for where there is a server"
        self.server.emptied(self._url)
        return warm


class Glimpses:
    """A ledger that is opened for each call, so that no file stays open where processes are forked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            with self._store.opened() as ledger:
                return getattr(ledger, name)(*arguments, **named)

        return call


def _warmed(url: str, busy_timeout_s: float) -> Database:
    """Have its statements compiled by a schedule of a few crashes, and leave it without a connection."""
    ledger = SqlLedger(_opened(url, busy_timeout_s)._database, _SEAL)
    Schedule(ledger, Luck(1), seed=1, crashes=5).run()
    ledger.close()
    return ledger._database


def _opened(url: str, busy_timeout_s: float) -> SqlLedger:
    """With its tables; migrations are tried elsewhere."""
    return cast(SqlLedger, open_ledger(url, busy_timeout_s=busy_timeout_s))

"""Leases in PostgreSQL: advisory locks of one connection that does nothing else."""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any

import psycopg
import structlog
from sqlalchemy.engine import URL

from agent.domain.errors import LedgerError
from agent.domain.ref import AccountId
from agent.ledger.sql.database import in_schema_apart, of_postgresql
from agent.ledger.sql.trouble import trouble

TTL_S = 30.0
"""The server ends a session from which nothing came for so long, and frees its locks: a frozen process."""

_OLDEST = 140000  # PostgreSQL 14: the first that ends idle sessions by itself
_PINGS = 5  # in the time of one TTL
_HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
_TAKEN = f"FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND {_HERE}"
_LIVING = f"FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND {_HERE}"

_log = structlog.get_logger()


class AdvisoryLeases:
    """A lock for each account, all held by one session of a connection of its own.

    Whatever ends the session ends all leases at once: the end of the process, a broken
    connection, the server's restart, or the process standing still for longer than `ttl_s`. Those
    who ask for the same accounts part them evenly. Who lives is told by the server's own locks,
    so no two clocks are compared.
    """

    def __init__(self, url: URL, shown_url: str, *, apart: str = "", ttl_s: float = TTL_S) -> None:
        """Call nothing yet.

        Args:
            apart: As `Database` takes it; leases of other schemas are others.
        """
        self._url = url
        self._shown_url = shown_url
        self._apart = apart
        self._ttl_s = ttl_s
        self._connection: psycopg.Connection[Any] | None = None
        self._schema = ""
        self._group: int | None = None
        self._held: set[AccountId] = set()
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._pings: threading.Thread | None = None

    def hold(self, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        """Give back what is beyond our share, and take what is free up to it."""
        with self._asking():
            self._connect()
            self._announce(accounts)
            share = self._share(len(accounts))
            self._held = {one for one in self._ours() if one in accounts}
            for account in sorted(self._held)[share:]:
                self._ask("SELECT pg_advisory_unlock(%s)", self._key(account))
                self._held.remove(account)
            for account in accounts:
                if len(self._held) >= share:
                    break
                if account not in self._held and self._ask(
                    "SELECT pg_try_advisory_lock(%s)", self._key(account)
                ):
                    self._held.add(account)
            return frozenset(self._held)

    def holds(self, account: AccountId) -> bool:
        """Ask the session itself: a connection that is gone took its locks along."""
        with self._lock:
            if account not in self._held:
                return False
            try:
                return account in self._ours()
            except (psycopg.Error, OSError) as fault:
                self._lose(fault)
                return False

    def taken(self, accounts: Sequence[AccountId]) -> frozenset[AccountId]:
        """Those of them that any process holds."""
        with self._asking():
            self._connect()
            return frozenset(self._among(accounts, f"SELECT classid::bigint, objid::bigint {_TAKEN}"))

    def release(self) -> None:
        """Give all back and end the session."""
        self._ended.set()
        with self._lock:
            if self._connection is not None:
                with suppress(psycopg.Error, OSError):  # the server frees them when it finds the session gone
                    self._connection.execute("SELECT pg_advisory_unlock_all()")
                self._connection.close()
            self._connection, self._group = None, None
            self._held.clear()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (psycopg.Error, OSError) as fault:
                self._lose(fault)
                raise trouble(self._shown_url, fault) from fault

    def _connect(self) -> None:
        if self._connection is not None and not self._connection.closed:
            return
        self._lose(None)
        arguments, options = self._url.get_dialect()().create_connect_args(self._url)
        named = {**of_postgresql(self._url), "application_name": "gebot leases", **options}
        connection: psycopg.Connection[Any] = psycopg.connect(*arguments, **named, autocommit=True)
        if connection.info.server_version < _OLDEST:
            connection.close()
            raise LedgerError(
                f"ledger {self._shown_url}: the server was {connection.info.server_version // 10000}, "
                "PostgreSQL 14 or newer is right"
            )
        connection.execute(f"SET idle_session_timeout = {round(self._ttl_s * 1000)}")
        connection.execute("SET lock_timeout = 5000; SET statement_timeout = 10000")
        self._schema = in_schema_apart(connection, self._apart)
        self._connection = connection
        self._ended.clear()
        if self._pings is None or not self._pings.is_alive():
            self._pings = threading.Thread(target=self._ping, name="leases", daemon=True)
            self._pings.start()

    def _announce(self, accounts: Collection[AccountId]) -> None:
        """Show that we live, to those who ask for the same accounts."""
        group = _hash(f"gebot asks for {self._schema} {' '.join(sorted(map(str, accounts)))}", n_bytes=4) >> 1
        if group == self._group:
            return
        if self._group is not None:
            self._ask("SELECT pg_advisory_unlock_shared(%s::int, pg_backend_pid())", self._group)
        self._ask("SELECT pg_advisory_lock_shared(%s::int, pg_backend_pid())", group)
        self._group = group

    def _share(self, n_accounts: int) -> int:
        """How many are ours; the shares of all who live make up all accounts."""
        query = f"SELECT objid::bigint {_LIVING} AND classid::bigint = %s ORDER BY objid"
        living = [pid for (pid,) in self._session().execute(query.encode(), [self._group]).fetchall()]
        rank = living.index(self._session().info.backend_pid)
        return n_accounts // len(living) + (rank < n_accounts % len(living))

    def _ours(self) -> list[AccountId]:
        return self._among(
            self._held, f"SELECT classid::bigint, objid::bigint {_TAKEN} AND pid = pg_backend_pid()"
        )

    def _among(self, accounts: Collection[AccountId], query: str) -> list[AccountId]:
        """Those of the accounts whose key a query of the server's locks returns."""
        locks = {(high << 32) | low for high, low in self._session().execute(query.encode()).fetchall()}
        return [account for account in accounts if self._key(account) % 2**64 in locks]

    def _key(self, account: AccountId) -> int:
        return _hash(f"gebot leads {self._schema} {account}", n_bytes=8) - 2**63

    def _ask(self, query: str, *values: object) -> Any:
        row = self._session().execute(query.encode(), values).fetchone()
        assert row is not None, "these queries return one row"
        return row[0]

    def _session(self) -> "psycopg.Connection[Any]":
        if self._connection is None:
            raise psycopg.OperationalError("the connection of the leases is gone")
        return self._connection

    def _lose(self, fault: BaseException | None) -> None:
        """The session is gone, and every lease with it."""
        if self._held:
            _log.warning("leases.lost", accounts=len(self._held), because="" if fault is None else str(fault))
        if self._connection is not None:
            self._connection.close()
        self._connection, self._group = None, None
        self._held.clear()

    def _ping(self) -> None:
        """Keep the session from looking idle; a process that stands still cannot."""
        while not self._ended.wait(self._ttl_s / _PINGS):
            with self._lock:
                if self._connection is None:
                    continue
                try:
                    self._connection.execute("SELECT 1")
                except (psycopg.Error, OSError) as fault:
                    self._lose(fault)


def _hash(text: str, *, n_bytes: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:n_bytes])

"""Database: connections that keep their word, one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from agent.domain.errors import LedgerError
from agent.ledger.sql.trouble import damaged, trouble

_WRITES = "gebot_writes"
_UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
)  # as rows that nobody has written so may raise
_SERVER_GONE = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A server whose machine is gone is found out in seconds, where TCP alone would wait for hours."""
_LOCK = 0x6765626F74  # "gebot": the advisory lock that all writers share


class Database:
    """A pool of connections to one SQLite file or PostgreSQL database; safe among threads.

    A write waits for every other writer (SQLite: BEGIN IMMEDIATE, PostgreSQL: an advisory
    lock), so what it reads stays true until it commits; a commit is on the disk when it
    returns. A read sees one moment and waits for nobody.
    """

    def __init__(self, url: URL, shown_url: str, busy_timeout_s: float, *, apart: str = "") -> None:
        """Connect to nothing yet.

        Args:
            apart: In PostgreSQL, the end of the name of a schema of its own; "": the user's schema.
        """
        self.shown_url = shown_url
        self._apart = apart
        self._busy_timeout_ms = round(busy_timeout_s * 1000)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._file = Path(url.database or "") if self.is_sqlite else None
        waits = {"timeout": busy_timeout_s} if self.is_sqlite else of_postgresql(url)
        engine = create_engine(url, connect_args=waits, pool_pre_ping=not self.is_sqlite)
        # What a database, its driver (which bulk rows speak to directly) or the disk may raise.
        self._faults = (SQLAlchemyError, engine.dialect.loaded_dbapi.Error, OSError)
        event.listen(engine, "connect", self._connected)
        event.listen(engine, "begin", self._begun)
        self._engine = engine
        self._reader = engine.execution_options(
            **({} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"})
        )
        self._writer = engine.execution_options(
            **{_WRITES: True}, **({} if self.is_sqlite else {"isolation_level": "READ COMMITTED"})
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database.

        Raises:
            LedgerError: The database failed.
        """
        try:
            with Session(self._reader) as session:
                yield session
        except self._faults as fault:
            raise trouble(self.shown_url, fault, self._file) from fault
        except _UNREADABLE as fault:
            raise damaged(self.shown_url, f"what is stored cannot be read, {fault!r}") from fault

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is alone in writing, and commits when the block ends well.

        Raises:
            LedgerError: The database failed, or its lock was held too long; nothing was written.
        """
        try:
            with Session(self._writer) as session, session.begin():
                session.connection()  # takes the lock now, before anything is read
                yield session
        except self._faults as fault:
            raise trouble(self.shown_url, fault, self._file) from fault
        except _UNREADABLE as fault:
            raise damaged(self.shown_url, f"what is stored cannot be read, {fault!r}") from fault

    def check_whole(self) -> None:
        """Look through a SQLite file for damage, which takes a second for each gigabyte or so.

        Raises:
            LedgerError: It is damaged.
        """
        if not self.is_sqlite:
            return
        with self.read() as session:
            found = session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar_one_or_none()
        if found != "ok":
            raise damaged(self.shown_url, " ".join(str(found).split())[:300])

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _begun(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        if self.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        elif writes:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    def _connected(self, connection: Any, _record: object) -> None:
        if self.is_sqlite:
            self._prepare_sqlite(connection)
        else:
            self._prepare_postgresql(connection)

    def _prepare_sqlite(self, connection: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        self._assert(connection, "PRAGMA {}", "journal_mode", ("wal",))
        self._assert(connection, "PRAGMA {}", "synchronous", (2, 3))
        self._assert(connection, "PRAGMA {}", "foreign_keys", (1,))
        self._assert(connection, "PRAGMA {}", "busy_timeout", (self._busy_timeout_ms,))

    def _prepare_postgresql(self, connection: Any) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {self._busy_timeout_ms}")
        connection.execute("SET synchronous_commit = on")
        self._assert(connection, "SHOW {}", "synchronous_commit", ("on",))
        self._assert(connection, "SHOW {}", "fsync", ("on",))
        self._assert(connection, "SHOW {}", "full_page_writes", ("on",))
        in_schema_apart(connection, self._apart)
        connection.autocommit = False

    def _assert(self, connection: Any, question: str, setting: str, right: tuple[object, ...]) -> None:
        """Ask the database itself: a setting that did not take must not go unseen."""
        row = connection.execute(question.format(setting)).fetchone()
        found = None if row is None else row[0]
        if found not in right:
            raise LedgerError(
                f"ledger {self.shown_url}: {setting} was {found!r}, {right[0]!r} is right; "
                "without it a commit may be lost"
            )


def of_postgresql(url: URL) -> dict[str, Any]:
    """What a connection to a server is opened with, but for what the URL says itself."""
    return {name: value for name, value in _SERVER_GONE.items() if name not in url.query}


def in_schema_apart(connection: Any, apart: str) -> str:
    """Let a session of PostgreSQL see one schema alone. Returns: its name, quoted where it must be.

    Args:
        connection: In autocommit, or the choice would go with the transaction.
        apart: What is put behind the name of the user's own schema; "": all stays as it is.
    """
    query = "SELECT quote_ident(coalesce(current_schema(), 'public') || %s)"
    (schema,) = connection.execute(query, [f"_{apart}" if apart else ""]).fetchone()
    if apart:
        connection.execute(f"SET search_path TO {schema}")
    return str(schema)

"""Open a ledger by its URL."""

import os
import shutil
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from agent.domain.errors import LedgerError
from agent.domain.seal import Seal
from agent.ledger.anchor import Anchor
from agent.ledger.memory.ledger import MemoryLedger
from agent.ledger.sql.database import Database
from agent.ledger.sql.leases import TTL_S, AdvisoryLeases
from agent.ledger.sql.ledger import SqlLedger
from agent.ledger.sql.migrate import migrate
from agent.ledger.sql.outbox import SqlOutbox
from agent.ledger.sql.people import SqlPeople
from agent.ledger.sql.tallies import SqlTallies
from agent.ledger.sql.trouble import trouble
from agent.ports.leases import Leases
from agent.ports.ledger import Ledger
from agent.ports.outbox import Outbox
from agent.ports.people import People
from agent.ports.tallies import Tallies

LEAST_FREE_MB = 64
_FORMS = "'sqlite:///path/to/file', 'postgresql://user:password@host/database' or 'memory:' is right"


def open_ledger(
    url: str,
    *,
    password: str | None = None,
    create: bool = True,
    busy_timeout_s: float = 30.0,
    apart: str = "",
    seal: Seal | None = None,
    anchor: Anchor | None = None,
) -> Ledger:
    """Open the ledger, and make or upgrade its tables where needed.

    Args:
        url: "sqlite:///path", "postgresql://..." or "memory:"; the path of a file is used as
            it stands, its folder is made, and the file is the owner's alone to read.
        password: Of PostgreSQL, in place of one in the URL; needs no quoting.
        create: False refuses a ledger that does not exist yet. True is for who will write: a
            SQLite file is looked through for damage then, and its disk must have room.
        busy_timeout_s: How long a call waits for other writers.
        apart: In PostgreSQL, the end of the name of a schema of its own; "": the user's schema.
        seal: What each decision is sealed with; None: no audit chain is kept.
        anchor: Where the head of the chain is written to after each decision.

    Raises:
        LedgerError: It is locked, cannot be reached, is damaged, is of a newer gebot, or does
            not keep what it is told. The message shows the URL without its password.
    """
    if url == "memory:":
        return MemoryLedger()
    database = open_database(
        url, password=password, create=create, busy_timeout_s=busy_timeout_s, apart=apart
    )
    return SqlLedger(database, seal, anchor)


def open_people(
    url: str,
    *,
    password: str | None = None,
    create: bool = True,
    busy_timeout_s: float = 30.0,
    apart: str = "",
) -> People:
    """Who may sign in to the page, as the database of the ledger keeps it; arguments as `open_ledger` has.

    Raises:
        LedgerError: As `open_ledger` does.
    """
    return SqlPeople(
        open_database(url, password=password, create=create, busy_timeout_s=busy_timeout_s, apart=apart)
    )


def open_outbox(
    url: str,
    *,
    password: str | None = None,
    create: bool = True,
    busy_timeout_s: float = 30.0,
    apart: str = "",
) -> Outbox:
    """What people are to be told, as the database of the ledger keeps it; arguments as `open_ledger` has.

    Raises:
        LedgerError: As `open_ledger` does.
    """
    return SqlOutbox(
        open_database(url, password=password, create=create, busy_timeout_s=busy_timeout_s, apart=apart)
    )


def open_tallies(
    url: str, *, password: str | None = None, busy_timeout_s: float = 30.0, apart: str = ""
) -> Tallies:
    """How often things came about, of a ledger that is there; arguments as `open_ledger` has.

    Raises:
        LedgerError: As `open_ledger` does.
    """
    return SqlTallies(
        open_database(url, password=password, create=False, busy_timeout_s=busy_timeout_s, apart=apart)
    )


def open_leases(url: str, *, password: str | None = None, apart: str = "", ttl_s: float = TTL_S) -> Leases:
    """The leases that a PostgreSQL database keeps; it is first asked when they are.

    Args:
        url, password, apart: As `open_ledger` takes them.
        ttl_s: How long a process may stand still before others may take its accounts over.

    Raises:
        LedgerError: The URL cannot be read.
    """
    parsed = _parsed(url, password)
    return AdvisoryLeases(parsed, _without_password(parsed), apart=apart, ttl_s=ttl_s)


def open_database(
    url: str,
    *,
    password: str | None = None,
    create: bool = True,
    busy_timeout_s: float = 30.0,
    apart: str = "",
) -> Database:
    """The database, its tables as this gebot knows them; arguments as `open_ledger` has.

    Raises:
        LedgerError: As `open_ledger` does.
    """
    parsed = _parsed(url, password)
    shown_url = _without_password(parsed)
    if parsed.drivername == "sqlite":
        _make_file(Path(parsed.database or ""), shown_url, create=create)
    database = Database(parsed, shown_url, busy_timeout_s, apart=apart)
    _check(database, create=create)
    return database


def ledger_again(database: Database) -> SqlLedger:
    """The ledger as the next process finds it: each connection is closed, all is looked through again.

    Raises:
        LedgerError: As `open_ledger` does.
    """
    database.close()
    _check(database, create=True)
    return SqlLedger(database)


def _check(database: Database, *, create: bool) -> None:
    """Look through the database, and bring its tables up to date; closed where that fails."""
    try:
        if create:
            database.check_whole()
        migrate(database, create=create)
    except BaseException:
        database.close()
        raise


def _parsed(url: str, password: str | None) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise LedgerError(f"ledger: the URL cannot be read; {_FORMS}") from None
    if password is not None:
        parsed = parsed.set(password=password)
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    plain_file = parsed.database and not parsed.database.startswith((":", "file:")) and not parsed.query
    if parsed.drivername == "sqlite" and plain_file:
        return parsed
    raise LedgerError(f"ledger: the URL was {_without_password(parsed)!r}; {_FORMS}")


def _without_password(url: URL) -> str:
    plain = url.set(drivername=url.get_backend_name()).difference_update_query(["password"])
    return plain.render_as_string(hide_password=True)


def _make_file(path: Path, shown_url: str, *, create: bool) -> None:
    """Make an empty file that only its owner can read; SQLite gives its side files the same mode."""
    if path.exists():
        if create:
            _check_room(path, shown_url)
        return
    if not create:
        raise LedgerError(f"no ledger at {shown_url} yet; `gebot run` makes it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as fault:
        raise trouble(shown_url, fault) from fault


def _check_room(path: Path, shown_url: str) -> None:
    """Refuse to begin on a disk that is nearly full: the outcome of a send must be written down."""
    free_mb = shutil.disk_usage(path.parent).free // 2**20
    if free_mb < LEAST_FREE_MB:
        raise LedgerError(
            f"ledger {shown_url}: its disk has {free_mb} MB left, {LEAST_FREE_MB} are needed; make room on it"
        )

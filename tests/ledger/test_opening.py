"""A ledger opens as it should be, or says plainly why not."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import canaries
import psycopg
import pytest
import sample
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url
from sqlmodel import SQLModel

from agent.domain.errors import LedgerError
from agent.ledger.memory.ledger import MemoryLedger
from agent.ledger.open import open_ledger
from agent.ledger.sql.database import Database
from agent.ledger.sql.ledger import SqlLedger
from agent.ledger.sql.migrate import VERSION_TABLE


def test_a_new_file_is_made_with_its_folder_for_its_owner_alone(
    tmp_path: Path, open_sql: Callable[..., SqlLedger]
) -> None:
    """The ledger holds what a competitor would like to know."""
    path = tmp_path / "deep" / "er" / "ledger.db"

    ledger = open_sql(f"sqlite:///{path}")
    ledger.record_entities(sample.entities([50.0]), sample.NOW)

    files = [path, *path.parent.glob("ledger.db-*")]
    assert len(files) == 3  # the file, its write-ahead log and its index
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_make_what_the_models_say(
    kind: str, sqlite_url: str, empty_postgresql_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """A model without its migration fails here."""
    url = sqlite_url if kind == "sqlite" else empty_postgresql_url
    open_sql(url)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []


def test_memory_needs_no_file() -> None:
    """For simulation."""
    assert isinstance(open_ledger("memory:", create=False), MemoryLedger)


@pytest.mark.parametrize(
    ("url", "sign"),
    [
        ("sqlite://", "is right"),
        ("sqlite:///:memory:", "memory:"),
        ("sqlite:///file:ledger.db?mode=ro&uri=true", "is right"),
        ("mysql://user:secret@host/db", "is right"),
        ("ledger.db", "cannot be read"),
        ("postgresql://ada:secret@127.0.0.1:1/gebot", "127.0.0.1"),
        ("postgresql://127.0.0.1:1/gebot?user=ada&password=secret", "127.0.0.1"),
    ],
)
def test_a_url_that_leads_nowhere_is_named_without_its_password(url: str, sign: str) -> None:
    """Errors end up in logs and chats."""
    secret = canaries.of("ledger password in an address")

    with pytest.raises(LedgerError) as caught:
        open_ledger(url.replace("secret", secret))

    assert sign in str(caught.value)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_command_that_only_reads_makes_no_ledger(
    kind: str, tmp_path: Path, empty_postgresql_url: str
) -> None:
    """`gebot status` in the wrong folder must not leave a file behind."""
    url = f"sqlite:///{tmp_path}/none/ledger.db" if kind == "sqlite" else empty_postgresql_url

    with pytest.raises(LedgerError, match=r"no ledger at .* yet"):
        open_ledger(url, create=False)

    assert list(tmp_path.iterdir()) == []
    with pytest.raises(LedgerError, match=r"no ledger at .* yet"):
        open_ledger(url, create=False)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    """Perhaps it is somebody's holiday photo."""
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)

    with pytest.raises(LedgerError, match=r"damaged.*backup"):
        open_ledger(f"sqlite:///{path}")

    assert path.read_bytes().startswith(b"no database")


def test_somebody_elses_database_is_left_as_it_is(tmp_path: Path) -> None:
    """Our tables do not go among theirs."""
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")

    with pytest.raises(LedgerError, match="customers"):
        open_ledger(f"sqlite:///{path}")


def test_damage_within_a_ledger_is_a_ledger_error(
    sqlite_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """Found late or early, it is named."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(LedgerError, match="damaged"):
        open_sql(sqlite_url).entities(sample.ACCOUNT.id, sample.NOW)


def test_a_ledger_of_a_newer_gebot_is_not_touched(sqlite_url: str) -> None:
    """Going back a version must not write by old rules."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")

    with pytest.raises(LedgerError, match=r"newer gebot \(9999\); upgrade"):
        open_ledger(sqlite_url)


def test_a_store_that_cannot_keep_its_word_is_refused() -> None:
    """Settings are asked back: a file system without a write-ahead log (here: none) is no place for it."""
    database = Database(make_url("sqlite://"), "sqlite://", busy_timeout_s=1)

    with (
        pytest.raises(LedgerError, match="journal_mode was 'memory', 'wal' is right"),
        database.read() as session,
    ):
        session.connection()

    database.close()


def test_a_locked_database_cannot_be_opened_and_says_so_soon(tmp_path: Path) -> None:
    """Waiting has an end."""
    path = tmp_path / "ledger.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(LedgerError, match=r"another process holds its lock"):
        open_ledger(f"sqlite:///{path}", busy_timeout_s=0.1)

    other.close()


def test_two_processes_may_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    """The daemon and a command are started together: one migrates, the other waits."""
    program = "import sys; from agent.ledger.open import open_ledger; open_ledger(sys.argv[1])"
    command = [sys.executable, "-c", program, f"sqlite:///{tmp_path}/ledger.db"]

    processes = [subprocess.Popen(command) for _ in range(2)]

    assert [process.wait(60) for process in processes] == [0, 0]


def test_postgresql_that_would_forget_is_told_not_to(
    empty_postgresql_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """A database may have durable commits switched off: for us they are on, or it is refused."""
    with psycopg.connect(empty_postgresql_url, autocommit=True) as connection:
        connection.execute("ALTER DATABASE empty SET synchronous_commit = off")

    ledger = open_sql(empty_postgresql_url)

    assert ledger.take_lead(sample.ACCOUNT.id, "here", 1, sample.NOW) == 1

"""The three ledgers that every behavioural test runs over."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from postgresql import empty_postgresql_url, postgresql_url

from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger

__all__ = ["empty_postgresql_url", "postgresql_url"]  # fixtures

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'ledger_version'"


@pytest.fixture(scope="session")
def postgresql_ledger(postgresql_url: str) -> Iterator[SqlLedger]:
    """The server's ledger, open for the whole session."""
    yield from _opened(postgresql_url)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with its tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    for _ in _opened(f"sqlite:///{path}"):
        pass
    return path


@pytest.fixture
def sqlite_url(empty_file: Path, tmp_path: Path) -> str:
    """An empty ledger on disk."""
    return f"sqlite:///{shutil.copy(empty_file, tmp_path / 'ledger.db')}"


@pytest.fixture
def open_sql() -> Iterator[Callable[..., SqlLedger]]:
    """Opens ledgers as `open_ledger` does, and closes them when the test is over."""
    opened: list[SqlLedger] = []

    def open_one(url: str, **options: float) -> SqlLedger:
        ledger = open_ledger(url, **options)  # type: ignore[arg-type]  # a number or a flag
        assert isinstance(ledger, SqlLedger)
        opened.append(ledger)
        return ledger

    yield open_one
    for ledger in opened:
        ledger.close()


@pytest.fixture
def sqlite_ledger(sqlite_url: str) -> Iterator[SqlLedger]:
    """An empty ledger on disk, open."""
    yield from _opened(sqlite_url)


@pytest.fixture
def emptied_postgresql_ledger(postgresql_ledger: SqlLedger, postgresql_url: str) -> SqlLedger:
    """The server's ledger with nothing in its tables."""
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("SET session_replication_role = replica")  # in any order, foreign keys or not
        for (table,) in connection.execute(_TABLES).fetchall():
            connection.execute(f"DELETE FROM {table}")
    return postgresql_ledger


@pytest.fixture(params=["sqlite_ledger", "emptied_postgresql_ledger"])
def sql_ledger(request: pytest.FixtureRequest) -> SqlLedger:
    """An empty ledger in each database."""
    found: SqlLedger = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["memory", "sqlite_ledger", "emptied_postgresql_ledger"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """An empty ledger of each kind."""
    if request.param == "memory":
        return open_ledger("memory:")
    found: SqlLedger = request.getfixturevalue(request.param)
    return found


def _opened(url: str) -> Iterator[SqlLedger]:
    opened = open_ledger(url)
    assert isinstance(opened, SqlLedger)
    yield opened
    opened.close()

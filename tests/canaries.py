"""Canaries: twenty secrets that the tests give to gebot, and the search for them in what it leaves.

of("meta access token")     the secret itself, for whoever is to keep it
planted()                   those that the whole session has in its environment
found(content)              the names of those that a text holds, never the secrets
search(folder)              the same for each file; a file that is nothing but a secret keeps it
HEARD                       what was found until now in this process
"""

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

_MARK = "Zx9Q7kWv3TbNr5Lm"
_IN_ENVIRONMENT = {
    "google developer token": "GOOGLE_DEVELOPER_TOKEN",
    "google client secret": "GOOGLE_CLIENT_SECRET",
    "google refresh token": "GOOGLE_READ_TOKEN",
    "google refresh token for writing": "GOOGLE_WRITE_TOKEN",
    "meta access token": "META_READ_TOKEN",
    "meta access token for writing": "META_WRITE_TOKEN",
    "meta app secret": "META_APP_SECRET",
    "ledger password": "GEBOT_LEDGER_PASSWORD",
    "audit key": "GEBOT_AUDIT_KEY",
    "credential of a sample": "GEBOT_TEST_TOKEN",
    "credential of a sample for writing": "GEBOT_TEST_WRITE",
    "password of the database's own client": "PGPASSWORD",
    "proxy password": "GEBOT_TEST_PROXY",
    "secret of another program": "AWS_SECRET_ACCESS_KEY",
    "header": "OTEL_EXPORTER_OTLP_HEADERS",
}
_ELSEWHERE = (
    "google access token",
    "audit key in a file",
    "audit key in memory",
    "ledger password in an address",
    "ledger password in a file",
)
NAMES = (*_IN_ENVIRONMENT, *_ELSEWHERE)
_AROUND = {
    "GEBOT_TEST_PROXY": "http://gebot:{}@127.0.0.1:9",
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer {}",
}


def of(name: str) -> str:
    return f"canary{NAMES.index(name):02d}{_MARK}"


def planted() -> Mapping[str, str]:
    """What the environment holds for the whole session."""
    return {
        variable: _AROUND.get(variable, "{}").format(of(name)) for name, variable in _IN_ENVIRONMENT.items()
    }


def found(content: str | bytes) -> list[str]:
    """The names of the secrets that stand in it."""
    bare = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return [name for name in NAMES if of(name).encode() in bare] if _MARK.encode() in bare else []


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret where none may be.

    Attributes:
        where: A file, or who said it.
        name: Of the secret.
    """

    where: str
    name: str

    def __str__(self) -> str:
        return f"{self.where}: {self.name}"


HEARD: list[Leak] = []


def hear(where: str, content: str | bytes) -> None:
    """Remember what stands in a text that nobody keeps."""
    HEARD.extend(Leak(where, name) for name in found(content))


def search(folder: Path) -> Iterator[Leak]:
    """Every file of the folder, with all that ledgers hold compressed."""
    for path in _files(folder):
        try:
            content = path.read_bytes()
        except OSError:  # of a test in which nobody may read it, or gone since
            continue
        if found(content) and content.strip() not in _ALONE:
            yield from (Leak(str(path), name) for name in found(content))
        if content.startswith(b"SQLite format 3"):
            yield from (Leak(str(path), name) for name in _of_bodies(_bodies(path)))


def in_postgresql(url: str) -> list[Leak]:
    """Every table of a database, as text and with what is compressed."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        content: list[bytes] = []
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                content += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return [Leak(url.rpartition("/")[2].partition("?")[0], name) for name in _of_bodies(content)]


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _of_bodies(bodies: Iterable[bytes]) -> list[str]:
    return sorted({name for body in bodies for name in (*found(body), *found(_opened(body)))})


def _bodies(path: Path) -> Iterator[bytes]:
    """Every value of bytes in a ledger; none of one that a test has damaged."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        try:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '% BLOB%'").fetchall()
            for (table,) in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield from (value for value in row if isinstance(value, bytes))
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return


def _opened(body: bytes) -> bytes:
    if body[:1] != b"\x78":
        return b""
    try:
        return zlib.decompress(body)
    except zlib.error:
        return b""


_ALONE = {of(name).encode() for name in NAMES}

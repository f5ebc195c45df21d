"""Many writers, held locks and sudden death: nothing is lost, nothing is half written."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sample
from seen import at, told
from test_decided_plans import drawn_up, states, steps

from agent.domain.errors import LedgerError
from agent.domain.outcome import State, Step
from agent.domain.record import RunKind
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger

THREADS = 4


def together(work: Callable[[int], list[object]]) -> list[object]:
    """Do the work in four threads that start at once, and gather what they bring."""
    gate = threading.Barrier(THREADS)

    def one(thread: int) -> list[object]:
        gate.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return [found for each in pool.map(one, range(THREADS)) for found in each]


def test_no_increment_is_lost_among_threads(ledger: Ledger) -> None:
    """Four threads raise the epoch a hundred times each; each raise is seen by the next."""
    epochs = together(
        lambda thread: [ledger.take_lead(sample.ACCOUNT.id, "here", thread, at(0)) for _ in range(100)]
    )

    assert sorted(map(int, map(str, epochs))) == list(range(1, 401))


def test_of_four_who_advance_the_same_change_one_succeeds(ledger: Ledger) -> None:
    """A state is read and written in one transaction."""
    plan = drawn_up(25)
    ledger.record_plan(plan)

    def advance(thread: int) -> list[object]:
        won: list[object] = []
        for change in plan.changes:
            try:
                ledger.advance([Step(plan.id, change.id, State.EXPIRED, str(thread))], at(1), epoch=0)
                won.append(change.id)
            except LedgerError:
                continue
        return won

    won = together(advance)

    assert Counter(won) == Counter(change.id for change in plan.changes)
    assert set(states(ledger, plan)) == {State.EXPIRED}


def test_a_slot_is_claimed_by_one_of_many(ledger: Ledger) -> None:
    """Two daemons do not both decide for a day."""
    claims = together(
        lambda _: [
            ledger.begin_run(sample.ACCOUNT.id, RunKind.DECIDE, str(slot), at(0)) for slot in range(20)
        ]
    )

    assert Counter(claims) == {True: 20, False: 60}


def test_readers_do_not_wait_for_a_writer(sql_ledger: SqlLedger) -> None:
    """The watchdog reads while the scheduler's thread writes."""
    sql_ledger.record_entities(sample.entities([50.0]), at(0))

    with sql_ledger._database.write():
        found = sql_ledger.entities(sample.ACCOUNT.id, at(0))

    assert found is not None


@contextmanager
def held_sqlite(url: str) -> Iterator[None]:
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@contextmanager
def held_postgresql(url: str) -> Iterator[None]:
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(x'6765626f74'::bigint)")
        yield


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_held_lock_is_a_ledger_error_soon_and_nothing_is_half_written(
    request: pytest.FixtureRequest, kind: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """Nothing is sent without a word that is kept; and the daemon does not hang."""
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "empty_postgresql_url")
    ledger = open_sql(url, busy_timeout_s=0.2)
    plan, table = drawn_up(2), told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 1, 1.0)])
    ledger.record_plan(plan)
    deeds: list[Callable[[], object]] = [
        lambda: ledger.record_entities(sample.entities([50.0]), at(0)),
        lambda: ledger.record_metrics(sample.ACCOUNT.id, table, at(0)),
        lambda: ledger.record_plan(drawn_up(1, days=5)),
        lambda: ledger.advance(steps(plan, State.EXPIRED), at(0), epoch=0),
        lambda: ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0)),
    ]

    with (held_sqlite if kind == "sqlite" else held_postgresql)(url):
        for deed in deeds:
            began = time.monotonic()
            with pytest.raises(LedgerError, match="another process holds its lock"):
                deed()
            assert time.monotonic() - began < 5

    assert ledger.entities(sample.ACCOUNT.id, at(9)) is None
    assert list(ledger.coverages(sample.ACCOUNT.id, at(9))) == []
    assert len(ledger.plans()) == 1
    assert set(states(ledger, plan)) == {State.PROPOSED}
    assert ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0)) == 1


_FAULTS = {
    "sqlite": (
        "CREATE TRIGGER fault BEFORE INSERT ON coverage BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END",
        "DROP TRIGGER fault",
    ),
    "postgresql": (
        "ALTER TABLE coverage ADD CONSTRAINT fault CHECK (false) NOT VALID",
        "ALTER TABLE coverage DROP CONSTRAINT fault",
    ),
}


def test_a_fault_in_the_middle_leaves_nothing_behind(sql_ledger: SqlLedger) -> None:
    """The rows of a reading and its coverage, which comes last, are one transaction."""
    table = told("2026-11-01", "2026-11-01", [("000001", "2026-11-01", 1, 1.0)])
    database = sql_ledger._database
    plant, pull = _FAULTS["sqlite" if database.is_sqlite else "postgresql"]
    with database.write() as session:
        session.connection().exec_driver_sql(plant)

    with pytest.raises(LedgerError):
        sql_ledger.record_metrics(sample.ACCOUNT.id, table, at(0))

    with database.write() as session:
        session.connection().exec_driver_sql(pull)
    assert list(sql_ledger.coverages(sample.ACCOUNT.id, at(9))) == []
    assert sql_ledger.record_metrics(sample.ACCOUNT.id, table, at(0)) == 1


_WRITER = """
import sys
from datetime import timedelta
import sample
from agent.ledger.open import open_ledger
ledger = open_ledger(sys.argv[1])
for number in range(100_000):
    print(ledger.take_lead(sample.ACCOUNT.id, "here", number, sample.NOW), flush=True)
"""


def test_what_was_acknowledged_survives_sudden_death(
    sqlite_url: str, open_sql: Callable[..., SqlLedger]
) -> None:
    """kill -9 between two commits loses neither, and the file opens again at once."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, sqlite_url],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(20):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()
    process.stdout.close()

    acknowledged = 20 + len(rest)
    ledger = open_sql(sqlite_url)
    # The last one may have been committed and not yet told.
    assert ledger.take_lead(sample.ACCOUNT.id, "here", 0, at(0)) - 1 in (acknowledged, acknowledged + 1)


def test_who_has_locked_a_file_is_told_by_name(sqlite_url: str, open_sql: Callable[..., SqlLedger]) -> None:
    """A backup, an open shell: whoever reads it knows what to end."""
    ledger = open_sql(sqlite_url, busy_timeout_s=0.1)
    code = (
        "import sqlite3, sys; held = sqlite3.connect(sys.argv[1]); held.execute('BEGIN IMMEDIATE');"
        "print('held', flush=True); sys.stdin.read()"
    )
    path = sqlite_url.removeprefix("sqlite:///")
    command = [sys.executable, "-c", code, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()

        with pytest.raises(LedgerError) as raised:
            ledger.take_lead(sample.ACCOUNT.id, "here", 1, at(0))

        other.kill()
    if Path("/proc/locks").exists():
        assert f"(process {other.pid})" in str(raised.value)

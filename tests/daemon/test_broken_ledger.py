"""A ledger file that is locked or full from any named point on: nothing is doubled, nothing stays stuck."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import time
from pathlib import Path

import pytest
from live import Live, live

from agent import stop
from agent.config.accounts import Schedule
from agent.daemon.daemon import Daemon
from agent.daemon.rounds import Post
from agent.domain.errors import GebotError
from agent.domain.lever import number_of
from agent.domain.outcome import State
from agent.domain.points import Point
from agent.emergency import Emergency
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger
from simulations.platform import Platform

LOCKED_AT = [
    Point.LED,
    Point.PLAN_RECORDED,
    Point.WORD_WRITTEN,
    Point.BEFORE_WIRE,
    Point.REPLIED,
    Point.READ_BACK,
]
FULL_AT = [Point.METRICS_RECORDED, Point.COMPARED, Point.REPLIED, Point.OUTCOME_RECORDED]
CASES = [("lock", point) for point in LOCKED_AT] + [("fill", point) for point in FULL_AT]


class Bench:
    """An account whose ledger is a real file that can be locked or filled up."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.path = Path(shutil.copy(empty, folder / "ledger.db"))
        opened = open_ledger(f"sqlite:///{self.path}", busy_timeout_s=0.05)
        assert isinstance(opened, SqlLedger)
        self.ledger = opened
        self.account: Live = live(("1.1", "0.8", None))
        self.at: Point | None = None
        self.breaks = self.lock
        self._held: sqlite3.Connection | None = None
        self.account.give(
            ledger=self.ledger,
            reached=self._reached,
            check_stop=lambda: stop.check(folder, self.ledger, self.account.parts.account),
            unrecorded=Emergency(folder).keep,
        )
        post = Post(self.account.parts, Schedule(decide_at=time(6, 0)), True, lambda _what, _record: None)
        self.daemon = Daemon([post], self.ledger, self.account.clock, folder)

    def lock(self) -> None:
        """Another program takes the write lock and keeps it."""
        self._held = sqlite3.connect(self.path, isolation_level=None)
        self._held.execute("BEGIN IMMEDIATE")

    def fill(self) -> None:
        """No page can be added any more: "database or disk is full"."""
        with self.ledger._database.read() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1")

    def mend(self) -> None:
        self.at = None
        if self._held is not None:
            self._held.close()
            self._held = None
        with self.ledger._database.read() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1000000")

    def ticks(self, n: int, minutes: int = 1) -> None:
        for _ in range(n):
            self.account.step(minutes=minutes)
            with suppress(GebotError):
                self.daemon.tick()

    def set_by_us(self) -> list[int]:
        """Every value that reached the platform, in order."""
        platform: Platform = self.account.adapter._platform
        edits = platform.edits(self.account.clock.now().replace(year=2020))
        return [int(edit.after) for edit in edits]

    def close(self) -> None:
        self.mend()
        self.ledger.close()

    def _reached(self, point: Point) -> None:
        if point is self.at:
            self.at = None
            self.breaks()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "ledger.db"
    opened = open_ledger(f"sqlite:///{path}")
    assert isinstance(opened, SqlLedger)
    opened.close()
    return path


@pytest.fixture
def bench(tmp_path: Path, empty: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, empty)
    yield bench
    bench.close()


@pytest.mark.parametrize(("how", "point"), CASES)
def test_a_ledger_that_breaks_at_any_point_loses_and_doubles_nothing(
    bench: Bench, how: str, point: Point
) -> None:
    """While it is broken at most the call under way goes out; once mended, ledger and platform agree."""
    bench.at, bench.breaks = point, getattr(bench, how)

    bench.ticks(3)
    sent_while_broken = bench.set_by_us()
    bench.mend()
    bench.ticks(3, minutes=15)

    assert len(sent_while_broken) <= 2, "cuts and raises, each at most once"
    records = bench.ledger.plans(bench.account.parts.account)
    changes = [item for record in records for item in record.changes.values()]
    applied = [number_of(item.change.after) for item in changes if item.state is State.APPLIED]
    assert sorted(bench.set_by_us()) == sorted(applied)
    assert not any(record.open for record in records)
    assert Emergency(bench.path.parent).kept() == []

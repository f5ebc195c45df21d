"""Whatever is seen in whatever order: database, memory and a plain replay give the same answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from naive import NAMES, NOTHING, NaiveLedger
from seen import days, told
from test_seen_entities import same

from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.ref import AccountId
from agent.ledger.memory.ledger import MemoryLedger
from agent.ledger.sql.ledger import SqlLedger
from agent.ports.ledger import Ledger

START = datetime(2026, 10, 20, 0, 30, tzinfo=UTC)  # New York leaves summer time on 1 November
DAYS = days("2026-10-14", "2026-11-02")
IDS = ("a", "b", "c")
CHANNELS = {"a": ("search", "shopping"), "b": ("search", ""), "c": ("social", "social")}
"""Of each campaign, as it is called x or y: channels come, go and change."""
_AT_ONCE = timedelta(seconds=1)
"""Between looks that follow each other without a pause: no two share a moment."""
_numbers = count()


@dataclass(frozen=True)
class Look:
    """One look at the account, so many hours after the one before; rows by id and days back."""

    hours: int
    entities: dict[str, tuple[str, int | None, int | None]] | None
    metrics: dict[tuple[str, int], tuple[int, float]]
    newest: int
    length: int
    partial: int
    dated: bool

    def table(self, account: Account) -> EntityTable:
        seen = self.entities or {}
        return entity_table(
            account,
            list(seen),
            names=[name for name, _, _ in seen.values()],
            channels=[CHANNELS[id_][name == "y"] for id_, (name, _, _) in seen.items()],
            levers={
                Lever.DAILY_BUDGET: [budget for _, budget, _ in seen.values()],
                Lever.CPC_BID: [bid for _, _, bid in seen.values()],
            },
        )

    def figures(self, today: date) -> MetricsTable:
        until = today - timedelta(days=self.newest)
        since = until - timedelta(days=self.length)
        rows = [
            (id_, str(until - timedelta(days=back)), *figures)
            for (id_, back), figures in self.metrics.items()
            if back <= self.length
        ]
        partial = None if self.partial == 0 else str(until - timedelta(days=self.partial - 1))
        return told(str(since), str(until), rows, partial_since=partial, dated=self.dated)


LEVERS = st.none() | st.integers(1, 3)
LOOKS = st.builds(
    Look,
    st.integers(0, 60),
    st.none() | st.dictionaries(st.sampled_from(IDS), st.tuples(st.sampled_from("xy"), LEVERS, LEVERS)),
    st.dictionaries(
        st.tuples(st.sampled_from(IDS), st.integers(0, 4)),
        st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.1, 1.5])),
        max_size=6,
    ),
    newest=st.integers(0, 2),
    length=st.integers(0, 4),
    partial=st.integers(0, 3),
    dated=st.booleans(),
)


@settings(
    max_examples=18,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a failure would take minutes of commits
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    looks=st.lists(LOOKS, min_size=1, max_size=9),
    asked=st.lists(st.integers(-5, 400), min_size=1, max_size=3),
)
def test_all_ledgers_agree_at_every_moment(
    sqlite_ledger: SqlLedger, postgresql_ledger: SqlLedger, looks: Sequence[Look], asked: Sequence[int]
) -> None:
    """The laws of what was known at T, over sequences that nobody would think of."""
    account = Account(AccountId("simulated", f"agrees-{next(_numbers)}"), "A", "EUR", "America/New_York")
    naive, memory = NaiveLedger(account.time_zone), MemoryLedger()
    ledgers = (memory, sqlite_ledger, postgresql_ledger)
    end = record(looks, account, naive, ledgers)

    for as_of in [end, *(START + timedelta(hours=hours) for hours in asked)]:
        for ledger in ledgers:
            assert_same_entities(ledger, naive, account, as_of)
            assert_same_metrics(ledger, naive, account, as_of)
            assert_same_development(ledger, naive, account, as_of)
            assert_same_arrivals(ledger, naive, account, as_of)


def record(
    looks: Sequence[Look], account: Account, naive: NaiveLedger, ledgers: tuple[Ledger, ...]
) -> datetime:
    """Tell all of them the same, and return the time of the last look."""
    now = START
    for position, look in enumerate(looks):
        now += timedelta(hours=look.hours) or _AT_ONCE
        if look.entities is not None or position == 0:
            table = look.table(account)
            naive.tables.append((now, table))
            for ledger in ledgers:
                ledger.record_entities(table, now)
        figures = look.figures(now.astimezone(ZoneInfo(account.time_zone)).date())
        naive.readings.append((now, figures))
        appended = {ledger.record_metrics(account.id, figures, now) for ledger in ledgers}
        assert len(appended) == 1
    return now


def assert_same_entities(ledger: Ledger, naive: NaiveLedger, account: Account, as_of: datetime) -> None:
    expected, found = naive.entities(as_of), ledger.entities(account.id, as_of)
    if expected is None:
        assert found is None
        return
    there = {lever: column for lever, column in expected.levers.items() if column.present.any()}
    assert found is not None
    assert found.levers.keys() == there.keys()
    assert same(found, replace(expected, levers=there))
    memory = ledger.lever_memory(expected, DAYS, as_of)
    for lever, rows in naive.lever_memory(expected, DAYS, as_of).items():
        changed = [
            None if at is None else at.replace(tzinfo=None) for at in memory[lever].changed_at.tolist()
        ]
        assert [at and at.replace(tzinfo=None) for at, _, _ in rows] == changed
        assert [baseline for _, baseline, _ in rows] == memory[lever].baseline.tolist()
        assert [stood for _, _, stood in rows] == memory[lever].stood.tolist()


def assert_same_metrics(ledger: Ledger, naive: NaiveLedger, account: Account, as_of: datetime) -> None:
    table = entity_table(account, IDS, names=IDS)
    matrices = ledger.metrics(table, DAYS, as_of)

    known = [naive.known(day, as_of) for day in DAYS.tolist()]
    assert matrices.known.tolist() == [known] * len(IDS)
    expected = naive.figures(table, DAYS, as_of)
    for figure, name in enumerate(NAMES):
        found = getattr(matrices, name)
        if found is None:
            found = np.broadcast_to(float(NOTHING[figure]), expected.shape[:2])
        np.testing.assert_array_equal(found, expected[:, :, figure], err_msg=name)
    readings = [(at, each) for at, each in naive.readings if at <= as_of]
    coverages = ledger.coverages(account.id, as_of)
    assert [coverage.observed_at for coverage in coverages] == [at for at, _ in readings]
    assert [coverage.since for coverage in coverages] == [each.since.item() for _, each in readings]


def assert_same_development(ledger: Ledger, naive: NaiveLedger, account: Account, as_of: datetime) -> None:
    expected = naive.development(as_of, 7)

    found = ledger.development(account.id, as_of, 7)

    assert found[0].tolist() == pytest.approx(expected[0])
    assert found[1].tolist() == pytest.approx(expected[1])
    told = {channel for at, _ in naive.readings if at <= as_of for channel in naive.channels(at)}
    by_channel = ledger.channel_development(account.id, as_of, 7)
    assert sorted(by_channel) == sorted(told)
    for channel, seen in by_channel.items():
        earlier, later = naive.development(as_of, 7, channel)
        assert seen.earlier.tolist() == pytest.approx(earlier)
        assert seen.later.tolist() == pytest.approx(later)


def assert_same_arrivals(ledger: Ledger, naive: NaiveLedger, account: Account, as_of: datetime) -> None:
    told = {channel for at, _ in naive.readings if at <= as_of for channel in naive.channels(at)}

    found = ledger.arrivals(account.id, START, as_of)

    assert set(found) == {"", *told}
    for channel, arrivals in found.items():
        assert arrivals.new[1:].tolist() == pytest.approx(naive.arrivals(as_of, channel))
    lately = ledger.arrivals(account.id, as_of - timedelta(hours=30), as_of)[""]
    assert lately.new[1:].tolist() == pytest.approx(found[""].new[len(found[""].new) - len(lately.new) :][1:])

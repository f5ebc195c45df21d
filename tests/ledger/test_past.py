"""The past of a SQL ledger: what was handed in comes back reading by reading."""

from datetime import UTC, datetime

import numpy as np
from sample import ACCOUNT, entities
from seen import at, told

from agent.domain.entity import EntityTable
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.ledger.memory.ledger import MemoryLedger
from agent.ledger.sql.ledger import SqlLedger


def test_every_reading_comes_back_as_it_was_handed_in(sqlite_ledger: SqlLedger) -> None:
    """Replays rest on it: figures of a reading are those of that reading, not of a later one."""
    first = told(
        "2026-11-01", "2026-11-02", [("000001", "2026-11-01", 5_000_000, 2.0)], partial_since="2026-11-02"
    )
    second = told(
        "2026-11-01",
        "2026-11-03",
        [("000001", "2026-11-01", 5_000_000, 3.5), ("000002", "2026-11-03", 7_000_000, 0.0)],
    )
    sqlite_ledger.record_entities(entities([10.0, 20.0]), at(0))
    sqlite_ledger.record_metrics(ACCOUNT.id, first, at(0))
    sqlite_ledger.record_entities(entities([10.0, 25.0]), at(1))
    sqlite_ledger.record_metrics(ACCOUNT.id, second, at(1))

    found = sqlite_ledger.readings(ACCOUNT.id)

    assert [reading.at for reading in found] == [at(0), at(0), at(1), at(1)]
    tables = [reading.seen for reading in found if isinstance(reading.seen, EntityTable)]
    assert [table.levers[Lever.DAILY_BUDGET].numbers.tolist() for table in tables] == [
        [10_000_000, 20_000_000],
        [10_000_000, 25_000_000],
    ]
    metrics = [reading.seen for reading in found if isinstance(reading.seen, MetricsTable)]
    assert [table.conversions.tolist() for table in metrics] == [[2.0], [3.5, 0.0]]
    assert [table.partial_since for table in metrics] == [np.datetime64("2026-11-02"), None]
    assert [(table.since, table.until) for table in metrics] == [
        (np.datetime64("2026-11-01"), np.datetime64("2026-11-02")),
        (np.datetime64("2026-11-01"), np.datetime64("2026-11-03")),
    ]


def test_a_ledger_made_of_the_readings_answers_as_the_first_one(sqlite_ledger: SqlLedger) -> None:
    """Nothing is lost on the way: figures, shares, what was partial and how conversions grew."""
    rng = np.random.default_rng(3)
    days = [f"2026-11-{day:02d}" for day in range(1, 9)]
    for look in range(6):
        rows = [
            (id_, day, int(rng.integers(0, 9)) * 1_000_000, float(rng.integers(0, 4)))
            for id_ in ("000001", "000002")
            for day in days[: look + 2]
        ]
        sqlite_ledger.record_entities(entities([10.0 + look, 20.0]), at(look))
        sqlite_ledger.record_metrics(
            ACCOUNT.id, told(days[0], days[look + 1], rows, partial_since=days[look + 1]), at(look)
        )
    copy = MemoryLedger()

    for reading in sqlite_ledger.readings(ACCOUNT.id):
        if isinstance(reading.seen, EntityTable):
            copy.record_entities(reading.seen, reading.at)
        else:
            copy.record_metrics(ACCOUNT.id, reading.seen, reading.at)

    asked = np.array(days, dtype="datetime64[D]")
    for look in range(6):
        table = sqlite_ledger.entities(ACCOUNT.id, at(look))
        assert table is not None
        own, other = (ledger.metrics(table, asked, at(look)) for ledger in (copy, sqlite_ledger))
        for name in ("known", "cost_micros", "clicks", "conversions", "search_impression_share"):
            np.testing.assert_array_equal(getattr(own, name), getattr(other, name))
        assert copy.coverages(ACCOUNT.id, at(look)) == sqlite_ledger.coverages(ACCOUNT.id, at(look))
        for grown, there in zip(
            copy.development(ACCOUNT.id, at(look), 8),
            sqlite_ledger.development(ACCOUNT.id, at(look), 8),
            strict=True,
        ):
            np.testing.assert_array_equal(grown, there)


def test_an_account_that_was_never_seen_has_no_past(sqlite_ledger: SqlLedger) -> None:
    """Nothing is not an error."""
    assert sqlite_ledger.readings(ACCOUNT.id) == []
    assert sqlite_ledger.entities(ACCOUNT.id, datetime(2027, 1, 1, tzinfo=UTC)) is None

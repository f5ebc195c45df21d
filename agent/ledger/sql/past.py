"""Past: every reading of an account as it was handed in, oldest first, from the rows that were appended."""

from collections.abc import Iterator

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from agent.domain.advice import NO_ADVICE
from agent.domain.entity import EntityTable
from agent.domain.metrics import MetricsTable
from agent.domain.reading import Reading
from agent.domain.ref import AccountId
from agent.ledger.figures import REAL, WHOLE, Figures, named, nothing
from agent.ledger.moments import moment
from agent.ledger.numbering import Numbering
from agent.ledger.sql.advice import all_advice
from agent.ledger.sql.entities import entities_of
from agent.ledger.sql.readings import account_number, numbering, table_of
from agent.ledger.sql.seen_tables import (
    AccountSeenRow,
    CoverageRow,
    EntitySeenRow,
    LeverSeenRow,
    MetricSeenRow,
    ReadingRow,
)

_AT_A_TIME = 10_000


def readings(session: Session, account: AccountId) -> Iterator[Reading]:
    """All readings in the order in which they were recorded; none of an account that was never seen.

    Built by adding up the appended rows reading by reading: no later row has been looked at
    when a reading is handed over.
    """
    number = account_number(session, account)
    if number is None:
        return
    moved = _readings_that_moved_entities(session, number)
    appended = _Appended(session, number)
    advised, told = all_advice(session, number), NO_ADVICE
    entities: EntityTable | None = None
    rows = session.exec(
        select(ReadingRow).where(ReadingRow.account == number).order_by(col(ReadingRow.number))
    ).all()
    for row in rows:
        at = moment(row.observed_at_us)
        if row.about == "entities":
            if entities is None or row.number in moved:
                entities = entities_of(session, account, number, row.number)
            yield Reading(at, entities)
        elif row.about == "advice":
            told = advised.get(row.number, told)
            yield Reading(at, told)
        else:
            yield Reading(at, appended.table(row.number))


def _readings_that_moved_entities(session: Session, account: int) -> frozenset[int]:
    seen = (AccountSeenRow, EntitySeenRow, LeverSeenRow)
    return frozenset(
        number
        for model in seen
        for number in session.exec(select(model.reading).where(model.account == account))
    )


class _Appended:
    """The figures of all entities and days, brought up to one reading of metrics after the other."""

    def __init__(self, session: Session, account: int) -> None:
        keys: Numbering = numbering(session, account)
        self._kinds = np.array([kind for kind, _ in keys.keys], dtype=np.str_)
        self._ids = np.array([id_ for _, id_ in keys.keys], dtype=np.str_)
        self._coverages = {
            row.reading: row
            for row in session.exec(select(CoverageRow).where(CoverageRow.account == account))
        }
        first = min((row.since_day for row in self._coverages.values()), default=0)
        last = max((row.until_day for row in self._coverages.values()), default=-1)
        self._first = first
        self._now = nothing(len(keys), max(last + 1 - first, 0))
        self._rows = _by_reading(session, account)
        self._next = next(self._rows, None)

    def table(self, reading: int) -> MetricsTable:
        """The table that this reading was handed: the next one of metrics."""
        while self._next is not None and self._next.reading <= reading:
            self._take(self._next)
            self._next = next(self._rows, None)
        row = self._coverages[reading]
        days = slice(row.since_day - self._first, row.until_day + 1 - self._first)
        now = Figures(self._now.whole[:, :, days], self._now.real[:, :, days])
        told = now.whole.any(axis=0) | (np.nan_to_num(now.real) != 0).any(axis=0)
        entities, columns = np.nonzero(told)
        figures = Figures(now.whole[:, entities, columns], now.real[:, entities, columns])
        complete = row.since_day - 1 if row.complete_until_day is None else row.complete_until_day
        return MetricsTable(
            since=_date(row.since_day),
            until=_date(row.until_day),
            partial_since=None if complete >= row.until_day else _date(complete + 1),
            kinds=self._kinds[entities],
            ids=self._ids[entities],
            days=(columns + row.since_day).astype("datetime64[D]"),
            **named(figures),
        )

    def _take(self, row: "sa.Row[tuple[object, ...]]") -> None:
        place = (slice(None), row.entity, row.day - self._first)
        self._now.whole[place] = [getattr(row, name) or 0 for name in WHOLE]
        shares = [getattr(row, name) for name in REAL]
        self._now.real[place] = [np.nan if share is None else share for share in shares]


def _by_reading(session: Session, account: int) -> "Iterator[sa.Row[tuple[object, ...]]]":
    seen = table_of(MetricSeenRow)
    return iter(
        session.connection().execute(
            sa.select(seen).where(seen.c.account == account).order_by(seen.c.reading),
            execution_options={"yield_per": _AT_A_TIME},
        )
    )


def _date(number: int) -> np.datetime64:
    return np.datetime64(number, "D")

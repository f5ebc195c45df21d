"""Metrics in the database: what each reading told, and what was known at a moment."""

from datetime import datetime

import numpy as np
from sqlmodel import Session

from agent.domain.entity import Days, EntityTable, Floats
from agent.domain.metrics import DailyMetrics, MetricsTable
from agent.domain.ref import AccountId
from agent.ledger.development import complete_until, counted
from agent.ledger.figures import CONVERSIONS, Figures, daily, differs, nothing
from agent.ledger.moments import day_number, day_numbers
from agent.ledger.sql.coverages import known_at, packed, record_channels
from agent.ledger.sql.readings import (
    account_number,
    begin_reading,
    numbering,
    reading_at,
    sure_account_number,
    sure_numbers,
)
from agent.ledger.sql.seen_tables import CoverageRow
from agent.ledger.sql.sheets import Sheet, newest_sheet, sheets_at, write_sheet


def record_metrics(
    session: Session, account: AccountId, table: MetricsTable, told: Figures, at: datetime
) -> int:
    """Append what differs from what was known, day by day; `told` are the table's columns.

    Returns: the number of rows.
    """
    number = sure_account_number(session, account)
    reading = begin_reading(session, number, "metrics", at)
    known = numbering(session, number)
    order = np.argsort(table.days, kind="stable")
    days = day_numbers(table.days)[order]
    since, until = day_number(table.since), day_number(table.until)
    bounds = np.searchsorted(days, np.arange(since, until + 2))
    n_days = until + 1 - since
    conversions: list[Floats] = []
    appended = 0
    for position in range(n_days):
        rows = order[bounds[position] : bounds[position + 1]]
        entities = sure_numbers(session, number, known, table.kinds[rows], table.ids[rows])
        before = newest_sheet(session, number, since + position, len(known))
        now = nothing(len(known))
        now.whole[:, entities] = told.whole[:, rows]
        now.real[:, entities] = told.real[:, rows]
        changed = np.flatnonzero(differs(now, before.figures))
        conversions.append(now.real[CONVERSIONS].copy())  # a view would keep all of the sheet
        if len(changed):
            sheet = Sheet(since + position, reading, now)
            write_sheet(session, number, sheet, changed, new=before.reading == 0)
            appended += len(changed)
    matrix = np.zeros((len(known), n_days))
    for position, day in enumerate(conversions):
        matrix[: len(day), position] = day
    of_account = matrix[counted(known.keys)].sum(axis=0)
    session.add(
        CoverageRow(
            account=number,
            reading=reading,
            since_day=since,
            until_day=until,
            complete_until_day=complete_until(table),
            conversions=packed(of_account),
        )
    )
    record_channels(session, number, reading, known, matrix, at=at)
    return appended


def metrics(session: Session, table: EntityTable, days: Days, as_of: datetime) -> DailyMetrics:
    """The figures of these entities and days as known at that moment."""
    out = nothing(len(table), len(days))
    known = np.zeros(len(days), dtype=bool)
    account = account_number(session, table.account.id)
    reading = 0 if account is None else reading_at(session, account, "metrics", as_of)
    if account is None or reading == 0 or not len(days):
        return daily(out, known)
    first = day_number(days[0])
    known = known_at(session, account, reading, first, len(days))
    numbers = numbering(session, account)
    entities = numbers.known(table.kinds, table.ids)
    rows = np.flatnonzero(entities >= 0)
    entities = entities[rows]
    asked = range(first, first + len(days))
    for sheet in sheets_at(session, account, asked, reading, len(numbers)):
        column = sheet.day - first
        if known[column]:
            out.whole[:, rows, column] = sheet.figures.whole[:, entities]
            out.real[:, rows, column] = sheet.figures.real[:, entities]
    return daily(out, known)

"""Sheets: the figures of a whole day, as they stand or as they stood."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import bindparam
from sqlmodel import Session

from agent.domain.entity import Floats
from agent.ledger.figures import ALWAYS_TOLD, REAL, WHOLE, Figures, from_bytes, nothing
from agent.ledger.sql.bulk import append
from agent.ledger.sql.newest import newest_rows
from agent.ledger.sql.readings import table_of
from agent.ledger.sql.seen_tables import MetricSeenRow, MetricSheetRow

_AT_A_TIME = 8  # sheets held in memory while reading

_SHEET, _SEEN = table_of(MetricSheetRow), table_of(MetricSeenRow)
_TOLD = ("entity", *WHOLE, *REAL)
_NEWEST = sa.select(_SHEET.c.reading, _SHEET.c.figures, _SHEET.c.n_columns).where(
    _SHEET.c.account == bindparam("account"), _SHEET.c.day == bindparam("day")
)
_ALL = (
    sa.select(_SHEET.c.day, _SHEET.c.reading, _SHEET.c.figures, _SHEET.c.n_columns)
    .where(
        _SHEET.c.account == bindparam("account"),
        _SHEET.c.day >= bindparam("first"),
        _SHEET.c.day < bindparam("end"),
    )
    .order_by(_SHEET.c.day)
)
_ROWS = newest_rows(_SEEN, ("day", "entity"), _SEEN.c.day == bindparam("day")).with_only_columns(
    *(_SEEN.c[name] for name in _TOLD)
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day's figures of shape (5, n_entities), by entity number; since which reading they stand."""

    day: int
    reading: int
    figures: Figures


def newest_sheet(session: Session, account: int, day: int, n: int) -> Sheet:
    """The day as it stands now; reading 0 when nothing was ever seen of it."""
    row = session.connection().execute(_NEWEST, {"account": account, "day": day}).one_or_none()
    return Sheet(day, 0, nothing(n)) if row is None else Sheet(day, row[0], from_bytes(row[1], row[2], n))


def sheets_at(session: Session, account: int, days: range, reading: int, n: int) -> Iterator[Sheet]:
    """The days as they stood at that reading, in any order; those of which nothing was seen are left out."""
    asked = {"account": account, "first": days.start, "end": days.stop}
    rows = session.connection().execute(_ALL, asked, execution_options={"yield_per": _AT_A_TIME})
    restated = []
    for day, written, figures, n_columns in rows:
        if written <= reading:
            yield Sheet(day, written, from_bytes(figures, n_columns, n))
        else:
            restated.append(day)
    for day in restated:  # the sheet is younger than the question, the rows are not
        yield Sheet(day, reading, _from_rows(session, account, day, reading, n))


def write_sheet(
    session: Session, account: int, sheet: Sheet, entities: NDArray[np.int64], *, new: bool
) -> None:
    """Append the rows of the entities that changed, and put the sheet in the place of the former."""
    figures = sheet.figures
    n = len(entities)
    columns = [
        [account] * n,
        [sheet.day] * n,
        entities.tolist(),
        [sheet.reading] * n,
        *figures.whole[:ALWAYS_TOLD, entities].tolist(),
        figures.real[0, entities].tolist(),
        *(_nullable(figures.real[row, entities]) for row in range(1, ALWAYS_TOLD)),
    ]
    told = figures.n_columns
    if told > 2 * ALWAYS_TOLD:
        dated, value = _nullable(figures.real[-1, entities]), figures.whole[-1, entities].tolist()
        columns += [dated, [None if one is None else money for one, money in zip(dated, value, strict=True)]]
    append(session, _SEEN, columns)
    content = {"reading": sheet.reading, "figures": figures.to_bytes(told), "n_columns": told}
    if new:
        session.connection().execute(sa.insert(_SHEET), {"account": account, "day": sheet.day, **content})
    else:
        session.connection().execute(
            sa.update(_SHEET).where(_SHEET.c.account == account, _SHEET.c.day == sheet.day).values(**content)
        )


def _nullable(numbers: Floats) -> list[float | None]:
    return [None if number != number else number for number in numbers.tolist()]  # noqa: PLR0124 - NaN


def _from_rows(session: Session, account: int, day: int, reading: int, n: int) -> Figures:
    rows = session.connection().execute(_ROWS, {"account": account, "reading": reading, "day": day})
    flat = np.fromiter(chain.from_iterable(rows.all()), dtype=object).reshape(-1, len(_TOLD)).T
    entities = flat[0].astype(np.int64)
    figures = nothing(n)
    whole = flat[1 : 1 + len(WHOLE)]
    whole[whole == None] = 0  # noqa: E711 - null of each number, not of the array
    figures.whole[:, entities] = whole.astype(np.int64)
    figures.real[:, entities] = flat[1 + len(WHOLE) :].astype(np.float64)  # null becomes NaN
    return figures

"""Levers in the database: a row for each change of a lever, whoever changed it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import func, insert
from sqlmodel import Session, select

from agent.domain.entity import EntityTable
from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.snapshot import LeverMemory
from agent.ledger.lever_past import BASELINE_AGE, lever_memory_of, unseen
from agent.ledger.sql.readings import (
    account_number,
    latest,
    numbering,
    reading_at,
    table_of,
)
from agent.ledger.sql.seen_tables import LeverSeenRow, ReadingRow

_Key = tuple[int, str]
_NEVER = np.datetime64("NaT", "s")


def record_levers(
    session: Session, account: int, reading: int, numbers: Sequence[int], table: EntityTable
) -> None:
    """Append the levers that stand elsewhere than known; those of entities not in the table stay."""
    before = _standing(session, account, reading)
    rows = []
    for lever in Lever:
        column = table.levers.get(lever)
        now = [None] * len(table) if column is None else column.listed()
        rows += [
            {"account": account, "entity": entity, "lever": lever.value, "reading": reading, "number": number}
            for entity, number in zip(numbers, now, strict=True)
            if before.get((entity, lever.value)) != number
        ]
    if rows:
        session.connection().execute(insert(table_of(LeverSeenRow)), rows)


def levers_at(
    session: Session, account: int, reading: int, entities: Sequence[int]
) -> Mapping[Lever, Sequence[int | None]]:
    """Where the levers of these entities stood; only levers that any of them had."""
    standing = _standing(session, account, reading)
    columns = {lever: [standing.get((entity, lever.value)) for entity in entities] for lever in Lever}
    return {
        lever: column for lever, column in columns.items() if any(number is not None for number in column)
    }


def lever_memory(session: Session, table: EntityTable, as_of: datetime) -> Mapping[Lever, LeverMemory]:
    """When each lever of the table last changed, and where it stood a week before."""
    account = account_number(session, table.account.id)
    reading = 0 if account is None else reading_at(session, account, "entities", as_of)
    if account is None or reading == 0:
        return {lever: unseen(column) for lever, column in table.levers.items()}
    changed_at = _changed_at(session, account, reading)
    baseline = _baseline(session, account, reading, as_of)
    rows = numbering(session, account).known(table.kinds, table.ids).tolist()
    memory = {}
    for lever, column in table.levers.items():
        keys = [(row, lever.value) for row in rows]
        memory[lever] = lever_memory_of(
            column,
            np.array([changed_at.get(key, _NEVER) for key in keys], dtype="datetime64[s]"),
            np.array([baseline.get(key, 0) for key in keys], dtype=np.int64),
            np.array([key in baseline for key in keys], dtype=bool),
        )
    return memory


def _changed_at(session: Session, account: int, reading: int) -> dict[_Key, np.datetime64]:
    """When each lever came to stand where it stands; those that never moved are left out."""
    seen = table_of(LeverSeenRow)
    spans = session.connection().execute(
        sa.select(seen.c.entity, seen.c.lever, func.min(seen.c.reading), func.max(seen.c.reading))
        .where(seen.c.account == account, seen.c.reading <= reading)
        .group_by(seen.c.account, seen.c.entity, seen.c.lever)
    )
    times = session.exec(
        select(ReadingRow.number, ReadingRow.observed_at_us).where(ReadingRow.account == account)
    )
    read_at = {number: np.datetime64(at_us // MICROS, "s") for number, at_us in times}
    return {(entity, lever): read_at[last] for entity, lever, first, last in spans if last > first}


def _baseline(session: Session, account: int, reading: int, as_of: datetime) -> dict[_Key, int]:
    """Where each lever stood a week before, or first stood since then."""
    before = reading_at(session, account, "entities", as_of - BASELINE_AGE)
    standing = _standing(session, account, before)
    baseline = {key: number for key, number in standing.items() if number is not None}
    seen = table_of(LeverSeenRow)
    since = session.connection().execute(
        sa.select(seen.c.entity, seen.c.lever, seen.c.number)
        .where(
            seen.c.account == account,
            seen.c.reading > before,
            seen.c.reading <= reading,
            seen.c.number.is_not(None),
        )
        .order_by(seen.c.reading)
    )
    for entity, lever, number in since:
        baseline.setdefault((entity, lever), number)
    return baseline


def _standing(session: Session, account: int, reading: int) -> dict[_Key, int | None]:
    """Where each lever stood as of that reading; None where an entity had lost it."""
    rows = session.connection().execute(latest(table_of(LeverSeenRow), ("entity", "lever"), account, reading))
    return {(row.entity, row.lever): row.number for row in rows}

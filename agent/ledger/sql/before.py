"""Before: all that a ledger held when its audit chain began, as digests."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlmodel import Session, SQLModel

from agent.domain.seal import canonical
from agent.ledger.events import Json
from agent.ledger.sql.decided_tables import (
    ApprovalRow,
    ChangeStepRow,
    FreezeRow,
    LeadRow,
    PlanRow,
    PolicyRow,
    StopRow,
)
from agent.ledger.sql.readings import table_of

_LATER = frozenset({"ended_us", "ended_by"})
"""Columns that are filled in after a row was written."""

APPENDED: tuple[type[SQLModel], ...] = (PlanRow, ChangeStepRow, ApprovalRow, StopRow, FreezeRow)
"""Tables whose rows are numbered in the order in which they were written."""

OTHERS: tuple[type[SQLModel], ...] = (LeadRow, PolicyRow)


def all_that_stood(session: Session) -> Mapping[str, Json]:
    """What the first entry of the chain says: how much each table held, and the digest of it.

    Where there was nothing, the chain is told from any other one by its own random number.
    """
    told: dict[str, Json] = {"chain": secrets.token_hex(16)}
    for model in APPENDED:
        table = table_of(model)
        last = session.connection().execute(select(func.max(table.c.number))).scalar()
        told[table.name] = [last or 0, digest_up_to(session, table, last or 0)]
    for model in OTHERS:
        table = table_of(model)
        keys = [list(row) for row in session.connection().execute(_keys(table))]
        told[table.name] = [keys, digest_of(session, table, keys)]
    return told


def digest_up_to(session: Session, table: Table, last: int) -> str:
    """Of the rows of a numbered table up to this number."""
    return _digest(session, table, table.c.number <= last)


def digest_of(session: Session, table: Table, keys: Sequence[Sequence[Any]]) -> str:
    """Of the rows with these keys."""
    wanted = {tuple(key) for key in keys}
    columns = list(table.primary_key.columns)
    rows = session.connection().execute(table.select().order_by(*columns))
    return _sum([list(row) for row in rows if tuple(getattr(row, c.name) for c in columns) in wanted])


def _keys(table: Table) -> Any:
    columns = list(table.primary_key.columns)
    return table.select().with_only_columns(*columns).order_by(*columns)


def _digest(session: Session, table: Table, where: ColumnElement[bool]) -> str:
    kept = [column for column in table.columns if column.name not in _LATER]
    rows = session.connection().execute(
        table.select().with_only_columns(*kept).where(where).order_by(table.c.number)
    )
    return _sum(list(row) for row in rows)


def _sum(rows: Iterable[Sequence[object]]) -> str:
    found = hashlib.sha256()
    for row in rows:
        plain = [hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value for value in row]
        found.update(canonical(plain))
    return found.hexdigest()

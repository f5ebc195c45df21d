"""Bulk: many rows in, without an object for each."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

_AT_A_TIME = 50  # rows in one statement: SQLite takes them twice as fast as one by one


def append(session: Session, table: Table, columns: Sequence[Sequence[object]]) -> None:
    """Insert rows given as columns, in the order of the table's columns; None is null.

    The table's last columns may be left out where they are null.
    """
    names = [column.name for column in table.columns][: len(columns)]
    driver: Any = session.connection().connection.cursor()
    try:
        if session.connection().dialect.name == "sqlite":
            _append_to_sqlite(driver, table.name, names, columns)
        else:
            with driver.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
    finally:
        driver.close()


def _append_to_sqlite(
    driver: Any, table: str, names: Sequence[str], columns: Sequence[Sequence[object]]
) -> None:
    # Table and column names are our own: nothing of a user is in the statement.
    head = f"INSERT INTO {table} ({', '.join(names)}) VALUES "  # noqa: S608 - see above
    row = f"({', '.join('?' for _ in names)})"
    rows = zip(*columns, strict=True)
    n_whole = len(columns[0]) // _AT_A_TIME
    values = chain.from_iterable(islice(rows, n_whole * _AT_A_TIME))
    groups = zip(*[values] * (_AT_A_TIME * len(columns)), strict=True)
    driver.executemany(head + ", ".join([row] * _AT_A_TIME), groups)
    driver.executemany(head + row, rows)

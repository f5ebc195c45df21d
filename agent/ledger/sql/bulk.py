"""Bulk: many rows in, without an object for each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session


def append(session: Session, table: Table, columns: Sequence[Sequence[object]]) -> None:
    """Insert rows given as columns, in the order of the table's columns; None is null."""
    driver: Any = session.connection().connection.cursor()
    names = ", ".join(column.name for column in table.columns)
    rows = zip(*columns, strict=True)
    try:
        # Table and column names are our own: nothing of a user is in these statements.
        if session.connection().dialect.name == "sqlite":
            marks = ", ".join("?" for _ in table.columns)
            driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names, see above
        else:
            with driver.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    finally:
        driver.close()

"""Newest: the newest row of each key up to a reading, as one statement.

Statements are written once, when a file is loaded, with names for what is asked: SQLAlchemy takes three to
nine times as long over one that is written anew for each question.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func


def newest_rows(table: Table, keys: tuple[str, ...], *only: ColumnElement[bool]) -> "Select[Any]":
    """The newest row of each key up to a reading; asked with "account" and "reading".

    Args:
        keys: What stands between "account" and "reading" in the table's primary key.
        only: Further conditions on the keys.
    """
    of_account = table.c.account == bindparam("account")
    newest = (
        sa.select(*(table.c[key] for key in keys), func.max(table.c.reading).label("reading"))
        .where(of_account, table.c.reading <= bindparam("reading"), *only)
        .group_by(*(table.c[key] for key in ("account", *keys)))
        .subquery()
    )
    same = (table.c[key] == newest.c[key] for key in (*keys, "reading"))
    return sa.select(table).join(newest, and_(of_account, *same))

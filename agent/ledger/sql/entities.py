"""Entities in the database: a row for each change of an entity's facts."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session

from agent.domain.entity import Account, EntityTable, entity_table
from agent.domain.ref import AccountId
from agent.ledger.moments import days_of, known_day_numbers
from agent.ledger.sql.levers import levers_at, record_levers
from agent.ledger.sql.newest import newest_rows
from agent.ledger.sql.readings import (
    account_number,
    begin_reading,
    numbering,
    reading_at,
    sure_account_number,
    sure_numbers,
    table_of,
)
from agent.ledger.sql.seen_tables import AccountSeenRow, EntitySeenRow

_FACTS = ("name", "parent", "channel", "bidding", "labels", "started_day", "learning", "locked", "removed")
_REMOVED = _FACTS.index("removed")

_SEEN, _ACCOUNT_SEEN = table_of(EntitySeenRow), table_of(AccountSeenRow)
_LATEST = newest_rows(_SEEN, ("entity",))
_LATEST_ACCOUNT = (
    sa.select(_ACCOUNT_SEEN)
    .where(_ACCOUNT_SEEN.c.account == bindparam("account"), _ACCOUNT_SEEN.c.reading <= bindparam("reading"))
    .order_by(_ACCOUNT_SEEN.c.reading.desc())
    .limit(1)
)

_Facts = tuple[object, ...]


def record_entities(session: Session, table: EntityTable, at: datetime) -> None:
    """Append what differs from the newest reading of entities."""
    account = sure_account_number(session, table.account.id)
    reading = begin_reading(session, account, "entities", at)
    _record_account(session, account, reading, table.account)
    numbers = sure_numbers(session, account, numbering(session, account), table.kinds, table.ids).tolist()
    before = _facts_at(session, account, reading)
    now = dict(zip(numbers, _facts_of(table), strict=True))
    for number, facts in before.items():
        if number not in now:
            now[number] = (*facts[:_REMOVED], 1)
    rows = [
        {"account": account, "entity": number, "reading": reading, **dict(zip(_FACTS, facts, strict=True))}
        for number, facts in now.items()
        if before.get(number) != facts
    ]
    if rows:
        session.connection().execute(sa.insert(_SEEN), rows)
    record_levers(session, account, reading, numbers, table)


def entities(session: Session, account: AccountId, as_of: datetime) -> EntityTable | None:
    """The entities that were there at that moment, sorted; None when nobody had looked."""
    number = account_number(session, account)
    reading = 0 if number is None else reading_at(session, number, "entities", as_of)
    if number is None or reading == 0:
        return None
    return entities_of(session, account, number, reading)


def facts(session: Session, account: AccountId, as_of: datetime) -> Account | None:
    """The account's facts at that moment; None when nobody had looked."""
    number = account_number(session, account)
    reading = 0 if number is None else reading_at(session, number, "entities", as_of)
    return None if number is None or reading == 0 else _account_at(session, number, reading, account)


def entities_of(session: Session, account: AccountId, number: int, reading: int) -> EntityTable:
    """The entities as that reading, one of entities, found them, sorted.

    Args:
        number: The account's.
    """
    keys = numbering(session, number).keys
    facts = {entity: row for entity, row in _facts_at(session, number, reading).items() if not row[_REMOVED]}
    columns = list(zip(*facts.values(), strict=True)) if facts else [()] * len(_FACTS)
    column = dict(zip(_FACTS, columns, strict=True))
    return entity_table(
        _account_at(session, number, reading, account),
        [keys[entity][1] for entity in facts],
        kinds=[keys[entity][0] for entity in facts],
        names=column["name"],
        parents=column["parent"],
        channels=column["channel"],
        bidding=column["bidding"],
        labels=[frozenset(json.loads(labels)) for labels in column["labels"]],
        started=days_of(column["started_day"]),
        learning=[bool(learning) for learning in column["learning"]],
        locked=column["locked"],
        levers=levers_at(session, number, reading, list(facts)),
    )


def _facts_of(table: EntityTable) -> list[_Facts]:
    return list(
        zip(
            table.names.tolist(),
            table.parents.tolist(),
            table.channels.tolist(),
            table.bidding.tolist(),
            [json.dumps(sorted(labels), ensure_ascii=False) for labels in table.labels],
            known_day_numbers(table.started),
            table.learning.astype(int).tolist(),
            table.locked.tolist(),
            [0] * len(table),
            strict=True,
        )
    )


def _facts_at(session: Session, account: int, reading: int) -> dict[int, _Facts]:
    rows = session.connection().execute(_LATEST, {"account": account, "reading": reading})
    return {row.entity: tuple(getattr(row, fact) for fact in _FACTS) for row in rows}


def _record_account(session: Session, account: int, reading: int, facts: Account) -> None:
    before = account_seen(session, account, reading)
    if before is None or _facts_in(before, facts.id) != facts:
        row = {
            "account": account,
            "reading": reading,
            "name": facts.name,
            "currency": facts.currency,
            "time_zone": facts.time_zone,
            "unit_micros": facts.unit_micros,
            "over_delivery": facts.over_delivery,
            "min_daily_budget_micros": facts.min_daily_budget_micros,
        }
        session.connection().execute(sa.insert(_ACCOUNT_SEEN), row)


def account_seen(session: Session, account: int, reading: int) -> "sa.Row[Any] | None":
    """The account's row of `AccountSeenRow` as of that reading of entities; None before the first."""
    asked = {"account": account, "reading": reading}
    return session.connection().execute(_LATEST_ACCOUNT, asked).one_or_none()


def _account_at(session: Session, account: int, reading: int, id_: AccountId) -> Account:
    row = account_seen(session, account, reading)
    assert row is not None, "facts of the account are recorded with its first reading"
    return _facts_in(row, id_)


def _facts_in(row: "sa.Row[Any]", id_: AccountId) -> Account:
    return Account(
        id_,
        row.name,
        row.currency,
        row.time_zone,
        row.unit_micros,
        row.over_delivery,
        row.min_daily_budget_micros,
    )

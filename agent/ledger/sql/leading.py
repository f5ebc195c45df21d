"""Leading in the database: who leads which account, who lives, and who stopped it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, delete, func, insert, update
from sqlmodel import Session, col, select

from agent.domain.record import FORGOTTEN_AFTER, Halt, Heartbeat
from agent.domain.ref import AccountId
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import HeartbeatRow, LeadRow, StopRow
from agent.ledger.sql.readings import account_number, sure_account_number, table_of
from agent.ledger.sql.seen_tables import AccountRow


def epoch_now(session: Session, account: AccountId) -> int:
    """The epoch of whoever leads the account; 0 before anybody did."""
    asked = {"account": account_number(session, account)}
    return session.connection().execute(_EPOCH, asked).scalar_one() or 0


def take_lead(session: Session, account: AccountId, host: str, pid: int, at: datetime) -> int:
    """Raise the account's epoch by one."""
    number = sure_account_number(session, account)
    epoch = epoch_now(session, account) + 1
    session.add(LeadRow(account=number, epoch=epoch, host=host, pid=pid, at_us=micros(at)))
    return epoch


def beat(session: Session, heartbeat: Heartbeat) -> None:
    """Keep the sign of life, in the place of the last one of its process."""
    connection = session.connection()
    told = {
        "of_host": heartbeat.host,
        "of_pid": heartbeat.pid,
        "at_us": micros(heartbeat.at),
        "accounts": "\n".join(map(str, heartbeat.accounts)),
    }
    if not connection.execute(_BEAT_AGAIN, told).rowcount:
        connection.execute(_BEAT_FIRST, told)
    connection.execute(_FORGET, {"oldest": micros(heartbeat.at - FORGOTTEN_AFTER)})


def leave(session: Session, host: str, pid: int) -> None:
    """Forget a process."""
    session.exec(delete(HeartbeatRow).where(col(HeartbeatRow.host) == host, col(HeartbeatRow.pid) == pid))


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """Newest first."""
    rows = session.exec(select(HeartbeatRow).order_by(col(HeartbeatRow.at_us).desc()))
    return [
        Heartbeat(
            moment(row.at_us), row.host, row.pid, tuple(map(AccountId.parse, row.accounts.splitlines()))
        )
        for row in rows
    ]


def halt(session: Session, halt: Halt) -> None:
    """Append a halt."""
    number = None if halt.account is None else sure_account_number(session, halt.account)
    session.add(
        StopRow(stopped=1, decided_by=halt.by, at_us=micros(halt.at), because=halt.because, account=number)
    )


def resume(session: Session, by: str, at: datetime, account: AccountId | None) -> None:
    """Append the end of a halt."""
    number = None if account is None else sure_account_number(session, account)
    session.add(StopRow(stopped=0, decided_by=by, at_us=micros(at), because="", account=number))


def halted(session: Session, account: AccountId | None) -> Halt | None:
    """The halt in force for everything, else for this account; None when there is none."""
    everything = _last(session, None)
    if everything is not None and everything.stopped:
        return Halt(everything.decided_by, moment(everything.at_us), everything.because)
    number = None if account is None else account_number(session, account)
    row = None if number is None else _last(session, number)
    if row is None or not row.stopped:
        return None
    return Halt(row.decided_by, moment(row.at_us), row.because, account)


def halts(session: Session) -> Sequence[Halt]:
    """Those in force: that of everything first, then those of accounts in their order."""
    last = select(func.max(StopRow.number)).group_by(col(StopRow.account))
    rows = session.exec(select(StopRow).where(col(StopRow.number).in_(last), StopRow.stopped == 1))
    names = {row.number: AccountId(row.platform, row.account) for row in session.exec(select(AccountRow))}
    found = [
        Halt(
            row.decided_by,
            moment(row.at_us),
            row.because,
            None if row.account is None else names[row.account],
        )
        for row in rows
    ]
    return sorted(found, key=Halt.order)


def _last(session: Session, number: int | None) -> "Row[Any] | None":
    return session.connection().execute(_LAST_STOP, {"account": number}).one_or_none()


_BEATS = table_of(HeartbeatRow)
_OF_PROCESS = (_BEATS.c.host == bindparam("of_host"), _BEATS.c.pid == bindparam("of_pid"))
_TOLD: dict[str, BindParameter[object]] = {"at_us": bindparam("at_us"), "accounts": bindparam("accounts")}
_BEAT_AGAIN = update(_BEATS).where(*_OF_PROCESS).values(_TOLD)
_BEAT_FIRST = insert(_BEATS).values({"host": bindparam("of_host"), "pid": bindparam("of_pid"), **_TOLD})
_FORGET = delete(_BEATS).where(_BEATS.c.at_us < bindparam("oldest"))
_EPOCH = select(func.max(LeadRow.epoch)).where(col(LeadRow.account) == bindparam("account"))
_STOPS = table_of(StopRow)
_LAST_STOP = (
    _STOPS.select()
    .where(_STOPS.c.account.is_not_distinct_from(bindparam("account")))
    .order_by(_STOPS.c.number.desc())
    .limit(1)
)

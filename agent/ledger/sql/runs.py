"""Runs in the database: who runs, who leads, and who stopped it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from agent.domain.errors import LedgerError
from agent.domain.record import Halt, Heartbeat, Run, RunKind
from agent.domain.ref import AccountId
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import HeartbeatRow, LeaderRow, RunRow, StopRow
from agent.ledger.sql.readings import account_number, sure_account_number


def begin_run(session: Session, account: AccountId, kind: RunKind, slot: str, at: datetime) -> bool:
    """Claim the slot; False when it is taken."""
    number = sure_account_number(session, account)
    if session.get(RunRow, (number, kind.value, slot)) is not None:
        return False
    session.add(RunRow(account=number, kind=kind.value, slot=slot, started_at_us=micros(at)))
    return True


def finish_run(
    session: Session, account: AccountId, kind: RunKind, slot: str, at: datetime, *, error: str
) -> None:
    """Close the run; a LedgerError when it was never begun."""
    row = session.get(RunRow, (account_number(session, account), kind.value, slot))
    if row is None:
        raise LedgerError(f"ledger: run {account} {kind} {slot} was never begun")
    row.finished_at_us = micros(at)
    row.error = error


def runs(session: Session, account: AccountId, kind: RunKind, limit: int) -> Sequence[Run]:
    """Newest first."""
    rows = session.exec(
        select(RunRow)
        .where(RunRow.account == account_number(session, account), RunRow.kind == kind.value)
        .order_by(col(RunRow.started_at_us).desc(), col(RunRow.slot).desc())
        .limit(limit)
    )
    return [
        Run(
            account,
            kind,
            row.slot,
            moment(row.started_at_us),
            None if row.finished_at_us is None else moment(row.finished_at_us),
            row.error,
        )
        for row in rows
    ]


def epoch_now(session: Session) -> int:
    """The epoch of whoever leads; 0 before anybody did."""
    return session.exec(select(func.max(LeaderRow.epoch))).one() or 0


def take_lead(session: Session, host: str, pid: int, at: datetime) -> int:
    """Raise the epoch by one."""
    epoch = epoch_now(session) + 1
    session.add(LeaderRow(epoch=epoch, host=host, pid=pid, at_us=micros(at)))
    return epoch


def beat(session: Session, heartbeat: Heartbeat) -> None:
    """Keep the sign of life, unless it is of a leader that was replaced."""
    before = session.get(HeartbeatRow, 1)
    if before is None:
        before = HeartbeatRow(number=1, epoch=heartbeat.epoch, host="", pid=0, at_us=0)
        session.add(before)
    if heartbeat.epoch >= before.epoch:
        before.epoch = heartbeat.epoch
        before.host = heartbeat.host
        before.pid = heartbeat.pid
        before.at_us = micros(heartbeat.at)


def heartbeat(session: Session) -> Heartbeat | None:
    """The last sign of life; None before the first."""
    row = session.get(HeartbeatRow, 1)
    return None if row is None else Heartbeat(moment(row.at_us), row.host, row.pid, row.epoch)


def halt(session: Session, halt: Halt) -> None:
    """Append a halt."""
    session.add(StopRow(stopped=1, decided_by=halt.by, at_us=micros(halt.at), because=halt.because))


def resume(session: Session, by: str, at: datetime) -> None:
    """Append the end of a halt."""
    session.add(StopRow(stopped=0, decided_by=by, at_us=micros(at), because=""))


def halted(session: Session) -> Halt | None:
    """The halt in force; None when there is none."""
    row = session.exec(select(StopRow).order_by(col(StopRow.number).desc()).limit(1)).one_or_none()
    if row is None or not row.stopped:
        return None
    return Halt(row.decided_by, moment(row.at_us), row.because)

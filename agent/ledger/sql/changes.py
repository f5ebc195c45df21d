"""Changes in the database: where each stands, and every step that led there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam, func, insert, update
from sqlmodel import Session

from agent.domain.outcome import State, Step
from agent.domain.ref import AccountId
from agent.ledger.moments import micros
from agent.ledger.sql.decided_tables import ChangeRow, ChangeStepRow, PlanRow
from agent.ledger.sql.leading import epoch_now, halted
from agent.ledger.sql.readings import table_of
from agent.ledger.sql.seen_tables import AccountRow
from agent.ledger.sql.sent import record_sent
from agent.ledger.steps import Key, check_leads, check_sending, sends, stepped

_MAX_NAMED = 200  # beyond it, reading all changes of a plan is quicker than naming them

_CHANGE, _STEP = table_of(ChangeRow), table_of(ChangeStepRow)
_PLAN, _ACCOUNT = table_of(PlanRow), table_of(AccountRow)
_MOVE = (
    update(_CHANGE)
    .where(_CHANGE.c.plan == bindparam("of_plan"), _CHANGE.c.id == bindparam("of_change"))
    .values(
        state=bindparam("to"),
        since_us=bindparam("at"),
        because=bindparam("why"),
        sent_at_us=func.coalesce(_CHANGE.c.sent_at_us, bindparam("sent_at")),
    )
)
_STANDING = (
    sa.select(_PLAN.c.id, _CHANGE.c.id, _CHANGE.c.plan, _CHANGE.c.state)
    .where(_CHANGE.c.plan == _PLAN.c.number)
    .where(_PLAN.c.id.in_(bindparam("plans", expanding=True)))
)
_STANDING_OF_SOME = _STANDING.where(_CHANGE.c.id.in_(bindparam("changes", expanding=True)))
_WHOSE = (
    sa.select(_ACCOUNT.c.platform, _ACCOUNT.c.account)
    .where(_ACCOUNT.c.number == _PLAN.c.account, _PLAN.c.id.in_(bindparam("plans", expanding=True)))
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one change stands; `plan` is the number of its plan."""

    plan: int
    state: State


def advance(session: Session, steps: Sequence[Step], at: datetime, epoch: int) -> None:
    """Append steps that are legal now; the leader and the stop are asked in the same transaction."""
    for account in _accounts(session, {step.plan_id for step in steps}):
        check_leads(epoch, epoch_now(session, account))
        if sends(steps):
            check_sending(halted(session, account))
    append_steps(session, steps, at, epoch)


def append_steps(session: Session, steps: Sequence[Step], at: datetime, epoch: int | None) -> None:
    """Append the steps and move the changes, or raise LedgerError when one is not legal."""
    if not steps:
        return
    before = standing(session, {step.plan_id for step in steps}, {step.change_id for step in steps})
    last = stepped({key: change.state for key, change in before.items()}, steps)
    connection = session.connection()
    connection.execute(
        _MOVE,
        [
            {
                "of_plan": before[key].plan,
                "of_change": step.change_id,
                "to": step.state.value,
                "at": micros(at),
                "why": step.because,
                "sent_at": micros(at) if step.state is State.SENDING else None,
            }
            for key, step in last.items()
        ],
    )
    connection.execute(
        insert(_STEP),
        [
            {
                "plan": before[step.plan_id, step.change_id].plan,
                "change": step.change_id,
                "state": step.state.value,
                "at_us": micros(at),
                "because": step.because,
                "epoch": epoch,
            }
            for step in steps
        ],
    )
    record_sent(session, steps, at)


def standing(
    session: Session, plan_ids: Iterable[str], change_ids: Iterable[str] = ()
) -> dict[Key, Standing]:
    """Changes of these plans by plan id and change id: those named, or all."""
    asked = {"plans": sorted(plan_ids)}
    named = sorted(change_ids)
    if 0 < len(named) <= _MAX_NAMED:
        rows = session.connection().execute(_STANDING_OF_SOME, {**asked, "changes": named})
    else:
        rows = session.connection().execute(_STANDING, asked)
    return {(plan, change): Standing(number, State(state)) for plan, change, number, state in rows}


def _accounts(session: Session, plan_ids: Iterable[str]) -> Sequence[AccountId]:
    """Whose plans these are."""
    rows = session.connection().execute(_WHOSE, {"plans": sorted(plan_ids)})
    return [AccountId(*row) for row in rows]

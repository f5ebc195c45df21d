"""Plans in the database: as they were drawn up, with what befell their changes."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, insert
from sqlmodel import Session, select

from agent.domain.approval import Approval
from agent.domain.errors import LedgerError
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Plan
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import AccountId
from agent.ledger.codec import decode, encode
from agent.ledger.facts import facts_of
from agent.ledger.moments import micros, moment
from agent.ledger.sql.changes import append_steps, standing
from agent.ledger.sql.decided_tables import ApprovalRow, ChangeFactRow, ChangeRow, ChangeStepRow, PlanRow
from agent.ledger.sql.forecasts import record_forecasts
from agent.ledger.sql.readings import account_number, sure_account_number, table_of
from agent.ledger.steps import check_approval

_OPEN = [state.value for state in State if state.open]

_PLAN, _CHANGE, _APPROVAL = table_of(PlanRow), table_of(ChangeRow), table_of(ApprovalRow)
_BY_FINGERPRINT = sa.select(_PLAN).where(_PLAN.c.fingerprint == bindparam("fingerprint"))
_MINE = _PLAN.c.account == bindparam("account")
_NEWEST = sa.select(_PLAN).order_by(_PLAN.c.drawn_up_at_us.desc(), _PLAN.c.number.desc())
_OPEN_ONES = _NEWEST.where(_PLAN.c.number.in_(sa.select(_CHANGE.c.plan).where(_CHANGE.c.state.in_(_OPEN))))
_MY_OPEN_ONES = _OPEN_ONES.where(_MINE)
_BETWEEN = (
    sa.select(_PLAN)
    .where(_MINE, _PLAN.c.drawn_up_at_us >= bindparam("since"), _PLAN.c.drawn_up_at_us < bindparam("until"))
    .order_by(_PLAN.c.drawn_up_at_us, _PLAN.c.number)
)
_STANDING = sa.select(_CHANGE).where(_CHANGE.c.plan == bindparam("plan")).order_by(_CHANGE.c.position)
_APPROVALS = sa.select(_APPROVAL).where(_APPROVAL.c.plan == bindparam("plan")).order_by(_APPROVAL.c.number)


def record_plan(session: Session, plan: Plan) -> bytes | None:
    """Store the plan once, with its changes PROPOSED. Returns: its body; None when it was there."""
    before = session.exec(select(PlanRow.fingerprint).where(PlanRow.id == plan.id)).one_or_none()
    if before == plan.fingerprint:
        return None
    if before is not None:
        raise LedgerError(f"ledger: two plans have the id {plan.id}; draw up the plan again")
    row = PlanRow(
        fingerprint=plan.fingerprint,
        id=plan.id,
        account=sure_account_number(session, plan.account),
        drawn_up_at_us=micros(plan.drawn_up_at),
        body=encode(plan),
    )
    session.add(row)
    session.flush()
    ids = list(dict.fromkeys(change.id for change in plan.changes))
    if not ids:
        return row.body
    proposed = {"plan": row.number, "state": State.PROPOSED.value, "because": ""}
    connection = session.connection()
    connection.execute(
        insert(table_of(ChangeRow)),
        [
            {**proposed, "id": id_, "position": position, "since_us": row.drawn_up_at_us}
            for position, id_ in enumerate(ids)
        ],
    )
    connection.execute(
        insert(table_of(ChangeStepRow)),
        [{**proposed, "change": id_, "at_us": row.drawn_up_at_us, "epoch": None} for id_ in ids],
    )
    assert row.number is not None
    facts = [{"plan": row.number, **one.columns()} for one in facts_of(plan)]
    connection.execute(insert(table_of(ChangeFactRow)), facts)
    record_forecasts(session, row.number, plan)
    return row.body


def plan(session: Session, prefix: str) -> PlanRecord | None:
    """The one plan whose fingerprint begins so."""
    connection = session.connection()
    rows = connection.execute(_BY_FINGERPRINT, {"fingerprint": prefix}).all()  # most often it is whole
    if not rows:
        begins_so = _PLAN.c.fingerprint.startswith(prefix, autoescape=True)
        rows = connection.execute(sa.select(_PLAN).where(begins_so).limit(2)).all()
    return _record(session, rows[0]) if len(rows) == 1 else None


def plans(
    session: Session, account: AccountId | None, *, only_open: bool, limit: int
) -> Sequence[PlanRecord]:
    """Newest first: the last `limit` of them, or all that are open."""
    mine = {} if account is None else {"account": account_number(session, account)}
    if only_open:
        statement = _OPEN_ONES if account is None else _MY_OPEN_ONES
    else:
        statement = (_NEWEST if account is None else _NEWEST.where(_MINE)).limit(limit)
    return [_record(session, row) for row in session.connection().execute(statement, mine).all()]


def plans_between(
    session: Session, account: AccountId, since: datetime, until: datetime
) -> Sequence[PlanRecord]:
    """Oldest first."""
    span = {"since": micros(since), "until": micros(until)}
    asked = {"account": account_number(session, account), **span}
    with _uncollected():
        return [_record(session, row) for row in session.connection().execute(_BETWEEN, asked).all()]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from going through all that is being read, again and again.

    A month of large plans is a million small objects without a circle among them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def record_approval(session: Session, approval: Approval, steps: Sequence[Step], known: int | None) -> bool:
    """Store the word and what follows from it, or raise a Mistake; False: other words came first."""
    row = session.exec(select(PlanRow).where(PlanRow.id == approval.plan_id)).one_or_none()
    if row is not None and known is not None:
        words = session.exec(select(func.count()).where(ApprovalRow.plan == row.number)).one()
        if words != known:
            return False
    states = {change: at.state for (_, change), at in standing(session, [approval.plan_id]).items()}
    check_approval(approval, steps, None if row is None else row.fingerprint, states)
    assert row is not None and row.number is not None, "the check has refused an unknown plan"
    session.add(
        ApprovalRow(
            plan=row.number,
            decided_by=approval.by,
            at_us=micros(approval.at),
            comment=approval.comment,
            approved=" ".join(sorted(approval.approved)),
            rejected=" ".join(sorted(approval.rejected)),
            signature=approval.signature,
        )
    )
    append_steps(session, steps, approval.at, None)
    return True


def _record(session: Session, row: "sa.Row[Any]") -> PlanRecord:
    drawn_up = decode(row.body)
    changes: dict[str, Change] = {change.id: change for change in drawn_up.changes}
    standing = session.connection().execute(_STANDING, {"plan": row.number})
    approvals = session.connection().execute(_APPROVALS, {"plan": row.number})
    return PlanRecord(
        plan=drawn_up,
        changes={
            at.id: ChangeRecord(
                _drawn_up(changes, at.id, row.id),
                State(at.state),
                moment(at.since_us),
                at.because,
                None if at.sent_at_us is None else moment(at.sent_at_us),
            )
            for at in standing
        },
        approvals=tuple(
            Approval(
                plan_id=row.id,
                fingerprint=row.fingerprint,
                approved=frozenset(word.approved.split()),
                rejected=frozenset(word.rejected.split()),
                by=word.decided_by,
                at=moment(word.at_us),
                comment=word.comment,
                signature=word.signature,
            )
            for word in approvals
        ),
    )


def _drawn_up(changes: Mapping[str, Change], change_id: str, plan_id: str) -> Change:
    """The change of this id.

    Raises:
        LedgerError: The plan was drawn up without it: somebody wrote into the ledger.
    """
    if change_id not in changes:
        raise LedgerError(
            f"ledger: plan {plan_id} was drawn up without its change {change_id}; see `gebot audit verify`"
        )
    return changes[change_id]

"""Stories in the database: the steps of a change, the plans that it is in, and what was applied since."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from agent.domain.outcome import State
from agent.domain.plan import Change
from agent.domain.record import PlanRecord
from agent.domain.ref import AccountId
from agent.domain.story import AppliedChange, Stepped
from agent.ledger.codec import decode
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import ChangeRow, ChangeStepRow, PlanRow
from agent.ledger.sql.plans import plan
from agent.ledger.sql.readings import account_number


def steps(session: Session, plan_id: str, change_id: str) -> Sequence[Stepped]:
    """Every step of the change, oldest first."""
    rows = session.exec(
        select(ChangeStepRow)
        .where(ChangeStepRow.plan == PlanRow.number, PlanRow.id == plan_id)
        .where(ChangeStepRow.change == change_id)
        .order_by(col(ChangeStepRow.number))
    )
    return [Stepped(State(row.state), moment(row.at_us), row.because, row.epoch) for row in rows]


def plans_with(session: Session, change: str, limit: int) -> Sequence[PlanRecord]:
    """Plans with a change whose id begins so, newest first."""
    fingerprints = session.exec(
        select(PlanRow.fingerprint, PlanRow.drawn_up_at_us, PlanRow.number)
        .where(ChangeRow.plan == PlanRow.number, col(ChangeRow.id).startswith(change, autoescape=True))
        .distinct()
        .order_by(col(PlanRow.drawn_up_at_us).desc(), col(PlanRow.number).desc())
        .limit(limit)
    )
    found = [plan(session, fingerprint) for fingerprint, *_ in fingerprints.all()]
    return [record for record in found if record is not None]


def applied(session: Session, account: AccountId, since: datetime) -> Sequence[AppliedChange]:
    """Changes that were found applied from then on, oldest first."""
    rows = session.exec(
        select(ChangeRow, PlanRow.id)
        .where(ChangeRow.plan == PlanRow.number, PlanRow.account == account_number(session, account))
        .where(ChangeRow.state == State.APPLIED.value, col(ChangeRow.since_us) >= micros(since))
        .order_by(col(ChangeRow.plan), col(ChangeRow.position))
    ).all()
    changes: dict[tuple[int, str], Change] = {}
    for number in sorted({row.plan for row, _ in rows}):
        body = session.exec(select(PlanRow.body).where(PlanRow.number == number)).one()
        changes |= {(number, change.id): change for change in decode(body).changes}
    found = [
        AppliedChange(
            plan_id,
            changes[row.plan, row.id],
            moment(row.since_us),
            moment(row.since_us if row.sent_at_us is None else row.sent_at_us),
        )
        for row, plan_id in rows
    ]
    return sorted(found, key=lambda one: one.at)

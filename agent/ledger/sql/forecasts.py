"""Forecasts in the database: what was said of each change, beside it and not in the plan's body."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, select

from agent.domain.forecast import Forecasts
from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.ref import AccountId
from agent.ledger.forecasts import Applied, Forecast, columns, forecasts_of
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import ChangeRow, ForecastRow, PlanRow
from agent.ledger.sql.readings import account_number, table_of


def record_forecasts(session: Session, number: int, plan: Plan) -> None:
    """Store what the plan of this number says of its changes."""
    rows = [
        {
            "plan": number,
            "change": one.change_id,
            "source": one.source,
            "kind": one.kind,
            "entity": one.id,
            "lever": one.lever,
            "before": one.before,
            "after": one.after,
            "of_what": one.of,
            "mean": one.mean,
            "low": one.low,
            "high": one.high,
            "effect": one.effect,
        }
        for one in forecasts_of(plan)
    ]
    if rows:
        session.connection().execute(insert(table_of(ForecastRow)), rows)


def forecasts(session: Session, account: AccountId, since: datetime, as_of: datetime) -> Forecasts:
    """Of changes that were found applied in this time."""
    rows = session.exec(
        select(ForecastRow, ChangeRow.since_us)
        .join(PlanRow, col(PlanRow.number) == ForecastRow.plan)
        .join(
            ChangeRow, (col(ChangeRow.plan) == ForecastRow.plan) & (col(ChangeRow.id) == ForecastRow.change)
        )
        .where(
            PlanRow.account == account_number(session, account),
            ChangeRow.state == State.APPLIED.value,
            ChangeRow.since_us >= micros(since),
            ChangeRow.since_us <= micros(as_of),
        )
    )
    return columns([Applied(_read(row), moment(at_us)) for row, at_us in rows])


def _read(row: ForecastRow) -> Forecast:
    return Forecast(
        change_id=row.change,
        source=row.source,
        kind=row.kind,
        id=row.entity,
        lever=row.lever,
        before=row.before,
        after=row.after,
        of=row.of_what,
        mean=row.mean,
        low=row.low,
        high=row.high,
        effect=row.effect,
    )

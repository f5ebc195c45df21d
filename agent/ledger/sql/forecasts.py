"""Forecasts in the database: what was said of each change, beside it and not in the plan's body."""

from datetime import datetime

from sqlalchemy import and_, func, insert, select
from sqlmodel import Session

from agent.domain.forecast import Forecasts
from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.ref import AccountId
from agent.ledger.forecasts import Applied, Forecast, columns, first_id_left_out, forecasts_of
from agent.ledger.moments import micros, moment
from agent.ledger.sql.decided_tables import ChangeRow, ForecastRow, PlanRow
from agent.ledger.sql.readings import account_number, table_of

_COLUMNS = (
    *("change", "source", "kind", "entity", "lever", "before", "after"),
    *("of_what", "mean", "low", "high", "effect"),
)


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


def forecasts(
    session: Session, account: AccountId, since: datetime, as_of: datetime, limit: int
) -> Forecasts:
    """Of changes that were found applied in this time."""
    said, change, plan = table_of(ForecastRow), table_of(ChangeRow), table_of(PlanRow)
    applied = (
        change.c.state == State.APPLIED.value,
        change.c.since_us >= micros(since),
        change.c.since_us <= micros(as_of),
    )
    joined = said.join(plan, plan.c.number == said.c.plan).join(
        change, and_(change.c.plan == said.c.plan, change.c.id == said.c.change)
    )
    mine = and_(plan.c.account == account_number(session, account), *applied)
    connection = session.connection()
    n = connection.execute(select(func.count()).select_from(joined).where(mine)).scalar_one()
    below = first_id_left_out(n, limit)
    # In the order of `Forecast`; rows of a query, not models: there may be many.
    asked = [said.c[name] for name in _COLUMNS]
    rows = connection.execute(
        select(change.c.since_us, *asked).select_from(joined).where(mine, said.c.change < below)
    )
    return columns([Applied(Forecast(*row), moment(at_us)) for at_us, *row in rows])

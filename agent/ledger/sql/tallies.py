"""SqlTallies: how often things came about, counted by the database."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func

from agent.domain.ref import AccountId
from agent.ledger.sql.database import Database
from agent.ledger.sql.decided_tables import ChangeRow, PlanRow, RunRow
from agent.ledger.sql.readings import table_of
from agent.ledger.sql.seen_tables import AccountRow
from agent.ports.tallies import Tally

_CHANGE, _PLAN, _RUN, _ACCOUNT = (table_of(row) for row in (ChangeRow, PlanRow, RunRow, AccountRow))
_CHANGES = (
    sa.select(_ACCOUNT.c.platform, _ACCOUNT.c.account, _CHANGE.c.state, func.count())
    .where(_CHANGE.c.plan == _PLAN.c.number, _PLAN.c.account == _ACCOUNT.c.number)
    .group_by(_ACCOUNT.c.platform, _ACCOUNT.c.account, _CHANGE.c.state)
)
_FAILED = (
    sa.select(_ACCOUNT.c.platform, _ACCOUNT.c.account, _RUN.c.kind, func.count())
    .where(_RUN.c.account == _ACCOUNT.c.number, _RUN.c.error != "")
    .group_by(_ACCOUNT.c.platform, _ACCOUNT.c.account, _RUN.c.kind)
)


class SqlTallies:
    """Keeps the promises of `Tallies`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        self._database.close()

    def changes(self) -> Sequence[Tally]:
        return self._counted(_CHANGES)

    def failed_runs(self) -> Sequence[Tally]:
        return self._counted(_FAILED)

    def _counted(self, question: sa.Select[Any]) -> Sequence[Tally]:
        with self._database.read() as session:
            rows = session.connection().execute(question)
            return [Tally(AccountId(platform, account), kind, n) for platform, account, kind, n in rows]

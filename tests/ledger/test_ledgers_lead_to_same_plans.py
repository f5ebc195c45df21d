"""Which ledger remembers makes no difference to what is decided."""

from lived import account, lived

from agent.domain.plan import Plan
from agent.ledger.memory.ledger import MemoryLedger
from agent.ledger.open import open_ledger
from agent.ledger.sql.ledger import SqlLedger

DAYS = 4


def test_memory_sqlite_and_postgresql_lead_to_the_same_plans_for_days(
    sqlite_ledger: SqlLedger, emptied_postgresql_ledger: SqlLedger
) -> None:
    """To the last digit of the evidence: every change is sent, read back and remembered in between."""
    in_memory = lived(account(MemoryLedger()), DAYS)
    on_sqlite = lived(account(sqlite_ledger), DAYS)
    on_postgresql = lived(account(emptied_postgresql_ledger), DAYS)

    assert all(plan.changes for plan in in_memory)
    assert len({source for plan in in_memory for source in _sources(plan)}) > 1
    assert on_sqlite == in_memory
    assert on_postgresql == in_memory


def test_a_restart_between_two_days_changes_nothing(sqlite_url: str) -> None:
    """Nothing that decides lives in the process."""
    without = lived(account(MemoryLedger()), DAYS)

    one = account(MemoryLedger())
    plans = []
    for _ in range(DAYS):
        ledger = open_ledger(sqlite_url)
        one.give(ledger=ledger)
        plans += lived(one, 1)
        ledger.close()

    assert [plan.fingerprint for plan in plans] == [plan.fingerprint for plan in without]


def _sources(plan: Plan) -> set[str]:
    """Who wished for something."""
    return {decision.proposal.source for decision in plan.decisions}

"""SqlLedger: the memory in a database. Each method is one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from agent.domain.advice import Advice, Window
from agent.domain.approval import Approval
from agent.domain.audit import Entry, Gap, Head
from agent.domain.entity import Account, Days, EntityTable
from agent.domain.forecast import Forecasts
from agent.domain.lever import Lever
from agent.domain.maturity import Development
from agent.domain.metrics import DailyMetrics, MetricsTable
from agent.domain.outcome import Step
from agent.domain.plan import Plan
from agent.domain.reading import Reading
from agent.domain.record import Coverage, Freeze, Halt, Halting, Heartbeat, PlanRecord, Run, RunKind
from agent.domain.ref import AccountId, Ref
from agent.domain.seal import Seal
from agent.domain.snapshot import LeverMemory
from agent.domain.story import AppliedChange, Stepped
from agent.domain.tracking_due import Arrivals
from agent.ledger import events
from agent.ledger.anchor import Anchor
from agent.ledger.figures import of_table
from agent.ledger.sql import (
    advice,
    arrivals,
    audit,
    changes,
    coverages,
    doubts,
    entities,
    flying,
    forecasts,
    freezes,
    haltings,
    leading,
    levers,
    metrics,
    past,
    plans,
    policies,
    runs,
    sent,
    stories,
    verify,
)
from agent.ledger.sql.audit import Chain, Deciding
from agent.ledger.sql.database import Database
from agent.ledger.steps import sends


class SqlLedger:
    """Keeps the promises of `Ledger`; safe among threads and processes."""

    def __init__(self, database: Database, seal: Seal | None = None, anchor: Anchor | None = None) -> None:
        self._database = database
        self._chain = Chain(seal, anchor)

    def close(self) -> None:
        self._database.close()

    # What was seen

    def record_entities(self, table: EntityTable, at: datetime) -> None:
        with self._database.write() as session:
            entities.record_entities(session, table, at)

    def record_metrics(self, account: AccountId, table: MetricsTable, at: datetime) -> int:
        told = of_table(table)  # a fault of the adapter's, not of the ledger
        with self._database.write() as session:
            return metrics.record_metrics(session, account, table, told, at)

    def record_advice(self, account: AccountId, told: Advice, at: datetime) -> None:
        with self._database.write() as session:
            advice.record_advice(session, account, told, at)

    def entities(self, account: AccountId, as_of: datetime) -> EntityTable | None:
        with self._database.read() as session:
            return entities.entities(session, account, as_of)

    def facts(self, account: AccountId, as_of: datetime) -> Account | None:
        with self._database.read() as session:
            return entities.facts(session, account, as_of)

    def metrics(self, table: EntityTable, days: Days, as_of: datetime) -> DailyMetrics:
        with self._database.read() as session:
            return metrics.metrics(session, table, days, as_of)

    def advice(self, account: AccountId, as_of: datetime) -> Advice:
        with self._database.read() as session:
            return advice.advice(session, account, as_of)

    def lever_memory(self, table: EntityTable, days: Days, as_of: datetime) -> Mapping[Lever, LeverMemory]:
        with self._database.read() as session:
            return levers.lever_memory(session, table, days, as_of)

    def coverages(self, account: AccountId, as_of: datetime) -> Sequence[Coverage]:
        with self._database.read() as session:
            return coverages.coverages(session, account, as_of)

    def development(
        self, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        with self._database.read() as session:
            return coverages.development(session, account, as_of, n_ages, windows)

    def channel_development(
        self, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
    ) -> Mapping[str, Development]:
        with self._database.read() as session:
            return coverages.channel_development(session, account, as_of, n_ages, windows)

    def arrivals(self, account: AccountId, since: datetime, as_of: datetime) -> Mapping[str, Arrivals]:
        with self._database.read() as session:
            return arrivals.arrivals(session, account, since, as_of)

    def readings(self, account: AccountId) -> Sequence[Reading]:
        """Everything that was seen of an account as it was handed in, oldest first."""
        with self._database.read() as session:
            return list(past.readings(session, account))

    # What was decided

    def record_plan(self, plan: Plan) -> None:
        with self._deciding() as deciding:
            body = plans.record_plan(deciding.session, plan)
            if body is not None:
                deciding.tell(events.plan_recorded(plan, body))

    def plan(self, prefix: str) -> PlanRecord | None:
        with self._database.read() as session:
            return plans.plan(session, prefix)

    def plans(
        self, account: AccountId | None = None, *, only_open: bool = False, limit: int = 100
    ) -> Sequence[PlanRecord]:
        with self._database.read() as session:
            return plans.plans(session, account, only_open=only_open, limit=limit)

    def plans_between(self, account: AccountId, since: datetime, until: datetime) -> Sequence[PlanRecord]:
        with self._database.read() as session:
            return plans.plans_between(session, account, since, until)

    def plans_with(self, change: str, limit: int = 20) -> Sequence[PlanRecord]:
        with self._database.read() as session:
            return stories.plans_with(session, change, limit)

    def steps(self, plan_id: str, change_id: str) -> Sequence[Stepped]:
        with self._database.read() as session:
            return stories.steps(session, plan_id, change_id)

    def applied(self, account: AccountId, since: datetime) -> Sequence[AppliedChange]:
        with self._database.read() as session:
            return stories.applied(session, account, since)

    def record_approval(self, approval: Approval, steps: Sequence[Step], *, known: int | None = None) -> bool:
        with self._deciding() as deciding:
            stored = plans.record_approval(deciding.session, approval, steps, known)
            if stored:
                deciding.tell(events.approval_recorded(approval, steps))
            return stored

    def advance(self, steps: Sequence[Step], at: datetime, *, epoch: int) -> None:
        with self._deciding(sends=sends(steps)) as deciding:
            changes.advance(deciding.session, steps, at, epoch)
            if steps:
                deciding.tell(events.advanced(steps, at, epoch))

    def in_flight(self, account: AccountId, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
        with self._database.read() as session:
            return flying.in_flight(session, account, as_of)

    def sent(self, account: AccountId, since: datetime, as_of: datetime) -> int:
        with self._database.read() as session:
            return sent.sent(session, account, since, as_of)

    def record_policy(self, digest: str, body: bytes, at: datetime | None = None) -> None:
        with self._deciding() as deciding:
            if policies.record_policy(deciding.session, digest, body):
                deciding.tell(events.policy_recorded(digest, body, at))

    def policy(self, digest: str) -> bytes | None:
        with self._database.read() as session:
            return policies.policy(session, digest)

    def forecasts(
        self, account: AccountId, since: datetime, as_of: datetime, limit: int = 20_000
    ) -> Forecasts:
        with self._database.read() as session:
            return forecasts.forecasts(session, account, since, as_of, limit)

    # Who runs, and who stopped it

    def begin_run(self, account: AccountId, kind: RunKind, slot: str, at: datetime) -> bool:
        with self._database.write() as session:
            return runs.begin_run(session, account, kind, slot, at)

    def finish_run(self, account: AccountId, kind: RunKind, slot: str, at: datetime, error: str = "") -> None:
        with self._database.write() as session:
            runs.finish_run(session, account, kind, slot, at, error=error)

    def runs(self, account: AccountId, kind: RunKind, limit: int = 10) -> Sequence[Run]:
        with self._database.read() as session:
            return runs.runs(session, account, kind, limit)

    def take_lead(self, account: AccountId, host: str, pid: int, at: datetime) -> int:
        with self._deciding() as deciding:
            epoch = leading.take_lead(deciding.session, account, host, pid, at)
            deciding.tell(events.lead_taken(account, epoch, host, pid, at))
        return epoch

    def epoch(self, account: AccountId) -> int:
        with self._database.read() as session:
            return leading.epoch_now(session, account)

    def beat(self, heartbeat: Heartbeat) -> None:
        with self._database.write() as session:
            leading.beat(session, heartbeat)

    def leave(self, host: str, pid: int) -> None:
        with self._database.write() as session:
            leading.leave(session, host, pid)

    def heartbeats(self) -> Sequence[Heartbeat]:
        with self._database.read() as session:
            return leading.heartbeats(session)

    def halt(self, halt: Halt) -> None:
        with self._deciding() as deciding:
            leading.halt(deciding.session, halt)
            deciding.tell(events.halted(halt))

    def resume(self, by: str, at: datetime, account: AccountId | None = None) -> None:
        with self._deciding() as deciding:
            leading.resume(deciding.session, by, at, account)
            deciding.tell(events.resumed(by, at, account))

    def halted(self, account: AccountId | None = None) -> Halt | None:
        with self._database.read() as session:
            return leading.halted(session, account)

    def halts(self) -> Sequence[Halt]:
        with self._database.read() as session:
            return leading.halts(session)

    def haltings(self, account: AccountId) -> Sequence[Halting]:
        with self._database.read() as session:
            return haltings.haltings(session, account)

    def freeze(self, freeze: Freeze) -> None:
        with self._deciding() as deciding:
            if freezes.freeze(deciding.session, freeze):
                deciding.tell(events.frozen(freeze))

    def thaw(self, account: AccountId, by: str, at: datetime) -> None:
        with self._deciding() as deciding:
            if freezes.thaw(deciding.session, account, by, at):
                deciding.tell(events.thawed(account, by, at))

    def freezes(self, account: AccountId, as_of: datetime) -> Sequence[Freeze]:
        with self._database.read() as session:
            return freezes.freezes(session, account, as_of)

    # What vouches for all this

    def head(self) -> Head | None:
        with self._database.read() as session:
            return audit.head(session)

    def entries(self, plan_id: str | None = None) -> Sequence[Entry]:
        with self._database.read() as session:
            return list(audit.entries(session, plan_id))

    def doubts(self, plan_id: str) -> Mapping[str, str]:
        with self._database.read() as session:
            return doubts.doubts(session, plan_id, self._chain.seal)

    def gap(self) -> Gap | None:
        with self._database.read() as session:
            return audit.gap(session, self._chain)

    def take_up(self, because: str, at: datetime) -> None:
        self._chain.take_up(self._database, because, at)

    def faults(self) -> Sequence[str]:
        with self._database.read() as session:
            return verify.faults(session, self._chain)

    def notes(self) -> Sequence[str]:
        with self._database.read() as session:
            return verify.notes(session, self._chain)

    def _deciding(self, *, sends: bool = False) -> AbstractContextManager[Deciding]:
        return self._chain.deciding(self._database, sends=sends)

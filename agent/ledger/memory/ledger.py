"""MemoryLedger: the memory for simulation, very fast and gone with the process."""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock

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
from agent.domain.record import Coverage, Freeze, Halt, Halting, Heartbeat, PlanRecord, Run, RunKind
from agent.domain.ref import AccountId, Ref
from agent.domain.snapshot import LeverMemory
from agent.domain.story import AppliedChange, Stepped
from agent.domain.tracking_due import Arrivals
from agent.ledger.memory.advice import AdviceMemory
from agent.ledger.memory.entities import EntityMemory
from agent.ledger.memory.freezes import FreezeMemory
from agent.ledger.memory.leading import LeadMemory
from agent.ledger.memory.metrics import MetricsMemory
from agent.ledger.memory.plans import PlanMemory
from agent.ledger.memory.runs import RunMemory
from agent.ledger.memory.stories import StoryMemory, applied
from agent.ledger.steps import check_leads, check_sending, sends


class MemoryLedger:
    """Keeps the promises of `Ledger` as long as the process lives; safe among threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entities: defaultdict[AccountId, EntityMemory] = defaultdict(EntityMemory)
        self._metrics: defaultdict[AccountId, MetricsMemory] = defaultdict(MetricsMemory)
        self._advice: defaultdict[AccountId, AdviceMemory] = defaultdict(AdviceMemory)
        self._plans = PlanMemory()
        self._stories = StoryMemory()
        self._runs = RunMemory()
        self._leads = LeadMemory()
        self._freezes: defaultdict[AccountId, FreezeMemory] = defaultdict(FreezeMemory)
        self._policies: dict[str, bytes] = {}

    def close(self) -> None:
        """Nothing is held open."""

    # What was seen

    def record_entities(self, table: EntityTable, at: datetime) -> None:
        with self._lock:
            self._entities[table.account.id].record(table, at)

    def record_metrics(self, account: AccountId, table: MetricsTable, at: datetime) -> int:
        with self._lock:
            return self._metrics[account].record(table, at, self._entities[account].campaigns(at))

    def record_advice(self, account: AccountId, advice: Advice, at: datetime) -> None:
        with self._lock:
            self._advice[account].record(advice, at)

    def entities(self, account: AccountId, as_of: datetime) -> EntityTable | None:
        with self._lock:
            return self._entities[account].table(as_of)

    def facts(self, account: AccountId, as_of: datetime) -> Account | None:
        table = self.entities(account, as_of)
        return None if table is None else table.account

    def metrics(self, table: EntityTable, days: Days, as_of: datetime) -> DailyMetrics:
        with self._lock:
            return self._metrics[table.account.id].matrices(table, days, as_of)

    def advice(self, account: AccountId, as_of: datetime) -> Advice:
        with self._lock:
            return self._advice[account].advice(as_of)

    def lever_memory(self, table: EntityTable, days: Days, as_of: datetime) -> Mapping[Lever, LeverMemory]:
        with self._lock:
            return self._entities[table.account.id].lever_memory(table, days, as_of)

    def coverages(self, account: AccountId, as_of: datetime) -> Sequence[Coverage]:
        with self._lock:
            return self._metrics[account].coverages(as_of)

    def development(
        self, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        with self._lock:
            facts = self._entities[account].table(as_of)
            zone = "UTC" if facts is None else facts.account.time_zone
            return self._metrics[account].development(as_of, n_ages, zone, windows)

    def channel_development(
        self, account: AccountId, as_of: datetime, n_ages: int, windows: Sequence[Window] = ()
    ) -> Mapping[str, Development]:
        with self._lock:
            facts = self._entities[account].table(as_of)
            zone = "UTC" if facts is None else facts.account.time_zone
            return self._metrics[account].channel_development(as_of, n_ages, zone, windows)

    def arrivals(self, account: AccountId, since: datetime, as_of: datetime) -> Mapping[str, Arrivals]:
        with self._lock:
            facts = self._entities[account].table(as_of)
            zone = "UTC" if facts is None else facts.account.time_zone
            return self._metrics[account].arrivals(since, as_of, zone)

    # What was decided

    def record_plan(self, plan: Plan) -> None:
        with self._lock:
            self._plans.record(plan)
            self._stories.begin(plan)

    def plan(self, prefix: str) -> PlanRecord | None:
        with self._lock:
            return self._plans.plan(prefix)

    def plans(
        self, account: AccountId | None = None, *, only_open: bool = False, limit: int = 100
    ) -> Sequence[PlanRecord]:
        with self._lock:
            return self._plans.plans(account, only_open=only_open, limit=limit)

    def plans_between(self, account: AccountId, since: datetime, until: datetime) -> Sequence[PlanRecord]:
        with self._lock:
            found = self._plans.plans(account, only_open=False, limit=sys.maxsize)[::-1]
            return [one for one in found if since <= one.plan.drawn_up_at < until]

    def plans_with(self, change: str, limit: int = 20) -> Sequence[PlanRecord]:
        with self._lock:
            return self._plans.plans_with(change, limit)

    def steps(self, plan_id: str, change_id: str) -> Sequence[Stepped]:
        with self._lock:
            return self._stories.steps(plan_id, change_id)

    def applied(self, account: AccountId, since: datetime) -> Sequence[AppliedChange]:
        with self._lock:
            return applied(self._plans.plans(account, only_open=False, limit=sys.maxsize)[::-1], since)

    def record_approval(self, approval: Approval, steps: Sequence[Step], *, known: int | None = None) -> bool:
        with self._lock:
            stored = self._plans.record_approval(approval, steps, known)
            if stored:
                self._stories.take(steps, approval.at, None)
            return stored

    def advance(self, steps: Sequence[Step], at: datetime, *, epoch: int) -> None:
        with self._lock:
            for account in self._plans.accounts(steps):
                check_leads(epoch, self._leads.epoch(account))
                if sends(steps):
                    check_sending(self._leads.halted(account))
            self._plans.advance(steps, at)
            self._stories.take(steps, at, epoch)
            for account, change in self._plans.sending(steps):
                self._entities[account].send(account, change, at)

    def in_flight(self, account: AccountId, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
        with self._lock:
            return self._plans.in_flight(account, as_of)

    def sent(self, account: AccountId, since: datetime, as_of: datetime) -> int:
        with self._lock:
            return self._entities[account].sent(since, as_of)

    def record_policy(self, digest: str, body: bytes, at: datetime | None = None) -> None:
        with self._lock:
            self._policies.setdefault(digest, body)

    def policy(self, digest: str) -> bytes | None:
        with self._lock:
            return self._policies.get(digest)

    def forecasts(
        self, account: AccountId, since: datetime, as_of: datetime, limit: int = 20_000
    ) -> Forecasts:
        with self._lock:
            return self._plans.forecasts(account, since, as_of, limit)

    # Who runs, and who stopped it

    def begin_run(self, account: AccountId, kind: RunKind, slot: str, at: datetime) -> bool:
        with self._lock:
            return self._runs.begin(account, kind, slot, at)

    def finish_run(self, account: AccountId, kind: RunKind, slot: str, at: datetime, error: str = "") -> None:
        with self._lock:
            self._runs.finish(account, kind, slot, at, error)

    def runs(self, account: AccountId, kind: RunKind, limit: int = 10) -> Sequence[Run]:
        with self._lock:
            return self._runs.runs(account, kind, limit)

    def take_lead(self, account: AccountId, host: str, pid: int, at: datetime) -> int:
        with self._lock:
            return self._leads.take_lead(account)

    def epoch(self, account: AccountId) -> int:
        with self._lock:
            return self._leads.epoch(account)

    def beat(self, heartbeat: Heartbeat) -> None:
        with self._lock:
            self._leads.beat(heartbeat)

    def leave(self, host: str, pid: int) -> None:
        with self._lock:
            self._leads.leave(host, pid)

    def heartbeats(self) -> Sequence[Heartbeat]:
        with self._lock:
            return self._leads.heartbeats()

    def halt(self, halt: Halt) -> None:
        with self._lock:
            self._leads.halt(halt)

    def resume(self, by: str, at: datetime, account: AccountId | None = None) -> None:
        with self._lock:
            self._leads.resume(by, at, account)

    def halted(self, account: AccountId | None = None) -> Halt | None:
        with self._lock:
            return self._leads.halted(account)

    def halts(self) -> Sequence[Halt]:
        with self._lock:
            return self._leads.halts()

    def haltings(self, account: AccountId) -> Sequence[Halting]:
        with self._lock:
            return self._leads.haltings(account)

    def freeze(self, freeze: Freeze) -> None:
        with self._lock:
            self._freezes[freeze.account].freeze(freeze)

    def thaw(self, account: AccountId, by: str, at: datetime) -> None:
        with self._lock:
            self._freezes[account].thaw(by, at)

    def freezes(self, account: AccountId, as_of: datetime) -> Sequence[Freeze]:
        with self._lock:
            return self._freezes[account].at(as_of)

    # What vouches for all this: nobody but this process could have written here

    def head(self) -> Head | None:
        return None

    def entries(self, plan_id: str | None = None) -> Sequence[Entry]:
        return ()

    def doubts(self, plan_id: str) -> Mapping[str, str]:
        return {}

    def gap(self) -> Gap | None:
        return None

    def take_up(self, because: str, at: datetime) -> None:
        """There is no chain to go on with."""

    def faults(self) -> Sequence[str]:
        return ()

    def notes(self) -> Sequence[str]:
        return ()

"""PlanMemory: plans and what befell their changes, in memory."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agent.domain.approval import Approval
from agent.domain.errors import LedgerError
from agent.domain.forecast import Forecasts
from agent.domain.lever import Lever
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Plan
from agent.domain.record import ChangeRecord, PlanRecord
from agent.domain.ref import AccountId, Ref
from agent.ledger.forecasts import Applied, Forecast, columns, first_id_left_out, forecasts_of
from agent.ledger.memory.flights import FlightMemory
from agent.ledger.steps import check_approval, stepped


@dataclass(slots=True)
class _Kept:
    """A plan that still grows; only copies of it are handed out."""

    plan: Plan
    changes: dict[str, ChangeRecord]
    approvals: list[Approval] = field(default_factory=list)

    def record(self) -> PlanRecord:
        return PlanRecord(self.plan, dict(self.changes), tuple(self.approvals))


class PlanMemory:
    """All plans, by plan id, oldest first."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._maybe_open: set[str] = set()
        self._forecasts: dict[tuple[str, str], Forecast] = {}
        self._applied: list[tuple[AccountId, Applied]] = []
        self._flights: defaultdict[AccountId, FlightMemory] = defaultdict(FlightMemory)

    def record(self, plan: Plan) -> None:
        """Store the plan once, with its changes PROPOSED."""
        before = self._kept.get(plan.id)
        if before is not None and before.plan.fingerprint != plan.fingerprint:
            raise LedgerError(f"ledger: two plans have the id {plan.id}; draw up the plan again")
        if before is None:
            changes = {
                change.id: ChangeRecord(change, State.PROPOSED, plan.drawn_up_at) for change in plan.changes
            }
            self._kept[plan.id] = _Kept(plan, changes)
            self._maybe_open.add(plan.id)
            self._forecasts |= {(plan.id, one.change_id): one for one in forecasts_of(plan)}

    def plan(self, prefix: str) -> PlanRecord | None:
        """The one plan whose fingerprint begins so."""
        found = [kept for kept in self._kept.values() if kept.plan.fingerprint.startswith(prefix)]
        return found[0].record() if len(found) == 1 else None

    def plans(self, account: AccountId | None, *, only_open: bool, limit: int) -> Sequence[PlanRecord]:
        """Newest first: the last `limit` of them, or all that are open."""
        if only_open:
            self._forget_closed()
        found = [
            kept
            for plan_id, kept in self._kept.items()
            if (account is None or kept.plan.account == account)
            and (not only_open or plan_id in self._maybe_open)
        ]
        found.reverse()  # of two plans of one moment, the one that came last
        found.sort(key=lambda kept: kept.plan.drawn_up_at, reverse=True)
        return [kept.record() for kept in (found if only_open else found[:limit])]

    def plans_with(self, change: str, limit: int) -> Sequence[PlanRecord]:
        """Those with a change whose id begins so, newest first."""
        newest = self.plans(None, only_open=False, limit=len(self._kept))
        return [one for one in newest if any(id_.startswith(change) for id_ in one.changes)][:limit]

    def record_approval(self, approval: Approval, steps: Sequence[Step], known: int | None) -> bool:
        """Store the word and what follows from it, or raise a Mistake; False: other words came first."""
        kept = self._kept.get(approval.plan_id)
        if kept is not None and known not in (None, len(kept.approvals)):
            return False
        fingerprint = None if kept is None else kept.plan.fingerprint
        standing = {} if kept is None else {id_: change.state for id_, change in kept.changes.items()}
        check_approval(approval, steps, fingerprint, standing)
        assert kept is not None, "the check has refused an unknown plan"
        self.advance(steps, approval.at)
        kept.approvals.append(approval)
        return True

    def advance(self, steps: Sequence[Step], at: datetime) -> None:
        """Take steps that are legal now, all or none."""
        standing = {}
        for step in steps:
            kept = self._kept.get(step.plan_id)
            if kept is not None and step.change_id in kept.changes:
                standing[step.plan_id, step.change_id] = kept.changes[step.change_id].state
        for (plan_id, change_id), step in stepped(standing, steps).items():
            kept = self._kept[plan_id]
            before = kept.changes[change_id]
            sent_at = at if before.sent_at is None and step.state is State.SENDING else before.sent_at
            kept.changes[change_id] = ChangeRecord(before.change, step.state, at, step.because, sent_at)
            self._flights[kept.plan.account].step(plan_id, before.change, step.state, at)
            forecast = self._forecasts.get((plan_id, change_id))
            if forecast is not None and step.state is State.APPLIED:
                self._applied.append((kept.plan.account, Applied(forecast, at)))

    def accounts(self, steps: Sequence[Step]) -> set[AccountId]:
        """Whose plans the steps are of."""
        ids = {step.plan_id for step in steps}
        return {self._kept[plan_id].plan.account for plan_id in ids if plan_id in self._kept}

    def sending(self, steps: Sequence[Step]) -> Iterator[tuple[AccountId, Change]]:
        """The changes that these steps send, and whose they are."""
        for step in steps:
            if step.state is State.SENDING:
                kept = self._kept[step.plan_id]
                yield kept.plan.account, kept.changes[step.change_id].change

    def in_flight(self, account: AccountId, as_of: datetime) -> Mapping[tuple[Ref, Lever], int]:
        """The highest target of each lever that may have come to stand."""
        return self._flights[account].at(as_of)

    def forecasts(self, account: AccountId, since: datetime, as_of: datetime, limit: int) -> Forecasts:
        """Of changes that were found applied in this time."""
        found = [one for of, one in self._applied if of == account and since <= one.at <= as_of]
        below = first_id_left_out(len(found), limit)
        return columns([one for one in found if one.forecast.change_id < below])

    def _forget_closed(self) -> None:
        """What is closed stays closed: it need not be looked at again."""
        closed = {plan_id for plan_id in self._maybe_open if not self._kept[plan_id].record().open}
        self._maybe_open -= closed

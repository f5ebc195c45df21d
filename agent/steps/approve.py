"""Approve: who may let what through, and what follows for each change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from agent.domain.approval import POLICY, Approval
from agent.domain.errors import Mistake, Mistakes
from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Plan
from agent.domain.record import PlanRecord


@dataclass(frozen=True, slots=True)
class Nobody:
    """Approver for accounts where every change waits for a person."""

    def review(self, plan: Plan) -> Approval | None:
        return None


@dataclass(frozen=True, slots=True)
class Everyone:
    """Approver of the simulation: lets everything through."""

    def review(self, plan: Plan) -> Approval | None:
        everything = frozenset(change.id for change in plan.changes)
        return Approval(plan.id, plan.fingerprint, everything, frozenset(), "simulation", plan.drawn_up_at)


@dataclass(frozen=True, slots=True)
class Policy:
    """Approver that lets small changes through at once; the rest waits for a person.

    So does every change of a decider whose intervals have not held (see `Plan.calibration`), and
    whatever a person wished for: what one asks for another lets through.

    Attributes:
        max_step: Largest change, as a share of where the lever stands.
        max_total_increase: Sum of all raises of money levers in one plan; when the small
            changes alone exceed it, or are in another currency, none of the raises goes through.
    """

    levers: frozenset[Lever]
    max_step: Fraction
    max_total_increase: Money

    def review(self, plan: Plan) -> Approval | None:
        if plan.by_hand:
            return None
        small = [
            decision.change
            for decision in plan.decisions
            if decision.change is not None
            and decision.proposal.source not in plan.proposals_only
            and self._small(decision.change)
        ]
        raises = [change for change in small if change.lever.is_money and _rise(change) > 0]
        raised = sum(_rise(change) for change in raises)
        if raised > self.max_total_increase.micros or any(map(self._foreign, raises)):
            small = [change for change in small if _rise(change) <= 0]
        if not small:
            return None
        ids = frozenset(change.id for change in small)
        return Approval(plan.id, plan.fingerprint, ids, frozenset(), POLICY, plan.drawn_up_at)

    def _foreign(self, change: Change) -> bool:
        return isinstance(change.after, Money) and change.after.currency != self.max_total_increase.currency

    def _small(self, change: Change) -> bool:
        before = number_of(change.before)
        return (
            change.lever in self.levers
            and before > 0
            and Fraction(abs(_rise(change)), before) <= self.max_step
        )


def approve(
    record: PlanRecord, approval: Approval, *, approvers: Collection[str], now: datetime
) -> list[Step]:
    """Check an approval and name what follows.

    Raises:
        Mistakes: All that speaks against it. Nothing follows then.
    """
    plan = record.plan
    where = f"plan {plan.id}"
    faults = []
    if approval.fingerprint != plan.fingerprint:
        faults.append(Mistake(where, "was approved in another version", "read it again, then approve"))
    if now >= plan.expires_at:
        faults.append(Mistake(where, f"expired {plan.expires_at:%Y-%m-%d %H:%M} UTC", "approve a newer plan"))
    if approvers and approval.by not in approvers:
        faults.append(
            Mistake(where, f"{approval.by!r} is not an approver", f"one of {', '.join(sorted(approvers))}")
        )
    for change_id in sorted(approval.approved | approval.rejected):
        state = record.changes[change_id].state if change_id in record.changes else None
        if state is None:
            faults.append(Mistake(where, f"has no change {change_id}", "see `gebot review`"))
        elif state is not State.PROPOSED:
            faults.append(
                Mistake(where, f"change {change_id} is {state}", "only a proposed one can be decided")
            )
    for change_id in sorted(approval.approved & approval.rejected):
        faults.append(Mistake(where, f"change {change_id} was approved and rejected", "choose one"))
    if faults:
        raise Mistakes(f"{where} was not approved", faults)
    reason = f"by {approval.by}" + (f": {approval.comment}" if approval.comment else "")
    return [
        Step(plan.id, change_id, state, reason)
        for state, ids in ((State.APPROVED, approval.approved), (State.REJECTED, approval.rejected))
        for change_id in sorted(ids)
    ]


def expire(record: PlanRecord, now: datetime, policy: str) -> list[Step]:
    """Changes that nobody carried out in time, or that another policy than today's has drawn up."""
    if record.plan.policy != policy:
        because = "rules, limits or strategies have changed since"
    elif now >= record.plan.expires_at:
        because = f"not carried out by {record.plan.expires_at:%Y-%m-%d %H:%M} UTC"
    else:
        return []
    return [
        Step(record.plan.id, change_id, State.EXPIRED, because)
        for change_id, change in record.changes.items()
        if change.state in (State.PROPOSED, State.APPROVED)
    ]


def supersede(record: PlanRecord, newer: Plan) -> list[Step]:
    """Proposals that a newer plan for the same account takes the place of.

    Not those that a person wished for: no decider repeats them.
    """
    if (
        record.plan.fingerprint == newer.fingerprint
        or record.plan.account != newer.account
        or record.plan.by_hand
    ):
        return []
    return [
        Step(record.plan.id, change_id, State.EXPIRED, f"plan {newer.id} took its place")
        for change_id, change in record.changes.items()
        if change.state is State.PROPOSED
    ]


def _rise(change: Change) -> int:
    """By how much the change raises spend, in the lever's number."""
    rise = number_of(change.after) - number_of(change.before)
    return rise if change.lever.spends_more_when_higher else -rise

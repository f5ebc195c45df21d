"""Approve: who may let what through, and what follows for each change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from agent.domain.approval import POLICY, Approval
from agent.domain.asking import Asked, asked_of
from agent.domain.board import OPEN, Board, known_as, listed
from agent.domain.errors import Mistake, Mistakes
from agent.domain.lever import Lever, Value, number_of
from agent.domain.money import Money
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Plan
from agent.domain.record import PlanRecord
from agent.domain.role import Act
from agent.domain.seal import Seal
from agent.domain.tier import share_moved


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

    So does every change of a decider whose intervals have not held (see `Plan.calibration`), whatever
    a person wished for (what one asks for another lets through), and what a tier of the board covers.

    Attributes:
        max_step: Largest change, as a share of where the lever stands or stood a day ago.
        max_total_increase: Sum of all raises of money levers in one plan, each from where it stands
            or stood a day ago, whichever is more; when the small changes alone exceed it, or are in
            another currency, none of the raises goes through.
    """

    levers: frozenset[Lever]
    max_step: Fraction
    max_total_increase: Money
    board: Board = OPEN

    def review(self, plan: Plan) -> Approval | None:
        if plan.by_hand:
            return None
        small = {
            decision.change: decision.anchor
            for decision in plan.decisions
            if decision.change is not None
            and decision.proposal.source not in plan.proposals_only
            and self._small(decision.change, decision.anchor)
            and not self.board.covers(decision)
        }
        raises = [change for change in small if change.lever.is_money and _rise(change) > 0]
        raised = sum(_risen(change, small[change]) for change in raises)
        if raised > self.max_total_increase.micros or any(map(self._foreign, raises)):
            small = {change: anchor for change, anchor in small.items() if _rise(change) <= 0}
        if not small:
            return None
        ids = frozenset(change.id for change in small)
        return Approval(plan.id, plan.fingerprint, ids, frozenset(), POLICY, plan.drawn_up_at)

    def _foreign(self, change: Change) -> bool:
        return isinstance(change.after, Money) and change.after.currency != self.max_total_increase.currency

    def _small(self, change: Change, anchor: Value | None) -> bool:
        share = share_moved(change, anchor)
        return change.lever in self.levers and share is not None and share <= self.max_step


def approve(record: PlanRecord, approval: Approval, *, board: Board, seal: Seal, now: datetime) -> list[Step]:
    """Check a person's word and name what follows: nothing yet for what needs more words than this.

    Args:
        approval: To be recorded under this seal.

    Raises:
        Mistakes: All that speaks against it. Nothing follows then.
    """
    plan = record.plan
    where = f"plan {plan.id}"
    faults = [*_against_the_word(record, approval, board, now), *_against_changes(record, approval, where)]
    if faults:
        raise Mistakes(f"{where} was not approved", faults)
    after = asked_of(replace(record, approvals=(*record.approvals, approval.sealed(seal))), board, seal, now)
    before = asked_of(record, board, seal, now)
    for change_id in sorted(approval.approved):
        if after[change_id].given == before[change_id].given:
            faults.append(_worthless(change_id, before[change_id], approval, record, board))
    if faults:
        raise Mistakes(f"{where} was not approved", faults)
    why = f": {approval.comment}" if approval.comment else ""
    return [
        *(
            Step(plan.id, change_id, State.APPROVED, f"by {listed(after[change_id].given, 'and')}{why}")
            for change_id in sorted(approval.approved)
            if after[change_id].met
        ),
        *(
            Step(plan.id, change_id, State.REJECTED, f"by {approval.by}{why}")
            for change_id in sorted(approval.rejected)
        ),
    ]


def _against_the_word(
    record: PlanRecord, approval: Approval, board: Board, now: datetime
) -> Iterator[Mistake]:
    plan, where = record.plan, f"plan {record.plan.id}"
    if approval.fingerprint != plan.fingerprint:
        yield Mistake(where, "was approved in another version", "read it again, then approve")
    if now >= plan.expires_at:
        yield Mistake(where, f"expired {plan.expires_at:%Y-%m-%d %H:%M} UTC", "approve a newer plan")
    if not approval.by.strip() or known_as(approval.by) == known_as(POLICY):
        yield Mistake(where, f"{approval.by!r} is nobody's name", "approve it in your own")
    elif not board.may(approval.by, Act.DECIDE):
        right = listed(board.who_may(Act.DECIDE))
        yield Mistake(where, f"{approval.by!r} is not an approver", f"{right} may decide")


def _against_changes(record: PlanRecord, approval: Approval, where: str) -> Iterator[Mistake]:
    for change_id in sorted(approval.approved | approval.rejected):
        state = record.changes[change_id].state if change_id in record.changes else None
        if state is None:
            yield Mistake(where, f"has no change {change_id}", "see `gebot review`")
        elif state is not State.PROPOSED:
            yield Mistake(where, f"change {change_id} is {state}", "only a proposed one can be decided")
    for change_id in sorted(approval.approved & approval.rejected):
        yield Mistake(where, f"change {change_id} was approved and rejected", "choose one")


def _worthless(change_id: str, asked: Asked, approval: Approval, record: PlanRecord, board: Board) -> Mistake:
    """Why this person's yes changes nothing."""
    name = board.spelled(approval.by)
    where = f"change {change_id}"
    right = f"{listed(asked.asked)} can" if asked.asked else "nobody can any more"
    if board.bars_author(name, record.plan):
        return Mistake(where, f"{name} drew it up and cannot approve it", right)
    if known_as(name) in map(known_as, asked.given):
        return Mistake(where, f"{name} has approved it already", right)
    later = [need for need in asked.needs if need.escalates_at is not None and name in need.escalates_to]
    if later and later[0].escalates_at is not None:
        right += f"; {name} from {later[0].escalates_at:%Y-%m-%d %H:%M} UTC on"
    tiers = ", ".join(repr(need.tier) for need in asked.needs if need.missing)
    return Mistake(where, f"{name} is not asked in its tier {tiers}", right)


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


def _risen(change: Change, anchor: Value | None) -> int:
    """The same, from where the lever stood a day ago if that is more."""
    return _rise(change) if anchor is None else max(_rise(change), _rise(replace(change, before=anchor)))

"""Holding back: what was approved, and may not go after all."""

from collections.abc import Mapping, Sequence

from agent.domain.month.pot import with_widest_pot
from agent.domain.outcome import State, Step
from agent.domain.plan import Change
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.parts import Parts
from agent.steps.decide import members
from agent.steps.guard import recheck, with_opening_pot
from agent.steps.vouch import unvouched


def held_back(
    parts: Parts, plan_id: str, record: PlanRecord, batch: Sequence[Change], snapshot: Snapshot
) -> Sequence[Step]:
    """What of the batch may not go, for want of a sealed word or because of a guardrail.

    Args:
        plan_id: Of the plan that was asked for; the body of another may stand under it.
        record: What the ledger holds under that id now.
        batch: Approved changes.
        snapshot: What is known now, read since the batch was chosen.
    """
    again = parts.approver.review(record.plan)
    unsaid = unvouched(record, batch, seal=parts.seal, board=parts.board, again=again)
    unsaid |= {id_: f"not sent: {why}" for id_, why in parts.ledger.doubts(plan_id).items()}
    vouched = [change for change in batch if change.id not in unsaid]
    capped = _recheck(parts, record, vouched, snapshot)
    return [
        *(Step(plan_id, change_id, State.CAPPED, why) for change_id, why in capped.items()),
        *(Step(plan_id, one.id, State.NEEDS_REVIEW, unsaid[one.id]) for one in batch if one.id in unsaid),
    ]


def _recheck(
    parts: Parts, record: PlanRecord, changes: Sequence[Change], snapshot: Snapshot
) -> Mapping[str, str]:
    """Why changes may no longer go; what somebody else has moved is for `apply` to find."""
    changes = [one for one in changes if snapshot.value(one.ref, one.lever) == one.before]
    cuts = [
        with_opening_pot(with_widest_pot(snapshot.only(rows, desk.portfolio)), record)
        for desk, rows in zip(parts.desks, members(snapshot, parts.desks), strict=True)
    ]
    reserved = parts.ledger.in_flight(parts.account, parts.clock.now())
    return recheck(snapshot, cuts, changes, record=record, fence=parts.fence, reserved=reserved)

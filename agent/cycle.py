"""The sentence: observe, decide, guard, plan, approve, apply, verify, learn.

    draw_up(parts)             what is known -> a plan in the ledger
    carry_out(parts, plan)     what is approved -> the platform, read back

What nobody could tell when it was sent is settled by `agent.settling`.
No function here knows whether it runs live, on probation or in a simulation: the parts do.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256

import structlog

from agent.domain.calibration import calibrations
from agent.domain.errors import Deposed
from agent.domain.lever import number_of
from agent.domain.outcome import State, Step
from agent.domain.plan import Change, Decision, Plan
from agent.domain.points import Point
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.holding_back import held_back
from agent.parts import Parts
from agent.steps import verify
from agent.steps.apply import apply
from agent.steps.approve import supersede
from agent.steps.decide import decide
from agent.steps.guard import guard
from agent.steps.learn import learn_curve, learn_lag
from agent.steps.measure import Measurement, measure
from agent.steps.observe import Observed, observe
from agent.steps.plan import plan
from agent.steps.recall import digest, recall
from agent.steps.watch import watch

_log = structlog.get_logger()

SENT_AT_ONCE = 50
"""Changes in one call: what a stop can come too late for."""


def look(parts: Parts, *, with_advice: bool = True) -> Observed:
    """Observe: read the platform into the ledger, and watch whether conversions are still counted.

    Args:
        with_advice: As `observe` takes it; a decision follows.

    Raises:
        PlatformError: Nothing was recorded.
    """
    observed = observe(
        parts.reader,
        parts.ledger,
        parts.account,
        parts.clock,
        history_days=parts.history_days,
        reread_days=parts.reread_days,
        with_advice=with_advice,
        reached=parts.reached,
    )
    watch(
        parts.ledger,
        parts.account,
        observed.at,
        table=observed.entities,
        told=observed.metrics,
        learn=lambda: learn_curve(parts.ledger, parts.account, observed.at),
        history_days=parts.history_days,
    )
    parts.reached(Point.WATCHED)
    return observed


def known(parts: Parts) -> Snapshot | None:
    """What the ledger knows now; None when the account was never observed."""
    now = parts.clock.now()
    return recall(
        parts.ledger,
        parts.account,
        now,
        learn_lag(parts.ledger, parts.account, now),
        history_days=parts.history_days,
        max_age=parts.max_age,
    )


def lived(parts: Parts, snapshot: Snapshot) -> Measurement:
    """What came true of what models said of their changes, in the days of the snapshot."""
    since = snapshot.as_of - timedelta(days=len(snapshot.days))
    return measure(parts.ledger.forecasts(parts.account, since, snapshot.as_of), snapshot)


def draw_up(parts: Parts, snapshot: Snapshot | None = None) -> Plan | None:
    """Decide on what is known, and draw up the plan; nothing is recorded or sent.

    The same ledger, parts and moment give the same fingerprint. None when the account was
    never observed.

    Args:
        snapshot: What is known, where somebody has recalled it already.
    """
    snapshot = known(parts) if snapshot is None else snapshot
    if snapshot is None:
        return None
    seed = _seed(parts, snapshot)
    wishes = decide(snapshot, parts.desks, seed)
    proposals = [proposal for wish in wishes for proposal in wish.heard]
    cuts = [wish.snapshot for wish in wishes]
    reserved = parts.ledger.in_flight(parts.account, snapshot.as_of)
    decisions = guard(snapshot, cuts, proposals, parts.fence, reserved)
    passed_over = [
        Decision(proposal, snapshot.value(proposal.ref, proposal.lever), (), None, first)
        for wish in wishes
        for proposal, first in wish.not_heard
    ]
    return plan(
        snapshot,
        [*decisions, *passed_over],
        policy=parts.policy,
        snapshot_digest=digest(snapshot),
        seed=seed,
        expires_after=parts.expires_after,
        notes=[note for wish in wishes for note in wish.notes],
        calibration=calibrations(lived(parts, snapshot).measured, parts.tolerance),
        code=parts.code,
        cuts=cuts,
    )


def put_forward(parts: Parts, drawn_up: Plan, *, epoch: int) -> PlanRecord:
    """Record the plan, retire proposals that it replaces, and let the policy approve its share.

    Raises:
        Deposed: Another gebot leads the account since; what it drew up itself stands.
    """
    _check_leads(parts, epoch)
    now = parts.clock.now()
    older = parts.ledger.plans(parts.account, only_open=True)
    record = parts.ledger.plan(drawn_up.fingerprint) or PlanRecord.fresh(drawn_up)
    keep(parts, drawn_up)
    for one in drawn_up.calibration:
        if one.demoted:
            _log.warning("strategy.demoted", decider=one.source, held=one.held, n=one.n)
    retired = [step for one in older for step in supersede(one, drawn_up)]
    if retired:
        parts.ledger.advance(retired, now, epoch=epoch)
        parts.reached(Point.OLDER_RETIRED)
    approval = parts.approver.review(drawn_up)
    if approval is None or any(
        record.changes[change_id].state is not State.PROPOSED for change_id in approval.approved
    ):
        return record
    steps = [
        Step(drawn_up.id, change_id, State.APPROVED, f"by {approval.by}")
        for change_id in sorted(approval.approved)
    ]
    _check_leads(parts, epoch)
    parts.ledger.record_approval(approval.sealed(parts.seal), steps)
    parts.reached(Point.APPROVED)
    return _record(parts, drawn_up.fingerprint)


def keep(parts: Parts, drawn_up: Plan) -> None:
    """Record the plan, and before it the policy that it was drawn up under."""
    if parts.policy_body:
        parts.ledger.record_policy(parts.policy, parts.policy_body, drawn_up.drawn_up_at)
    parts.ledger.record_plan(drawn_up)
    parts.reached(Point.PLAN_RECORDED)


def carry_out(parts: Parts, fingerprint: str, *, epoch: int) -> PlanRecord:
    """Send what is approved of a plan, cuts before raises, and read it back.

    Everything is looked at again first: the account is observed, and what a guardrail would
    no longer allow is CAPPED. Raises go only after the cuts that pay for them were read back.

    Raises:
        Halted, LedgerError, PlatformError: As `apply` says. What was sent before is on record.
    """
    assert parts.writer is not None, "a cycle without a writer carries nothing out"
    plan_id = fingerprint[:8]
    sent = marks_hours = False
    for raising in (False, True):
        batch = [
            item.change
            for item in _record(parts, fingerprint).changes.values()
            if item.state is State.APPROVED and _raises(item.change) is raising
        ]
        if not batch:
            continue
        parts.check_stop()
        marks_hours = any(change.lever.is_of_hours for change in batch)
        look(parts, with_advice=marks_hours)
        record, snapshot = _record(parts, fingerprint), known(parts)
        assert snapshot is not None, "observed just now"
        held = held_back(parts, plan_id, record, batch, snapshot)
        if held:
            parts.ledger.advance(held, parts.clock.now(), epoch=epoch)
            parts.reached(Point.CAPPED)
        stay = {step.change_id for step in held}
        for some in _batches([change for change in batch if change.id not in stay]):
            sent = True
            apply(
                parts.writer,
                parts.ledger,
                plan_id,
                some,
                clock=parts.clock,
                epoch=epoch,
                expires_at=record.plan.expires_at,
                check_stop=parts.check_stop,
                reached=parts.reached,
                unrecorded=parts.unrecorded,
                pace=parts.pace(),
            )
            found = verify.read_back(
                parts.reader, _record(parts, fingerprint), parts.clock.now(), parts.pace()
            )
            parts.reached(Point.READ_BACK)
            parts.ledger.advance(found, parts.clock.now(), epoch=epoch)
            parts.reached(Point.READ_BACK_RECORDED)
    if sent:
        look(parts, with_advice=marks_hours)
    return _record(parts, fingerprint)


def _check_leads(parts: Parts, epoch: int) -> None:
    """A leader that stood still must not let its old plan through when it wakes."""
    leads = parts.ledger.epoch(parts.account)
    if leads != epoch:
        raise Deposed(f"{parts.account}: the epoch was {epoch}, {leads} leads; another gebot took over")


def _record(parts: Parts, fingerprint: str) -> PlanRecord:
    record = parts.ledger.plan(fingerprint)
    assert record is not None, "recorded before"
    return record


def _batches(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    for first in range(0, len(changes), SENT_AT_ONCE):
        yield changes[first : first + SENT_AT_ONCE]


def _raises(change: Change) -> bool:
    higher = number_of(change.after) > number_of(change.before)
    return higher is change.lever.spends_more_when_higher


def _seed(parts: Parts, snapshot: Snapshot) -> int:
    """One seed for each account and local date, so that a plan asked for twice a day draws the same."""
    words = f"{parts.seed} {parts.account} {snapshot.today}"
    return int.from_bytes(sha256(words.encode()).digest()[:6])

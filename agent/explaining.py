"""Explaining: a decision made again from what was known then, for command line and page."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from agent import by_hand, cycle
from agent.clock import SteppedClock
from agent.domain.errors import Mistake, Mistakes
from agent.domain.month.pot import with_todays_pot
from agent.domain.outcome import State
from agent.domain.plan import Decision, Plan
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Word
from agent.office import Office
from agent.parts import Parts
from agent.report.explanation import CheckRow, Explanation, NoteRow
from agent.report.rows import decision_rows, names_of
from agent.steps.decide import members
from agent.steps.explain import Check, checks, sums
from agent.steps.guard import BALANCES, said
from agent.steps.measure import HORIZON_DAYS, measure
from agent.wiring.joined import joined_of
from agent.wiring.retrace import parts_then


def told(office: Office, record: PlanRecord, place: int | None) -> Explanation:
    """Draw the plan up again, and put together all that is known of what was asked.

    Args:
        place: Of the one decision that is asked about, from 0; None: all of them.

    Raises:
        LedgerError: The ledger did not answer.
    """
    plan = record.plan
    decision = None if place is None else plan.decisions[place]
    table = office.memory.entities(plan.account, plan.drawn_up_at)
    rows = decision_rows(record, names_of(table))
    change = None if decision is None else decision.change
    found = Explanation(
        record=record,
        rows=rows if place is None else [rows[place]],
        checks=[],
        steps=[] if change is None else office.memory.steps(plan.id, change.id),
        elsewhere=[]
        if change is None
        else [one.plan.id for one in office.memory.plans_with(change.id) if one.plan.id != plan.id],
    )
    try:
        parts = _parts_then(office, plan)
        snapshot = cycle.known(parts)
        again = None if snapshot is None else _drawn_up(parts, snapshot, plan)
    except (Mistake, Mistakes) as fault:
        faults = [str(fault)] if isinstance(fault, Mistake) else [str(one) for one in fault.each()]
        return replace(found, checks=[_row(Check("drawn up again", False, "it was", one)) for one in faults])
    if snapshot is None or again is None:
        gone = "the ledger holds nothing of that moment"
        return replace(found, checks=[_row(Check("data as known then", False, plan.snapshot[:16], gone))])
    found = replace(
        found,
        checks=[_row(one) for one in checks(plan, again, decision)],
        code=_row(Check("code", plan.code == again.code, plan.code or "not told", again.code)),
    )
    if decision is None:
        return found
    cuts = [
        with_todays_pot(snapshot.only(rows, desk.portfolio))
        for desk, rows in zip(parts.desks, members(snapshot, parts.desks), strict=True)
    ]
    reserved = parts.ledger.in_flight(parts.account, snapshot.as_of)
    fence, ref = parts.fence, decision.proposal.ref
    bound = sums(
        snapshot,
        cuts,
        again,
        ref,
        reserved=reserved,
        max_changes=fence.max_changes,
        ceiling=fence.account_ceiling,
    )
    return replace(
        found,
        words=said(snapshot, cuts, decision.proposal, fence, reserved) + _settled(decision),
        sums=[NoteRow(what=one.limit, because=one.because) for one in bound],
        others=_others(plan, decision),
        outcome=_outcome(office, parts, record, decision),
    )


def _settled(decision: Decision) -> tuple[Word, ...]:
    """What was said when sums were settled."""
    return tuple(word for word in decision.words if word.guardrail in BALANCES)


def _others(plan: Plan, decision: Decision) -> list[str]:
    """Wishes for the same lever, in the order in which they count."""
    wish = decision.proposal
    return [
        f"{one.proposal.source}: {one.proposal.target}"
        + (f", not heard because {one.not_heard} came first" if one.not_heard else ", heard")
        for one in plan.decisions
        if (one.proposal.ref, one.proposal.lever) == (wish.ref, wish.lever) and one is not decision
    ]


def _outcome(office: Office, parts: Parts, record: PlanRecord, decision: Decision) -> str:
    """What its model had said beside what came true; "" where nothing was said or it was not applied."""
    change, evidence = decision.change, decision.proposal.evidence
    item = None if change is None else record.changes.get(change.id)
    if change is None or item is None or item.state is not State.APPLIED or evidence.posterior is None:
        return ""
    now = office.clock.now()
    due = item.since + timedelta(days=HORIZON_DAYS + 1)
    if now < due:
        return f"measured over the {HORIZON_DAYS} full days after it, so from {due:%Y-%m-%d} on"
    forecasts = parts.ledger.forecasts(parts.account, item.since, item.since)
    id_ = parts.account.id_of(change.ref)
    mine = (forecasts.ids == id_) & (forecasts.levers == change.lever.value)
    snapshot = cycle.known(replace(parts, clock=SteppedClock(now)))
    assert snapshot is not None, "known before"
    found = measure(forecasts.take(np.flatnonzero(mine)), snapshot).measured
    if not len(found):
        return "not to be measured: the lever moved on, days were left out, or conversions are still to come"
    held = "inside" if found.held()[0] else "outside"
    return (
        f"{evidence.posterior_of}: {found.mean[0]:,.2f} a day was expected ({found.low[0]:,.2f} to "
        f"{found.high[0]:,.2f}), {found.realised[0]:,.2f} came true over {HORIZON_DAYS} days: {held}"
    )


def _row(check: Check) -> CheckRow:
    return CheckRow(what=check.what, same=check.same, then=check.then, now=check.now)


def _parts_then(office: Office, plan: Plan) -> Parts:
    for account in office.accounts:
        if joined_of(office.settings, account).id == plan.account:
            return parts_then(office.settings, account, office.memory, plan)
    raise Mistake(
        str(plan.account), f"is not in {office.settings.file}", "its account is needed to explain it"
    )


def _drawn_up(parts: Parts, snapshot: Snapshot, plan: Plan) -> Plan | None:
    if plan.by_hand:
        wishes = [one.proposal for one in plan.decisions]
        return by_hand.drawn_up(parts, snapshot, wishes, by=plan.author)
    return cycle.draw_up(parts, snapshot)

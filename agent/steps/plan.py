"""Plan: put the decisions of one cycle together, with what an approval will be bound to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from agent.domain.calibration import Calibration
from agent.domain.exclusion import excluded_days
from agent.domain.lever import Lever, value_of
from agent.domain.money import Money
from agent.domain.plan import Decision, Plan
from agent.domain.snapshot import Grade, Snapshot
from agent.domain.tracking_break import BREAK, words

_SHOWN_BUDGETS = 3
_SHOWN_DAYS = 4


def plan(
    snapshot: Snapshot,
    decisions: Sequence[Decision],
    *,
    policy: str,
    snapshot_digest: str,
    seed: int,
    expires_after: timedelta,
    notes: Sequence[str] = (),
    calibration: Sequence[Calibration] = (),
    code: str = "",
    author: str = "",
    cuts: Sequence[Snapshot] = (),
) -> Plan:
    """Draw up the plan, decisions in the order of their entities.

    Args:
        author: The person who wished for it; "" where deciders did.
        cuts: The snapshot cut to each portfolio, for which change is of which.
    """
    return Plan(
        account=snapshot.entities.account.id,
        drawn_up_at=snapshot.as_of,
        expires_at=snapshot.as_of + expires_after,
        policy=policy,
        snapshot=snapshot_digest,
        seed=seed,
        decisions=tuple(_placed(one, snapshot, cuts) for one in sorted(decisions, key=_order)),
        notes=(*notes, *_remarks(snapshot), *_demotions(calibration)),
        calibration=tuple(calibration),
        code=code,
        author=author,
    )


def _placed(decision: Decision, snapshot: Snapshot, cuts: Sequence[Snapshot]) -> Decision:
    """The same with what it takes to tell how large the change is: where the lever stood, and whose it is."""
    change = decision.change
    if change is None:
        return decision
    memory, row = snapshot.memory.get(change.lever), snapshot.entities.row(change.ref)
    day_ago = None if memory is None else memory.day_ago
    anchor = None
    if row is not None and day_ago is not None:
        anchor = value_of(change.lever, int(day_ago[row]), snapshot.currency)
    portfolios = (
        cut.portfolio.name
        for cut in cuts
        if cut.portfolio is not None and cut.entities.row(change.ref) is not None
    )
    return replace(decision, anchor=anchor, portfolio=next(portfolios, ""))


def _order(decision: Decision) -> tuple[object, ...]:
    proposal = decision.proposal
    return (proposal.ref, proposal.lever, bool(decision.not_heard), proposal.source)


def _demotions(calibration: Sequence[Calibration]) -> list[str]:
    """Whose word is not enough any more, and why."""
    return [f"{one}: its changes wait for a person" for one in calibration if one.demoted]


def _remarks(snapshot: Snapshot) -> list[str]:
    """What a reader should know of the data before reading on."""
    remarks = []
    freshness = snapshot.freshness
    if freshness.grade is Grade.STALE:
        remarks.append(f"metrics are stale: last read {freshness.observed_at or 'never'}")
    if freshness.grade is Grade.PARTIAL:
        missing = freshness.missing_days
        days = "1 day of the window is" if missing == 1 else f"{missing} days of the window are"
        remarks.append(f"metrics are partial: {days} missing")
    if snapshot.freeze is not None:
        broken = words(snapshot.freeze, snapshot.entities.account.time_zone)
        remarks.append(f"{broken}; nothing is changed")
    breaks = [window for window in snapshot.advice.windows if window.id.startswith(BREAK)]
    marked = [window for window in snapshot.advice.windows if window not in breaks]
    for windows, why in ((marked, "hours are marked at the platform"), (breaks, "tracking was broken")):
        touched = excluded_days(windows, snapshot.entities, snapshot.days).any(axis=0)
        named = np.datetime_as_string(snapshot.days[touched]).tolist()
        if named:
            days = ", ".join(named[-_SHOWN_DAYS:])
            before = f"{len(named) - _SHOWN_DAYS} earlier days and " if len(named) > _SHOWN_DAYS else ""
            remarks.append(f"{why}: conversions of {before}{days} teach nothing")
    remarks += _below_minimum(snapshot)
    if not snapshot.maturity_learned:
        remarks.append("conversion lag is assumed: no day was seen twice yet")
    return remarks


def _below_minimum(snapshot: Snapshot) -> list[str]:
    """Budgets that a platform would refuse today: told once, for only a person may leap to its minimum."""
    least = snapshot.entities.account.min_daily_budget_micros
    column = snapshot.entities.levers.get(Lever.DAILY_BUDGET)
    if column is None:
        return []
    below = np.flatnonzero(snapshot.steerable(Lever.DAILY_BUDGET) & (column.numbers < least))
    if not below.size:
        return []
    first = ", ".join(sorted(str(snapshot.entities.ref(int(row))) for row in below)[:_SHOWN_BUDGETS])
    accepted = Money(least, snapshot.currency)
    return [
        f"daily budgets below {accepted}, the least that the platform accepts: {below.size} ({first}"
        f"{', ...' if below.size > _SHOWN_BUDGETS else ''}); where max_step does not reach up to it they are "
        "held: set them to it at the platform, or pause them"
    ]

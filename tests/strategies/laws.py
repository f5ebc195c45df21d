"""Laws: what no set of proposals may break, whatever the strategy and the account; told in words."""

from collections import Counter
from collections.abc import Iterator
from math import isfinite

import numpy as np
from every import UNIT, after

from agent.domain.lever import Lever, number_of
from agent.domain.money import Money
from agent.domain.portfolio import Limits
from agent.domain.proposal import Evidence, Interval, Proposal
from agent.domain.snapshot import Snapshot

_ROUNDING = 1e-9


def breaches(snapshot: Snapshot, proposals: list[Proposal]) -> list[str]:
    """Every law that is broken, as a sentence; empty when all hold."""
    return [
        *(f"{one.ref} {one.lever}: {fault}" for one in proposals for fault in _faults(snapshot, one)),
        *_said_twice(proposals),
        *_pot_broken(snapshot, proposals),
    ]


def _faults(snapshot: Snapshot, proposal: Proposal) -> Iterator[str]:
    """What is wrong with one proposal."""
    row = snapshot.entities.row(proposal.ref)
    if row is None or not snapshot.steerable(proposal.lever)[row]:
        yield "may not be touched"
        return
    before, to = int(snapshot.entities.levers[proposal.lever].numbers[row]), number_of(proposal.target)
    if isinstance(proposal.target, Money):
        if proposal.target.currency != snapshot.currency:
            yield f"is in {proposal.target.currency}"
        if to % UNIT or to <= 0:
            yield f"goes to {to} micros, no amount of whole cents"
    if not proposal.because or not proposal.source:
        yield "does not say why or by whom"
    if snapshot.portfolio is not None:
        if proposal.group != snapshot.portfolio.name:
            yield f"is of the group {proposal.group!r}"
        yield from _out_of_bounds(_limits(snapshot, proposal.lever), before, to)
    yield from _odd_evidence(proposal.evidence)


def _limits(snapshot: Snapshot, lever: Lever) -> Limits:
    assert snapshot.portfolio is not None
    known = {Lever.DAILY_BUDGET: snapshot.portfolio.limits, Lever.CPC_BID: snapshot.portfolio.bid_limits}
    return known.get(lever, Limits())


def _out_of_bounds(limits: Limits, before: int, to: int) -> Iterator[str]:
    """What stood inside stays inside; what stood outside comes back, as fast as the step lets it."""
    floor = 0 if limits.floor is None else limits.floor.micros
    ceiling = max(before, to) if limits.ceiling is None else limits.ceiling.micros
    if to < min(floor, before) or (before >= floor > to):
        yield f"goes from {before} to {to}, under its floor of {floor}"
    if to > max(ceiling, before) or (before <= ceiling < to):
        yield f"goes from {before} to {to}, over its ceiling of {ceiling}"
    if limits.max_step is not None and abs(to - before) > before * limits.max_step + 1:
        yield f"goes from {before} to {to}, further than {limits.max_step}"


def _odd_evidence(evidence: Evidence) -> Iterator[str]:
    for name in ("posterior", "expected_effect"):
        interval: Interval | None = getattr(evidence, name)
        if interval is None:
            continue
        figures = (interval.low, interval.mean, interval.high)
        slack = _ROUNDING * (1.0 + max(map(abs, figures)))
        if not all(map(isfinite, figures)) or interval.low > interval.high + slack:
            yield f"has the {name} {figures}"
    for name in ("maturity", "propensity"):
        share: float | None = getattr(evidence, name)
        if share is not None and not 0 <= share <= 1:
            yield f"has the {name} {share}"


def _said_twice(proposals: list[Proposal]) -> Iterator[str]:
    count = Counter((proposal.ref, proposal.lever) for proposal in proposals)
    for (ref, lever), times in count.items():
        if times > 1:
            yield f"{ref} {lever}: proposed {times} times"


def _pot_broken(snapshot: Snapshot, proposals: list[Proposal]) -> Iterator[str]:
    """Who moves a budget brings the sum under the pot, or as far down as floors and steps let it."""
    if not any(proposal.lever is Lever.DAILY_BUDGET for proposal in proposals):
        return
    budgets = snapshot.entities.levers[Lever.DAILY_BUDGET]
    status = snapshot.entities.levers[Lever.STATUS]
    delivering = budgets.present & (~status.present | (status.numbers == 1))
    movable = snapshot.steerable(Lever.DAILY_BUDGET)
    assert snapshot.portfolio is not None
    limits, pot = snapshot.portfolio.limits, snapshot.portfolio.daily_pot
    floor = UNIT if limits.floor is None else limits.floor.micros
    before = budgets.numbers
    step = before if limits.max_step is None else np.floor(before * float(limits.max_step))
    held = int(before[delivering & ~movable].sum())
    least = held + int((np.maximum(before - step, floor) + UNIT)[movable].sum())
    amount = int(before[delivering].sum()) if pot is None else pot.micros
    total = int(after(snapshot, proposals)[Lever.DAILY_BUDGET][delivering].sum())
    if total > max(amount, least):
        yield f"budgets sum to {total} where the pot is {amount} and the least {least}"

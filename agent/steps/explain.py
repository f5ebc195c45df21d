"""Explain: a plan held against the same plan drawn up once more, and the sums that bound it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.proposal import Proposal
from agent.domain.ref import Ref
from agent.domain.snapshot import Snapshot
from agent.guardrails.exposure import Reserved, exposure


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must come out the same.

    Attributes:
        then, now: In words; equal when `same`.
    """

    what: str
    same: bool
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A limit on a sum, and how far the plan used it."""

    limit: str
    because: str


def checks(then: Plan, now: Plan, decision: Decision | None) -> list[Check]:
    """What of the plan came out the same.

    Args:
        now: Drawn up once more, by today's code.
        decision: The one that is asked about; None: all of them.
    """
    found = [
        _check("data as known then", then.snapshot[:16], now.snapshot[:16]),
        _check("seed", str(then.seed), str(now.seed)),
        _check("plan", then.fingerprint[:16], now.fingerprint[:16]),
    ]
    asked = then.decisions if decision is None else (decision,)
    again = {_key(one.proposal): one for one in now.decisions}
    differing = [one for one in asked if not _same(one, again.get(_key(one.proposal)))]
    what = "decision" if len(asked) == 1 else "decisions"
    if not differing:
        return [*found, Check(what, True, "the same word for word", "the same word for word")]
    return [*found, *(_differs(what, one, again.get(_key(one.proposal))) for one in differing)]


def sums(
    snapshot: Snapshot,
    cuts: Sequence[Snapshot],
    plan: Plan,
    ref: Ref,
    *,
    reserved: Reserved,
    max_changes: int | None,
    ceiling: Money | None,
) -> list[Sum]:
    """Where the plan stands against the limits that bind all of its changes together.

    Args:
        ref: Whose portfolio is told of.
    """
    n = len(plan.changes)
    allowed = "no limit is set: none is allowed" if max_changes is None else f"{max_changes} are allowed"
    found = [Sum("max_changes_per_run", f"{n} change{'' if n == 1 else 's'}; {allowed}")]
    for cut in cuts:
        if cut.portfolio is not None and cut.entities.row(ref) is not None:
            found.append(_pot(cut, plan, reserved))
    account = snapshot.entities.account
    at_stake = exposure(plan.decisions, snapshot, reserved)
    times = Fraction(account.over_delivery)
    worst = Money(sum(map(max, at_stake.present, at_stake.after)), account.currency).times(times)
    limit = "none is set" if ceiling is None else f"the ceiling is {ceiling}"
    spent = f"at worst {worst} on a day ({float(times):g} times the budgets)"
    return [*found, Sum("account_ceiling", f"{spent}; {limit}")]


def _pot(cut: Snapshot, plan: Plan, reserved: Reserved) -> Sum:
    portfolio = cut.portfolio
    assert portfolio is not None
    inside = [one for one in plan.decisions if cut.entities.row(one.proposal.ref) is not None]
    at_stake = exposure(inside, cut, reserved)
    present = Money(sum(at_stake.present), cut.currency)
    after = Money(sum(at_stake.after), cut.currency)
    pot = portfolio.daily_pot or Money(sum(at_stake.standing), cut.currency)
    named = "" if portfolio.daily_pot is not None else ", which is what they summed to"
    text = f"budgets of {portfolio.name} sum to {present} and then to {after}; the pot is {pot}{named}"
    return Sum("daily_pot", text)


def _key(proposal: Proposal) -> tuple[object, ...]:
    """Which wish it is: no decider wishes for a lever twice."""
    return (proposal.ref, proposal.lever, proposal.source)


def _check(what: str, then: str, now: str) -> Check:
    return Check(what, then == now, then, now)


def _same(then: Decision, now: Decision | None) -> bool:
    """Whether it came out the same; older plans did not write down where a lever stood a day before."""
    if now is not None and then.anchor is None and not then.portfolio:
        now = replace(now, anchor=None, portfolio="")
    return then == now


def _differs(what: str, then: Decision, now: Decision | None) -> Check:
    if now is None:
        return Check(what, False, _outcome(then), "nobody wished for it")
    parts = [
        f"{name}: {before} and now {after}"
        for name, before, after in (
            ("wished", then.proposal.target, now.proposal.target),
            ("changed", _to(then.change), _to(now.change)),
            ("reason", then.proposal.because, now.proposal.because),
            ("guardrails", _words(then), _words(now)),
            ("heard", not then.not_heard, not now.not_heard),
        )
        if before != after
    ]
    return Check(what, False, _outcome(then), "; ".join(parts) or "other evidence")


def _outcome(decision: Decision) -> str:
    return f"{decision.proposal.ref} {decision.proposal.lever} to {_to(decision.change)}"


def _to(change: Change | None) -> str:
    return "nothing" if change is None else str(change.after)


def _words(decision: Decision) -> str:
    return ", ".join(word.guardrail for word in decision.words) or "none objected"

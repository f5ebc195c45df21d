"""Guards: whatever is wished for, the guard keeps each limit, by arithmetic that is not its own."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from agent.config.guardrails import MoneyLimits, RatioLimits, StatusLimits
from agent.domain.lever import Lever, Ratio, Status, number_of
from agent.domain.money import Money
from agent.domain.plan import Change, Decision, Plan
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Deny
from agent.steps.guard import guard, recheck
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.volume import Notes, Volume
from simulations.chaos.wishing import NOW, Case, case

CEILING = "no account may spend more than its ceiling, at over-delivery and with all in flight"
POT = "no portfolio's budgets rise above its pot"
LIMITS = "each change keeps floor, ceiling, step and seven-day cap of its lever, exactly"
BETWEEN = "a change ends between what stands and what was wished for"
SENSIBLE = "a change is in the account's money, in whole steps, above zero, and of nothing that is locked"
IN_FLIGHT = "a lever rests while its last change may still land"
CUTS = "sums never deny a cut"
RUN = "a run changes no more than it may"
ORDER = "the order of wishes decides nothing"
AGAIN = "what was let through is let through again"
ABSENT = "a limit that is not set denies"
_ORDERS = 4
"""One plan in so many is judged in another order, too."""
_SUMS = ("daily_pot", "account_ceiling")


def trial(seed: int, notes: Notes) -> None:
    """One plan through the guard."""
    rng = chance(seed)
    drawn = case(rng)
    decisions = guard(drawn.snapshot, drawn.cuts, drawn.proposals, drawn.fence, drawn.reserved)
    judge(drawn, decisions, notes)
    if seed % _ORDERS == 0:
        shuffled = list(drawn.proposals)
        rng.shuffle(shuffled)
        again = guard(drawn.snapshot, drawn.cuts, shuffled, drawn.fence, drawn.reserved)
        notes.check(ORDER, _changes(again) == _changes(decisions))
    held = _rechecked(drawn, decisions)
    notes.check(AGAIN, not held, held)
    notes.count("changes let through", len(_changes(decisions)))
    notes.count("wishes", len(decisions))


def judge(drawn: Case, decisions: Sequence[Decision], notes: Notes) -> None:
    """Note which limits these decisions keep."""
    snapshot = drawn.snapshot
    changes = [decision.change for decision in decisions if decision.change is not None]
    for decision in decisions:
        notes.tell(partial(_told, decision))
        if decision.change is not None:
            _one(drawn, decision, decision.change, notes)
        if _is_cut(decision, snapshot):
            barred = [w for w in decision.words if w.guardrail in _SUMS and isinstance(w.verdict, Deny)]
            notes.check(CUTS, not barred, barred)
    raises = [change for change in changes if _raises(change)]
    _ceiling(drawn, changes, raises, notes)
    for cut in drawn.cuts:
        _pot(drawn, cut, changes, notes)
    most = (drawn.limits.max_changes_per_run, drawn.limits.max_changes_per_hour)
    notes.check(RUN, not changes or all(one is not None and len(changes) <= one for one in most))
    share = drawn.limits.max_share_of_entities_per_run
    touched = len({change.ref for change in changes})
    delivering = sum(
        snapshot.number(snapshot.entities.ref(row), Lever.STATUS) == 1 for row in range(len(snapshot))
    )
    notes.check(RUN, not changes or (share is not None and touched <= max(1, int(share * delivering))))


def _told(decision: Decision) -> str:
    wish, change = decision.proposal, decision.change
    became = "nothing" if change is None else f"changes to {change.after}"
    said = f"{wish.ref} {wish.lever} stands at {decision.before}, wished {wish.target}"
    return f"{said}: {became} {decision.words}"


def _one(drawn: Case, decision: Decision, change: Change, notes: Notes) -> None:
    snapshot, lever, table = drawn.snapshot, change.lever, drawn.limits.of(change.lever)
    before, after = number_of(change.before), number_of(change.after)
    wished = number_of(decision.proposal.target)
    notes.check(BETWEEN, min(before, wished) <= after <= max(before, wished) and after != before)
    notes.check(BETWEEN, before == snapshot.number(change.ref, lever))
    account = snapshot.entities.account
    row = snapshot.entities.row(change.ref)
    sensible = row is not None and not snapshot.entities.locked[row]
    if isinstance(change.after, Money):
        sensible &= (
            change.after.currency == account.currency and after % account.unit_micros == 0 and after > 0
        )
    notes.check(SENSIBLE, sensible, change)
    notes.check(IN_FLIGHT, (change.ref, lever) not in drawn.reserved)
    notes.check(ABSENT, table is not None and table.cooldown is not None, change)
    if isinstance(table, StatusLimits):
        notes.check(LIMITS, change.after in table.allowed, change)
    elif table is not None:
        baseline = int(snapshot.memory[lever].baseline[row]) if row is not None else 0
        notes.check(LIMITS, _within(table, before, after, baseline), (change, baseline))


def _within(table: MoneyLimits | RatioLimits, before: int, after: int, baseline: int) -> bool:
    """By exact fractions; a lever that stands beyond a bound may only move towards it."""
    floor, ceiling, step, cap = table.floor, table.ceiling, table.max_step, table.max_change_7d
    if floor is None or ceiling is None or step is None or cap is None:
        return False
    lowest, highest = _number(floor), _number(ceiling)
    if Fraction(abs(after - before), before) > step:
        return False
    if after > before:
        return after <= highest and after <= baseline * (1 + cap)
    return after >= lowest and after >= baseline * (1 - cap)


def _number(bound: Money | Ratio) -> int:
    return bound.micros if isinstance(bound, Money) else bound.millionths


def _is_cut(decision: Decision, snapshot: Snapshot) -> bool:
    lever, before = decision.proposal.lever, snapshot.number(decision.proposal.ref, decision.proposal.lever)
    if before is None or lever not in (Lever.DAILY_BUDGET, Lever.STATUS):
        return False
    return number_of(decision.proposal.target) < before


def _raises(change: Change) -> bool:
    if change.lever is Lever.STATUS:
        return change.after is Status.ENABLED
    return change.lever is Lever.DAILY_BUDGET and number_of(change.after) > number_of(change.before)


def _ceiling(drawn: Case, changes: Sequence[Change], raises: Sequence[Change], notes: Notes) -> None:
    """If anything rises: the worst of each entity, cuts not counted on."""
    if not raises:
        return
    ceiling = drawn.limits.account_ceiling
    if ceiling is None:
        notes.check(CEILING, False, "no ceiling is set")
        return
    worst = sum(_worst(drawn, row, changes) for row in range(len(drawn.snapshot)))
    times = Fraction(drawn.snapshot.entities.account.over_delivery)
    notes.check(CEILING, worst * times <= ceiling.micros, (worst, times, ceiling))


def _worst(drawn: Case, row: int, changes: Sequence[Change]) -> int:
    """The most an entity's budget may come to be while these changes land, in any order or not at all."""
    ref = drawn.snapshot.entities.ref(row)

    def most(lever: Lever, otherwise: int) -> int:
        stands = drawn.snapshot.number(ref, lever)
        targets = [number_of(one.after) for one in changes if (one.ref, one.lever) == (ref, lever)]
        return max(otherwise if stands is None else stands, drawn.reserved.get((ref, lever), 0), *targets, 0)

    return most(Lever.DAILY_BUDGET, 0) * most(Lever.STATUS, 1)


def _pot(drawn: Case, cut: Snapshot, changes: Sequence[Change], notes: Notes) -> None:
    refs = {cut.entities.ref(row) for row in range(len(cut))}
    inside = [change for change in changes if change.ref in refs]
    if cut.portfolio is None or not any(_raises(change) for change in inside):
        return
    wanted = {(change.ref, change.lever): number_of(change.after) for change in inside}
    standing = after = 0
    for ref in refs:
        budget, status = cut.number(ref, Lever.DAILY_BUDGET) or 0, cut.number(ref, Lever.STATUS)
        on = 1 if status is None else status
        standing += budget * on
        flying = (
            drawn.reserved.get((ref, Lever.DAILY_BUDGET), 0),
            drawn.reserved.get((ref, Lever.STATUS), 0),
        )
        after += max(wanted.get((ref, Lever.DAILY_BUDGET), budget), flying[0]) * max(
            wanted.get((ref, Lever.STATUS), on), flying[1]
        )
    pot = standing if cut.portfolio.daily_pot is None else cut.portfolio.daily_pot.micros
    notes.check(POT, after <= pot, (after, pot))


def _changes(decisions: Sequence[Decision]) -> list[str]:
    return sorted(str(decision.change) for decision in decisions if decision.change is not None)


def _rechecked(drawn: Case, decisions: Sequence[Decision]) -> dict[str, str]:
    """Why any of these changes would be held back if all were approved and carried out at once."""
    plan = Plan(drawn.snapshot.entities.account.id, NOW, NOW, "p", "s", 1, tuple(decisions))
    if not plan.changes:
        return {}
    return recheck(
        drawn.snapshot,
        drawn.cuts,
        plan.changes,
        record=PlanRecord.fresh(plan),
        fence=drawn.fence,
        reserved=drawn.reserved,
    )


GUARDS = Volume("guards", trial, per_task=500)

"""Guard: let every guardrail judge every wish, then settle the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Change, Decision
from agent.domain.proposal import Proposal, Purpose
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.domain.verdict import Clamp, Deny, Word
from agent.guardrails.exposure import Reserved, exposure
from agent.guardrails.in_flight import InFlight
from agent.guardrails.judge import hear, judge
from agent.guardrails.learning_phase import LearningPhase
from agent.guardrails.pot import AccountCeiling, PortfolioPot
from agent.guardrails.run_limits import ChangesPerHour, ChangesPerRun, ShareOfEntities, ShareOfSpend
from agent.guardrails.settle import settle
from agent.ports.deciding import Balance, Guardrail

BALANCES = frozenset(
    {one.name for one in (ChangesPerRun, ChangesPerHour, ShareOfEntities, ShareOfSpend, PortfolioPot)}
    | {AccountCeiling.name, "settle"}
)
"""Who has a word when sums are settled."""


@dataclass(frozen=True, slots=True)
class Fence:
    """All guardrails of an account: those for each proposal, in order, and the limits of a run.

    A limit that is None denies.

    Attributes:
        guardrails: Asked of each wish to steer.
        max_changes_per_hour: Of the account, those counted that were sent before.
        max_share_of_spend: Of the account, that a run touches.
        for_undo: Those among them that are asked of a wish to take back what gebot did; None: all.
    """

    guardrails: tuple[Guardrail, ...]
    max_changes: int | None
    max_share_of_entities: Fraction | None
    account_ceiling: Money | None
    max_changes_per_hour: int | None = None
    max_share_of_spend: Fraction | None = None
    for_undo: tuple[Guardrail, ...] | None = None


def guard(
    snapshot: Snapshot,
    cuts: Sequence[Snapshot],
    proposals: Sequence[Proposal],
    fence: Fence,
    reserved: Reserved,
) -> list[Decision]:
    """Judge each proposal alone, then all of them together.

    Pure: the same input gets the same decisions.

    A pot of what the budgets add up to says that nobody may add to them: it does not bind wishes
    to take back, which return to what was. A pot that is named binds them too.

    Args:
        snapshot: The whole account.
        cuts: The same, cut to each portfolio: its pot counts all of them, decided on or not.
        reserved: Targets in flight; they count where they ask for more, and their levers rest.

    Returns:
        One decision for each proposal, in order.
    """
    steers = any(one.purpose is Purpose.STEER for one in proposals)
    balances: list[Balance] = [
        ChangesPerRun(fence.max_changes),
        ChangesPerHour(fence.max_changes_per_hour, snapshot.sent_last_hour),
        ShareOfEntities(fence.max_share_of_entities),
        ShareOfSpend(fence.max_share_of_spend),
        *(_pot(cut, reserved) for cut in cuts if _has_pot(cut, named=not steers)),
        AccountCeiling(fence.account_ceiling, reserved),
    ]
    asked = _asked(snapshot, cuts, fence, reserved)
    decisions = [decision for one in proposals for decision in judge([one], snapshot, asked[one.purpose])]
    return settle(decisions, snapshot, balances)


def said(
    snapshot: Snapshot, cuts: Sequence[Snapshot], proposal: Proposal, fence: Fence, reserved: Reserved
) -> tuple[Word, ...]:
    """What every guardrail says of one wish, passes too, before sums are settled; as `guard` asks them."""
    return hear(proposal, snapshot, _asked(snapshot, cuts, fence, reserved)[proposal.purpose])


def recheck(
    snapshot: Snapshot,
    cuts: Sequence[Snapshot],
    changes: Sequence[Change],
    *,
    record: PlanRecord,
    fence: Fence,
    reserved: Reserved,
) -> dict[str, str]:
    """Judge approved changes once more on what is known now, and on the evidence of their plan.

    Args:
        record: The plan that the changes are from.

    Returns:
        By change id, why it may no longer go as it was approved; a clamp counts, since
        nobody approved the clamped value. Changes that may go are left out.
    """
    wished = {
        decision.change.id: decision.proposal
        for decision in record.plan.decisions
        if decision.change is not None
    }
    wishes = [replace(wished[one.id], target=one.after) for one in changes]
    decisions = guard(snapshot, cuts, wishes, fence, reserved)
    held_back = {}
    for change, decision in zip(changes, decisions, strict=True):
        reasons = [
            f"{word.guardrail}: {word.verdict.because}"
            for word in decision.words
            if isinstance(word.verdict, Clamp | Deny)
        ]
        if reasons:
            held_back[change.id] = "; ".join(reasons)
    return held_back


def with_opening_pot(cut: Snapshot, record: PlanRecord) -> Snapshot:
    """Where a pot is "what the budgets sum to", mean what they summed to before this plan.

    Its own cuts and pauses are carried out first and must not shrink the pot for its raises.
    """
    portfolio = cut.portfolio
    if portfolio is None or portfolio.daily_pot is not None or record.plan.takes_back:
        return cut
    undone = [_undoing(item.change) for item in record.changes.values() if item.state is State.APPLIED]
    opening = sum(exposure(undone, cut, {}).after)
    if opening <= 0:
        return cut
    return replace(cut, portfolio=replace(portfolio, daily_pot=Money(opening, cut.currency)))


def _knowing_pots(fence: Fence, snapshot: Snapshot, cuts: Sequence[Snapshot]) -> Fence:
    """Tell the learning phase whose budgets must fall: their pot or the account's ceiling is exceeded."""
    if not snapshot.entities.learning.any():
        return fence
    over = {ref for cut in cuts if _exceeds_its_pot(cut) for ref in map(cut.entities.ref, range(len(cut)))}
    if fence.account_ceiling is not None:
        worst = sum(exposure((), snapshot, {}).standing) * Fraction(snapshot.entities.account.over_delivery)
        if worst > fence.account_ceiling.micros:
            over |= set(map(snapshot.entities.ref, range(len(snapshot))))
    told = tuple(
        replace(one, over_pot=frozenset(over)) if isinstance(one, LearningPhase) else one
        for one in fence.guardrails
    )
    return replace(fence, guardrails=told)


def _exceeds_its_pot(cut: Snapshot) -> bool:
    pot = None if cut.portfolio is None else cut.portfolio.daily_pot
    return pot is not None and sum(exposure((), cut, {}).standing) > pot.micros


def _asked(
    snapshot: Snapshot, cuts: Sequence[Snapshot], fence: Fence, reserved: Reserved
) -> Mapping[Purpose, Sequence[Guardrail]]:
    """The guardrails of each purpose, in order."""
    always = InFlight(reserved)
    fence = _knowing_pots(fence, snapshot, cuts)
    of_undo = fence.guardrails if fence.for_undo is None else fence.for_undo
    return {Purpose.STEER: (always, *fence.guardrails), Purpose.UNDO: (always, *of_undo)}


def _has_pot(cut: Snapshot, *, named: bool) -> bool:
    return cut.portfolio is not None and (cut.portfolio.daily_pot is not None or not named)


def _undoing(change: Change) -> Decision:
    back = change.inverse()
    return Decision(Proposal(back.ref, back.lever, back.after, "undo", "undo"), back.before, (), back)


def _pot(cut: Snapshot, reserved: Reserved) -> PortfolioPot:
    assert cut.portfolio is not None
    members = frozenset(cut.entities.ref(row) for row in range(len(cut)))
    return PortfolioPot(cut.portfolio.daily_pot, cut.portfolio.name, members, reserved)

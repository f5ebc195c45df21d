"""Tier: which changes several people must look at, or certain people, and who those are."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from agent.domain.lever import Lever, Value, number_of
from agent.domain.money import Money
from agent.domain.plan import Change, Decision


@dataclass(frozen=True, slots=True)
class Tier:
    """Changes that are let through by so many different people, and by nobody else.

    A change is in the tier when its lever and its portfolio are named (or none is) and it is large
    in any measure that is written. How large it is is measured twice, from where the lever stands
    and from where it stood a day ago (`Decision.anchor`), and the larger of the two counts: ten
    steps of +10 % are one big one. What no written measure fits, such as the pause of a campaign,
    is large.

    Attributes:
        above: In the tier is what moves by a larger share.
        above_amount: In the tier is what moves by more money; of a daily budget, a day.
        levers, portfolios: Empty: all.
        by: Who may approve; empty: everybody who may decide at all.
        escalate_after: From so long after the plan was drawn up on, `escalate_to` may approve too.
    """

    name: str
    approvals: int = 1
    above: Fraction | None = None
    above_amount: Money | None = None
    levers: frozenset[Lever] = frozenset()
    portfolios: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    escalate_after: timedelta | None = None
    escalate_to: frozenset[str] = frozenset()

    def covers(self, decision: Decision) -> bool:
        """Whether the change of this decision is in the tier; False where it has none."""
        change = decision.change
        if change is None or (self.levers and change.lever not in self.levers):
            return False
        if self.portfolios and decision.portfolio not in self.portfolios:
            return False
        if self.above is None and self.above_amount is None:
            return True
        found = [self._by_share(change, decision.anchor), self._by_amount(change, decision.anchor)]
        measured = [large for large in found if large is not None]
        return any(measured) if measured else True

    def _by_share(self, change: Change, anchor: Value | None) -> bool | None:
        """None: no share is asked for, or a switch has none."""
        if self.above is None or change.lever.is_switch:
            return None
        share = share_moved(change, anchor)
        return share is None or share > self.above

    def _by_amount(self, change: Change, anchor: Value | None) -> bool | None:
        """None: no amount is asked for, or the lever is not money."""
        if self.above_amount is None or not isinstance(change.after, Money):
            return None
        if change.after.currency != self.above_amount.currency:
            return True  # nobody can tell, so it is asked for
        return number_moved(change, anchor) > self.above_amount.micros


def share_moved(change: Change, anchor: Value | None) -> Fraction | None:
    """By what share a lever moves, from where it stands or stood a day ago, whichever is more.

    None where no share can be told: the lever stands or stood at nothing.
    """
    after = number_of(change.after)
    shares = []
    for number in _from(change, anchor):
        if number <= 0:
            return None
        shares.append(Fraction(abs(after - number), number))
    return max(shares)


def number_moved(change: Change, anchor: Value | None) -> int:
    """By how much a lever moves, as a number of its column, measured in the same way."""
    return max(abs(number_of(change.after) - number) for number in _from(change, anchor))


def _from(change: Change, anchor: Value | None) -> list[int]:
    return [number_of(change.before)] + ([] if anchor is None else [number_of(anchor)])

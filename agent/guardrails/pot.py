"""Pot: what a portfolio's or an account's daily budgets may add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from agent.domain.money import Money
from agent.domain.plan import Decision
from agent.domain.ref import Ref
from agent.domain.snapshot import Snapshot
from agent.guardrails.exposure import Exposure, Reserved, at_the_days_highest, exposure, lowered, raises


@dataclass(frozen=True, slots=True)
class PortfolioPot:
    """The daily budgets of a portfolio add up to its pot at most.

    A step limit on each change does not keep a sum: wishes of 10/60/60/60/60 from 50 each
    come out of a 20 % step limit as 280 of 250.

    Attributes:
        pot: None means what the budgets add up to as they stand.
        portfolio: Its name, for the reason.
        members: Its entities; None when the snapshot holds no others.
        reserved: Targets in flight, counted where they ask for more.
    """

    name: ClassVar[str] = "daily_pot"
    pot: Money | None
    portfolio: str = ""
    members: frozenset[Ref] | None = None
    reserved: Reserved = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.pot is not None and self.pot.micros <= 0:
            raise ValueError(f"daily_pot was {self.pot}, money above zero is right")

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        """Lower raises in proportion until the sum fits; deny them all if even today's sum does not.

        The snapshot holds every entity of the portfolio, decided on or not.
        """
        inside = [decision for decision in decisions if self._has(decision.proposal.ref)]
        at_stake = self._within(exposure(inside, snapshot, self.reserved), snapshot)
        if self.pot is None:
            pot = Money(sum(at_stake.standing), snapshot.currency)
        elif self.pot.currency != snapshot.currency:
            because = f"{self._whose} is {self.pot}, but the account's money is {snapshot.currency}"
            return self._merged(
                decisions, lowered(inside, snapshot, at_stake, room=0, name=self.name, because=because)
            )
        else:
            pot = self.pot
        present, after = sum(at_stake.present), sum(at_stake.after)
        if after <= pot.micros:
            return decisions
        room = pot.micros - sum(map(min, at_stake.present, at_stake.after)) if present <= pot.micros else 0
        because = self._words(pot, at_stake, snapshot)
        return self._merged(
            decisions, lowered(inside, snapshot, at_stake, room=room, name=self.name, because=because)
        )

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str:
        """Its numbers."""
        inside = [decision for decision in decisions if self._has(decision.proposal.ref)]
        at_stake = self._within(exposure(inside, snapshot, self.reserved), snapshot)
        pot = Money(sum(at_stake.standing), snapshot.currency) if self.pot is None else self.pot
        return self._words(pot, at_stake, snapshot)

    def _words(self, pot: Money, at_stake: Exposure, snapshot: Snapshot) -> str:
        present, after = (Money(sum(sums), snapshot.currency) for sums in (at_stake.present, at_stake.after))
        return f"{self._whose} is {pot} a day; its budgets are worth {present} and would be worth {after}"

    @property
    def _whose(self) -> str:
        return f"the pot of {self.portfolio}" if self.portfolio else "the pot"

    def _has(self, ref: Ref) -> bool:
        return self.members is None or ref in self.members

    def _within(self, at_stake: Exposure, snapshot: Snapshot) -> Exposure:
        """The exposure of members alone."""
        if self.members is None:
            return at_stake
        rows = {snapshot.entities.row(ref) for ref in self.members}
        return Exposure(
            *(
                [number if row in rows else 0 for row, number in enumerate(column)]
                for column in (at_stake.standing, at_stake.present, at_stake.after)
            )
        )

    def _merged(self, decisions: Sequence[Decision], inside: Sequence[Decision]) -> list[Decision]:
        """Put settled decisions back among those of other portfolios, in the order they came in."""
        settled = iter(inside)
        return [next(settled) if self._has(decision.proposal.ref) else decision for decision in decisions]


@dataclass(frozen=True, slots=True)
class AccountCeiling:
    """An account cannot spend more than this on a day, at the platform's worst.

    The worst case is that every raise is carried out and every cut is not, at the highest budgets
    of the day, times the account's over-delivery. Cuts always pass.

    Attributes:
        ceiling: None denies every raise of a daily budget and every start.
        reserved: Targets in flight, counted where they ask for more.
    """

    name: ClassVar[str] = "account_ceiling"
    ceiling: Money | None
    reserved: Reserved = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.ceiling is not None and self.ceiling.micros <= 0:
            raise ValueError(f"account_ceiling was {self.ceiling}, money above zero is right")

    def settle(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Sequence[Decision]:
        """Lower raises in proportion until the worst case fits; the snapshot is the whole account's."""
        account = snapshot.entities.account
        at_stake = self._at_worst(decisions, snapshot)
        if self.ceiling is None or self.ceiling.currency != account.currency:
            because = (
                "no account_ceiling is set"
                if self.ceiling is None
                else f"the account_ceiling is {self.ceiling}, but the account's money is {account.currency}"
            )
            return lowered(decisions, snapshot, at_stake, room=0, name=self.name, because=because)
        times = Fraction(account.over_delivery)
        most = self.ceiling.micros * times.denominator // times.numerator
        worst = sum(map(max, at_stake.present, at_stake.after))
        if worst <= most:
            return decisions
        because = self.said(decisions, snapshot)
        room = most - sum(at_stake.present)
        return lowered(decisions, snapshot, at_stake, room=room, name=self.name, because=because)

    def said(self, decisions: Sequence[Decision], snapshot: Snapshot) -> str:
        """Its numbers."""
        at_stake = self._at_worst(decisions, snapshot)
        times = Fraction(snapshot.entities.account.over_delivery)
        worst = Money(sum(map(max, at_stake.present, at_stake.after)), snapshot.currency).times(times)
        return (
            f"at worst the platform would spend {worst} on a day ({float(times):g} times the highest "
            f"budgets of the day); the account_ceiling is {self.ceiling}"
        )

    def _at_worst(self, decisions: Sequence[Decision], snapshot: Snapshot) -> Exposure:
        """As if raises and starts alone were carried out: cuts and pauses may fail."""
        raising = [one for one in decisions if one.change is not None and raises(one.change)]
        return at_the_days_highest(exposure(raising, snapshot, self.reserved), snapshot)

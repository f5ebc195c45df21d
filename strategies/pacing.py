"""Pacing: keep a portfolio's month within its budget, by its daily budgets or by pausing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from agent.domain.lever import Lever
from agent.domain.money import MICROS
from agent.domain.month.pot import MonthOutlook, month_outlook
from agent.domain.proposal import Evidence, Figure, Interval, Proposal
from agent.domain.snapshot import Snapshot
from strategies.budgets.fit import settle
from strategies.budgets.options import require_word
from strategies.budgets.pot import open_pot
from strategies.budgets.proposals import budget_proposals
from strategies.pace.stop import pauses, restart

SHARE = ("scale", "leave")
STOP = ("budgets", "pause")


@dataclass(frozen=True, slots=True)
class Pacing:
    """Scale the daily budgets to today's pot of the portfolio's month budget, and stop when it is used up.

    Silent without a month budget, and while today's pot is near enough to what stands. The pot
    itself is made for every decider of the portfolio, so another one may share it.

    Attributes:
        share: "scale" moves all daily budgets by one factor; "leave" leaves today's pot to the
            deciders beside it, and only stops and resumes, so it needs `stop` "pause".
        stop: Once the month is used up: "budgets" brings daily budgets as low as their limits
            let it, "pause" pauses everything until the next month. Pausing needs the lever
            status in the guardrails.
    """

    name: str
    share: str = "scale"
    stop: str = "budgets"

    def __post_init__(self) -> None:
        require_word("share", self.share, SHARE)
        require_word("stop", self.stop, STOP)
        if self.share == "leave" and self.stop != "pause":
            raise ValueError(
                f"share was 'leave' with stop = {self.stop!r}, which would never propose anything, "
                "stop = 'pause' is right"
            )

    @property
    def levers(self) -> tuple[Lever, ...]:
        """What it may propose, given its options."""
        scales = (Lever.DAILY_BUDGET,) if self.share == "scale" or self.stop == "budgets" else ()
        return (*scales, Lever.STATUS) if self.stop == "pause" else scales

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        outlook = month_outlook(snapshot)
        portfolio = snapshot.portfolio
        if outlook is None or portfolio is None:
            return
        because, evidence = outlook.sentence(), _evidence(outlook)
        if self.stop == "pause" and outlook.used_up:
            yield from pauses(snapshot, outlook, source=self.name, evidence=evidence)
            return
        if self.stop == "pause":
            again = restart(snapshot, outlook, source=self.name, evidence=evidence)
            yield from again.proposals
            if again.proposals or not again.complete:
                return  # who waits needs the room
        if self.share == "scale" and not outlook.is_near_enough:
            yield from self._scaled(
                replace(snapshot, portfolio=replace(portfolio, daily_pot=outlook.pot)), because, evidence
            )

    def _scaled(self, snapshot: Snapshot, because: str, evidence: Evidence) -> Iterator[Proposal]:
        pot = open_pot(snapshot)
        wishes = np.maximum(pot.present, pot.unit).astype(np.float64)
        budgets = settle(pot, wishes, fill=True, min_change=0.0)
        yield from budget_proposals(
            snapshot,
            pot,
            budgets,
            source=self.name,
            because=lambda position: because,
            evidence=lambda position: evidence,
        )


def _evidence(outlook: MonthOutlook) -> Evidence:
    """The month as figures, the same for every budget of it."""
    amount, as_is = outlook.budget.amount, outlook.as_is
    money = {
        "spent this month": outlook.spent,
        "planned by now": outlook.planned,
        "needed today": outlook.needed,
        "today's pot": outlook.pot.micros,
    }
    return Evidence(
        figures=(
            Figure("month budget", str(amount)),
            *(Figure(name, f"{micros / MICROS:,.2f} {amount.currency}") for name, micros in money.items()),
            Figure("plan", str(outlook.budget.plan)),
            Figure("days left", f"{outlook.left_days} of {outlook.month_days}"),
        ),
        posterior_of=f"cost of the month with budgets as they are in {amount.currency}",
        posterior=Interval(as_is.mean / MICROS, as_is.low / MICROS, as_is.high / MICROS),
    )

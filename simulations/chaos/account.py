"""The account of every schedule: three campaigns under a tight pot, and a decider that shifts money."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import cast

import numpy as np
from numpy.random import Generator

from agent.config.accounts import Schedule
from agent.domain.lever import Lever
from agent.domain.metrics import MetricsTable
from agent.domain.money import Money
from agent.domain.points import Point
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.snapshot import Snapshot
from agent.guardrails.permission import LeverAllowed
from agent.guardrails.range import Ceiling, Floor
from agent.guardrails.sane import Sane
from agent.guardrails.step import MaxStep
from agent.parts import Parts
from agent.ports.clock import Clock
from agent.ports.ledger import Ledger
from agent.ports.platform import Adapter
from agent.steps.approve import Everyone
from agent.steps.decide import Decider, Desk, Membership
from agent.steps.guard import Fence
from simulations.chaos.fates import GRACE
from simulations.chaos.platform import ACCOUNT, OPENING

POT = sum(OPENING)
CEILING = int(POT * ACCOUNT.over_delivery * 1.1)
"""What the platform may spend on a day at worst: little more than the pot."""
SCHEDULE = Schedule(observe_every=timedelta(hours=24))
EXPIRES_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shifting:
    """Takes from one campaign what it gives to another; which and how much is drawn."""

    name: str = "shifting"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        table = snapshot.entities
        column = table.levers[Lever.DAILY_BUDGET].numbers.tolist()
        first = int(rng.integers(len(column)))
        share = 5 + int(rng.integers(25))
        giver, taker = first, (first + 1) % len(column)
        moved = column[giver] * share // 100 // ACCOUNT.unit_micros * ACCOUNT.unit_micros
        for row, number in ((giver, column[giver] - moved), (taker, column[taker] + moved)):
            yield Proposal(
                table.ref(row), Lever.DAILY_BUDGET, Money(number, "EUR"), "for a change", self.name
            )


def no_metrics(since: np.datetime64, until: np.datetime64) -> MetricsTable:
    """Days on which nothing was spent."""
    return MetricsTable(
        since=since,
        until=until,
        partial_since=until,
        kinds=_NO_WORDS,
        ids=_NO_WORDS,
        days=_NO_DAYS,
        cost_micros=_NO_NUMBERS,
        impressions=_NO_NUMBERS,
        clicks=_NO_NUMBERS,
        conversions=_NO_FIGURES,
        conversion_value_micros=_NO_NUMBERS,
        search_impression_share=_NO_FIGURES,
        search_budget_lost_impression_share=_NO_FIGURES,
        search_rank_lost_impression_share=_NO_FIGURES,
    )


def parts(
    adapter: Adapter,
    ledger: object,
    clock: Clock,
    *,
    seed: int,
    check_stop: Callable[[], None],
    reached: Callable[[Point], None],
) -> Parts:
    """All that the product's cycle needs; as in mode auto, what passes the guard goes at once."""
    return Parts(
        account=ACCOUNT.id,
        reader=adapter,
        writer=adapter,
        ledger=cast(Ledger, ledger),
        clock=clock,
        desks=_DESKS,
        fence=_FENCE,
        approver=Everyone(),
        policy="chaos",
        seed=seed,
        history_days=2,
        reread_days=1,
        max_age=timedelta(hours=36),
        expires_after=EXPIRES_AFTER,
        grace=GRACE,
        check_stop=check_stop,
        reached=reached,
    )


_NO_WORDS = np.empty(0, dtype=np.str_)
_NO_DAYS = np.empty(0, dtype="datetime64[D]")
_NO_NUMBERS = np.empty(0, dtype=np.int64)
_NO_FIGURES = np.empty(0, dtype=np.float64)

_DESKS = (
    Desk(Portfolio("all", Goal.VALUE, Money(POT, "EUR")), Membership(), (Decider("shifting", Shifting()),)),
)
_FENCE = Fence(
    (
        Sane(),
        LeverAllowed(frozenset({Lever.DAILY_BUDGET})),
        MaxStep(Lever.DAILY_BUDGET, Fraction(1, 2)),
        Floor(Lever.DAILY_BUDGET, Money.of("1", "EUR")),
        Ceiling(Lever.DAILY_BUDGET, Money(POT, "EUR")),
    ),
    50,
    Fraction(1),
    Money(CEILING, "EUR"),
    max_changes_per_hour=100_000,
    max_share_of_spend=Fraction(1),
)

"""The account of every schedule: campaigns under a tight pot, and a decider that shifts money."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from typing import NamedTuple, cast

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
from simulations.chaos.platform import ACCOUNT
from simulations.chaos.shape import THREE, Shape

SCHEDULE = Schedule(observe_every=timedelta(hours=24))
EXPIRES_AFTER = timedelta(minutes=90)
"""Short, so that a process which slept, or a stop, outlasts a plan now and then."""
_STEPS = 5_000_000


class _Limits(NamedTuple):
    desk: Desk
    fence: Fence


@dataclass(frozen=True, slots=True)
class Shifting:
    """Takes from one campaign what it gives to another that has less; which and how much is drawn.

    Mostly whole steps of 5 EUR, so that one value comes again and again: then a change can be taken
    for another one.

    Attributes:
        moves: How often at most; in three of four plans, as long as there are two campaigns for each.
    """

    moves: int
    name: str = "shifting"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        table = snapshot.entities
        column = table.levers[Lever.DAILY_BUDGET].numbers.tolist()
        rows = rng.permutation(len(column)).tolist()
        most = min(self.moves, len(rows) // 2)
        moves = most if rng.integers(4) else 1 + int(rng.integers(most))
        for one, other in zip(rows[:moves], rows[moves : 2 * moves], strict=True):
            giver, taker = (one, other) if column[one] >= column[other] else (other, one)
            steps = (1 + int(rng.integers(3))) * _STEPS
            share = column[giver] * (5 + int(rng.integers(25))) // 100
            moved = share if steps > column[giver] // 2 or not rng.integers(4) else steps
            moved = moved // ACCOUNT.unit_micros * ACCOUNT.unit_micros
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
    shape: Shape = THREE,
) -> Parts:
    """All that the product's cycle needs; as in mode auto, what passes the guard goes at once."""
    desk, fence = _limits(shape)
    return Parts(
        account=ACCOUNT.id,
        reader=adapter,
        writer=adapter,
        ledger=cast(Ledger, ledger),
        clock=clock,
        desks=(desk,),
        fence=fence,
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


@cache
def _limits(shape: Shape) -> _Limits:
    pot = Money(shape.pot, "EUR")
    return _Limits(
        Desk(Portfolio("all", Goal.VALUE, pot), Membership(), (Decider("shifting", Shifting(shape.moves)),)),
        Fence(
            (
                Sane(),
                LeverAllowed(frozenset({Lever.DAILY_BUDGET})),
                MaxStep(Lever.DAILY_BUDGET, Fraction(1, 2)),
                Floor(Lever.DAILY_BUDGET, Money.of("1", "EUR")),
                Ceiling(Lever.DAILY_BUDGET, pot),
            ),
            max(50, len(shape.campaigns)),
            Fraction(1),
            Money(shape.ceiling, "EUR"),
            max_changes_per_hour=100_000,
            max_share_of_spend=Fraction(1),
        ),
    )


_NO_WORDS = np.empty(0, dtype=np.str_)
_NO_DAYS = np.empty(0, dtype="datetime64[D]")
_NO_NUMBERS = np.empty(0, dtype=np.int64)
_NO_FIGURES = np.empty(0, dtype=np.float64)

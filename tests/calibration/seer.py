"""Seer: a decider that knows the market up to a doubt, and may boast of knowing it better."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from live import START, Live, fence, live
from numpy.random import Generator

from agent import cycle
from agent.clock import SteppedClock
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.plan import Plan
from agent.domain.proposal import Evidence, Interval, Proposal
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.ledger.memory.ledger import MemoryLedger
from agent.ports.ledger import Ledger
from agent.steps.approve import Policy
from simulations.market import Market
from simulations.oracle import expectation
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import Options, open_platform

EVERY_DAYS = 8  # a change stands for its whole week


@dataclass(frozen=True)
class Seer:
    """Moves each budget by some percent every `EVERY_DAYS` days, and says what that will bring.

    Attributes:
        doubt: Relative error of what it says.
        narrower: By which factor it says that the error is smaller.
    """

    market: Market
    doubt: float
    narrower: float = 1.0
    name: str = "seer"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        day = (snapshot.today - self.market.first_day).days
        n = len(snapshot)
        now = snapshot.entities.levers[Lever.DAILY_BUDGET].numbers
        up = (np.arange(n) + day // EVERY_DAYS) % 2 == 0
        new = (now * np.where(up, 1.08, 0.93)).astype(np.int64) // 10_000 * 10_000
        truth = expectation(self.market, range(day + 1, day + 8))
        before, after = (truth.value(budgets).mean(axis=0) / 1e6 for budgets in (now, new))
        said = after * (1 + self.doubt * rng.standard_normal(n))
        half = 1.2816 * self.doubt * after / self.narrower
        for row in np.flatnonzero((np.arange(n) + day) % EVERY_DAYS == 0).tolist():
            effect = float(after[row] - before[row])
            yield Proposal(
                snapshot.entities.ref(row),
                Lever.DAILY_BUDGET,
                Money(int(new[row]), "EUR"),
                "it is written",
                self.name,
                evidence=Evidence(
                    posterior_of="conversion value in EUR per day at the new budget",
                    posterior=Interval(
                        float(said[row]), float(said[row] - half[row]), float(said[row] + half[row])
                    ),
                    expected_effect=Interval(effect, effect, effect),
                    maturity=1.0,
                ),
            )


def seen_by_a_seer(
    seed: int, *, doubt: float, narrower: float, ledger: Ledger | None = None, campaigns: int = 20
) -> Live:
    """An account in mode auto whose policy lets everything small through, on a market of its own."""
    clock = SteppedClock(START)
    options = Options(seed=seed, campaigns=campaigns, history_days=40, start=START.date())
    platform = open_platform("seen", options, {}, clock, Path())
    adapter = SimulatedAdapter(platform)
    account = Live(clock, adapter, live().parts)
    account.give(
        account=adapter.account().id,
        reader=adapter,
        writer=adapter,
        ledger=MemoryLedger() if ledger is None else ledger,
        clock=clock,
        fence=fence(ceiling="10000000"),
        approver=Policy(frozenset({Lever.DAILY_BUDGET}), Fraction(1, 5), Money.of(100_000, "EUR")),
        history_days=90,
        reread_days=30,
    )
    desk = account.parts.desks[0]
    account.give(desks=(replace(desk, portfolio=replace(desk.portfolio, daily_pot=Money.of(10**6, "EUR"))),))
    account.decide(Seer(platform.market, doubt, narrower))
    return account


@dataclass(frozen=True)
class Morning:
    """One day's plan and what became of it."""

    plan: Plan
    record: PlanRecord


def live_through(account: Live, days: int) -> list[Morning]:
    """Look, decide, put forward and carry out what the policy let through, day after day."""
    mornings = []
    for _ in range(days):
        plan = account.plan()
        record = cycle.put_forward(account.parts, plan, epoch=0)
        if plan.changes:
            record = cycle.carry_out(account.parts, plan.fingerprint, epoch=0)
        mornings.append(Morning(plan, record))
        account.step(days=1)
    return mornings

"""A small live account for tests: the simulated platform, a ledger in memory, a stepped clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from numpy.random import Generator

from agent import cycle
from agent.clock import SteppedClock
from agent.domain.errors import Halted
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.domain.outcome import State
from agent.domain.plan import Plan
from agent.domain.portfolio import Goal, Portfolio
from agent.domain.proposal import Proposal
from agent.domain.record import PlanRecord
from agent.domain.snapshot import Snapshot
from agent.guardrails.cooldown import Cooldown
from agent.guardrails.permission import LeverAllowed
from agent.guardrails.sane import Sane
from agent.guardrails.step import MaxStep
from agent.guardrails.tracking import TrackingBreak
from agent.ledger.memory.ledger import MemoryLedger
from agent.parts import Parts
from agent.ports.deciding import Strategy
from agent.steps.approve import Everyone
from agent.steps.decide import Decider, Desk, Membership
from agent.steps.guard import Fence
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import Options, open_platform

START = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Scale:
    """A decider that scales the budget of each row by its factor; None leaves it."""

    factors: tuple[str | None, ...]
    name: str = "scale"

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        for row, factor in enumerate(self.factors):
            budget = snapshot.entities.value(row, Lever.DAILY_BUDGET)
            if factor is None or not isinstance(budget, Money):
                continue
            target = budget.times(Fraction(factor)).rounded_down(snapshot.entities.account.unit_micros)
            yield Proposal(
                snapshot.entities.ref(row), Lever.DAILY_BUDGET, target, "to see what happens", self.name
            )


@dataclass
class Live:
    """An account under test: everything that a test may turn."""

    clock: SteppedClock
    adapter: SimulatedAdapter
    parts: Parts
    stopped: list[str] = field(default_factory=list)

    def budgets(self) -> list[int]:
        return [int(number) for number in self.adapter.entities().levers[Lever.DAILY_BUDGET].numbers]

    def step(self, **span: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**span))

    def give(self, **parts: Any) -> None:
        """Give the account other parts."""
        self.parts = replace(self.parts, **parts)

    def decide(self, *deciders: Strategy) -> None:
        """Let these decide from now on, the first one first."""
        desk = self.parts.desks[0]
        named = tuple(Decider(f"decider {n}", one) for n, one in enumerate(deciders, start=1))
        self.give(desks=(replace(desk, deciders=named),))

    def plan(self) -> Plan:
        cycle.look(self.parts)
        drawn_up = cycle.draw_up(self.parts)
        assert drawn_up is not None
        return drawn_up

    def carry_out(self) -> PlanRecord:
        """One whole cycle."""
        plan = self.plan()
        cycle.put_forward(self.parts, plan, epoch=0)
        return cycle.carry_out(self.parts, plan.fingerprint, epoch=0)


def fence(*, max_changes: int = 50, ceiling: str = "100000") -> Fence:
    """Guardrails that let small changes through."""
    return Fence(
        (
            Sane(),
            LeverAllowed(frozenset({Lever.DAILY_BUDGET})),
            TrackingBreak(),
            Cooldown(Lever.DAILY_BUDGET, timedelta(hours=20)),
            MaxStep(Lever.DAILY_BUDGET, Fraction(1, 5)),
        ),
        max_changes,
        Fraction(1),
        Money.of(ceiling, "EUR"),
        max_changes_per_hour=100,
        max_share_of_spend=Fraction(1),
    )


class TickingClock(SteppedClock):
    """Each time it is asked a millisecond has gone by, as on any machine."""

    def now(self) -> datetime:
        self.move_to(super().now() + timedelta(milliseconds=1))
        return super().now()


def live(
    factors: Sequence[str | None] = ("1.1", "0.8", None),
    *,
    pot: Money | None = None,
    campaigns: int = 3,
    clock: SteppedClock | None = None,
) -> Live:
    """An account of a few campaigns with 40 days of history and one portfolio."""
    clock = SteppedClock(START) if clock is None else clock
    options = Options(seed=5, campaigns=campaigns, history_days=40, start=START.date())
    adapter = SimulatedAdapter(open_platform("demo", options, {}, clock, Path()))
    stopped: list[str] = []

    def check_stop() -> None:
        if stopped:
            raise Halted(stopped[0])

    parts = Parts(
        account=adapter.account().id,
        reader=adapter,
        writer=adapter,
        ledger=MemoryLedger(),
        clock=clock,
        desks=(
            Desk(Portfolio("all", Goal.VALUE, pot), Membership(), (Decider("scale", Scale(tuple(factors))),)),
        ),
        fence=fence(),
        approver=Everyone(),
        policy="policy",
        seed=1,
        history_days=30,
        reread_days=14,
        max_age=timedelta(hours=6),
        expires_after=timedelta(hours=24),
        grace=timedelta(minutes=10),
        check_stop=check_stop,
    )
    return Live(clock, adapter, parts, stopped)


def states(record: PlanRecord) -> list[State]:
    """In the plan's order."""
    return [item.state for item in record.changes.values()]

"""Living: the live cycle, morning after morning, on a simulated account whose clock steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from agent import cycle
from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.digest import policy_digest
from agent.config.portfolios import StrategySettings
from agent.config.settings import Settings
from agent.domain.entity import Numbers
from agent.domain.lever import Lever
from agent.domain.outcome import State
from agent.ledger.memory.ledger import MemoryLedger
from agent.parts import Parts
from agent.ports.deciding import Strategy
from agent.steps.approve import Everyone
from agent.steps.decide import Decider, Desk
from agent.steps.guard import Fence
from agent.wiring.plugins import strategy
from simulations.simulated.adapter import SimulatedAdapter

_FOREVER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of an account.

    Attributes:
        budgets: Shape (n_days, n), daily budgets in micros after each morning, by id.
        changes: Applied in all.
        clamped, denied: Wishes of which a guardrail left a part, or nothing.
    """

    budgets: Numbers
    changes: int
    clamped: int
    denied: int


def parts_of(
    settings: Settings,
    account: AccountSettings,
    adapter: SimulatedAdapter,
    clock: SteppedClock,
    *,
    desks: tuple[Desk, ...],
    fence: Fence,
    seed: int,
) -> Parts:
    """Everything for cycles on a simulated account: all as live, but everyone approves."""
    return Parts(
        account=adapter.account().id,
        reader=adapter,
        writer=adapter,
        ledger=MemoryLedger(),
        clock=clock,
        desks=desks,
        fence=fence,
        approver=Everyone(),
        policy=policy_digest(settings),
        seed=seed,
        history_days=account.schedule.history_days,
        reread_days=account.schedule.reread_days,
        max_age=settings.guardrails_of(account).max_metrics_age,
        expires_after=_FOREVER,
        grace=timedelta(),
        check_stop=lambda: None,
    )


def live(parts: Parts, clock: SteppedClock, moments: Sequence[datetime]) -> Lived:
    """Look, decide, guard, approve all, carry out and read back at each moment, oldest first."""
    chosen, changes, clamped, denied = [], 0, 0, 0
    for moment in moments:
        clock.move_to(moment)
        cycle.look(parts)
        drawn_up = cycle.draw_up(parts)
        assert drawn_up is not None, "observed just now"
        cycle.put_forward(parts, drawn_up, epoch=0)
        if drawn_up.changes:
            after = cycle.carry_out(parts, drawn_up.fingerprint, epoch=0)
            changes += sum(item.state is State.APPLIED for item in after.changes.values())
        heard = [one for one in drawn_up.decisions if not one.not_heard and one.words]
        clamped += sum(one.change is not None for one in heard)
        denied += sum(one.change is None for one in heard)
        chosen.append(budgets_of(parts))
    return Lived(np.array(chosen), changes, clamped, denied)


def budgets_of(parts: Parts) -> Numbers:
    """Daily budgets in micros, by id; an account without shared budgets has one each."""
    return parts.reader.entities().levers[Lever.DAILY_BUDGET].numbers


def alone(kind: str) -> Decider:
    """A strategy with its default options, as the only decider.

    Raises:
        Mistakes: There is no such strategy.
    """
    built: Strategy = strategy(StrategySettings(name=kind, kind=kind), file="backtest")
    return Decider(kind, built)

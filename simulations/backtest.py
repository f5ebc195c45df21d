"""Backtest: the live cycle on a stepped clock, against simulated markets and a clairvoyant."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import joblib
import numpy as np
from numpy.typing import NDArray

from agent.clock import SteppedClock
from agent.config.accounts import AccountSettings
from agent.config.settings import Settings
from agent.domain.lever import Lever
from agent.domain.money import Money
from agent.parts import Parts
from agent.steps.decide import Membership
from agent.wiring.fencing import fence
from agent.wiring.parts import desks
from simulations.living import alone, budgets_of, live, parts_of
from simulations.market import Market
from simulations.oracle import expectation, optimum
from simulations.platform import Platform
from simulations.simulated.adapter import SimulatedAdapter
from simulations.simulated.connect import Options, open_platform

CONFIGURED = "as configured"
_FIRST_DAY = date(2025, 1, 6)
_HISTORY_DAYS = 28


@dataclass(frozen=True, slots=True)
class Task:
    """One policy on one market.

    Attributes:
        policy: A strategy's kind alone, or `CONFIGURED` for the deciders of config.toml.
        pot: What the market's budgets are scaled to sum to, about.
    """

    policy: str
    world: str
    campaigns: int
    seed: int
    days: int
    pot: Money


@dataclass(frozen=True, slots=True)
class Run:
    """How it went.

    Attributes:
        value: Shape (days,), expected value of the budgets chosen as a share of the oracle's.
        changes: Changes that were applied in all.
        over_pot_days: Days on which the budgets summed to more than the pot; must be 0.
        cpu_s: Of deciding and carrying out, the market included.
    """

    task: Task
    value: NDArray[np.float64]
    changes: int
    over_pot_days: int
    cpu_s: float


def run_all(settings: Settings, account: AccountSettings, tasks: Sequence[Task], jobs: int) -> Iterator[Run]:
    """Run the tasks on `jobs` processes, in whichever order they end."""
    work = (joblib.delayed(run)(settings, account, task) for task in tasks)
    # One thread of linear algebra each: more would share the cores of the other processes.
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")(work)


def run(settings: Settings, account: AccountSettings, task: Task) -> Run:
    """Live through `days` days: look, decide, guard, approve all, carry out, read back.

    The same cycle, ledger protocol, guardrails and adapters as live; only the clock steps,
    and everyone approves. A month budget is left out: it was set for another pot.
    """
    zone = ZoneInfo("UTC")
    moments = [
        datetime.combine(_FIRST_DAY + timedelta(days=day), account.schedule.decide_at, zone)
        for day in range(task.days)
    ]
    clock = SteppedClock(moments[0])
    platform = open_platform("backtest", _options(task), {}, clock, Path())
    parts = _parts(settings, account, task, adapter=SimulatedAdapter(platform), clock=clock)
    pot = int(budgets_of(parts).sum())
    started = time.process_time()
    lived = live(parts, clock, moments)
    cpu_s = time.process_time() - started
    market_days = range(_HISTORY_DAYS, _HISTORY_DAYS + task.days)
    market = _drawn(platform)
    best = optimum(market, market_days, pot_micros=pot)
    value = expectation(market, market_days).value(lived.budgets).sum(axis=1) / best.value
    return Run(task, value, lived.changes, int((lived.budgets.sum(axis=1) > pot).sum()), cpu_s)


def fitting_pot(settings: Settings, account: AccountSettings) -> Money:
    """What a market's budgets should sum to, so that the account's own limits fit it.

    The pot of the account's first portfolio that has one, else half of the account ceiling;
    2,000 EUR where neither is set.
    """
    for portfolio in settings.portfolios:
        if portfolio.account == account.name and portfolio.daily_pot is not None:
            return portfolio.daily_pot
    ceiling = settings.guardrails_of(account).account_ceiling
    return Money.of(2000, "EUR") if ceiling is None else ceiling.times(Fraction(1, 2))


def _options(task: Task) -> Options:
    options = Options(
        seed=task.seed,
        world=task.world,
        campaigns=task.campaigns,
        currency=task.pot.currency,
        start=_FIRST_DAY,
        history_days=_HISTORY_DAYS,
    )
    plain = open_platform("scale", options, {}, SteppedClock(_moment()), Path())
    return options.model_copy(update={"money_scale": task.pot.micros / _drawn(plain).pot_micros})


def _drawn(platform: Platform) -> Market:
    assert isinstance(platform.market, Market), "a simulated account's market is drawn from a seed"
    return platform.market


def _moment() -> datetime:
    return datetime.combine(_FIRST_DAY, datetime.min.time(), ZoneInfo("UTC"))


def _parts(
    settings: Settings,
    account: AccountSettings,
    task: Task,
    *,
    adapter: SimulatedAdapter,
    clock: SteppedClock,
) -> Parts:
    limits = settings.guardrails_of(account)
    pot_micros = int(adapter.entities().levers[Lever.DAILY_BUDGET].numbers.sum())
    own = desks(settings, account, limits)[:1]
    everything = [
        replace(
            desk,
            membership=Membership(),
            deciders=desk.deciders if task.policy == CONFIGURED else (alone(task.policy),),
            portfolio=replace(desk.portfolio, daily_pot=Money(pot_micros, task.pot.currency), month=None),
        )
        for desk in own
    ]
    return parts_of(
        settings,
        account,
        adapter,
        clock,
        desks=tuple(everything),
        fence=fence(limits),
        seed=task.seed,
    )

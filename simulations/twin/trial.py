"""Trial: one policy on one draw of a twin, through the live cycle."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import joblib
import numpy as np

from agent.clock import SteppedClock
from agent.domain.entity import Floats
from agent.domain.money import Money
from agent.steps.decide import Desk
from simulations.living import live, parts_of
from simulations.simulated.adapter import SimulatedAdapter
from simulations.twin.elasticity import Elasticities
from simulations.twin.oracle import Expectation, expectation
from simulations.twin.policies import PEOPLE, Policy, desks_of, fence_of
from simulations.twin.stage import Pot, Stage, pots_of


@dataclass(frozen=True, slots=True)
class Trial:
    """One policy, and the seed that draws the twin it is tried on."""

    policy: Policy
    seed: int


@dataclass(frozen=True, slots=True)
class Result:
    """How it went.

    Attributes:
        value: Shape (n_days,), mean value of the budgets chosen as a share of the clairvoyant's.
        worth_micros, cost_micros: Shape (n_days,), mean value (conversions in millionths where
            nothing has a value) and mean cost of the budgets chosen.
        changes, clamped, denied: Of all mornings; 0 for people, who were not asked.
        over_pot_days: Days on which the budgets of a pot summed to more than it; must be 0.
        cpu_s: Of deciding and carrying out, the market included.
    """

    trial: Trial
    value: Floats
    worth_micros: Floats
    cost_micros: Floats
    changes: int
    clamped: int
    denied: int
    over_pot_days: int
    cpu_s: float


def run_all(stage: Stage, believed: Elasticities, trials: Sequence[Trial], jobs: int) -> Iterator[Result]:
    """Run the trials on `jobs` processes, in whichever order they end."""
    # One thread of linear algebra each: more would share the cores of the other processes.
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")(
            joblib.delayed(run)(stage, believed, trial) for trial in trials
        )


def run(stage: Stage, believed: Elasticities, trial: Trial) -> Result:
    """Live through the days of the stage with one policy.

    Deterministic: the same history, configuration, policy and seed give the same result.
    """
    market = stage.market(believed, trial.seed)
    truth = expectation(market, stage.days)
    if trial.policy.name == PEOPLE:
        return _result(stage, truth, trial, stage.people)
    settings, account = trial.policy.settings, trial.policy.account
    moments = stage.moments(account.schedule.decide_at)
    clock = SteppedClock(moments[0])
    adapter = SimulatedAdapter(stage.platform(market, clock))
    own = desks_of(trial.policy)
    pots = pots_of(stage.history, stage.warm_up_days, own)
    parts = parts_of(
        settings,
        account,
        adapter,
        clock,
        desks=tuple(_with_pot(desk, pot, stage) for desk, pot in zip(own, pots, strict=True)),
        fence=fence_of(trial.policy),
        seed=trial.seed,
    )
    started = time.process_time()
    lived = live(parts, clock, moments)
    cpu_s = time.process_time() - started
    budgets = lived.budgets.astype(np.float64)
    return replace(
        _result(stage, truth, trial, budgets),
        changes=lived.changes,
        clamped=lived.clamped,
        denied=lived.denied,
        over_pot_days=_over_pot_days(stage, budgets, pots),
        cpu_s=cpu_s,
    )


def _result(stage: Stage, truth: Expectation, trial: Trial, budgets: Floats) -> Result:
    worth = truth.value(budgets).sum(axis=1)
    return Result(
        trial=trial,
        value=worth / _clairvoyant(stage, truth),
        worth_micros=worth,
        cost_micros=truth.cost(budgets).sum(axis=1),
        changes=0,
        clamped=0,
        denied=0,
        over_pot_days=0,
        cpu_s=0.0,
    )


def _over_pot_days(stage: Stage, budgets: Floats, pots: Sequence[Pot]) -> int:
    """Days above a pot; where budgets opened above it by the smallest steps, above those."""
    opening = stage.opening()
    most = [max(pot.micros, int(opening[pot.rows].sum())) for pot in pots]
    sums = [budgets[:, pot.rows].sum(axis=1) for pot in pots]
    return sum(int((total > limit).sum()) for total, limit in zip(sums, most, strict=True))


def _with_pot(desk: Desk, pot: Pot, stage: Stage) -> Desk:
    """The same desk with the money that people had for it, day by day."""
    money = Money(pot.micros, stage.history.account.currency)
    return replace(desk, portfolio=replace(desk.portfolio, daily_pot=money, month=None))


def _clairvoyant(stage: Stage, truth: Expectation) -> Floats:
    """Value of each day with every pot shared as well as can be; rows of no pot as people had them."""
    budgets = stage.people.copy()
    for pot in stage.pots:
        budgets[:, pot.rows] = truth.best(pot.micros, pot.rows)
    best: Floats = truth.value(budgets).sum(axis=1)
    return best

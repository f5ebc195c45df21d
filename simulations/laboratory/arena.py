"""Arena: one policy on one draw of a world, a decision each morning, nothing in between.

The bare decision problem: no ledger, no guardrails, no approval. Every policy meets the same
market, because its own chance comes from a generator of its own.
"""

import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import joblib
import numpy as np

from agent.domain.entity import Floats, Numbers
from simulations.laboratory.diary import Diary
from simulations.laboratory.morning import Morning, Policy
from simulations.laboratory.policies import POLICIES
from simulations.market import Market
from simulations.oracle import expectation, optimum
from simulations.worlds import WORLDS

_FIRST_DAY = date(2025, 1, 6)
_CHANCE = 1_000  # a stream of chance that the market does not use


@dataclass(frozen=True, slots=True)
class Trial:
    """One policy (a name of `POLICIES`) on one draw of a world (a name of `WORLDS`)."""

    policy: str
    world: str
    seed: int
    days: int


@dataclass(frozen=True, slots=True)
class Result:
    """How it went.

    Attributes:
        value: Shape (days,), expected value of the budgets chosen as a share of the oracle's.
        violations: Days on which the pot or a bound was broken; must be 0.
        cpu_s: Of the policy alone, all decisions together.
    """

    trial: Trial
    value: Floats
    violations: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Life:
    """Budgets that a policy chose, shape (days, n_campaigns), micros, and the CPU time it took."""

    budgets: Numbers
    cpu_s: float


def run_all(trials: Sequence[Trial], jobs: int) -> Iterator[Result]:
    """Run the trials on `jobs` processes, in whichever order they end."""
    # One thread of linear algebra each: more would share the cores of the other processes.
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")(
            joblib.delayed(run)(trial) for trial in trials
        )


def run(trial: Trial) -> Result:
    """Draw the market, live through it, and hold the budgets against the clairvoyant's."""
    world = WORLDS[trial.world]
    market = Market(world, trial.seed, _FIRST_DAY)
    rng = np.random.default_rng((trial.seed, _CHANCE, zlib.crc32(trial.policy.encode())))
    life = live(market, POLICIES[trial.policy](), rng, trial.days)
    days = range(world.history_days, world.history_days + trial.days)
    value = expectation(market, days).value(life.budgets).sum(axis=1) / optimum(market, days).value
    return Result(trial, value, violations(market, life.budgets), life.cpu_s)


def live(market: Market, policy: Policy, rng: np.random.Generator, days: int) -> Life:
    """Go through the history of the world, then let the policy decide on each of `days` days.

    Without history the budgets stand at equal shares before the first decision.
    """
    history_days = market.world.history_days
    diary = Diary(market, history_days + days)
    present = np.full(len(market), market.pot_micros // len(market))
    for day in range(history_days):
        present = (market.campaigns.reference * market.habit(day)).astype(np.int64)
        diary.enter(present, market.outcome(day, present))
    chosen, cpu_s = [], 0.0
    for decision in range(days):
        morning: Morning = diary.morning(decision, present)
        started = time.process_time()
        present = policy.budgets(morning, rng)
        cpu_s += time.process_time() - started
        chosen.append(present)
        diary.enter(present, market.outcome(history_days + decision, present))
    return Life(np.array(chosen), cpu_s)


def violations(market: Market, budgets: Numbers) -> int:
    """Days on which budgets of shape (days, n_campaigns), micros, break the pot or a bound."""
    outside = ((budgets < market.low_micros) | (budgets > market.high_micros)).any(axis=1)
    return int((outside | (budgets.sum(axis=1) > market.pot_micros)).sum())

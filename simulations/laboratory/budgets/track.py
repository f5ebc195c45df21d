"""Track A: share a pot among campaigns each morning, knowing the past alone."""

import zlib
from datetime import date

import numpy as np

from simulations.laboratory.budgets.life import live, violations
from simulations.laboratory.budgets.policies import POLICIES
from simulations.laboratory.trial import Result, Track, Trial
from simulations.market import Market
from simulations.oracle import expectation, optimum
from simulations.worlds import WORLDS

_FIRST_DAY = date(2025, 1, 6)
_CHANCE = 1_000  # a stream of chance that the market does not use


def run(trial: Trial) -> Result:
    """Draw the market, live through it, and hold the budgets against the clairvoyant's."""
    world = WORLDS[trial.world]
    market = Market(world, trial.seed, _FIRST_DAY)
    rng = np.random.default_rng((trial.seed, _CHANCE, zlib.crc32(trial.policy.encode())))
    life = live(market, POLICIES[trial.policy](), rng, trial.days)
    days = range(world.history_days, world.history_days + trial.days)
    value = expectation(market, days).value(life.budgets).sum(axis=1) / optimum(market, days).value
    return Result(trial, value, violations(market, life.budgets), life.cpu_s)


BUDGETS = Track(
    about="daily budgets of many campaigns under one pot",
    worlds=tuple(f"A{number}" for number in range(1, 11)),
    policies=tuple(POLICIES),
    run=run,
)

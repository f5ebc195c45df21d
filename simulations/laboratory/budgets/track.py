"""Track A: share a pot among campaigns each morning, knowing the past alone."""

import zlib
from datetime import date

import numpy as np

from simulations.laboratory.budgets.life import live, violations
from simulations.laboratory.budgets.policies import POLICIES
from simulations.laboratory.budgets.stage import stage_of
from simulations.laboratory.trial import Result, Track, Trial
from simulations.market import Market
from simulations.oracle import expectation, optimum
from simulations.worlds import WORLDS

FIRST_DAY = date(2025, 1, 6)
_CHANCE = 1_000  # a stream of chance that the market does not use


def run(trial: Trial) -> Result:
    """Draw the market, live through it, and hold the budgets against the clairvoyant's."""
    world = WORLDS[trial.world]
    market = Market(world, trial.seed, FIRST_DAY)
    stage = stage_of(market, trial.days)
    life = live(stage, POLICIES[trial.policy](), chance_of(trial))
    days = range(world.history_days, world.history_days + trial.days)
    value = expectation(market, days).value(life.budgets).sum(axis=1) / optimum(market, days).value
    return Result(trial, value, violations(stage, life.budgets), life.cpu_s)


def chance_of(trial: Trial) -> np.random.Generator:
    """The policy's own chance, apart from the market's."""
    return np.random.default_rng((trial.seed, _CHANCE, zlib.crc32(trial.policy.encode())))


BUDGETS = Track(
    about="daily budgets of many campaigns under one pot",
    worlds=tuple(f"A{number}" for number in range(1, 11)),
    policies=tuple(POLICIES),
    run=run,
)

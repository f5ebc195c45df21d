"""Track B: bid for many keywords under one daily pot each morning, knowing the past alone."""

import zlib

import numpy as np

from simulations.laboratory.bids.auctions import Auctions
from simulations.laboratory.bids.life import live, violations
from simulations.laboratory.bids.oracle import mean_value, optimum
from simulations.laboratory.bids.policies import POLICIES
from simulations.laboratory.bids.worlds import WORLDS
from simulations.laboratory.trial import Result, Track, Trial

_CHANCE = 1_000  # a stream of chance that the auctions do not use


def run(trial: Trial) -> Result:
    """Draw the auctions, live through them, and hold the bids against the clairvoyant's."""
    auctions = Auctions(WORLDS[trial.world], trial.seed, trial.days)
    rng = np.random.default_rng((trial.seed, _CHANCE, zlib.crc32(trial.policy.encode())))
    life = live(auctions, POLICIES[trial.policy](), rng, trial.days)
    days = np.arange(trial.days)
    value = mean_value(auctions, days, life.bids) / optimum(auctions, days).value
    return Result(trial, value, violations(auctions, life.bids), life.cpu_s)


BIDS = Track(
    about="bids of many keywords or ad groups under one pot",
    worlds=tuple(WORLDS),
    policies=tuple(POLICIES),
    run=run,
)

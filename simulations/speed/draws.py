"""Draws: one draw from a thousand arms' posteriors and the best of them, beside libraries that do it."""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from agent.wiring import plugins
from simulations.speed.stopwatch import Timing, median_ms, timing

N_ARMS = 1_000
GOAL_MS = 0.065
_WORK, _SIZE = "Thompson draw and argmax", f"{N_ARMS:,} arms"


def timings() -> list[Timing]:
    """A line of numpy, and each peer that is installed."""
    rng = np.random.default_rng(1)
    pulls = rng.integers(1, 200, N_ARMS)
    wins = rng.binomial(pulls, 0.1)
    for_one, against = wins + 1.0, pulls - wins + 1.0
    ms = median_ms(lambda: int(np.argmax(rng.beta(for_one, against))), times=200)
    found = [timing(_WORK, _SIZE, "numpy, one line", ms, goal_ms=GOAL_MS, note="Beta(wins + 1, losses + 1)")]
    for name, peer in (("mabwiser", _mabwiser), ("bayesianbandits", _bayesianbandits)):
        if find_spec(name) is None:
            found.append(timing(_WORK, _SIZE, name, float("nan"), note="not installed: make peers"))
            continue
        found.append(timing(_WORK, _SIZE, name, median_ms(peer(wins, pulls))))
    return found


def _mabwiser(wins: np.ndarray, pulls: np.ndarray) -> Callable[[], object]:
    """Strong et al. 2019: Beta arms, fitted on the same pulls."""
    mab = plugins.module("mabwiser.mab")
    bandit = mab.MAB(list(range(N_ARMS)), mab.LearningPolicy.ThompsonSampling(), seed=1)
    arms = np.repeat(np.arange(N_ARMS), pulls)
    rewards = np.concatenate([np.arange(n) < won for n, won in zip(pulls, wins, strict=True)]).astype(int)
    bandit.fit(arms, rewards)
    predict: Callable[[], object] = bandit.predict
    return predict


def _bayesianbandits(wins: np.ndarray, pulls: np.ndarray) -> Callable[[], object]:
    """Gamma-Poisson arms, each having seen its mean reward as often as it was pulled."""
    bandits = plugins.module("bayesianbandits")
    arms = [bandits.Arm(arm, learner=bandits.GammaRegressor(alpha=1, beta=1)) for arm in range(N_ARMS)]
    agent = bandits.Agent(arms, bandits.ThompsonSampling(), random_seed=1)
    for arm, (won, pulled) in enumerate(zip(wins, pulls, strict=True)):
        rewards = (np.arange(min(int(pulled), 20)) < won).astype(np.float64)
        agent.select_for_update(arm).update(rewards)
    pull: Callable[[], object] = agent.pull
    return pull

"""Track C: the same under a target ROAS that the whole pot, spent at its best, would miss by a sixth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from agent.domain.lever import Ratio
from agent.domain.money import MICROS
from simulations.laboratory.budgets.life import live, violations
from simulations.laboratory.budgets.morning import Policy
from simulations.laboratory.budgets.ours import Proposing
from simulations.laboratory.budgets.policies import OURS, POLICIES
from simulations.laboratory.budgets.stage import Stage, stage_of
from simulations.laboratory.budgets.track import FIRST_DAY, chance_of
from simulations.laboratory.trial import Promise, Result, Track, Trial
from simulations.market import Market
from simulations.oracle import Expectation, Optimum, best_of, expectation
from simulations.worlds import WORLDS
from strategies.target_roas import TargetRoas

_WORLDS = {"C1": WORLDS["A1"], "C2": WORLDS["A4"]}
_TIGHTNESS = 1.2
_POLICIES: Mapping[str, Callable[[], Policy]] = {
    **{name: POLICIES[name] for name in (OURS, "weekly_rule", "marketing_mix")},
    "target_roas": lambda: Proposing(TargetRoas("target_roas")),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A market under its target, and what only the oracle knows of it.

    Attributes:
        target: Value that is asked for, per cost.
        best: The best budgets that keep to it.
    """

    stage: Stage
    truth: Expectation
    target: float
    best: Optimum


def scene_of(trial: Trial) -> Scene:
    """Draw the market and set its target."""
    world = _WORLDS[trial.world]
    market = Market(world, trial.seed, FIRST_DAY)
    free = stage_of(market, trial.days)
    truth = expectation(market, range(world.history_days, world.history_days + trial.days))
    whole = best_of(truth, free.bounds())
    roas = Ratio(int(_TIGHTNESS * MICROS * whole.value.sum() / truth.cost(whole.budgets).sum()))
    stage, target = replace(free, target_roas=roas), roas.millionths / MICROS
    return Scene(stage, truth, target, best_of(truth, stage.bounds(), target))


def run(trial: Trial) -> Result:
    """Live through the market and hold the budgets against the best that keep to the target.

    A day counts for 100 % at most: what is earned beyond the oracle's was bought below the
    target, and `Promise` shows it.
    """
    scene = scene_of(trial)
    life = live(scene.stage, _POLICIES[trial.policy](), chance_of(trial))
    earned = scene.truth.value(life.budgets).sum(axis=1)
    due = scene.truth.cost(life.budgets).sum(axis=1) * scene.target
    return Result(
        trial,
        np.minimum(earned / scene.best.value, 1.0),
        violations(scene.stage, life.budgets),
        life.cpu_s,
        Promise(earned, due),
    )


TARGETS = Track(
    about="daily budgets under one pot and a target ROAS",
    worlds=tuple(_WORLDS),
    policies=tuple(_POLICIES),
    run=run,
)

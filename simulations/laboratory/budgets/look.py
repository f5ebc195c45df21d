"""Look: one trial of tracks A and C once more, with all that the strategy said of itself written down."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from agent.domain.entity import Floats, Numbers
from agent.domain.money import MICROS
from agent.domain.proposal import Interval, Proposal
from agent.domain.snapshot import Snapshot
from agent.ports.deciding import Strategy
from simulations.laboratory.budgets.life import live
from simulations.laboratory.budgets.ours import Proposing
from simulations.laboratory.budgets.policies import POLICIES
from simulations.laboratory.budgets.stage import Stage, stage_of
from simulations.laboratory.budgets.targets import scene_of
from simulations.laboratory.budgets.track import FIRST_DAY, chance_of
from simulations.laboratory.close_look import CloseLook, Ranges, coverage_of_effects, coverage_of_values
from simulations.laboratory.trial import Trial
from simulations.market import Market
from simulations.oracle import Expectation, expectation, optimum
from simulations.worlds import WORLDS


@dataclass(slots=True)
class _Said:
    """Ranges that a strategy gave, and which day and campaign they are of."""

    days: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    ranges: list[Interval] = field(default_factory=list)

    def add(self, day: int, row: int, interval: Interval | None) -> None:
        if interval is not None:
            self.days.append(day)
            self.rows.append(row)
            self.ranges.append(interval)

    def beside(self, truth: Floats) -> Ranges:
        """Hold them against what was true, shape (days, n_campaigns), micros."""
        mean, low, high = np.array([(one.mean, one.low, one.high) for one in self.ranges]).reshape(-1, 3).T
        return Ranges(mean, low, high, truth[self.days, self.rows] / MICROS)


class _Overheard:
    """A strategy whose proposals are written down; it does what the strategy does."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        self.posteriors, self.effects = _Said(), _Said()
        self._day = 0

    def propose(self, snapshot: Snapshot, rng: Generator) -> Iterable[Proposal]:
        proposals = list(self._strategy.propose(snapshot, rng))
        for proposal in proposals:
            row = snapshot.entities.row(proposal.ref)
            assert row is not None, "proposals are about what is in the snapshot"
            self.posteriors.add(self._day, row, proposal.evidence.posterior)
            self.effects.add(self._day, row, proposal.evidence.expected_effect)
        self._day += 1
        return proposals


def look(trial: Trial) -> CloseLook:
    """Live through a trial of track A with a strategy of gebot."""
    world = WORLDS[trial.world]
    market = Market(world, trial.seed, FIRST_DAY)
    days = range(world.history_days, world.history_days + trial.days)
    best = optimum(market, days).budgets
    return _look(trial, stage_of(market, trial.days), expectation(market, days), best)


def look_under_target(trial: Trial) -> CloseLook:
    """The same for track C."""
    scene = scene_of(trial)
    return _look(trial, scene.stage, scene.truth, scene.best.budgets)


def _look(trial: Trial, stage: Stage, truth: Expectation, best: Numbers) -> CloseLook:
    """The truth is the market's own mean value of the day, which nobody there ever sees."""
    policy = POLICIES[trial.policy]()
    assert isinstance(policy, Proposing), "baselines say nothing of themselves"
    overheard = _Overheard(policy.strategy)
    life = live(stage, Proposing(overheard), chance_of(trial))
    value = truth.value(life.budgets)
    before = truth.value(np.concatenate([_first(stage)[None], life.budgets[:-1]]))
    pots = stage.pots[stage.n_history_days :, None]
    return CloseLook(
        trial,
        chosen=life.budgets / pots,
        best=best / pots,
        posterior=coverage_of_values(overheard.posteriors.beside(value)),
        effect=coverage_of_effects(overheard.effects.beside(value - before)),
    )


def _first(stage: Stage) -> Numbers:
    """Budgets before the first decision."""
    if stage.n_history_days:
        last: Numbers = stage.history[-1]
        return last
    return np.full(len(stage), int(stage.pots[0]) // len(stage))

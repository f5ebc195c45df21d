"""Track R: daily budgets in worlds that were fitted to real logs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.domain.errors import Mistake, Mistakes
from simulations.laboratory.budgets.life import live, violations
from simulations.laboratory.budgets.policies import POLICIES
from simulations.laboratory.budgets.track import chance_of
from simulations.laboratory.logs.log import Log
from simulations.laboratory.logs.market import LoggedMarket
from simulations.laboratory.logs.people import People
from simulations.laboratory.logs.reading import read_log
from simulations.laboratory.trial import Result, Track, Trial
from simulations.oracle import best_of

PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class LoggedWorlds:
    """Lives through a trial on one of these logs."""

    logs: tuple[Log, ...]

    def __call__(self, trial: Trial) -> Result:
        """A log that is shorter than the trial ends it."""
        log = next(one for one in self.logs if one.name == trial.world)
        days = min(trial.days, log.n_days)
        market = LoggedMarket(log, trial.seed)
        stage, truth = market.stage(days), market.expectation(days)
        policy = People(market.fitted.shares) if trial.policy == PEOPLE else POLICIES[trial.policy]()
        life = live(stage, policy, chance_of(trial))
        value = truth.value(life.budgets).sum(axis=1) / best_of(truth, stage.bounds()).value
        return Result(trial, value, violations(stage, life.budgets), life.cpu_s)


def logged(paths: Sequence[Path]) -> Track:
    """The track whose worlds are these files, each by the stem of its name.

    Raises:
        Mistakes: Files that cannot be used, all of them.
    """
    logs, faults = [], []
    for path in paths:
        try:
            logs.append(read_log(path))
        except Mistakes as error:
            faults += error.each()
        except Mistake as error:
            faults.append(error)
    names = [log.name for log in logs]
    faults += [
        Mistake("--logs", f"{name!r} is the name of two files", "different names are right")
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    if faults:
        raise Mistakes("the benchmark cannot use these logs", faults)
    return Track(
        about="daily budgets in worlds fitted to real logs",
        worlds=tuple(names),
        policies=(*POLICIES, PEOPLE),
        run=LoggedWorlds(tuple(logs)),
    )

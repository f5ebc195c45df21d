"""Looks: the tracks of which a close look can be taken, by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import joblib

from simulations.laboratory.budgets.look import look, look_under_target
from simulations.laboratory.close_look import CloseLook
from simulations.laboratory.trial import Trial

LOOKS: Mapping[str, Callable[[Trial], CloseLook]] = MappingProxyType({"A": look, "C": look_under_target})


def look_at_all(chosen: Sequence[Trial], jobs: int) -> Iterator[CloseLook]:
    """Live through these trials once more, keeping everything; in the order given."""
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(
            joblib.delayed(LOOKS[trial.track])(trial) for trial in chosen
        )


def worth_a_look(chosen: Sequence[Trial], ours: str, most: int) -> list[Trial]:
    """The trials of ours on the first `most` seeds of each world, where a look can be taken."""
    seeds = sorted({trial.seed for trial in chosen})[:most]
    return [
        trial for trial in chosen if trial.policy == ours and trial.seed in seeds and trial.track in LOOKS
    ]

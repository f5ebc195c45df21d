"""Arena: every trial on its own, spread over processes."""

from collections.abc import Iterator, Sequence

import joblib

from simulations.laboratory.tracks import TRACKS
from simulations.laboratory.trial import Result, Track, Trial


def trials(
    track: str, worlds: Sequence[str], policies: Sequence[str], seeds: Sequence[int], days: int
) -> list[Trial]:
    """Every policy on every draw, world by world."""
    return [
        Trial(track, policy, world, seed, days) for world in worlds for seed in seeds for policy in policies
    ]


def run_all(chosen: Sequence[Trial], jobs: int, track: Track | None = None) -> Iterator[Result]:
    """Run the trials on `jobs` processes, in whichever order they end.

    Args:
        track: Of the trials, where it is none of `TRACKS`.
    """
    lived = run if track is None else track.run
    # One thread of linear algebra each: more would share the cores of the other processes.
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered")(
            joblib.delayed(lived)(trial) for trial in chosen
        )


def run(trial: Trial) -> Result:
    """Live through one trial."""
    return TRACKS[trial.track].run(trial)

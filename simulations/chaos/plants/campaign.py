"""The campaign `plants`: each bug is put into a copy of gebot, and chaos must find it there."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import joblib

from simulations.chaos.findings import Progress, Result, Tally
from simulations.chaos.plants.plant import ROOT, Plant, plants
from simulations.chaos.plants.search import Found

_PACKAGES = ("adapters", "agent", "rules", "simulations", "strategies")
_LONGEST_S = 1_800.0
_SHOWN = 2_000


class Plants:
    """A trial is one bug; its seed is its place in the list."""

    name = "plants"

    def run(self, size: int, seed: int, jobs: int, progress: Progress) -> Result:
        """See `Campaign`. At most each bug once."""
        chosen = list(enumerate(plants()))[seed : seed + size]
        tallies = []
        work = (joblib.delayed(hunt)(plant) for _, plant in chosen)
        answers = joblib.Parallel(n_jobs=jobs, prefer="threads", return_as="generator")(work)
        for (number, plant), found in zip(chosen, answers, strict=True):
            missed = not found.broken
            tallies.append(Tally(_sentence(plant, found), 1, int(missed), (number,) if missed else ()))
            progress(1)
        return Result(tuple(tallies))

    def replay(self, seed: int) -> Iterator[str]:
        """The bug of this number, and what chaos says of it."""
        plant = plants()[seed]
        yield plant.name
        for patch in plant.patches:
            yield f"{patch.file}:"
            yield from (f"  - {line}" for line in patch.old.splitlines())
            yield from (f"  + {line}" for line in patch.new.splitlines())
        yield f"found by {plant.campaign}, {plant.trials} trials from {plant.first} on: {hunt(plant)}"


PLANTS = Plants()


def hunt(plant: Plant) -> Found:
    """Plant the bug in a copy, and let its campaign loose there, in a process of its own."""
    faults = plant.check()
    if faults:
        return Found(because=f"cannot be planted any more: {'; '.join(faults)}")
    with _copy() as copy:
        for patch in plant.patches:
            patch.apply(copy)
        return _searched(copy, plant)


@contextmanager
def _copy() -> Iterator[Path]:
    """The packages alone, without what Python has compiled of them."""
    with tempfile.TemporaryDirectory(prefix="gebot-plant-") as folder:
        copy = Path(folder)
        for package in _PACKAGES:
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        yield copy


def _searched(copy: Path, plant: Plant) -> Found:
    search = ["-m", "simulations.chaos.plants.search", plant.campaign, str(plant.trials), str(plant.first)]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and words
            [sys.executable, *search],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Found(because=f"no answer in {_LONGEST_S:.0f} s")
    try:
        told = json.loads(done.stdout)
        return Found(**{**told, "broken": tuple(told["broken"])})
    except (ValueError, KeyError, TypeError):
        return Found(because=f"no answer: {done.stderr[-_SHOWN:]}")


def _sentence(plant: Plant, found: Found) -> str:
    return f"{plant.name}: {plant.campaign}: {found}"

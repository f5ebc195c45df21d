"""Parsers: whatever stands in a file or a reply, it is a value or a typed error, and soon."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from simulations.chaos.malformed.exports import exports
from simulations.chaos.malformed.google_replies import google_replies
from simulations.chaos.malformed.hostile import chance
from simulations.chaos.malformed.meta_replies import meta_replies
from simulations.chaos.malformed.rule_files import conditions, reaching, rule_files
from simulations.chaos.malformed.settings import settings
from simulations.chaos.malformed.stored import plans, state_files
from simulations.chaos.malformed.target import LARGE_MB, SLOW_S, Target, reading
from simulations.chaos.malformed.words import words
from simulations.chaos.volume import Notes, Volume

TYPED = "malformed input is a value or a typed error"
SOON = f"malformed input is dealt with within {SLOW_S:g} s"
SMALL = f"malformed input takes less than {LARGE_MB} MB"
GOAL_S = 0.1


def trial(seed: int, notes: Notes) -> None:
    """One malformed input for one of the readers."""
    judge(_drawn(chance(seed)), seed, notes)


def judge(target: Target, seed: int, notes: Notes) -> None:
    """Let a target read the input of a seed, and note what came of it."""
    given = target.make(chance(seed))
    found = reading(target, given)
    notes.tell(lambda: f"{target.name}: {repr(given)[:2000]}")
    notes.tell(lambda: f"{'refused' if found.refused else 'read'} in {1000 * found.took_s:.1f} ms")
    notes.check(TYPED, not found.fault, found.fault)
    notes.check(SOON, found.took_s <= SLOW_S, f"{found.took_s:.1f} s")
    notes.check(SMALL, found.grown_mb <= LARGE_MB, f"{found.grown_mb:.0f} MB")
    notes.count(f"{target.name}: {'refused' if found.refused else 'read'}")
    if found.took_s > GOAL_S:
        notes.count(f"took longer than {GOAL_S:g} s")


@cache
def targets() -> Sequence[Target]:
    """All readers, each in a folder of its own that lasts as long as the process."""
    home = Path(_home().name)
    folders = [home / name for name in ("settings", "exports", "state")]
    for folder in folders:
        folder.mkdir()
    found = (
        rule_files(),
        conditions(),
        reaching(),
        settings(folders[0]),
        exports(folders[1]),
        state_files(folders[2]),
        plans(),
        words(),
        google_replies(),
        meta_replies(),
    )
    for target in found:  # what is imported and built at first is no input's fault
        reading(target, target.make(chance(0)))
    return found


@cache
def _home() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="gebot-parsers-")


def _drawn(rng: Random) -> Target:
    found = targets()
    return rng.choices(found, [target.share for target in found])[0]


PARSERS = Volume("parsers", trial, per_task=250)

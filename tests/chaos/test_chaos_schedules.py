"""Schedules of chaos: the same seed tells the same story, and nothing breaks in a few hundred of them."""

from agent.ledger.memory.ledger import MemoryLedger
from simulations.chaos.campaigns import PAIRS, RANDOM
from simulations.chaos.chance import Luck
from simulations.chaos.findings import Result, merged
from simulations.chaos.schedule import Schedule
from simulations.chaos.script import LINES


def nobody(more: int) -> None:
    """Nobody waits for the progress."""


def test_the_same_seed_tells_the_same_story() -> None:
    """A failure that was found once can be looked at again, step by step."""
    stories = [list(RANDOM.replay(7)) for _ in range(2)]

    assert len(stories[0]) > 100
    assert stories[0] == stories[1]


def test_different_seeds_tell_different_stories() -> None:
    """Else ten thousand of them would try one thing."""
    stories = [tuple(RANDOM.replay(seed)) for seed in (1, 2)]

    assert stories[0] != stories[1]


def test_schedules_by_chance_break_nothing_and_get_work_done() -> None:
    """Each dies some twenty times. Of 100 seeds about 76 % of the changes are applied, give or take 3."""
    found = RANDOM.run(100, 50_000, 1, nobody)

    assert [tally for tally in found.tallies if tally.violations] == []
    assert all(tally.trials for tally in found.tallies)
    assert found.useful is not None
    assert found.useful.share is not None
    assert found.useful.share > 0.65


def test_lines_of_the_exhaustive_list_break_nothing() -> None:
    """A sample here; `gebot chaos --only pairs` runs all of them."""
    step = LINES // 60

    found = merged([PAIRS.run(1, first, 1, nobody) for first in range(0, LINES, step)])

    assert found.violations == 0


def test_results_are_the_same_however_they_are_cut() -> None:
    """So that as many processes as there are may share the work."""
    whole = RANDOM.run(6, 10, 1, nobody)

    parts = merged([RANDOM.run(3, 10, 1, nobody), RANDOM.run(3, 13, 1, nobody)])

    assert parts == whole
    assert isinstance(whole, Result)


def test_a_schedule_crashes_as_often_as_it_should() -> None:
    """Twenty times, and a few more where a process stood in for one that slept."""
    book = Schedule(MemoryLedger(), Luck(3), seed=3, crashes=20).run()

    assert book.counts["crashes"] >= 20

"""Schedules of chaos: the same seed tells the same story, and nothing breaks in a few of them."""

import pytest

from agent.ledger.memory.ledger import MemoryLedger
from simulations.chaos.campaigns import PAIRS, RANDOM, quiet
from simulations.chaos.chance import Luck
from simulations.chaos.fates import Fate
from simulations.chaos.findings import merged
from simulations.chaos.on_sqlite import on_sqlite
from simulations.chaos.pairs import groups, played
from simulations.chaos.schedule import Schedule, nothing_told
from simulations.chaos.script import Line, Strike
from simulations.chaos.shape import THREE, Shape, broad


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


def test_schedules_by_chance_break_nothing_and_try_everything() -> None:
    """Some eight changes are approved in each; `gebot chaos` lives through ten thousand."""
    found = RANDOM.run(20, 50_000, 1, nobody)

    assert [tally for tally in found.tallies if tally.violations] == []
    assert all(tally.trials for tally in found.tallies)


def test_a_schedule_crashes_as_often_as_it_should() -> None:
    """Twenty times, and a few more where a process stood in for one that slept."""
    book = Schedule(MemoryLedger(), Luck(3), seed=3, crashes=20).run()

    assert book.counts["crashes"] >= 20


def test_people_ask_for_plans_while_others_are_in_flight() -> None:
    """Else nothing would try whether a change in flight keeps its room."""
    found = RANDOM.run(20, 50_000, 1, nobody)

    counts = {count.name: count.number for count in found.counts}
    assert counts["plans asked for by people"] > 0
    assert counts["of these approved"] > 0


@pytest.mark.parametrize("shape", [THREE, broad(12, moves=5)])
def test_an_account_may_be_of_any_size(shape: Shape) -> None:
    """A larger one sends more in each call."""
    book = Schedule(MemoryLedger(), Luck(5), seed=5, crashes=6, shape=shape).run()

    assert book.breaches == []
    assert book.applied >= shape.moves


def test_a_ledger_file_that_each_process_opens_anew_keeps_what_it_was_told() -> None:
    """The same story on SQLite, with the ledger closed and opened at every crash."""
    with quiet():
        book = on_sqlite(11, nothing_told, crashes=4)

    assert book.breaches == []
    assert book.intents > 0


def test_lines_of_the_exhaustive_list_break_nothing() -> None:
    """Three strikes of thousands here; `gebot chaos --only pairs` plays them all."""
    n = len(groups())

    found = merged([PAIRS.run(1, place, 1, nobody) for place in range(7, n, n // 3)])

    assert found.violations == 0
    assert found.useful is not None
    assert found.useful.applied > 0


@pytest.mark.parametrize("strike", [Strike.ASLEEP_TO_TARGET, Strike.ASLEEP_ELSEWHERE, Strike.OVERSLEPT])
def test_a_sleeper_at_the_wire_breaks_nothing(strike: Strike) -> None:
    """Right after its word, with a request that would be accepted and never done."""
    book, script = played(Line(strike, Fate.HOLLOW, 21), nothing_told)

    assert script.struck
    assert book.breaches == []


def test_an_edit_between_two_rounds_breaks_nothing() -> None:
    """Of a lost change to the very same value, right before what is unknown is looked up."""
    book, script = played(Line(Strike.EDIT_WHILE_WAITING, Fate.REQUEST_LOST, 2), nothing_told)

    assert script.struck
    assert book.counts["edits by people"] == 1
    assert book.breaches == []


def test_a_line_is_found_again_by_its_number() -> None:
    """The number of a line that broke is all that is needed to play it again."""
    line = Line(Strike.REPLACED, Fate.LATE, 17, 23)

    assert Line.of(line.number) == line


def test_results_are_the_same_however_they_are_cut() -> None:
    """So that as many processes as there are may share the work."""
    whole = RANDOM.run(6, 10, 1, nobody)

    parts = [RANDOM.run(3, first, 1, nobody) for first in (10, 13)]

    assert merged(parts) == whole

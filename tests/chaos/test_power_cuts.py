"""Power cuts: the product's ledger forgets nothing, and one that is told to sync less is seen to forget."""

from random import Random

import pytest

from simulations.chaos.campaigns import quiet
from simulations.chaos.kill.disk import Deleted, Disk, Synced, Truncated, Wrote, can_record
from simulations.chaos.kill.power import CONTROL, KEPT, WHOLE, files, trial
from simulations.chaos.volume import Notes

needs_library = pytest.mark.skipif(not can_record(), reason="SQLite is built into this Python")


@needs_library
def test_nothing_acknowledged_is_lost_and_the_control_loses_some() -> None:
    """Ten cuts of one run; `gebot chaos --only power` makes hundreds."""
    notes = Notes()

    with quiet():
        for seed in range(10):
            notes.begin(seed)
            trial(seed, notes)

    assert {tally.invariant: (tally.trials, tally.violations) for tally in notes.result.tallies} == {
        KEPT: (10, 0),
        WHOLE: (10, 0),
    }
    assert {count.name: count.number for count in notes.result.counts}[CONTROL] > 0


def test_what_was_synced_is_there_and_of_the_rest_what_chance_lets_through() -> None:
    """The disk as a power cut leaves it."""
    done = [Wrote("a", 0, b"old!"), Synced("a"), Wrote("a", 4, b"new"), Wrote("b", 0, b"x")]

    assert dict(files(done, 0.0, Random(1))) == {"a": b"old!"}
    assert dict(files(done, 1.0, Random(1))) == {"a": b"old!new", "b": b"x"}


def test_a_write_may_arrive_in_parts() -> None:
    """Sectors of 512 bytes, each whole."""
    found = {
        len(dict(files([Wrote("a", 100, b"y" * 2000)], 0.5, Random(n))).get("a", b"")) for n in range(40)
    }

    assert len(found) > 2
    assert all(size == 0 or size == 2100 or size % 512 == 0 for size in found)


def test_a_file_that_was_deleted_is_gone_with_the_next_fsync_of_any_file() -> None:
    """Names of files are on a journaling file system's disk then."""
    done = [Wrote("a", 0, b"old"), Synced("a"), Deleted("a")]

    assert dict(files(done, 0.0, Random(1))) == {"a": b"old"}
    assert dict(files([*done, Wrote("b", 0, b"x"), Synced("b")], 0.0, Random(1))) == {"b": b"x"}


def test_a_file_that_is_cut_off_ends_there() -> None:
    """Once that is synced."""
    done = [Wrote("a", 0, b"old!"), Truncated("a", 3), Synced("a")]

    assert dict(files(done, 0.0, Random(1))) == {"a": b"old"}


@needs_library
def test_a_disk_that_is_recorded_works_as_before() -> None:
    """And what is written after the block is not put down."""
    disk = Disk()

    with disk.recording():
        pass

    assert disk.operations == []
